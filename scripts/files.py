"""Files that are written whole or not at all, for this user's eyes only."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Put `text` into `path` with mode 0600, in one step: a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp makes the file 0600 from its first moment.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def digest(paths: Iterable[Path]) -> str:
    """Return one SHA-256 over the contents of the files, in the order given."""
    content = hashlib.sha256()
    for path in paths:
        content.update(hashlib.sha256(path.read_bytes()).digest())
    return content.hexdigest()


def merge_variables(path: Path, variables: Mapping[str, str | None]) -> None:
    """Set NAME=value lines in an env file; None takes the line out. Every other line stays as it is.

    No file is made where there is nothing to write.
    """
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    kept = [line for line in lines if line.split("=", 1)[0].strip() not in variables]
    ours = [f"{name}={value}" for name, value in variables.items() if value is not None]
    if kept or ours or path.exists():
        write_private(path, "".join(f"{line}\n" for line in [*kept, *ours]))
