"""The Python environments: made once, repaired after an interruption, renewed when requirements change.

`python -m scripts.environment` makes .venv with what the application needs; with `dev`, also with the tools.
"""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

from scripts import Problem, files, processes

ROOT = processes.ROOT
VENV = ROOT / ".venv"
RUNTIME = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"
STAMP = "goimg-installed"


def ensure(venv: Path, requirements: Path, *contained: Path) -> None:
    """Bring an environment to the pinned, hashed versions in `requirements`; do nothing when it has them.

    `contained` are requirements files that this one includes. Raises Problem when the install fails; an
    environment that was left half-made has no stamp, and is made from nothing.
    """
    stamp = venv / STAMP
    if is_current(venv, requirements):
        return
    if not (stamp.exists() and python(venv).exists()):
        _create(venv)
    stamp.unlink(missing_ok=True)
    _install(venv, requirements)
    stamp.write_text("".join(f"{files.digest([path])}\n" for path in (requirements, *contained)), encoding="utf-8")


def is_current(venv: Path, requirements: Path) -> bool:
    """Say whether the install of exactly this requirements file was finished and its Python still exists."""
    stamp = venv / STAMP
    if not (stamp.exists() and python(venv).exists()):
        return False
    return files.digest([requirements]) in stamp.read_text(encoding="utf-8").split()


def python(venv: Path) -> Path:
    """Return the path of an environment's Python."""
    return venv / "bin" / "python"


def _create(venv: Path) -> None:
    processes.say(f"Making the environment {processes.short(venv)} (Python {sys.version.split()[0]})")
    uv = shutil.which("uv")
    if uv:
        command = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(venv)]
    elif importlib.util.find_spec("ensurepip"):
        command = [sys.executable, "-m", "venv", "--clear", str(venv)]
    else:
        raise Problem("This Python cannot make environments; install its venv package (python3-venv) or uv.", 2)
    processes.run(f"Making {processes.short(venv)}", command, os.environ)


def _install(venv: Path, requirements: Path) -> None:
    uv = shutil.which("uv")
    processes.say(f"Installing {processes.short(requirements)} with {'uv' if uv else 'pip (a minute or so)'}")
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", str(python(venv))]
    else:
        command = [str(python(venv)), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--require-hashes", "--requirement", str(requirements)]
    processes.run(f"Installing {processes.short(requirements)}", command, os.environ)


def main() -> None:
    """Make or renew .venv, from the command line."""
    processes.stop_on_signals()
    if sys.argv[1:] == ["dev"]:
        ensure(VENV, DEVELOPMENT, RUNTIME)
    else:
        ensure(VENV, RUNTIME)


if __name__ == "__main__":
    processes.exit_with(main)
