"""`make run`: from a fresh clone to a running API with demo data and a tracker that shows its errors.

PORT (default 8000) is the API's, TRACKER_PORT (default 8010) the local tracker's. With SENTRY_DSN set, errors
go there and no tracker is started. Every step can be interrupted and run again.
"""

import fcntl
import json
import os
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from scripts import Problem, environment, files, panel, ports, processes, server, tracker
from scripts.processes import Child

ROOT = processes.ROOT
LOCAL = ROOT / ".local"
LOGS = LOCAL / "logs"
READY_SECONDS = 60


@dataclass(slots=True)
class Launcher:
    """One `make run`. `children` are in the order they were started; they are stopped the other way round."""

    port: int
    tracker_port: int
    children: list[Child] = field(default_factory=list)

    @property
    def own_tracker(self) -> bool:
        """Whether errors go to the local tracker, because nobody named another."""
        return self._dsn_variable is None

    @property
    def _dsn_variable(self) -> str | None:
        return next(filter(os.environ.get, ("SENTRY_DSN_FILE", "SENTRY_DSN")), None)

    @property
    def api(self) -> str:
        """The address of the API."""
        return f"http://{ports.HOST}:{self.port}"

    def run(self) -> None:
        """Bring everything up, print the panel, and stay until a program ends or a signal comes."""
        self._check_ports()
        server.check_workers()
        installation = self._begin_tracker()
        environment.ensure(environment.VENV, environment.RUNTIME)
        people = self._prepare_application()
        self._write_variables()
        self._finish_tracker(installation)
        self._start_application()
        sys.stdout.write(panel.text(self.api, self._tracker_for_panel(), people, self._sentry_test()))
        sys.stdout.flush()
        self._watch()

    def stop(self) -> None:
        """End what was started: the API first, so that its last errors still reach the tracker."""
        while self.children:
            processes.stop(self.children.pop())

    def _check_ports(self) -> None:
        ports.require_free("PORT", self.port)
        if self.own_tracker:
            if self.port == self.tracker_port:
                raise Problem("PORT and TRACKER_PORT must be two different ports.", 2)
            ports.require_free("TRACKER_PORT", self.tracker_port)

    def _begin_tracker(self) -> Child | None:
        """Start the local tracker if it is wanted, or first install it in the background."""
        if not self.own_tracker:
            return None
        if tracker.is_prepared():
            self._start_tracker()
            return None
        processes.say("Installing the local tracker in the background (.local/logs/tracker-install.log)")
        command = [sys.executable, "-m", "scripts.tracker", str(self.tracker_port)]
        return self._start("Installing the local tracker", command, dict(os.environ), LOGS / "tracker-install.log")

    def _prepare_application(self) -> list[dict[str, str]]:
        """Migrate and make demo data; return the demo users' credentials."""
        processes.say("Migrating the database and making demo data")
        command = [str(environment.python(environment.VENV)), "-m", "scripts.prepare"]
        log = LOGS / "prepare.log"
        output = processes.run("Preparing the application", command, self._application_env(), log, capture=True)
        people: list[dict[str, str]] = json.loads(output)
        return people

    def _write_variables(self) -> None:
        """Point a second terminal at the same tracker, now that the application has accepted the configuration."""
        variables = tracker.variables(self.tracker_port) if self.own_tracker else tracker.NO_VARIABLES
        files.merge_variables(LOCAL / "development.env", variables)

    def _finish_tracker(self, installation: Child | None) -> None:
        if installation:
            processes.say("Waiting for the local tracker's installation")
            processes.finish(installation)
            self.children.remove(installation)
            self._start_tracker()

    def _start_tracker(self) -> None:
        command, env = tracker.server(self.tracker_port)
        self._start("The local tracker", command, env, LOGS / "tracker.log")

    def _start_application(self) -> None:
        processes.say("Starting the API")
        api = self._start("The API", server.command(), self._application_env())
        if self.own_tracker:
            wait_until_ready(self.children[0], f"{tracker.url(self.tracker_port)}/health/ready")
        wait_until_ready(api, f"{self.api}/api/v1/health")

    def _start(self, name: str, command: list[str], env: dict[str, str], log: Path | None = None) -> Child:
        child = processes.start(name, command, env, log)
        self.children.append(child)
        return child

    def _application_env(self) -> dict[str, str]:
        env = {"SENTRY_ENVIRONMENT": "development", "WEB_CONCURRENCY": "2", **os.environ}
        if self.own_tracker:
            # Over whatever the terminal has, an empty SENTRY_DSN for one.
            env |= tracker.variables(self.tracker_port)
        if env.pop("PYTHONDONTWRITEBYTECODE", None):
            # It asks for clean folders, and has them; without any cache each process compiles for a second or two.
            env["PYTHONPYCACHEPREFIX"] = str(LOCAL / "pycache")
        address = {"BIND": f"{ports.HOST}:{self.port}", "PORT": str(self.port)}
        return {**env, **address, "DJANGO_SETTINGS_MODULE": "settings.development"}

    def _tracker_for_panel(self) -> str:
        if not self.own_tracker:
            return "the one that SENTRY_DSN names"
        known = tracker.load_secrets()
        return f"{tracker.url(self.tracker_port)}   login: {known.login}   password: {known.password}"

    def _sentry_test(self) -> str:
        # A tracker of somebody else's may be read by no one here, and its DSN is not to be shown.
        return f"{self._dsn_variable}=… {panel.SENTRY_TEST}" if self._dsn_variable else f"{panel.SENTRY_TEST} --verify"

    def _watch(self) -> NoReturn:
        while True:
            for child in self.children:
                if child.process.poll() is not None:
                    code = child.process.returncode
                    raise Problem(f"{child.name} ended by itself (exit code {code}).{processes.log_tail(child.log)}")
            time.sleep(0.2)


def wait_until_ready(child: Child, url: str) -> None:
    """Ask `url` until it answers 200. Raises Problem when the program ends before, or takes READY_SECONDS."""
    # A proxy from the environment has no business between two programs on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and child.process.poll() is None:
        try:
            opener.open(url, timeout=READY_SECONDS).close()
        except OSError:  # refused, reset, timed out, or answered with an error: not ready yet
            time.sleep(0.1)
        else:
            return
    raise Problem(f"{child.name} did not get ready.{processes.log_tail(child.log)}")


@contextmanager
def only_one() -> Iterator[None]:
    """Hold this checkout's lock. Raises Problem (exit code 2) when another `make run` holds it.

    The kernel lets go of it when the launcher ends, however it ends.
    """
    LOCAL.mkdir(mode=0o700, exist_ok=True)
    LOCAL.chmod(0o700)
    with (LOCAL / "run.lock").open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem("make run is already running in this checkout; stop that one first (Ctrl-C).", 2) from None
        yield


def main() -> None:
    """Run until Ctrl-C, SIGTERM or SIGHUP, which are a success: they are how this ends."""
    port = ports.read("PORT", os.environ.get("PORT") or "8000")
    tracker_port = ports.read("TRACKER_PORT", os.environ.get("TRACKER_PORT") or "8010")
    processes.stop_on_signals()
    with only_one():
        launcher = Launcher(port, tracker_port)
        try:
            launcher.run()
        except KeyboardInterrupt:
            processes.say("Stopping")
        finally:
            launcher.stop()


if __name__ == "__main__":
    processes.exit_with(main)
