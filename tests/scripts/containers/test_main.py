"""`python -m scripts.containers`, as far as it goes without containers."""

import subprocess
import sys
from pathlib import Path

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
