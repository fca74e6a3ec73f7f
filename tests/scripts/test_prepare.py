"""What `make run` does before it starts the API: nothing at all where the API would not start."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import processes


def prepare(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}"}
    env |= {"DJANGO_SETTINGS_MODULE": "settings.test", "STORAGE_URL": f"file://{folder / 'media'}"}
    command = [sys.executable, "-m", "scripts.prepare"]
    return subprocess.run(command, cwd=processes.ROOT, env=env | variables, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["WEB_TIMEOUT", "WEB_THREADS", "WEB_CONCURRENCY", "METRICS_TOKEN", "METRICS_BIND"])
def test_what_the_server_refuses_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    done = prepare(tmp_path, **{name: "0"})

    assert done.returncode == 2
    assert done.stderr.startswith(f"goimg: {name} must ")
    assert not list(tmp_path.iterdir())


def test_what_it_takes_is_migrated_and_has_people(tmp_path: Path) -> None:
    done = prepare(tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert all(one["email"] and one["password"] for one in json.loads(done.stdout))
