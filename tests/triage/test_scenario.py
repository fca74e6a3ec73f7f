"""The scenario on each tracker; on one of yours in tests/live."""

import pytest

from tests.triage import glitchtip_double, sentry_double
from tests.triage.glitchtip_rows import member
from tests.triage.real_bugsink import Project

from .scenario.fixture import Run, scenario

__all__ = ["scenario"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_on_bugsink(project: Project, scenario: Run) -> None:
    scenario(project.variables())


def test_on_the_double_of_glitchtip(scenario: Run) -> None:
    with glitchtip_double.running() as double:
        double.store.members = [member(1)]
        scenario(_variables("glitchtip", double))


def test_on_the_double_of_sentry(scenario: Run) -> None:
    jane = {"id": "7", "name": "Jane", "email": "jane@example.com", "username": "jane", "has2fa": True}
    with sentry_double.running() as double:
        double.store.members = [
            {
                "id": "1",
                "email": jane["email"],
                "name": "Jane",
                "orgRole": "member",
                "pending": False,
                "expired": False,
                "dateCreated": "2026-01-02T03:04:05Z",
                "teams": [],
                "user": jane,
            }
        ]
        scenario(_variables("sentry", double))


def _variables(kind: str, double: glitchtip_double.GlitchTipDouble | sentry_double.SentryDouble) -> dict[str, str]:
    return {
        "TRACKER_KIND": kind,
        "TRACKER_URL": double.url,
        "TRACKER_ORG": "acme",
        "TRACKER_PROJECT": "goimg",
        "TRACKER_TOKEN": "t" * 40,
        "SENTRY_DSN": double.dsn,
    }
