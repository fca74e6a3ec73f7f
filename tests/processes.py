"""Code in a process of its own, on a database in a file as in production: for what threads and locks do."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SETUP = """
import django
django.setup()
from concurrent.futures import ThreadPoolExecutor
from django.conf import settings
from django.db import connection
from django.test import Client
from tests import factories
from tests.accounts.helpers import LOGIN, REFRESH, REGISTER, REGISTRATION, post
settings.THROTTLE_RATES = dict.fromkeys(settings.THROTTLE_RATES, "1000/min")
connection.settings_dict["OPTIONS"]["timeout"] = 60  # seconds to wait for a turn, on a busy machine

def status(url, body):
    try:
        return post(Client(), url, body).status_code
    finally:
        connection.close()

def at_once(url, body, times):
    with ThreadPoolExecutor(times) as pool:
        return sorted(pool.map(lambda _: status(url, body), range(times)))
"""


def run(database: str, code: str) -> str:
    """Run code with `status(url, body)` and `at_once(url, body, times)` at hand; return what it printed."""
    environment = os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "settings.test"}
    process = subprocess.run(
        [sys.executable, "-c", _SETUP + code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()


def new_database(folder: Path) -> str:
    """Make an empty, migrated SQLite database in a folder; return its URL."""
    url = f"sqlite:///{folder / 'test.sqlite3'}"
    run(url, "from django.core.management import call_command\ncall_command('migrate', verbosity=0)")
    return url
