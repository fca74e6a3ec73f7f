"""Canaries in each place that a service has for data; then the bytes that left are searched.

places.py lists the places, visits.py sends the requests, the careless_* modules do what careless code does.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sentry_sdk

from apps.error_tracking import sdk
from apps.error_tracking.config import Config
from apps.error_tracking.sink import Sink
from tests import celery_worker
from tests.conftest import ROOT, Tracked
from tests.docker.server import Server
from tests.error_tracking import places, site, visits, wire
from tests.error_tracking.places import Canary, planted

PROCESS = set((places.STRUCTURED["process"] + " " + places.FREE["process"]).split())
WORKER = {name for name in places.names(places.STRUCTURED) + places.names(places.FREE) if "celery_worker" in name}
ELSEWHERE = PROCESS | WORKER
# What the stock SDK does not send in these visits either; so zero here says less than in the other 270 places.
# All of it leaves once an integration, an option or a later version of the SDK collects it.
NOT_SENT_BY_STOCK = set(
    # Its own scrubber knows these keys.
    "form_password breadcrumb_secret log_extra_secret "
    # It collects neither values nor keys of a cache unless it is told to, and no parameters of SQL.
    "cache_default cache_key cache_many_key cache_many_value cache_missing_key cache_value "
    "orm_created orm_filter orm_raw sql_many sql_parameter "
    # It shows ten variables of a frame, and some types by their name only.
    "local_form local_generator local_memoryview local_model local_queryset local_str local_string_io "
    # Of a file it sends its field; of requests to others no headers, bodies or users.
    "file_content file_name file_type part_header httpx_header url_body url_header url_user "
    # Cookies leave with send_default_pii only; the environment and a task that nobody runs do not leave.
    "cookie_name process_environment task_dummy_argument".split()
)
WRAPPINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "URL": lambda text: quote(text, safe=""),
    "URL twice": lambda text: quote(quote(text, safe=""), safe=""),
    "HTML": lambda text: "".join(f"&#{ord(character)};" for character in text),
    "JSON": json.dumps,
    "JSON twice": lambda text: json.dumps(json.dumps(text)),
    "unicode escapes": lambda text: "".join(f"\\u{ord(character):04x}" for character in text),
    "bytes escapes": lambda text: "".join(f"\\x{ord(character):02x}" for character in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 in the middle": lambda text: base64.b64encode(f"xy{text}".encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "hex": lambda text: text.encode().hex(),
    "UTF-16": lambda text: json.dumps(text.encode("utf-16-le").decode("latin-1")),
    "upper case": str.upper,
    "reversed": lambda text: text[::-1],
    "MD5": lambda text: hashlib.md5(text.encode()).hexdigest(),  # noqa: S324 - to be found, not to protect
    "SHA-1": lambda text: hashlib.sha1(text.encode()).hexdigest(),  # noqa: S324
    "SHA-256": lambda text: hashlib.sha256(text.encode()).hexdigest(),
}
# What somebody in a hurry switches on.
TELL_ALL: dict[str, Any] = {
    "send_default_pii": True,
    "include_local_variables": True,
    "include_source_context": True,
    "max_request_body_size": "always",
    "max_value_length": None,
    "default_integrations": True,
    "auto_enabling_integrations": True,
    "attach_stacktrace": True,
    "auto_session_tracking": True,
    "profiles_sample_rate": 1.0,
    "trace_propagation_targets": None,
}
# Each turn puts the next kind into each free place; a few of them mix enough.
TURNS = range(3, len(places.KINDS), 3)
DEPRECATED = pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")
STATUSES = [500, 500, 500, 500, 500, 500, 500, 500, 500, 404, 400, 200]


class OtherHost:
    """A server that keeps the headers it is sent."""

    def __init__(self) -> None:
        self.headers: list[str] = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                host.headers.append(str(self.headers))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def other_host() -> Iterator[OtherHost]:
    host = OtherHost()
    thread = threading.Thread(target=host.server.serve_forever, args=(0.05,))
    thread.start()
    yield host
    host.server.shutdown()
    thread.join()
    host.server.server_close()


@pytest.fixture(autouse=True)
def careless_site(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.ROOT_URLCONF = site.__name__
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 10
    settings.TASKS = {
        "default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"},
        "dummy": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"},
    }
    monkeypatch.setattr(threading, "excepthook", lambda args: None)
    yield
    planted.canaries = {}
    planted.used = set()


def plant(turn: int = 0) -> dict[str, Canary]:
    planted.canaries = places.plant(turn)
    planted.used = set()
    return planted.canaries


def leaks(sink: Sink, canaries: dict[str, Canary]) -> str:
    """Return the names of the canaries that left, once everything that waits has left; as a text, to be read."""
    sentry_sdk.get_client().close(timeout=60)
    return ", ".join(wire.found(sink.raw().decode("utf-8", "replace"), canaries))


@contextmanager
def sdk_with(sink: Sink, options: dict[str, Any]) -> Iterator[Tracked]:
    """The SDK with options of one's own, and nothing of it left afterwards."""
    with sentry_sdk.isolation_scope() as isolated, sentry_sdk.new_scope() as current:
        isolated.clear()
        current.clear()
        sentry_sdk.init(dsn=sink.dsn, **options)
        try:
            yield Tracked(sink)
        finally:
            sentry_sdk.get_client().close(timeout=1)
            sentry_sdk.get_global_scope().set_client(None)


