"""Everything a stranger can send in a request, with a canary in each place."""

import base64
import json
import threading
from typing import Any
from urllib.parse import quote

from tests.conftest import Tracked
from tests.error_tracking import site
from tests.error_tracking.places import FREE, STRUCTURED, planted

# Headers whose value is the canary alone, sent under their places' names: x_customer is X-Customer.
_DRESSED = (
    "authorization proxy_authorization cookie_value cookie_session cookie_name referer referer_user forwarded_host "
    "forwarded baggage baggage_other sentry_trace traceparent content_type_parameter"
).split()
_HEADERS = (STRUCTURED["headers"] + " " + FREE["headers"]).split()
PLAIN_HEADERS = [name for name in _HEADERS if name not in _DRESSED]


def headers() -> dict[str, str]:
    """Return every header that a client or a proxy may send."""
    basic = base64.b64encode(f"jane:{planted('proxy_authorization')}".encode()).decode()
    plain = {name.replace("_", "-").title(): planted(name) for name in PLAIN_HEADERS}
    trace = f"sentry-trace_id={'a' * 32},sentry-transaction={planted('baggage')}"
    return plain | {
        "Authorization": f"Bearer {planted('authorization')}",
        "Proxy-Authorization": f"Basic {basic}",
        "Cookie": f"sessionid={planted('cookie_session')}; theme={planted('cookie_value')}; {planted('cookie_name')}=1",
        "Referer": f"https://jane:{planted('referer_user')}@example.com/?q={planted('referer')}",
        "Forwarded": f"for={planted('forwarded')};host={planted('forwarded_host')}",
        "baggage": f"{trace},other={planted('baggage_other')}",
        "sentry-trace": f"{planted('sentry_trace')}-{'b' * 16}-1",
        "traceparent": f"00-{planted('traceparent')}-{'b' * 16}-01",
    }


def query() -> str:
    """Return a query string as nasty as they come."""
    parts = {
        "q": planted("query"),
        "name": quote(quote(f"{planted('query_quoted_twice')} ä")),
        "filter": quote(json.dumps({"mail": planted("query_json")})),
        "token": planted("query_token"),
        quote(planted("query_key"), safe=""): "1",
    }
    pairs = "&".join(f"{key}={value}" for key, value in parts.items())
    return f"{pairs}&q={planted('query_second')}&page=2&{planted('query_without_value')}"


def ask(tracked: Tracked, where: str, *, path: str = "path", **body: Any) -> int:
    """Send one request with canaries in path, query and headers; return the status."""
    tail = f"{planted(path)}/{planted('path_second')}/{quote(quote(planted('path_quoted_twice') + ' ä'))}"
    # Proxies and clients send a type of their own with each kind of body.
    sent = {key: value for key, value in (headers() | body.pop("headers", {})).items() if value is not None}
    with tracked.client(remote_addr="203.0.113.77") as client:
        return client.post(f"/{where}/{tail}?{query()}", headers=sent, **body).status_code


def visit_all(tracked: Tracked, *others: str) -> list[int]:
    """Send one request after the other; return their statuses. `others`: URLs of hosts that are not ours."""
    return [*fail(tracked), succeed(tracked, *others)]


def fail(tracked: Tracked) -> list[int]:
    """Send every request that fails; return their statuses."""
    return [
        ask(tracked, "fails", data=_form(), files=_files()),
        ask(tracked, "fails", content=_part(), headers={"Content-Type": "multipart/form-data; boundary=part"}),
        ask(tracked, "fails", data={"name": planted("urlencoded")}),
        ask(tracked, "api", json=_json(), headers={"Accept": "*/*"}),
        *_raw(tracked),
        ask(tracked, "nowhere", path="path_unmatched", json={}),
        _wrong_host(tracked),
    ]


def succeed(tracked: Tracked, *others: str) -> int:
    """Send the request that succeeds; it calls the hosts of the URLs given."""
    site.others[:] = others
    done = threading.Event()
    alive = threading.Thread(target=done.wait, name=planted("profile_thread"))  # profiles name every thread
    alive.start()
    try:
        return ask(tracked, "succeeds", json=_json())
    finally:
        site.others.clear()
        done.set()
        alive.join()


def _form() -> dict[str, Any]:
    return {
        "name": planted("form"),
        "nested[mail]": planted("form_nested"),
        "password": planted("form_password"),
        "listed": ["x", planted("form_repeated")],
        "long": planted("form_long") + "x" * 2000,
        planted("form_key"): "1",
    }


def _files() -> list[tuple[str, tuple[str, bytes, str]]]:
    named = (f"{planted('file_name')}.jpg", planted("file_content").encode(), f"image/{planted('file_type')}")
    return [("file", named), (planted("file_field"), ("a.jpg", b"x", "image/jpeg"))]


def _part() -> bytes:
    disposition = f'form-data; name="file"; filename="a.txt"\r\nX-Note: {planted("part_header")}'
    text = f"--part\r\nContent-Disposition: {disposition}\r\n\r\nx\r\n--part--\r\n"
    return text.encode()


def _json() -> dict[str, Any]:
    return {
        "body_json": planted("json"),
        "nested": {"mail": planted("json_nested"), "list": [planted("json_listed")]},
        "deep": {"a": {"b": {"c": planted("json_deep")}}},
        "password": planted("json_password"),
        planted("json_key"): 1,
    }


def _raw(tracked: Tracked) -> list[int]:
    bodies = [
        (planted("text_body").encode(), "text/plain"),
        (planted("utf16_body").encode("utf-16"), "text/plain; charset=utf-16"),
        (b'{"mail": "' + planted("broken_json").encode(), "application/json"),
        (f"<mail>{planted('xml_body')}</mail>".encode(), "application/xml"),
        (b"x", f"text/plain; note={planted('content_type_parameter')}"),
    ]
    return [ask(tracked, "raw", content=body, headers={"Content-Type": kind}) for body, kind in bodies]


def _wrong_host(tracked: Tracked) -> int:
    with tracked.client() as client:
        return client.get(f"/{planted('bad_host_path')}", headers={"Host": f"{planted('bad_host')}!"}).status_code
