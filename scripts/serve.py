"""`make serve`: the server with production settings, which must be in the environment.

Installs what the application needs at run time and no more, then starts only if the database is migrated.
"""

import os
import re
import subprocess
import sys

from scripts import Problem, environment, processes, server


def serve() -> None:
    """Check, collect the static files, and become the server. Raises Problem when something is missing."""
    server.check_workers()
    environment.ensure(environment.VENV, environment.RUNTIME)
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings.production"
    os.chdir(processes.ROOT)
    check_migrations()
    if _manage("collectstatic", "--no-input", "--verbosity", "0").returncode != 0:
        raise Problem("The static files could not be collected.")
    warn_without_tracker()
    command = server.command()
    os.execv(command[0], command)  # noqa: S606 - our own command, no shell


def check_migrations() -> None:
    """Raise Problem unless the database answers and has every migration."""
    result = _manage("migrate", "--check", "--verbosity", "0", capture=True)
    said = (result.stderr or "").strip()
    if result.returncode == 0:
        return
    if said.startswith("goimg: "):
        raise Problem(said.removeprefix("goimg: "), result.returncode)
    if refused := re.search(r"^\S*: (\([\w.]+\) .+)$", said, re.MULTILINE):
        raise Problem(f"A system check refuses this configuration: {refused[1]}", 2)
    if said:
        # The name only: the text may hold the database's address.
        kind = said.splitlines()[-1].partition(":")[0]
        raise Problem(f"The database that DATABASE_URL names does not answer ({kind}).")
    raise Problem(
        "The database lacks migrations; apply them: "
        "DJANGO_SETTINGS_MODULE=settings.production .venv/bin/python manage.py migrate"
    )


def warn_without_tracker() -> None:
    """Say in one line that errors go nowhere."""
    if not (os.environ.get("SENTRY_DSN") or os.environ.get("SENTRY_DSN_FILE")):
        sys.stderr.write("goimg: warning: SENTRY_DSN is not set; no error of this process reaches anybody.\n")


def _manage(*arguments: str, capture: bool = False) -> subprocess.CompletedProcess[str]:
    python = str(environment.python(environment.VENV))
    stderr = subprocess.PIPE if capture else None
    return subprocess.run([python, "manage.py", *arguments], stderr=stderr, text=True, check=False)


if __name__ == "__main__":
    processes.exit_with(serve)