def our_options(sink: Sink, **changes: Any) -> dict[str, Any]:
    config = Config(
        dsn=sink.dsn, environment="test", release="goimg-api@0.0.1", traces_sample_rate=1.0, project_root=str(ROOT)
    )
    return {key: value for key, value in (sdk.options(config) | changes).items() if key != "dsn"}


def test_there_are_at_least_200_places_and_each_has_one_name() -> None:
    every = places.names(places.STRUCTURED) + places.names(places.FREE)

    assert len(every) == len(set(every))
    assert len(every) >= 200


@pytest.mark.django_db
def test_nothing_personal_leaves(sink: Sink, other_host: OtherHost) -> None:
    canaries = plant()

    with sdk_with(sink, our_options(sink)) as tracked:
        assert visits.visit_all(tracked, other_host.url) == STATUSES
        assert leaks(sink, canaries) == ""

    assert set(canaries) - planted.used == ELSEWHERE, "a place was not used"
    sent = {item.type for item in sink.items()}
    assert sent == {"event", "transaction", "log", "trace_metric", "check_in", "session", "client_report"}
    assert len(sink.events()) > 40
    assert len(other_host.headers) == 3
    assert "sentry" not in str(other_host.headers).lower(), "trace headers went to a host that is not ours"


@pytest.mark.django_db
@pytest.mark.parametrize("turn", TURNS)
def test_nothing_personal_leaves_whatever_people_wrote_where(sink: Sink, turn: int) -> None:
    """Each turn puts another kind of data into each place that holds free text."""
    canaries = plant(turn)

    with sdk_with(sink, our_options(sink)) as tracked:
        assert visits.visit_all(tracked) == STATUSES
        assert leaks(sink, canaries) == ""


@pytest.mark.django_db
def test_trace_headers_go_to_hosts_of_our_own_and_nothing_personal_with_them(sink: Sink, other_host: OtherHost) -> None:
    canaries = plant()
    config = Config(dsn=sink.dsn, traces_sample_rate=1.0, project_root=str(ROOT), trace_hosts=(other_host.url,))
    options = {key: value for key, value in sdk.options(config).items() if key != "dsn"}

    with sdk_with(sink, options) as tracked:
        visits.visit_all(tracked, other_host.url)
        assert leaks(sink, canaries) == ""

    assert len(other_host.headers) == 3
    assert all("sentry-trace: " in headers.lower() for headers in other_host.headers)
    not_planted_there = {name: canary for name, canary in canaries.items() if not name.endswith("_header")}
    assert wire.found("".join(other_host.headers), not_planted_there) == []


@DEPRECATED
@pytest.mark.django_db
def test_nothing_personal_leaves_when_the_sdk_is_told_to_send_all(sink: Sink, other_host: OtherHost) -> None:
    canaries = plant()

    with sdk_with(sink, our_options(sink, **TELL_ALL)) as tracked:
        visits.visit_all(tracked, other_host.url)

        assert leaks(sink, canaries) == ""
    assert {"event", "transaction", "sessions"} <= {item.type for item in sink.items()}


@pytest.mark.django_db
def test_nothing_personal_leaves_in_streamed_spans(sink: Sink) -> None:
    canaries = plant()

    with sdk_with(sink, our_options(sink, trace_lifecycle="stream")) as tracked:
        visits.fail(tracked)
        attributes = {"to": planted("span_data"), planted("span_key"): "1", "url.full": f"/x/{planted('span_url')}"}
        with sentry_sdk.traces.start_span(name=planted("span_name"), attributes=attributes):
            pass

        assert leaks(sink, canaries) == ""
    assert "span" in {item.type for item in sink.items()}


@DEPRECATED
@pytest.mark.django_db
@pytest.mark.parametrize("telling", [{}, {"send_default_pii": True}], ids=["defaults", "send_default_pii"])
def test_the_search_is_not_blind(sink: Sink, other_host: OtherHost, telling: dict[str, bool]) -> None:
    """The same with the stock SDK leaks, so what is not found above is not there."""
    canaries = plant()
    options = {"traces_sample_rate": 1.0, "profiles_sample_rate": 1.0, "release": "goimg-api@0.0.1"}

    with sdk_with(sink, options | telling) as tracked:
        visits.visit_all(tracked, other_host.url)
        found = set(leaks(sink, canaries).split(", "))

    assert set(canaries) - found <= ELSEWHERE | NOT_SENT_BY_STOCK


