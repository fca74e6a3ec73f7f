"""The stacks that are verified, in a copy of this folder, with names and ports of their own: no real one is touched."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from typing import Any

from scripts import Problem, processes
from scripts.containers import shell
from scripts.containers.engine import Engine, run
from scripts.containers.names import FOLDER, HTTP, HTTPS, IMAGE, PROJECT, SINK, files, project

# What is somebody's own, and what can be made again.
_LEFT_OUT = (".git", ".venv", ".local", "__pycache__", ".*_cache", "secrets", "backups", ".env.prod", ".env.glitchtip")
_VALUES = {"HTTP_PORT": str(HTTP), "HTTPS_PORT": str(HTTPS), "SENTRY_ENVIRONMENT": "staging", "WEB_CONCURRENCY": "2"}


class Skipped(Exception):
    """A step cannot be done here; the message says why."""


class Stack:
    """What the steps do to it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        os.environ |= {"COMPOSE_PROJECT_NAME": PROJECT, "TRACKER_NETWORK": f"{PROJECT}_tracker", "PULL": "never"}
        os.environ |= {"COMPOSE": " ".join(engine.compose), "DOCKER": " ".join(engine.docker)}

    def prepare(self) -> None:
        """Copy the project as a clone would have it; what it needs to run is linked."""
        shutil.rmtree(FOLDER, ignore_errors=True)
        shutil.copytree(processes.ROOT, FOLDER, ignore=shutil.ignore_patterns(*_LEFT_OUT))
        (FOLDER / ".venv").symlink_to(processes.ROOT / ".venv")

    def set_variables(self, values: dict[str, str], stack: str = "prod") -> None:
        """Edit docker/.env.<stack>."""
        file = FOLDER / "docker" / f".env.{stack}"
        text = file.read_text()
        for name, value in values.items():
            text = re.sub(rf"^#?{name}=.*$", f"{name}={value}", text, flags=re.MULTILINE)
        file.write_text(text)

    def set_ports(self) -> None:
        """Let the production stack have ports of its own, and be no production."""
        self.set_variables(_VALUES | {"GOIMG_IMAGE": IMAGE})

    def typed(
        self,
        line: str,
        *,
        stack: str = "prod",
        inside: bool = False,
        stdin: bytes | None = None,
        env: dict[str, str] | None = None,
        codes: tuple[int, ...] = (0,),
    ) -> str:
        """Run a line of docs/ exactly as it is written there, but for names, ports and images; return what it prints.

        `inside`: where published ports are. tests/docs looks for these calls: they are what "executed by a test" means
        for a line that needs containers.
        """
        command = shell.command(self.engine, line, stack, env or {})
        where = self.engine.inside if inside else []
        return run([*where, *command], stdin=stdin, seconds=1200, cwd=FOLDER, shown=line, codes=codes)

    def compose(self, *arguments: str, stack: str = "prod", stdin: bytes | None = None, seconds: float = 400) -> str:
        """Run one Compose command."""
        command = [*self.engine.compose, "-p", project(stack), *files(stack), *arguments]
        return run(command, stdin=stdin, seconds=seconds, cwd=FOLDER)

    def docker(self, *arguments: str) -> str:
        """Run one command of the engine."""
        return run([*self.engine.docker, *arguments])

    def has_image(self, name: str) -> bool:
        """Return whether an image is on this machine."""
        return not subprocess.run(
            [*self.engine.docker, "image", "inspect", name], capture_output=True, check=False
        ).returncode

    def replicas(self) -> list[str]:
        """Return the names of the API's containers."""
        return sorted(self.compose("ps", "--format", "{{.Name}}", "api").split())

    def run_here(self, name: str, network: str, script: str, *options: str) -> None:
        """Start one of our scripts as a container of the API's image."""
        mount = f"{processes.ROOT}/scripts/containers/{script}:/{script}:ro"
        where = ("--name", name, "--network", network, "-v", mount)
        self.docker("run", "-d", *where, *options, IMAGE, "python", f"/{script}")

    def start_sink(self) -> None:
        """Start the tracker that the DSN names."""
        self.run_here(SINK, f"{PROJECT}_tracker", "tracker.py")

    def remove(self, name: str) -> None:
        """Remove a container, if it is there."""
        if self.docker("ps", "-aq", "--filter", f"name={name}").strip():
            self.docker("rm", "-f", name)

    def events(self) -> list[dict[str, Any]]:
        """Return what that tracker took."""
        taken: list[dict[str, Any]] = json.loads(self.ask(SINK, "http://127.0.0.1:9000/"))
        return taken

    def ask(self, container: str, address: str) -> str:
        """Return what an address answers to a container."""
        code = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())"
        return self.docker("exec", container, "python", "-c", code, address)

    def down(self, *stacks: str) -> None:
        """Remove what is named, or all of it, data too."""
        for stack in stacks or ("glitchtip", "development", "prod"):
            for name in (f"{project(stack)}-sink", f"{project(stack)}-mail"):
                self.remove(name)
            if all((FOLDER / file).exists() for file in files(stack)[1::2]):
                self.compose("--profile", "*", "down", "--volumes", "--timeout", "10", stack=stack)


def wait(what: str, true: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until something is true; raise Problem, naming it, when it never is."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise Problem(f"{what}: not within {seconds:.0f} s.")
        time.sleep(1)


def client(stack: Stack, module: str, *arguments: str) -> None:
    """Run a client of the stack where its ports are."""
    run(client_command(stack, module, *arguments))


def client_command(stack: Stack, module: str, *arguments: str) -> list[str]:
    """Return that command."""
    return [*stack.engine.inside, *shell.PYTHON, "-m", module, *arguments]


def answer(stack: Stack, address: str) -> str:
    """Return the status with which an address answers, or why it does not."""
    return run([*stack.engine.inside, *shell.PYTHON, "-m", "scripts.containers.client", "status", address]).strip()
