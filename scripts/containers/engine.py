"""What builds images and runs Compose files here: Docker, or stand-ins for it in the folder CONTAINERS."""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from scripts import Problem, processes


@dataclass(frozen=True, slots=True)
class Engine:
    """Command lines: `inside` is put before a command that must reach published ports."""

    build: list[str]
    compose: list[str]
    docker: list[str]
    inside: list[str] = field(default_factory=list)


def find() -> Engine | None:
    """Return the engine, or None where there is none.

    CONTAINERS is a folder with build.sh, compose.sh and sbx.sh, whose first word `net` runs a command where ports are.
    """
    if folder := os.environ.get("CONTAINERS"):
        inside = [f"{folder}/sbx.sh", "net"]
        return Engine([f"{folder}/build.sh"], [f"{folder}/compose.sh"], [*inside, "podman"], inside)
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "ls"], capture_output=True, check=False).returncode:
        return None
    return Engine([docker, "build"], [docker, "compose"], [docker])


def run(
    command: list[str],
    *,
    seconds: float = 600,
    stdin: bytes | None = None,
    cwd: Path = processes.ROOT,
    shown: str = "",
    codes: tuple[int, ...] = (0,),
) -> str:
    """Run a command to its end and return its standard output.

    Raises Problem with what it said if it ends with another code; `shown` is what the command is called there.
    """
    shown = shown or " ".join(command)[:200]
    try:
        result = subprocess.run(command, input=stdin, capture_output=True, timeout=seconds, cwd=cwd, check=False)
    except subprocess.TimeoutExpired as error:
        raise Problem(f"{shown} took more than {seconds:.0f} s.") from error
    if result.returncode not in codes:
        said = (result.stdout + result.stderr).decode(errors="replace")
        raise Problem(f"{shown} ended with {result.returncode}:\n{said[-2000:]}")
    return result.stdout.decode(errors="replace")
