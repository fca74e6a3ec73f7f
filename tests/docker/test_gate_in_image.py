"""The gate in a container: with what docs/deployment/gate.md mounts, all can be known that needs files."""

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
COMMIT = "d877aba5cac56abcec2e60d76d721aa409dc41bf"


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A folder with the files of the image, and over them those that the page mounts."""
    kept = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    mounted = re.findall(r'-v "\$PWD/(\S+?):/app/\1(?::ro)?"', (ROOT / "docs/deployment/gate.md").read_text())
    assert "gate" in mounted
    for name in [*kept, *mounted]:
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        ignored = shutil.ignore_patterns("__pycache__", "*.json") if name == "gate" else None
        copy: Any = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, target, **({"ignore": ignored} if ignored else {}))
    return tmp_path


def verify(image: Path, release: str) -> dict[str, str]:
    head = {"date": datetime.now(UTC).isoformat(), "commit": COMMIT, "changed": False}
    (image / "gate" / "tests.json").write_text(json.dumps(head | {"passed": 9, "skipped": 0}))
    (image / "gate" / "containers.json").write_text(json.dumps(head | {"passed": ["build"], "skipped": []}))
    items = ["tests", "containers", "documentation"]
    command = [sys.executable, "manage.py", "sentry_verify", "--json", "--only", *items]
    env = {
        "DJANGO_SETTINGS_MODULE": "settings.production",
        "SECRET_KEY": "0123456789" * 5,
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": f"sqlite:///{image}/db.sqlite3",
        "SENTRY_RELEASE": release,
        "PATH": "",  # there is no git
    }
    done = subprocess.run(command, cwd=image, env=env, capture_output=True, text=True, check=False)
    return {item["id"]: item["state"] for item in json.loads(done.stdout)["items"]}


def test_an_image_of_the_commit_that_was_tested_holds(image: Path) -> None:
    said = verify(image, f"goimg-api@1.0.0+{COMMIT[:7]}")

    assert said == {"tests": "held", "containers": "held", "documentation": "held"}


def test_an_image_of_another_commit_does_not(image: Path) -> None:
    said = verify(image, "goimg-api@1.0.0+1234567")

    assert (said["tests"], said["containers"]) == ("failed", "failed")
