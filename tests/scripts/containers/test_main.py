"""`python -m scripts.containers`, as far as it goes without containers."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scripts import Problem
from scripts.containers import __main__ as command
from scripts.containers.stack import Skipped

ROOT = Path(__file__).parents[3]


def verify(*steps: str, path: str = "/nonexistent") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.containers", *steps]
    environment = {"PATH": path, "LANG": "C.UTF-8"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_without_docker_it_says_that_nothing_was_run_and_is_no_failure() -> None:
    result = verify()
    assert result.returncode == 0
    assert result.stdout.splitlines()[-1].startswith("goimg: SKIPPED: there is no Docker with Compose here")


def test_without_a_linter_it_names_the_linter() -> None:
    assert "goimg: SKIPPED: hadolint is not installed.\n" in verify().stdout


def test_a_docker_whose_daemon_does_not_run_is_none(tmp_path: Path) -> None:
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\nexit 1\n")
    docker.chmod(0o755)
    assert "SKIPPED: there is no Docker" in verify(path=str(tmp_path)).stdout


def test_a_step_that_there_is_not_is_refused_and_the_others_are_named() -> None:
    result = verify("start", "stat")
    assert result.returncode == 2
    assert result.stderr.startswith("goimg: There is no step stat; known are build, ")


def build(stack: Any) -> None:
    """It is built."""


def glitchtip(stack: Any) -> None:
    """It takes events."""
    raise Skipped("its image is not here.")


def roll(stack: Any) -> None:
    """No request is lost."""
    raise Problem("Rolling lost requests.")


@pytest.fixture
def verify_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    """Runs the command in this process with steps that need no containers; returns what it recorded."""

    def run(*arguments: str, steps: tuple[Any, ...] = (build, glitchtip)) -> Any:
        stack = SimpleNamespace(down=lambda: None, prepare=lambda: None)
        for name, value in {"STEPS": steps, "lint": lambda: None, "Stack": lambda engine: stack}.items():
            monkeypatch.setattr(command, name, value)
        monkeypatch.setattr(command.engine, "find", lambda: "an engine")
        monkeypatch.setattr(command, "RECORD", tmp_path / "containers.json")
        monkeypatch.setattr(sys, "argv", ["verify", *arguments])
        command.main()
        return json.loads((tmp_path / "containers.json").read_text())

    return run


def test_what_passed_and_what_was_skipped_is_recorded_with_its_commit(
    verify_here: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    said = verify_here()

    assert (said["passed"], said["skipped"]) == (["build"], ["glitchtip"])
    assert len(said["commit"]) == 40
    assert "SKIPPED: glitchtip: its image is not here." in "".join(capsys.readouterr())


def test_single_steps_are_not_recorded_and_leave_what_is(verify_here: Callable[..., Any]) -> None:
    before = verify_here()

    assert verify_here("build", steps=(build, roll)) == before


def test_a_step_that_failed_leaves_no_record_nor_an_earlier_one(
    verify_here: Callable[..., Any], tmp_path: Path
) -> None:
    verify_here()

    with pytest.raises(Problem, match="Rolling lost requests"):
        verify_here(steps=(build, roll))

    assert not (tmp_path / "containers.json").exists()
