"""What the settings promise to callers and to the database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.processes import ROOT, new_database
from tests.settings.environment import production

LOG_A_LINE = """
import logging, django
django.setup()
from apps.error_tracking import context
context.request_id.set("req-abc123")
context.user_id.set("user-1")
logging.getLogger("tests").warning("hello")
"""


def test_the_rates_are_those_of_the_contract(settings: Settings) -> None:
    assert settings.THROTTLE_RATES == {"login": "5/min", "register": "5/min", "refresh": "30/min", "upload": "50/hour"}


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", "1"), ("busy_timeout", "5000")])
def test_sqlite_lets_readers_go_on_and_writers_wait(tmp_path: Path, pragma: str, value: str) -> None:
    ask = f"print(connection.cursor().execute('PRAGMA {pragma}').fetchone()[0])"
    code = f"import django\ndjango.setup()\nfrom django.db import connection\n{ask}"
    chosen = {"DATABASE_URL": new_database(tmp_path), "DJANGO_SETTINGS_MODULE": "settings.test"}
    assert ran(code, os.environ | chosen).stdout.strip() == value


def ran(code: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60)


def logged(environment: dict[str, str]) -> str:
    return ran(LOG_A_LINE, environment).stderr


def test_a_line_in_production_is_json_with_request_and_user(tmp_path: Path) -> None:
    line = json.loads(logged(production(tmp_path)))
    assert (line["message"], line["request_id"], line["user_id"]) == ("hello", "req-abc123", "user-1")


def test_a_line_in_development_is_text_with_request_and_user(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SENTRY_")}
    line = logged(clean | {"DJANGO_SETTINGS_MODULE": "settings.development", "STORAGE_URL": tmp_path.as_uri()})
    assert line.endswith("WARNING tests [req-abc123 user-1 -] hello\n")
