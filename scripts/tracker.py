"""The local tracker: Bugsink in an environment of its own under .local/tracker, SQLite, loopback only.

`python -m scripts.tracker <port>` installs and prepares it; `server` is how it is run. It is not part
of the project and not shipped with it (its licence: PolyForm Shield); any Sentry-compatible DSN replaces it.
"""

import json
import os
import secrets
import sys
from dataclasses import asdict, dataclass

from scripts import environment, files, ports, processes

ROOT = processes.ROOT
SOURCE = ROOT / "scripts" / "bugsink"
FOLDER = ROOT / ".local" / "tracker"
VENV = FOLDER / "venv"
REQUIREMENTS = SOURCE / "requirements.txt"
PREPARED = FOLDER / "prepared"
# scripts/bugsink/boot.py makes the project under this number.
PROJECT = "1"
# In place of `variables` when another tracker is used: none of these may point at this one then.
NO_VARIABLES: dict[str, str | None] = dict.fromkeys(
    ("SENTRY_DSN", "TRACKER_URL", "TRACKER_PROJECT", "TRACKER_TOKEN", "TRACKER_KIND")
)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is made once per checkout and kept in .local/tracker/secrets.json (0600)."""

    secret_key: str
    login: str
    password: str
    sentry_key: str
    token: str


def load_secrets() -> Secrets:
    """Return this checkout's secrets, making them the first time."""
    path = FOLDER / "secrets.json"
    # Errors are as private as the secrets, so nobody else looks into this folder at all.
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        made = Secrets(
            secrets.token_hex(32),
            "admin",
            secrets.token_urlsafe(12),
            secrets.token_hex(16),
            secrets.token_hex(20),
        )
        files.write_private(path, json.dumps(asdict(made), indent=2))
    return Secrets(**json.loads(path.read_text(encoding="utf-8")))


def url(port: int) -> str:
    """Return the tracker's address."""
    return f"http://{ports.HOST}:{port}"


def variables(port: int) -> dict[str, str]:
    """Return what the application and its commands need to send to this tracker and to read from it."""
    known = load_secrets()
    return {
        "SENTRY_DSN": f"http://{known.sentry_key}@{ports.HOST}:{port}/{PROJECT}",
        "SENTRY_ENVIRONMENT": "development",
        "TRACKER_URL": url(port),
        "TRACKER_PROJECT": PROJECT,
        "TRACKER_TOKEN": known.token,
        "TRACKER_KIND": "bugsink",
    }


def is_prepared() -> bool:
    """Say whether `prepare` was finished for exactly this version, these scripts and these secrets."""
    database = FOLDER / "db.sqlite3"
    if not (PREPARED.exists() and database.exists() and environment.is_current(VENV, REQUIREMENTS)):
        return False
    return PREPARED.read_text(encoding="utf-8") == _digest()


def prepare(port: int) -> None:
    """Install the tracker; make its tables, user, project and token, or what is missing of them."""
    load_secrets()
    environment.ensure(VENV, REQUIREMENTS)
    processes.say("Making the tracker's tables")
    PREPARED.unlink(missing_ok=True)
    processes.run("Preparing the local tracker", [str(environment.python(VENV)), str(SOURCE / "boot.py")], _env(port))
    files.write_private(PREPARED, _digest())


def server(port: int) -> tuple[list[str], dict[str, str]]:
    """Return the command line and the environment of the tracker's server; neither holds a secret."""
    gunicorn = [
        str(environment.python(VENV)),
        "-m",
        "gunicorn",
        "bugsink.wsgi",
        "--bind",
        f"{ports.HOST}:{port}",
    ]
    return [*gunicorn, "--workers", "1", "--threads", "4", "--no-control-socket"], _env(port)


def _digest() -> str:
    return files.digest([REQUIREMENTS, SOURCE / "boot.py", FOLDER / "secrets.json"])


def _env(port: int) -> dict[str, str]:
    # Only what it needs: the application's variables (SENTRY_DSN, SECRET_KEY, …) would mean something to it.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "bugsink_conf",
        "GOIMG_TRACKER_FOLDER": str(FOLDER),
        "GOIMG_TRACKER_URL": url(port),
    }


def main() -> None:
    """Prepare the tracker, from the command line."""
    processes.stop_on_signals()
    prepare(ports.read("TRACKER_PORT", sys.argv[1]))


if __name__ == "__main__":
    processes.exit_with(main)
