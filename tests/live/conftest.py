"""A copy of the checkout, as a clone would be, in which `make run` is started for real."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.daemons import free_port

ROOT = Path(__file__).resolve().parents[2]
# A first run installs two environments; without uv and on a slow line that takes its time.
START_SECONDS = 600
STOP_SECONDS = 180  # twenty for each of its children, and what a busy machine adds
PANEL = "manage.py sentry_test"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is live."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("live")


@dataclass(slots=True)
class Stack:
    """One `make run`: its process, where it writes, and its two addresses."""

    process: subprocess.Popen[bytes]
    output: Path
    folder: Path
    port: int
    tracker_port: int

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def tracker(self) -> str:
        return f"http://127.0.0.1:{self.tracker_port}"

    @property
    def text(self) -> str:
        return self.output.read_text()

    def find(self, pattern: str) -> re.Match[str]:
        """Find what the panel says, as a person would read it there."""
        match = re.search(pattern, self.text)
        assert match, f"{pattern} is not in:\n{self.text}"
        return match

    def variables(self) -> dict[str, str]:
        """Return what a second terminal finds in .local/development.env."""
        lines = (self.folder / ".local" / "development.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def launcher(self) -> int:
        """Return the process ID of the launcher, which is not make's."""
        return next(pid for pid, line in self.processes().items() if line.endswith("-m scripts.run"))

    def processes(self) -> dict[int, str]:
        """Return the command lines of all that runs in this checkout."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (line := command_line(entry)) and self._is_ours(entry, line):
                found[int(entry.name)] = line
        return found

    def _is_ours(self, entry: Path, line: str) -> bool:
        try:
            return (entry / "cwd").readlink().is_relative_to(self.folder) or str(self.folder) in line
        except OSError:
            return False

    def stop(self) -> None:
        """Send make what a supervisor sends; make itself then ends by that signal, when all else has ended."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_SECONDS)

    def wait_until_gone(self) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        while left := self.processes():
            assert time.monotonic() < deadline, f"still running: {left}"
            time.sleep(0.05)
        assert is_free(self.port)
        assert is_free(self.tracker_port)


def command_line(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What git would hand to somebody who clones this: no environment, no .local."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so there is nothing to clone")
    folder = tmp_path_factory.mktemp("clone")
    list_files = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(list_files, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def make_run(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Stack]]:
    """Start `make run` on free ports and wait until it says something; what a test leaves running is ended."""
    started: list[Stack] = []

    def start(until: str = PANEL, **variables: str) -> Stack:
        port, tracker_port = free_port(), free_port()
        output = tmp_path_factory.mktemp("output") / "make-run.txt"
        command = ["make", "run", f"PORT={port}", f"TRACKER_PORT={tracker_port}"]
        with output.open("wb") as file:
            process = subprocess.Popen(
                command,
                cwd=checkout,
                env=clean_environment() | variables,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started.append(Stack(process, output, checkout, port, tracker_port))
        wait_for(started[-1], until)
        return started[-1]

    yield start
    for stack in started:
        if stack.process.poll() is None:
            stack.stop()


def clean_environment() -> dict[str, str]:
    """The developer's own tracker, settings and make are not the test's business."""
    ours = re.compile(r"SENTRY_|TRACKER_|MAKE|MFLAGS|WEB_|(PORT|BIND|VIRTUAL_ENV|DJANGO_SETTINGS_MODULE|DATABASE_URL)$")
    return {name: value for name, value in os.environ.items() if not ours.match(name)}


def wait_for(stack: Stack, text: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while text not in stack.text:
        assert stack.process.poll() is None, f"make run ended:\n{stack.text}"
        assert time.monotonic() < deadline, f"not there yet: {text}\n{stack.text}"
        time.sleep(0.05)
