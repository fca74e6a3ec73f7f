"""A configuration that cannot be used is one sentence that names the variable and not its value."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT
from tests.settings.environment import production

CANARY = "canary-7f3a9c"
REFUSED = [
    ("DATABASE_URL", ""),
    ("DATABASE_URL", CANARY),
    ("DATABASE_URL", f"mysql://ada:{CANARY}@host/name"),
    ("DATABASE_URL", f"postgres://ada:{CANARY}@host:port/name"),
    ("DATABASE_URL", f"postgres://ada:{CANARY}@host"),
    ("DATABASE_URL_FILE", f"/nowhere/{CANARY}"),
    ("SECRET_KEY", ""),
    ("SECRET_KEY", CANARY),
    ("SECRET_KEY", "abcd" * 20),
    ("ALLOWED_HOSTS", ""),
    ("CACHE_URL", CANARY),
    ("CACHE_URL", f"pymemcache://{CANARY}:11211"),
    ("CELERY_BROKER_URL", CANARY),
    ("CELERY_BROKER_URL", f"amqp://ada:{CANARY}@host"),
    ("CELERY_BROKER_URL", f"redis://:{CANARY}@host:port/0"),
    ("CELERY_BROKER_URL_FILE", f"/nowhere/{CANARY}"),
    ("TRUSTED_PROXY_COUNT", CANARY),
    ("TRUSTED_PROXY_COUNT", "-1"),
    ("LOG_LEVEL", CANARY),
    ("STORAGE_URL", f"s3://ada:{CANARY}@bucket"),
    ("STORAGE_URL", f"file://[{CANARY}"),
    ("STORAGE_URL", f"file:///dev/null/{CANARY}"),
    ("SECURE_HSTS_SECONDS", CANARY),
    ("SECURE_SSL_REDIRECT", CANARY),
    ("SENTRY_DSN", CANARY),
    ("METRICS_TOKEN", CANARY),
    ("METRICS_TOKEN", f"{CANARY} with a space, and long enough"),
    ("METRICS_BIND", CANARY),
    ("METRICS_BIND", f"{CANARY}:0"),
    ("METRICS_BIND", f"{CANARY}:port"),
    ("METRICS_BIND", f"ada:{CANARY}@host:9101"),
    ("METRICS_BIND", f"host:9101/{CANARY}"),
]


def start(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = production(folder, **variables)
    arguments = [sys.executable, *command]
    return subprocess.run(arguments, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def sentences(result: subprocess.CompletedProcess[str]) -> list[str]:
    """Return what was said, gunicorn's own log left out; nothing else may be there, least of all a traceback."""
    assert CANARY not in result.stdout + result.stderr
    return [line for line in result.stderr.splitlines() if '"level": "INFO"' not in line]


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_a_command_does_not_start(tmp_path: Path, name: str, value: str) -> None:
    result = start(tmp_path, "manage.py", "check", **{name: value})
    assert result.returncode == 2
    (sentence,) = sentences(result)
    assert sentence.startswith("goimg: ")
    assert name in sentence


@pytest.mark.parametrize(("name", "value"), REFUSED[::4])
def test_the_server_does_not_start_either(tmp_path: Path, name: str, value: str) -> None:
    result = start(tmp_path, "-m", "gunicorn", "-c", "docker/gunicorn.conf.py", "goimg.wsgi", **{name: value})
    assert result.returncode == 2
    (sentence,) = sentences(result)
    assert name in sentence
    assert "Listening" not in result.stderr


def test_metrics_that_nobody_may_read_are_refused(tmp_path: Path) -> None:
    result = start(tmp_path, "manage.py", "check", METRICS_BIND="127.0.0.1:9101")
    assert (result.returncode, sentences(result)) == (
        2,
        ["goimg: METRICS_BIND needs METRICS_TOKEN: without it nobody may read what is shown there."],
    )


@pytest.mark.parametrize("process", ["worker", "beat"])
@pytest.mark.parametrize(("name", "value"), [("CELERY_BROKER_URL", CANARY), ("SENTRY_DSN", CANARY)])
def test_celery_does_not_start_either(tmp_path: Path, process: str, name: str, value: str) -> None:
    result = start(tmp_path, "-m", "celery", "-A", "goimg", process, **{name: value})
    assert result.returncode == 2
    (sentence,) = sentences(result)
    assert name in sentence


@pytest.mark.parametrize("arguments", [["--check-config"], ["--workers", "1", "--no-control-socket"]], ids=" ".join)
def test_a_server_without_our_configuration_file_ends_and_does_not_try_again(
    tmp_path: Path, arguments: list[str]
) -> None:
    bind = ["--bind", "127.0.0.1:0"]
    result = start(tmp_path, "-m", "gunicorn", *bind, *arguments, "goimg.wsgi", LOG_LEVEL=CANARY)
    assert result.returncode == 3
    assert result.stderr.count("goimg: LOG_LEVEL must be one of ") == 1
    assert "Traceback" not in result.stderr


def test_a_value_may_come_from_a_file_and_its_last_line_ends_where_it_ends(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("$" + "abcdefghij" * 5 + "\n")
    show = "from django.conf import settings; print(settings.SECRET_KEY)"
    result = start(tmp_path, "-c", show, SECRET_KEY="", SECRET_KEY_FILE=str(tmp_path / "key"))
    assert result.stdout == "$" + "abcdefghij" * 5 + "\n"
