"""scripts/find-python, with a PATH that a test made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FIND_PYTHON = Path(__file__).resolve().parents[2] / "scripts" / "find-python"
SHELL = shutil.which("sh") or "/bin/sh"


def find_python(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SHELL, FIND_PYTHON], env={"PATH": str(path)}, capture_output=True, text=True, check=False, timeout=60
    )


def put(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!{SHELL}\n{script}\n")
    (folder / name).chmod(0o755)


def test_a_python_that_runs_is_found_under_its_versioned_name(tmp_path: Path) -> None:
    put(tmp_path, "python3.12", f'exec "{sys.executable}" "$@"')
    found = find_python(tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert os.access(found.stdout.strip(), os.X_OK)


def test_a_shim_that_fails_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "python3.14", "echo 'version not installed' >&2; exit 127")
    put(tmp_path, "python3", f'exec "{sys.executable}" "$@"')
    found = find_python(tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.count("\n") == 1


def test_a_python_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    pretend = "import sys; sys.version_info = (3, 11, 9); exec(sys.argv.pop(1))"
    put(tmp_path, "python3", f'shift; exec "{sys.executable}" -c "{pretend}" "$@"')
    put(tmp_path, "python", "echo /found/by/its/last/name")
    assert find_python(tmp_path).stdout == "/found/by/its/last/name\n"


@pytest.mark.parametrize("script", [None, "exit 1"])
def test_no_python_at_all_is_one_sentence_and_exit_code_2(tmp_path: Path, script: str | None) -> None:
    if script:
        put(tmp_path, "python3", script)
    found = find_python(tmp_path)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith("goimg: no Python 3.12 or newer was found on PATH; install one")
    assert found.stderr.count("\n") == 1
