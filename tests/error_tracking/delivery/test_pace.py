"""When to try again."""

import time
from typing import Any

import pytest

from apps.error_tracking.delivery.pace import MAX_SERVER_WAIT, Pace
from apps.error_tracking.delivery.wire import Answer, Outcome

FAILED, REFUSED, SENT = Answer(Outcome.FAILED, "it broke"), Answer(Outcome.REFUSED, "413"), Answer(Outcome.SENT)


ENDLESS = {"at": 0, "limits": {}, "until": 9e9, "failures": float("inf"), "why": ""}


@pytest.fixture
def pace(monkeypatch: pytest.MonkeyPatch) -> Pace:
    monkeypatch.setattr("random.uniform", lambda low, high: high)
    now = time.time()
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    monkeypatch.setattr(time, "time", lambda: now)
    return Pace(first=1, most=60)


def limited(**limits: float) -> Answer:
    return Answer(Outcome.LIMITED, "429", {name.removeprefix("all"): seconds for name, seconds in limits.items()})


def test_each_failure_doubles_the_wait_up_to_the_longest(pace: Pace) -> None:
    waits = []
    for _ in range(8):
        pace.heard(FAILED)
        waits.append(pace.wait())

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_thousand_failures_are_no_overflow(pace: Pace) -> None:
    pace.failures = 5000
    pace.heard(FAILED)

    assert pace.wait() == 60


def test_a_success_ends_it(pace: Pace) -> None:
    pace.heard(FAILED)
    pace.heard(SENT)

    assert (pace.wait(), pace.failures, pace.why) == (0, 0, "")


def test_three_refusals_in_a_row_are_doubtful_and_only_one_more_holds_others_up(pace: Pace) -> None:
    pace.heard(REFUSED)
    pace.heard(REFUSED)
    assert not pace.doubtful
    pace.heard(REFUSED)
    assert (pace.doubtful, pace.wait()) == (True, 0)
    pace.heard(REFUSED)
    assert pace.wait() == 1

    pace.heard(SENT)

    assert (pace.doubtful, pace.wait()) == (False, 0)


def test_however_many_refusals_hold_up_for_a_few_seconds_only(pace: Pace) -> None:
    for _ in range(100):
        pace.heard(REFUSED)

    assert pace.wait() == 5


def test_what_is_refused_again_holds_up_only_what_was_refused_before(pace: Pace) -> None:
    for _ in range(100):
        pace.heard(REFUSED, again=True)

    assert (pace.wait("event"), pace.wait("event", again=True), pace.doubtful) == (0, 60, False)
    pace.heard(SENT)
    assert pace.wait("event", again=True) == 0


@pytest.mark.parametrize("limits", [{"all": 0}, {"error": 0}, {"transaction": 60}], ids=["now", "errors now", "others"])
def test_a_limit_that_asks_for_no_wait_is_a_failure(pace: Pace, limits: dict[str, float]) -> None:
    pace.heard(limited(**limits), "event")
    assert pace.wait("event") == 1
    pace.forgive()
    pace.heard(limited(**limits), "event")
    assert pace.wait("event") == 2


def test_what_the_tracker_asks_for_holds_for_what_it_names(pace: Pace) -> None:
    pace.heard(limited(error=30, transaction=5))

    assert (pace.wait("event"), pace.wait("transaction"), pace.wait("check_in")) == (30, 5, 0)


def test_it_may_not_ask_for_a_day(pace: Pace) -> None:
    pace.heard(limited(all=86400))

    assert pace.wait("event") == MAX_SERVER_WAIT


def test_a_last_attempt_ignores_failures_and_not_what_the_tracker_asked_for(pace: Pace) -> None:
    pace.heard(FAILED)
    pace.heard(limited(error=30))
    pace.forgive()

    assert (pace.wait("event"), pace.wait("check_in")) == (30, 0)


def test_another_process_takes_over_what_was_noted(pace: Pace) -> None:
    pace.heard(FAILED)
    pace.heard(limited(error=30))
    other = Pace(first=1, most=60)
    other.adopt(pace.note())

    assert other.wait("check_in") == pytest.approx(1)
    assert other.wait("event") == pytest.approx(30)
    assert other.why == "429"


@pytest.mark.parametrize(
    "note",
    [
        {},
        {"at": "now", "limits": {}},
        {"at": 0, "limits": 1},
        {"at": 0, "limits": {}, "until": "soon"},
        {"at": 0, "limits": {"error": None}},
        {"at": 0, "limits": {}, "until": 0},
        ENDLESS,
    ],
)
def test_a_note_that_makes_no_sense_changes_nothing(pace: Pace, note: dict[str, Any]) -> None:
    pace.adopt(note)

    assert (pace.wait("event"), pace.failures) == (0, 0)


def test_a_note_of_many_names_does_not_grow(pace: Pace) -> None:
    limits = dict.fromkeys([*map(str, range(5000)), "error"], time.time() + 30)

    pace.adopt({"at": 0, "failures": 0, "why": "", "until": 0, "limits": limits})

    assert set(pace.note()["limits"]) == {"error"}


def test_a_clock_that_was_set_back_since_does_not_make_a_wait_longer(
    pace: Pace, monkeypatch: pytest.MonkeyPatch
) -> None:
    pace.heard(FAILED)
    pace.heard(limited(error=30))
    note, clock = pace.note(), time.time()
    monkeypatch.setattr(time, "time", lambda: clock - 86_400)

    pace.adopt(note)

    assert pace.wait("check_in") == pytest.approx(1)
    assert pace.wait("event") == pytest.approx(30)


def test_what_a_note_asks_for_is_bounded(pace: Pace) -> None:
    far = time.time() + 1e9
    pace.adopt({"at": time.time(), "failures": 1, "why": "x", "until": far, "limits": {"error": far}})

    assert pace.wait("check_in") == 60
    assert pace.wait("event") == MAX_SERVER_WAIT
