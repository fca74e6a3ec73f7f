"""`sentry_test --verify` and `sentry_audit` on a real Bugsink."""

import json
from collections.abc import Iterator

import pytest
import sentry_sdk

from apps.triage.catalogue.canaries import Canaries
from apps.triage.catalogue.cases import catalogue
from apps.triage.trackers import Bugsink
from tests.triage.commands import run
from tests.triage.real_bugsink import Project
from tests.triage.trackers.sending import client, fail

pytestmark = pytest.mark.django_db
EVENTS = sum(case.event is not None for case in catalogue(Canaries()))


@pytest.fixture(autouse=True)
def _own_client() -> Iterator[None]:
    with sentry_sdk.isolation_scope():
        yield
    sentry_sdk.get_client().close(timeout=1)
    sentry_sdk.get_global_scope().set_client(None)


def test_every_test_error_arrives_once_and_clean(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "sentry_test", "--verify")

    assert code == 0, out
    assert "Bugsink has each event once, found by its request ID, with no canary in it" in out

    code, out, _ = run(capsys, "sentry_audit")

    assert code == 0, out
    assert out.startswith(f"Nothing found in {EVENTS} events that Bugsink took in since")


def test_what_is_stored_and_should_not_be_is_found(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    with client(project.dsn):
        sent = fail(LookupError("no account for somebody@example.com"))

    code, out, _ = run(capsys, "sentry_audit", "--json")

    document = json.loads(out)
    assert (code, document["looked_at"]) == (1, 1)
    assert [event["event_id"] for event in document["events"]] == [sent]
    assert document["kinds"]["email"] >= 1
    assert "somebody" not in out


def test_a_comment_is_no_event_to_audit(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(capsys, "sentry_test", "--only", "unhandled").code
    assert code == 0
    Bugsink(project.url, project.project, project.token).comment(f"{project.slug}-1", "assigned=jane@example.com")

    code, out, _ = run(capsys, "sentry_audit")

    assert code == 0, out
    assert out.startswith("Nothing found in 1 event ")
