"""How items are judged: what breaks has failed, what nobody knows does not hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.triage.gate.attestations import Attestation
from apps.triage.gate.item import SECURITY, Check, Finding, Item, failed, held, unknown, untold
from apps.triage.gate.run import judge, run
from apps.triage.trackers import TrackerError
from tests.triage.gate.conftest import MakeScope

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = NOW.date()


def item(check: Check | None = None, **changes: Any) -> Item:
    fields = {"id": "one", "title": "One", "answers": ("A line",), "controls": (SECURITY,), "how": "Do it."}
    fields |= {} if check else {"known_by": ("person",)}
    return Item(**(fields | {"phase": "People", "check": check} | changes))  # type: ignore[arg-type]


def word(**changes: Any) -> dict[str, Attestation]:
    fields = {"item": "one", "by": "Jane Doe", "date": TODAY, "expires": TODAY}
    return {"one": Attestation(**(fields | changes))}


def judged(make_scope: MakeScope, one: Item, **changes: Any) -> Finding:
    [found] = judge([one], make_scope(now=NOW, **changes))
    return found.finding


def raising(error: Exception) -> Check:
    def check(scope: object) -> Finding:
        raise error

    return check


def test_what_a_check_finds_is_what_is_said(make_scope: MakeScope) -> None:
    for finding in (held("Fine."), failed("Not fine."), unknown("Who knows.")):
        assert judged(make_scope, item(lambda scope, finding=finding: finding)) == finding  # type: ignore[misc]


def test_a_check_that_breaks_has_failed_and_says_where_but_not_what(make_scope: MakeScope) -> None:
    found = judged(make_scope, item(raising(ValueError("a secret"))))

    assert found.state == "failed"
    assert found.said.startswith("The check broke: ValueError at test_run.py:")


def test_a_tracker_that_cannot_be_read_has_failed(make_scope: MakeScope) -> None:
    assert judged(make_scope, item(raising(TrackerError("GET x answered 500.")))) == failed(
        "The tracker cannot be read: GET x answered 500."
    )


def test_what_is_not_configured_is_not_known(make_scope: MakeScope) -> None:
    assert judged(make_scope, item(raising(ImproperlyConfigured("X is not set.")))) == unknown("X is not set.")


def test_a_check_that_breaks_does_not_keep_the_others_from_being_judged(make_scope: MakeScope) -> None:
    found = list(judge([item(raising(OSError())), item(lambda scope: held("Fine."))], make_scope()))

    assert [one.finding.state for one in found] == ["failed", "held"]


def test_a_person_s_item_that_nobody_attested_says_how_to(make_scope: MakeScope) -> None:
    found = judged(make_scope, item())

    assert (found.state, found.basis) == ("not known", "person")
    assert "Nobody attested it: manage.py sentry_verify attest one --by NAME --expires DATE" in found.said


def test_a_person_s_word_holds_and_names_them(make_scope: MakeScope) -> None:
    found = judged(make_scope, item(), attestations=word(note="Done.", reference="https://wiki.example.com"))

    assert (found.state, found.basis) == ("held", "person")
    assert found.said == f"Attested by Jane Doe on {TODAY}, until {TODAY}. Done. (https://wiki.example.com)"


@pytest.mark.parametrize(
    ("days", "why"),
    [((-9, -1), "it ended on"), ((1, 9), "is dated")],
)
def test_a_word_that_ended_or_is_yet_to_come_has_failed(make_scope: MakeScope, days: tuple[int, int], why: str) -> None:
    first, last = (TODAY + timedelta(days=day) for day in days)
    found = judged(make_scope, item(), attestations=word(date=first, expires=last))

    assert found.state == "failed"
    assert why in found.said


def test_a_person_may_say_what_a_tracker_does_not_tell(make_scope: MakeScope) -> None:
    one = item(lambda scope: untold("It does not tell."), known_by=("measured", "person"))

    assert judged(make_scope, one).state == "not known"
    assert judged(make_scope, one, attestations=word()).state == "held"


@pytest.mark.parametrize("finding", [failed("Seen."), unknown("Not configured.")])
def test_a_person_s_word_does_not_stand_against_what_was_seen(make_scope: MakeScope, finding: Finding) -> None:
    assert (
        judged(make_scope, item(lambda scope: finding, known_by=("measured", "person")), attestations=word()) == finding
    )


def test_a_person_s_word_about_what_a_machine_knows_does_not_count(make_scope: MakeScope) -> None:
    assert judged(make_scope, item(lambda scope: untold("?")), attestations=word()).state == "not known"


def test_a_run_that_asked_no_tracker_names_none(make_scope: MakeScope) -> None:
    found = run([item(lambda scope: held("Fine."))], make_scope(), whole=False)

    assert (found.tracker, found.url, found.events, found.open) == ("", "", (), ())


def test_a_part_does_not_speak_for_the_whole(make_scope: MakeScope) -> None:
    items = [item(lambda scope: held("Fine.")), item()]

    said = [run(items[:many], make_scope(), whole=many == 2).verdict for many in (1, 2)]

    assert said == [
        "This part of the gate S9-MON-002 holds in production: 1 of 1 item held.",
        "The gate S9-MON-002 does not hold in production: 1 of 2 items held.",
    ]


def test_a_record_that_cannot_be_read_has_failed(make_scope: MakeScope) -> None:
    scope = make_scope()
    (scope.folder / "x.json").write_text("{")

    [found] = judge([item(lambda scope: held(scope.record("x.json")))], scope)

    assert found.finding == failed("gate/x.json cannot be read (JSONDecodeError).", "record")
