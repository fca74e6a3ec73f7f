"""The example files name every variable that is read, and no other."""

import re
from pathlib import Path

import pytest

from apps.error_tracking import config as error_tracking
from apps.triage import config as triage
from apps.triage.alerts.file import load
from apps.triage.gate import scope as gate
from apps.triage.notify import receivers
from apps.triage.watch import config as watch

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"
_READ = re.compile(
    r"""\b(?:text|require|secret_key|\w+_url|integer|boolean|choice|storage_location|token|listener)\(\s*"([A-Z_]+)\""""
)
_SERVER = re.compile(r"""(?:_number\(|environ\.get\()["']([A-Z_]+)["']""")
_INTERPOLATED = re.compile(r"(?<!\$)\$\{([A-Z_]+)")
_LINE = re.compile(r"^#?([A-Z][A-Z_]*)=", re.MULTILINE)


def named(example: str) -> set[str]:
    return set(_LINE.findall((DOCKER / example).read_text()))


def interpolated(compose: str) -> set[str]:
    return set(_INTERPOLATED.findall((DOCKER / compose).read_text()))


def read_by_the_application() -> set[str]:
    settings = "".join((ROOT / "settings" / name).read_text() for name in ("base.py", "production.py"))
    server = (DOCKER / "gunicorn.conf.py").read_text()
    return {
        *_READ.findall(settings),
        *_SERVER.findall(server),
        *error_tracking.VARIABLES,
        *triage.VARIABLES,
        *watch.VARIABLES,
        *gate.VARIABLES,
        *receivers.VARIABLES,
        *filter(None, (receiver.variable for receiver in load(ROOT / "alerts.toml").receivers.values())),
    }


def test_production_s_example_names_what_the_application_and_the_compose_files_read() -> None:
    compose = interpolated("docker-compose.prod.yml") | interpolated("docker-compose.observability.yml")
    assert named(".env.prod.example") == read_by_the_application() | compose


def test_glitchtip_s_example_names_what_its_compose_file_reads() -> None:
    assert named(".env.glitchtip.example") == interpolated("docker-compose.glitchtip.yml")


def test_no_variable_has_a_name_that_the_application_takes_for_a_mistake() -> None:
    names = {name for name in named(".env.prod.example") if name.startswith(("TRACKER_", "SENTRY_"))}
    assert names <= {*error_tracking.VARIABLES, *triage.VARIABLES}


@pytest.mark.parametrize("example", [".env.prod.example", ".env.glitchtip.example"])
def test_an_example_names_each_variable_once_and_says_what_it_is_for(example: str) -> None:
    text = (DOCKER / example).read_text()
    names = _LINE.findall(text)
    assert len(names) == len(set(names))
    for paragraph in re.split(r"(?:^#?[A-Z][A-Z_]*=.*\n)+", text, flags=re.MULTILINE)[:-1]:
        assert paragraph.strip().startswith("#")


def test_the_examples_hold_no_secret() -> None:
    for name in (
        "SECRET_KEY",
        "DATABASE_URL",
        "CELERY_BROKER_URL",
        "SENTRY_DSN",
        "TRACKER_TOKEN",
        "METRICS_TOKEN",
        "ALERT_SMTP_URL",
    ):
        assert f"\n#{name}=\n" in (DOCKER / ".env.prod.example").read_text()


@pytest.mark.parametrize(
    ("example", "compose"), [("prod", "prod"), ("prod", "observability"), ("glitchtip", "glitchtip")]
)
def test_an_example_s_defaults_are_the_compose_file_s(example: str, compose: str) -> None:
    text = (DOCKER / f"docker-compose.{compose}.yml").read_text()
    defaults = dict(re.findall(r"\$\{([A-Z_]+):-([^}]*)\}", text))
    shown = dict(re.findall(r"^#([A-Z_]+)=(.*)$", (DOCKER / f".env.{example}.example").read_text(), re.MULTILINE))
    assert {name: shown[name] for name in defaults} == defaults
