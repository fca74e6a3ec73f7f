"""Child processes that never outlive the launcher, however it ends."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, NoReturn

from scripts import Problem

ROOT = Path(__file__).resolve().parent.parent
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Enough to deliver what was captured; only a request that takes longer than this is cut short.
STOP_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Child:
    """A started program: what people call it, its process, and its log unless it writes to the terminal."""

    name: str
    process: subprocess.Popen[str]
    log: Path | None = None


def say(sentence: str) -> None:
    """Tell the reader of the terminal what happens now."""
    sys.stdout.write(f"goimg: {sentence}\n")
    sys.stdout.flush()


def exit_with(main: Callable[[], None]) -> NoReturn:
    """Run a command line to its end: a Problem is one sentence and its exit code; an interruption is 130."""
    try:
        main()
    except Problem as problem:
        sys.stderr.write(f"goimg: {problem}\n")
        sys.exit(problem.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)


def stop_on_signals() -> None:
    """Make SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt, so that one `finally` cleans up after them."""
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def start(
    name: str, command: Sequence[str], env: Mapping[str, str], log: Path | None = None, capture: bool = False
) -> Child:
    """Start a program in a process group of its own. It writes to `log`, or to the terminal without one.

    The group keeps the terminal's Ctrl-C from the program: the launcher alone decides who stops, and when.
    `capture` keeps standard output apart, for the caller to read.
    """
    output = _open(log) if log else None
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "scripts" / "child.py"), str(os.getpid()), *command],
        env=env,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if capture else output,
        stderr=output,
        start_new_session=True,
        text=True,
    )
    if output:
        output.close()
    return Child(name, process, log)


def _open(log: Path) -> IO[str]:
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return log.open("w", encoding="utf-8")


def stop(child: Child) -> None:
    """End a program and all that it started: politely first, by force after STOP_SECONDS."""
    if child.process.poll() is None:
        child.process.terminate()
        # It had its time, or the reader pressed Ctrl-C again: by force, then.
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            child.process.wait(STOP_SECONDS)
    _kill_group(child.process.pid)
    child.process.wait()


def _kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        # Nobody is left in it; macOS says PermissionError for a group of zombies.
        return


def finish(child: Child) -> str:
    """Wait for a program that ends by itself; return what was captured of its standard output.

    Raises Problem when it failed: with its own sentence where it said one, else with the end of its log.
    """
    try:
        output, _ = child.process.communicate()
    except KeyboardInterrupt:
        stop(child)
        raise
    if child.process.returncode == 2 and (sentence := _refusal(child.log)):
        raise Problem(sentence, 2)
    if child.process.returncode != 0:
        raise Problem(f"{child.name} failed (exit code {child.process.returncode}).{log_tail(child.log)}")
    return output or ""


def _refusal(log: Path | None) -> str | None:
    """Return the sentence with which a program of this project refused to start, if that ends its log."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log else []
    return lines[-1].removeprefix("goimg: ") if lines and lines[-1].startswith("goimg: ") else None


def run(
    name: str, command: Sequence[str], env: Mapping[str, str], log: Path | None = None, capture: bool = False
) -> str:
    """Start a program and wait for it: see `start` and `finish`."""
    return finish(start(name, command, env, log, capture))


def short(path: Path) -> Path:
    """Return a path as a person in the checkout would write it."""
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def log_tail(log: Path | None, lines: int = 15) -> str:
    """Return the last lines of a log and where it is, to be put after a sentence; empty without a log."""
    if log is None or not log.exists():
        return ""
    tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return "\n".join([f" The end of {short(log)}:", *(f"  {line}" for line in tail)])
