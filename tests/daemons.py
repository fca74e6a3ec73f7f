"""Programs that run beside a test, and are gone with all their children at the end of its block."""

import itertools
import os
import random
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 60  # that anything here may take, on a busy machine


class Daemon:
    """A running program; `output` is the file it prints to, `errors` that of its error messages."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], output: Path, errors: Path | None = None
    ) -> None:
        self.output, self.errors = output, errors or output
        for file in (self.output, self.errors):
            file.write_bytes(b"")
        with self.output.open("ab") as out, self.errors.open("ab") as err:
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=err, start_new_session=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.kill()

    def kill(self) -> None:
        """End the program and its children at once."""
        with suppress(ProcessLookupError):  # it ended by itself
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(SECONDS)

    def stop(self) -> int:
        """Send SIGTERM, as a container runtime does; return the exit code once everything has ended."""
        self.process.terminate()
        return self.process.wait(SECONDS)

    def wait_for(self, text: str) -> None:
        """Wait until the errors have the text."""
        self.wait_for_match(re.escape(text))

    def wait_for_match(self, pattern: str) -> re.Match[str]:
        """Return the match once the errors have the pattern."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            has_ended = self.process.poll() is not None  # before the look: what it says last may be it
            if match := re.search(pattern, self.errors.read_text()):
                return match
            if has_ended:
                break
            time.sleep(0.02)
        raise AssertionError(f"{pattern!r} is not in the output:\n{self.errors.read_text()}")


def _ports() -> Iterator[int]:
    # Not one that the kernel picked: it may give the same to a double or a client before the program listens there.
    # A range of its own for each of pytest-xdist's workers (of the first 20), below what Linux and macOS hand out.
    first = 12_000 + 1_000 * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 20)
    yield from itertools.cycle(random.sample(range(first, first + 1_000), 1_000))


_candidates = _ports()


def free_port() -> int:
    """Return a port of this machine that nobody uses, and that nobody here gets a second time soon."""
    return next(port for port in _candidates if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: a closed connection is no user
        probe.bind(("127.0.0.1", port))
        return True
    return False


def wait_until(true: Callable[[], object], otherwise: str = "it did not happen", seconds: float = SECONDS) -> None:
    """Return once it is true; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)
