"""One folder copied into a project that somebody else made: three lines, and its errors arrive, scrubbed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from apps.error_tracking.sink import Sink
from tests.conftest import ROOT

VIEWS = """
from django.http import HttpResponse
from django.urls import path


def broken(request, name):
    email = "jane@example.com"
    raise LookupError(f"no account for {email}")


urlpatterns = [path("broken/<str:name>", broken)]
"""
ASK = """
import sys
sys.modules["celery"] = sys.modules["kombu"] = None  # not installed, as far as anybody can tell
from django.test import RequestFactory
from shop.wsgi import application
environ = RequestFactory().get("/broken/jane?email=jane%40example.com", HTTP_HOST="localhost").environ
application(environ, lambda status, headers: print(status, dict(headers)["X-Request-ID"]))
"""


def python(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SENTRY_", "DJANGO_", "COV_"))}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=kept | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_errors_of_a_fresh_project_arrive_scrubbed(tmp_path: Path, sink: Sink) -> None:
    made = python(tmp_path, "-m", "django", "startproject", "shop", ".")
    assert made.returncode == 0, made.stderr
    (tmp_path / "vendored").mkdir()
    shutil.copytree(ROOT / "apps" / "error_tracking", tmp_path / "vendored" / "tracking")
    (tmp_path / "shop" / "urls.py").write_text(VIEWS)
    path = tmp_path / "shop" / "settings.py"
    text = re.sub(r"INSTALLED_APPS = \[", 'INSTALLED_APPS = [\n    "vendored.tracking",', path.read_text())
    text = re.sub(r"MIDDLEWARE = \[", 'MIDDLEWARE = [\n    "vendored.tracking.middleware.RequestIdMiddleware",', text)
    path.write_text(text.replace("DEBUG = True", "DEBUG = False") + '\nALLOWED_HOSTS = ["localhost"]\n')

    asked = python(tmp_path, "-c", ASK, SENTRY_DSN=sink.dsn, DJANGO_SETTINGS_MODULE="shop.settings")

    assert asked.stdout.startswith("500"), asked.stderr
    event = sink.wait_for(1)[0]
    assert event["tags"]["request_id"] == asked.stdout.split()[-1]
    assert event["exception"]["values"][0]["value"] == "no account for [EMAIL_REDACTED]"
    frame = event["exception"]["values"][0]["stacktrace"]["frames"][-1]
    assert (frame["in_app"], frame["vars"]["email"]) == (True, "str[16]")
    assert event["request"]["url"] == "http://localhost/broken/str[4]"
    assert "jane@" not in sink.raw().decode()


def test_its_checks_run_there(tmp_path: Path) -> None:
    python(tmp_path, "-m", "django", "startproject", "shop", ".")
    (tmp_path / "vendored").mkdir()
    shutil.copytree(ROOT / "apps" / "error_tracking", tmp_path / "vendored" / "tracking")
    path = tmp_path / "shop" / "settings.py"
    path.write_text(path.read_text().replace("INSTALLED_APPS = [", 'INSTALLED_APPS = [\n    "vendored.tracking",'))

    checked = python(tmp_path, "manage.py", "check", "--tag", "error_tracking")

    assert "error_tracking.E001" in checked.stderr
    assert "Put vendored.tracking.middleware.RequestIdMiddleware first" in checked.stderr
