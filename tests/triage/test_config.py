"""Which tracker the commands ask."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.triage.config import tracker
from apps.triage.trackers import Bugsink
from apps.triage.trackers.sentry import Sentry
from tests.triage.sentry_double import running

GOOD = {
    "TRACKER_KIND": "bugsink",
    "TRACKER_URL": "https://tracker.example.com/",
    "TRACKER_ORG": "acme",
    "TRACKER_PROJECT": "1",
    "TRACKER_TOKEN": "t" * 40,
}


def test_bugsink_is_found() -> None:
    found = tracker(GOOD)

    assert isinstance(found, Bugsink)
    assert found.url == "https://tracker.example.com"


def test_sentry_is_found() -> None:
    found = tracker({**GOOD, "TRACKER_KIND": "sentry"})

    assert isinstance(found, Sentry)
    assert (found.url, found.org) == ("https://tracker.example.com", "acme")


def test_glitchtip_is_found() -> None:
    found = tracker({**GOOD, "TRACKER_KIND": "glitchtip"})

    assert type(found).__name__ == "GlitchTip"
    assert found.url == "https://tracker.example.com"


def test_bugsink_needs_no_organisation() -> None:
    assert tracker({**GOOD, "TRACKER_ORG": ""})


@pytest.mark.parametrize("kind", ["auto", ""])
def test_by_default_the_server_is_asked_what_it_is(kind: str) -> None:
    with running() as double:
        found = tracker({**GOOD, "TRACKER_KIND": kind, "TRACKER_URL": f"{double.url}/"})

    assert isinstance(found, Sentry)


def test_the_token_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("t" * 40)

    assert tracker({**GOOD, "TRACKER_TOKEN": "", "TRACKER_TOKEN_FILE": str(path)})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"TRACKER_TOKEN": ""}, "TRACKER_TOKEN must be set to read from the tracker."),
        ({"TRACKER_URL": "", "TRACKER_PROJECT": " "}, "TRACKER_URL and TRACKER_PROJECT must be set"),
        ({"TRACKER_URL": "tracker.example.com"}, "TRACKER_URL must be the tracker's address"),
        ({"TRACKER_URL": "ftp://tracker.example.com"}, "TRACKER_URL must be the tracker's address"),
        ({"TRACKER_URL": "https://a:b@tracker.example.com"}, "TRACKER_URL must have no user name or password"),
        ({"TRACKER_URL": "http://127.0.0.1:1", "TRACKER_KIND": "auto"}, "cannot be reached (ConnectError)"),
        ({"TRACKER_KIND": "rollbar"}, "TRACKER_KIND must be one of auto, sentry, glitchtip, bugsink."),
        ({"TRACKER_KIND": "sentry", "TRACKER_ORG": ""}, "TRACKER_ORG must be set for sentry"),
        ({"TRACKER_KIND": "glitchtip", "TRACKER_ORG": " "}, "TRACKER_ORG must be set for glitchtip"),
        ({"TRACKER_TOKEN_FILE": "/nowhere"}, "TRACKER_TOKEN_FILE cannot be read (FileNotFoundError)."),
        (
            {"TRACKER_URI": "x", "TRACKER_URL": "", "TRACKER_TOKEN": ""},
            "TRACKER_URI is not a variable of this application; TRACKER_URL and TRACKER_TOKEN must be set.",
        ),
        (
            {"TRACKER_URI": "x"},
            "TRACKER_URI is not a variable of this application; known are TRACKER_URL, TRACKER_ORG,",
        ),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, str], sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        tracker({**GOOD, **change})

    assert sentence in str(refused.value)
