"""A real Bugsink from the package index: its own database and port, one process, gone after the tests."""

import fcntl
import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from scripts import Problem, environment, processes, tracker
from tests.daemons import free_port

START_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Project:
    """A project of its own: where to send and where to ask."""

    url: str
    project: str
    slug: str
    dsn: str
    token: str

    def variables(self) -> dict[str, str]:
        """Return what the application and its commands need to use it."""
        return {
            "SENTRY_DSN": self.dsn,
            "TRACKER_KIND": "bugsink",
            "TRACKER_URL": self.url,
            "TRACKER_PROJECT": self.project,
            "TRACKER_TOKEN": self.token,
        }


@dataclass(frozen=True, slots=True)
class RealBugsink:
    """The running server; `api` is its API with a token that may do everything."""

    url: str
    token: str
    login: str
    password: str
    api: httpx.Client
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def project(self, **options: object) -> Project:
        """Make an empty project; `options` are fields of Bugsink's own, such as retention_max_event_count."""
        team = self.api.get("teams/").json()["results"][0]["id"]
        made = self._post("projects/", {"team": team, "name": f"Test {next(self._numbers)}", **options})
        row = self.api.get(f"projects/{made['id']}/").json()
        return Project(self.url, str(row["id"]), row["slug"].upper(), row["dsn"], self.token)

    def page(self, path: str) -> str:
        """Return a page as the one person who may sign in sees it."""
        with httpx.Client(base_url=self.url, trust_env=False, follow_redirects=True, timeout=60) as browser:
            form = browser.get("/accounts/login/")
            token = form.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
            fields = {"username": self.login, "password": self.password, "csrfmiddlewaretoken": token}
            browser.post("/accounts/login/", data=fields, headers={"Referer": f"{self.url}/accounts/login/"})
            answer = browser.get(path)
            assert answer.url.path == path, f"{path} led to {answer.url.path}"
            return answer.text

    def _post(self, path: str, body: dict[str, object]) -> dict[str, object]:
        answer = self.api.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@contextmanager
def running(folder: Path) -> Iterator[RealBugsink]:
    """Run it with its data in a folder; skip the test where it cannot be installed."""
    _install()
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tracker, "FOLDER", folder)
        patch.setattr(tracker, "PREPARED", folder / "prepared")
        tracker.prepare(port)
        known = tracker.load_secrets()
        server = processes.start("Bugsink", *tracker.server(port), log=folder / "log.txt")
    headers = {"Authorization": f"Bearer {known.token}"}
    address = f"{tracker.url(port)}/api/canonical/0/"
    try:
        _wait_until_ready(tracker.url(port), server)
        with httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as api:
            yield RealBugsink(tracker.url(port), known.token, known.login, known.password, api)
    finally:
        processes.stop(server)


def _install() -> None:
    # The checkout's own copy, as `make run` makes it; two workers must not make it at once.
    tracker.VENV.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (tracker.FOLDER / "installing.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            environment.ensure(tracker.VENV, tracker.REQUIREMENTS)
        except Problem as problem:
            pytest.skip(f"Bugsink could not be installed, so nothing was tried on the real one: {problem}")


def _wait_until_ready(url: str, server: processes.Child) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        assert server.process.poll() is None, f"Bugsink ended.{processes.log_tail(server.log)}"
        assert time.monotonic() < deadline, f"Bugsink is not ready.{processes.log_tail(server.log)}"
        try:
            if httpx.get(f"{url}/health/ready", trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
