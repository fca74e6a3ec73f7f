"""Holds the self-hosted GlitchTip against what docs/deployment/glitchtip.md promises; started where its ports are."""

import json
import ssl
import sys
import uuid

import httpx

from scripts import Problem, processes
from scripts.containers.names import ADDRESS


def hold(name: str, https: str, http: str, key: str, project: str, token: str) -> None:
    """Raise Problem with the first thing that is not so. The name need not resolve: it is asked for at 127.0.0.1."""
    plain = httpx.get(f"http://127.0.0.1:{http}/", headers={"Host": name})
    _hold("plain HTTP is redirected", plain.status_code == 308)
    context = ssl.create_default_context()
    with httpx.Client(base_url=f"https://127.0.0.1:{https}", verify=context, headers={"Host": name}) as client:
        send = _Sender(client, name)
        settings = send("GET", "/api/settings/")
        _hold("HSTS is sent", "Strict-Transport-Security" in settings.headers)
        _hold("nobody can register", settings.json()["enableUserRegistration"] is False)
        account = {"email": "stranger@example.com", "password": "long-enough-1-passphrase"}
        refused = send("POST", "/_allauth/browser/v1/auth/signup", json=account)
        _hold(f"signing up is refused ({refused.status_code})", refused.status_code in (401, 403))
        envelope = send("POST", f"/api/{project}/envelope/?sentry_key={key}", content=_envelope())
        _hold(f"an event is taken ({envelope.status_code})", envelope.status_code == 200)
        issues = send("GET", "/api/0/organizations/goimg/issues/", headers={"Authorization": f"Bearer {token}"})
        _hold("the token reads issues", issues.status_code == 200 and len(issues.json()) > 0)
    api = httpx.get(f"{ADDRESS}/api/v1/health", verify=context)
    _hold("the API is still at its own name", api.status_code == 200)


class _Sender:
    def __init__(self, client: httpx.Client, name: str) -> None:
        self.client, self.extensions = client, {"sni_hostname": name}

    def __call__(self, method: str, path: str, **options: object) -> httpx.Response:
        return self.client.request(method, path, extensions=self.extensions, timeout=30, **options)  # type: ignore[arg-type]


def _envelope() -> bytes:
    event = {"event_id": uuid.uuid4().hex, "level": "error", "message": "through nginx", "platform": "python"}
    lines = ({"event_id": event["event_id"]}, {"type": "event"}, event)
    return "\n".join(json.dumps(line) for line in lines).encode()


def _hold(what: str, true: bool) -> None:
    if not true:
        raise Problem(f"This does not hold: {what}.")


if __name__ == "__main__":
    processes.exit_with(lambda: hold(*sys.argv[1:]))
