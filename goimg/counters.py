"""One folder for the counters of all processes of one server. Called before prometheus_client is first imported.

https://prometheus.github.io/client_python/multiprocess/
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def share(asked_for_by: str) -> None:
    """Make the folder, empty, if the variable `asked_for_by` (or its _FILE) is set; it is gone when this process ends.

    Counting alone, without anybody who may read it, needs no files. Called again, as by gunicorn's reload, it leaves
    the folder as it is.
    """
    if not (os.environ.get(asked_for_by) or os.environ.get(f"{asked_for_by}_FILE")):
        os.environ.pop(_VARIABLE, None)
        return
    folder = _memory() / f"goimg-counters-{os.getpid()}"
    if os.environ.get(_VARIABLE) == str(folder):
        return
    for left in folder.parent.glob("goimg-counters-*"):  # by a process that was killed
        owner = left.name.rpartition("-")[2]
        if left == folder or (owner.isdecimal() and not _lives(int(owner))):
            shutil.rmtree(left, ignore_errors=True)
    folder.mkdir(mode=0o700)
    os.environ[_VARIABLE] = str(folder)
    atexit.register(_remove, folder, os.getpid())


def _memory() -> Path:
    memory = Path("/dev/shm")  # noqa: S108 - the folder in it is this user's alone
    return memory if memory.is_dir() and os.access(memory, os.W_OK) else Path(tempfile.gettempdir())


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        pass
    return True


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # not in a child, which inherits this
        shutil.rmtree(folder, ignore_errors=True)
