"""Real child processes: none of them may stay."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import Problem, processes

ROOT = Path(__file__).resolve().parents[2]
# Starts a grandchild that ignores SIGTERM, says who it is, and waits.
PARENT = """
import signal, subprocess, sys
stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
child = subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
child.wait()
"""
# A launcher: starts a child, says who it is, and waits.
LAUNCHER = """
import os, sys, time
from scripts import processes
child = processes.start("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"], os.environ)
print(child.process.pid, flush=True)
time.sleep(600)
"""


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie that nobody waits for yet does not run any more.
    status = Path(f"/proc/{pid}/status")
    return not (status.exists() and "State:\tZ" in status.read_text())


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 30
    while is_running(pid):
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.01)


@pytest.fixture
def launcher() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(python(LAUNCHER), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_a_program_that_fails_is_a_sentence_with_the_end_of_its_log(tmp_path: Path) -> None:
    code = "for n in range(99): print('line', n)\nexit(3)"
    with pytest.raises(Problem, match=r"^Counting failed \(exit code 3\)\. The end of .*/log:\n") as problem:
        processes.run("Counting", python(code), os.environ, tmp_path / "log")
    assert "line 98" in str(problem.value)
    assert "line 50" not in str(problem.value)
    assert problem.value.exit_code == 1


def test_captured_output_is_apart_from_the_log(tmp_path: Path) -> None:
    code = "import sys; print('answer'); print('noise', file=sys.stderr)"
    assert processes.run("Asking", python(code), os.environ, tmp_path / "log", capture=True) == "answer\n"
    assert (tmp_path / "log").read_text() == "noise\n"


def test_stop_ends_a_program_and_what_it_started(tmp_path: Path) -> None:
    log = tmp_path / "log"
    child = processes.start("The parent", python(PARENT), os.environ, log)
    while not (match := re.match(r"(\d+)\n", log.read_text())):
        time.sleep(0.01)
    processes.stop(child)
    wait_until_gone(child.process.pid)
    wait_until_gone(int(match[1]))


def test_stop_forces_a_program_that_ignores_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.1)
    log = tmp_path / "log"
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    child = processes.start("The stubborn one", python(code), os.environ, log)
    while log.read_text() != "up\n":
        time.sleep(0.01)
    processes.stop(child)
    assert child.process.returncode == -signal.SIGKILL


def test_a_child_has_a_process_group_of_its_own() -> None:
    child = processes.start("sleeper", python("import time; time.sleep(600)"), os.environ)
    try:
        assert os.getpgid(child.process.pid) == child.process.pid
    finally:
        processes.stop(child)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with a parent that was killed")
def test_a_launcher_that_is_killed_takes_its_children_along(launcher: subprocess.Popen[str]) -> None:
    assert launcher.stdout
    child = int(launcher.stdout.readline())
    launcher.kill()
    launcher.wait()
    wait_until_gone(child)


@pytest.mark.parametrize("number", processes.STOP_SIGNALS)
def test_each_stop_signal_ends_what_runs_just_now(number: signal.Signals) -> None:
    code = """
import os, signal, sys
from scripts import processes
processes.stop_on_signals()
sleeper = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
processes.exit_with(lambda: processes.run("sleeper", [sys.executable, "-c", sleeper], os.environ))
"""
    with subprocess.Popen(python(code), cwd=ROOT, stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout
        child = int(launcher.stdout.readline())
        launcher.send_signal(number)
        assert launcher.wait(timeout=60) == 130
    wait_until_gone(child)