def run_command(tmp_path: Path, sink: Sink, mode: str) -> dict[str, Canary]:
    canaries = {name: canary for name, canary in plant().items() if name in PROCESS}
    folder = tmp_path / planted("command_directory")
    module = folder / f"{planted('command_module')}-1.0.dist-info"
    module.mkdir(parents=True)
    (module / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {planted('command_module')}\nVersion: 1.0\n")
    script = shutil.copy(Path(__file__).with_name("careless_command.py"), folder / "send_mail.py")
    texts = {name: canary.text for name, canary in canaries.items()}
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT}:{folder}",
        "PRETENDED_HOST": planted("command_host"),
        "TOLD": json.dumps({"mode": mode, "dsn": sink.dsn, "texts": texts}),
        "APP_NOTE": planted("command_environment"),
    }
    told = subprocess.run(
        [sys.executable, str(script), f"--to={planted('command_argument')}"],
        input=planted("command_stdin") + "\n" + planted("command_stdin_lines"),
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 1, told.stderr
    assert "RuntimeError" in told.stderr
    return canaries


def test_of_a_command_that_fails_nothing_personal_leaves(tmp_path: Path, sink: Sink) -> None:
    canaries = run_command(tmp_path, sink, "ours")

    assert set(canaries) == planted.used | {"command_local", "command_error", "command_note"}
    assert sink.events()[0]["server_name"] == "goimg-api"
    assert wire.found(sink.raw().decode(), canaries) == []


def test_of_a_command_that_fails_the_stock_sdk_sends_most(tmp_path: Path, sink: Sink) -> None:
    canaries = run_command(tmp_path, sink, "stock")

    assert set(wire.found(sink.raw().decode(), canaries)) >= set(canaries) - {"command_environment", "command_stdin"}


def run_worker(tmp_path: Path, sink: Sink) -> dict[str, Canary]:
    """Have a real worker, and a real server that asks it, do tasks that hold canaries; then stop both."""
    canaries = {name: canary for name, canary in plant().items() if name in WORKER}
    with ExitStack() as stack:
        broker = stack.enter_context(celery_worker.redis_server(tmp_path)) + "/0"
        env = celery_worker.environment(tmp_path, broker, sink.dsn, SENTRY_TRACES_SAMPLE_RATE="1")
        worker = stack.enter_context(celery_worker.worker(tmp_path, env, "prefork"))
        server = stack.enter_context(Server(tmp_path, **env))
        send = stack.enter_context(celery_worker.publisher(broker)).send_task
        told = [planted("celery_worker_error"), planted("celery_worker_log"), planted("celery_worker_argument")]
        send("tests.tells", [*told, [planted("celery_worker_nested")]], {"to": planted("celery_worker_keyword")})
        send("tests.retries", [9, planted("celery_worker_retried")])
        send("tests.of_no_such_name", [planted("celery_worker_unknown")])
        send("tests.works", [planted("celery_worker_returned")])
        server.get(f"/ask/fails?argument={quote(planted('celery_worker_page'))}")
        send("tests.dies", [planted("celery_worker_killed")])
        worker.wait_for("task tests.retries failed (event")
        worker.wait_for("task tests.dies failed (event")
        worker.stop()
        server.stop()
    return canaries


def test_of_tasks_in_a_worker_nothing_personal_leaves(tmp_path: Path, sink: Sink) -> None:
    canaries = run_worker(tmp_path, sink)

    assert planted.used == WORKER
    assert wire.found(sink.raw().decode(), canaries) == []
    kinds = {event["exception"]["values"][-1]["type"] for event in sink.events() if "exception" in event}
    assert kinds == {"LookupError", "ConnectionError", "KeyError", "WorkerLostError"}
    # The log of a worker is read by more people than the broker.
    arguments = {name: canary for name, canary in canaries.items() if name != "celery_worker_returned"}
    assert wire.found((tmp_path / "worker.log").read_text(), arguments) == []


@pytest.mark.parametrize("kind", places.KINDS)
@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_the_search_finds_a_canary_in_any_wrapping(kind: str, wrap: Callable[[str], str]) -> None:
    canary = places.KINDS[kind](places.mark("any", 0))

    assert wire.found(f'{{"a": "{wrap(canary.text)}"}}', {"any": canary})


def test_the_search_finds_nothing_in_nothing() -> None:
    assert wire.found('{"a": "b"}', places.plant()) == []
