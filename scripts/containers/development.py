"""The step of docker/compose.yml: PostgreSQL, a broker, a worker and a scheduler around the code as it is edited."""

import os

from scripts import Problem
from scripts.containers.names import DEVELOPMENT, FOLDER, IMAGE
from scripts.containers.stack import Stack, answer, client, wait

_ADDRESS = f"http://127.0.0.1:{DEVELOPMENT}"


def development(stack: Stack) -> None:
    """docker/compose.yml comes up, reloads code, makes an image's sizes in its worker, and is removed."""
    line = 'OWNER="$(id -u):$(id -g)" docker compose -f docker/compose.yml up -d --wait'
    stack.typed(line, stack="development", env={"GOIMG_IMAGE": IMAGE, "PORT": str(DEVELOPMENT)})
    client(stack, "scripts.smoke", _ADDRESS)
    said = stack.compose("logs", "worker", stack="development")
    if "task gallery.make_variants ended" not in said:
        raise Problem(f"The worker did not say that it did a task:\n{said[-2000:]}")
    if (FOLDER / ".local" / "media").stat().st_uid != os.getuid():
        raise Problem("What the containers make in .local/ does not belong to whoever started them.")
    _reloads(stack)
    stack.typed("docker compose -f docker/compose.yml down --volumes", stack="development")


def _reloads(stack: Stack) -> None:
    code = FOLDER / "goimg" / "urls.py"
    code.write_text(f"{code.read_text()}\nurlpatterns = []\n")
    path = f"{_ADDRESS}/api/v1/health"
    wait("The API has reloaded its code", lambda: answer(stack, path) == "404", 60)
