"""The production stack under a name, a folder and ports of its own: nothing of a real one is touched."""

import json
import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scripts import Problem, processes, secrets
from scripts.containers.engine import Engine, run

PROJECT = "goimg-verify"
FOLDER = processes.ROOT / ".local" / "verify"
HTTP, HTTPS = 18080, 18443
ADDRESS = f"https://localhost:{HTTPS}"
SINK = f"{PROJECT}-sink"
_VALUES = {
    "SERVER_NAME": "localhost",
    "ALLOWED_HOSTS": "localhost",
    "HTTP_PORT": str(HTTP),
    "HTTPS_PORT": str(HTTPS),
    "GOIMG_IMAGE": f"docker.io/library/{PROJECT}:1",
    "SENTRY_ENVIRONMENT": "staging",
    "WEB_CONCURRENCY": "2",
}


class Stack:
    """What the steps do to it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        os.environ |= {"COMPOSE_PROJECT_NAME": PROJECT, "TRACKER_NETWORK": f"{PROJECT}_tracker", "PULL": "never"}
        os.environ |= {"COMPOSE": " ".join(engine.compose), "DOCKER": " ".join(engine.docker)}

    def prepare(self) -> None:
        """Copy docker/, make secrets and variables."""
        shutil.rmtree(FOLDER, ignore_errors=True)
        shutil.copytree(processes.ROOT / "docker", FOLDER / "docker", ignore=shutil.ignore_patterns("secrets"))
        secrets.make("localhost", FOLDER / "docker" / "secrets")
        dsn = FOLDER / "docker" / "secrets" / "sentry_dsn"
        dsn.chmod(0o644)
        dsn.write_text(f"http://{'0' * 32}@{SINK}:9000/1")
        self.set_variables({})

    def set_variables(self, values: dict[str, str]) -> None:
        """Write docker/.env.prod from its example."""
        text = (processes.ROOT / "docker" / ".env.prod.example").read_text()
        for name, value in (_VALUES | values).items():
            text = re.sub(rf"^#?{name}=.*$", f"{name}={value}", text, flags=re.MULTILINE)
        (FOLDER / "docker" / ".env.prod").write_text(text)

    def compose(self, *arguments: str, stack: str = "prod", stdin: bytes | None = None, seconds: float = 400) -> str:
        """Run one Compose command."""
        files = ["--env-file", f"docker/.env.{stack}", "-f", f"docker/docker-compose.{stack}.yml"]
        project = PROJECT if stack == "prod" else f"{PROJECT}-{stack}"
        command = [*self.engine.compose, "-p", project, *files, *arguments]
        return run(command, stdin=stdin, seconds=seconds, cwd=FOLDER)

    def up(self, stack: str = "prod") -> None:
        """Start everything and wait until it is healthy."""
        self.compose("up", "-d", "--no-build", "--pull", "never", "--wait", "--wait-timeout", "300", stack=stack)

    def script(self, *command: str, **variables: str) -> str:
        """Run one of docker/*.sh as an operator would."""
        return run(["env", *(f"{name}={value}" for name, value in variables.items()), *command], cwd=FOLDER)

    def docker(self, *arguments: str) -> str:
        """Run one command of the engine."""
        return run([*self.engine.docker, *arguments])

    def replicas(self) -> list[str]:
        """Return the names of the API's containers."""
        return sorted(self.compose("ps", "--format", "{{.Name}}", "api").split())

    def start_sink(self) -> None:
        """Start the tracker that DSN names."""
        mount = f"{processes.ROOT}/scripts/containers/tracker.py:/tracker.py:ro"
        network = f"{PROJECT}_tracker"
        self.docker(
            "run",
            "-d",
            "--name",
            SINK,
            "--network",
            network,
            "-v",
            mount,
            _VALUES["GOIMG_IMAGE"],
            "python",
            "/tracker.py",
        )

    def stop_sink(self) -> None:
        """Remove that tracker, if it is there."""
        if self.docker("ps", "-aq", "--filter", f"name={SINK}").strip():
            self.docker("rm", "-f", SINK)

    def events(self) -> list[dict[str, Any]]:
        """Return what the tracker took."""
        ask = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:9000/').read().decode())"
        taken: list[dict[str, Any]] = json.loads(self.docker("exec", SINK, "python", "-c", ask))
        return taken

    def down(self) -> None:
        """Remove all of it, data too."""
        self.stop_sink()
        for stack in ("glitchtip", "prod"):
            if (FOLDER / "docker" / f".env.{stack}").exists():
                self.compose("down", "--volumes", "--timeout", "10", stack=stack)


def wait(what: str, true: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until something is true; raise Problem, naming it, when it never is."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise Problem(f"{what}: not within {seconds:.0f} s.")
        time.sleep(1)


def ca_file() -> Path:
    """Return the certificate that the stack signed itself."""
    return FOLDER / "docker" / "secrets" / "tls.crt"
