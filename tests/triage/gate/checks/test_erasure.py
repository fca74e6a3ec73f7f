"""The drill of an erasure: on trackers that delete, that only say so, and that find the wrong people."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import pytest

from apps.triage.gate.checks import erasure
from apps.triage.gate.item import Finding
from apps.triage.query import Query
from apps.triage.trackers import Event
from apps.triage.trackers.base import Issue
from tests.triage.gate.conftest import MakeScope
from tests.triage.glitchtip_double import GlitchTipDouble
from tests.triage.real_bugsink import Project
from tests.triage.sentry_double import SentryDouble
from tests.triage.trackers.sending import client, fail

pytestmark = pytest.mark.usefixtures("_own_client")


def drill(make_scope: MakeScope, seconds: float = 20) -> Finding:
    return erasure.drilled(make_scope(timeout=seconds))


def interrupt(make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin a drill, and end it when its event is found."""
    until = erasure._until

    def interrupted(*arguments: Any) -> NoReturn:
        until(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(erasure, "_until", interrupted)
        drill(make_scope)


def test_a_real_bugsink_finds_deletes_and_forgets(project: Project, make_scope: MakeScope) -> None:
    found = drill(make_scope)

    assert (found.state, found.basis) == ("held", "measured")
    assert found.said == ("A drill on Bugsink: an event of a made-up person was found, deleted, and not found again.")


def test_so_does_glitchtip_and_nothing_of_the_drill_is_left(glitchtip: GlitchTipDouble, make_scope: MakeScope) -> None:
    glitchtip.store.ingest({"event_id": "a" * 32, "message": "somebody else's", "user": {"id": "0123"}}, 1)
    scope = make_scope()

    assert erasure.drilled(scope).state == "held"

    [left] = scope.tracker().issues(Query())
    assert left.title == "somebody else's"


def test_so_does_sentry(sentry: SentryDouble, make_scope: MakeScope) -> None:
    assert drill(make_scope).state == "held"


def test_a_tracker_that_says_deleted_and_keeps_it_has_failed(glitchtip: GlitchTipDouble, make_scope: MakeScope) -> None:
    glitchtip.lies = True

    found = drill(make_scope)

    assert found.state == "failed"
    assert found.said.endswith("GlitchTip answered that issue 1 is deleted, but it is still there.")


def test_what_is_still_found_afterwards_has_failed(
    glitchtip: GlitchTipDouble, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = make_scope()

    def kept(issue_id: str) -> None:
        scope.timeout = 0  # from now on it is only waited for what does not happen

    monkeypatch.setattr(scope.tracker(), "delete", kept)

    assert erasure.drilled(scope).said == "GlitchTip 5.2 said that it deleted GOIMG-1, and still finds it."


def test_a_token_that_may_not_delete_has_failed(glitchtip: GlitchTipDouble, make_scope: MakeScope) -> None:
    glitchtip.scopes = glitchtip.scopes - {"event:admin"}

    found = drill(make_scope)

    assert found.state == "failed"
    assert "did not delete the drill's issue" in found.said
    assert "403" in found.said


def test_a_search_that_finds_others_has_failed_and_deletes_nothing(
    glitchtip: GlitchTipDouble, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    glitchtip.store.ingest({"event_id": "a" * 32, "message": "x", "user": {"id": "0123"}}, 1)
    scope = make_scope()
    tracker = scope.tracker()
    everybody = list(tracker.issues(Query()))
    monkeypatch.setattr(tracker, "issues", lambda query: iter(everybody))

    found = erasure.drilled(scope)

    assert found.state == "failed"
    assert found.said.endswith("its search cannot be relied on.")
    assert isinstance(tracker.event("a" * 32), Event)


def test_an_event_that_does_not_arrive_has_failed(
    glitchtip: GlitchTipDouble, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = make_scope(timeout=0.5)
    monkeypatch.setattr(scope.tracker(), "issues", lambda query: iter(()))

    assert erasure.drilled(scope).said == (
        "GlitchTip 5.2 does not find the drill's event by its user.id after 0.5 s; it may arrive yet, as ErasureDrill."
    )


def test_a_search_that_knows_it_a_little_longer_is_asked_again(
    glitchtip: GlitchTipDouble, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = make_scope()
    tracker = scope.tracker()
    issues, last = tracker.issues, list[Issue]()

    def late(query: Query) -> Iterator[Issue]:
        found = list(issues(query))
        said, last[:] = found or list(last), found
        return iter(said)

    monkeypatch.setattr(tracker, "issues", late)

    assert erasure.drilled(scope).state == "held"


def test_what_happens_all_the_time_does_not_use_up_the_search(
    glitchtip: GlitchTipDouble, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    glitchtip.store.ingest({"event_id": "a" * 32, "message": "x", "user": {"id": "0123"}}, 1)
    scope = make_scope()
    tracker = scope.tracker()
    issues, [busy] = tracker.issues, tracker.issues(Query())
    old = replace(busy, first_seen=busy.first_seen - timedelta(days=1))
    monkeypatch.setattr(tracker, "issues", lambda query: (old, *issues(query)))
    monkeypatch.setattr(tracker, "answers", lambda query: frozenset())  # as of a Bugsink
    monkeypatch.setattr(erasure, "_EVENTS", 1)

    assert erasure.drilled(scope).state == "held"


@pytest.mark.parametrize("where", ["project", "glitchtip", "sentry"])
def test_what_an_interrupted_drill_left_is_deleted_later_and_nothing_else(
    where: str, request: pytest.FixtureRequest, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    dsn = request.getfixturevalue(where).dsn
    with client(dsn):
        fail(erasure.ErasureDrill("somebody's own"))
    interrupt(make_scope, monkeypatch)
    scope, later = make_scope(), make_scope(now=datetime.now(UTC) + timedelta(hours=2))

    assert erasure.deleted_of_earlier(scope) == 0
    assert erasure.deleted_of_earlier(later) == 1

    [left] = later.tracker().issues(Query())
    assert left.title == "ErasureDrill: somebody's own"


def test_a_drill_says_what_an_earlier_one_had_left(
    glitchtip: GlitchTipDouble, make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(make_scope, monkeypatch)
    [left] = glitchtip.store.issues.values()
    left.first_seen -= timedelta(hours=2)

    found = drill(make_scope)

    assert found.state == "held"
    assert found.said.endswith("and not found again. So was 1 issue that an interrupted drill had left.")
    assert list(make_scope().tracker().issues(Query())) == []


def test_without_a_dsn_there_is_no_drill(make_scope: MakeScope) -> None:
    assert drill(make_scope).said == "SENTRY_DSN is not set: no event can be sent for the drill."
