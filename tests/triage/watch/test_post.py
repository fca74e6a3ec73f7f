"""What waits is sent once, at the right hour, and again where a receiver did not take it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.triage.alerts.rules import DAYS, Span
from apps.triage.notify.errors import Undelivered
from apps.triage.notify.message import Message
from apps.triage.watch import post
from apps.triage.watch.post import Posted, deliver
from apps.triage.watch.state import State, Waiting
from tests.triage.memory_tracker import NOW
from tests.triage.watch.moving import alerts_of

BUSINESS = Span(DAYS[:5], time(9), time(17))
QUIET = Span(DAYS, time(22), time(7))


@dataclass
class Box:
    """A receiver; `answers` are raised one after the other."""

    gathers: bool = True
    got: list[list[Message]] = field(default_factory=list)
    answers: list[BaseException] = field(default_factory=list)

    def send(self, messages: Sequence[Message]) -> None:
        if self.answers:
            raise self.answers.pop(0)
        self.got.append(list(messages))

    def issues(self) -> list[list[str]]:
        return [[message.issue_id for message in messages] for messages in self.got]


def message(issue: str = "1", priority: str = "P1", **fields: Any) -> Message:
    defaults: dict[str, Any] = {
        "issue_id": issue,
        "short_id": f"GOIMG-{issue}",
        "url": f"https://tracker.example.com/issues/{issue}",
        "priority": priority,
        "level": "error",
        "environment": "production",
        "title": "KeyError: 'poster'",
        "culprit": "apps.gallery.views in post",
        "events": 12,
        "users": "3",
        "first_seen": NOW - timedelta(hours=1),
        "release": "goimg-api@1.0.0",
        "whys": ("new issue",),
        "runbook": "https://docs.example.com/runbook",
    }
    return Message(**(defaults | fields))


def state_with(*waiting: Waiting) -> State:
    return State("here", NOW, NOW, waiting=list(waiting))


def waits(issue: str = "1", priority: str = "P1", **fields: Any) -> Waiting:
    waiting = Waiting(receiver="chat", message=message(issue, priority), when="any", since=NOW)
    return replace(waiting, **fields)


class Desk:
    """Delivers to one receiver, with a state that is on disk in between."""

    def __init__(self, *waiting: Waiting, gathers: bool = True, **fields: Any) -> None:
        self.box, self.alerts, self.saved = Box(gathers), alerts_of(**fields), state_with(*waiting).to_json()

    def deliver(self, now: datetime = NOW) -> Posted:
        state = State.from_json(self.saved)

        def save() -> None:
            self.saved = state.to_json()

        (posted,) = deliver(state, self.alerts, {"chat": self.box}, now, save)
        return posted


def test_what_was_sent_does_not_wait_any_more() -> None:
    desk = Desk(waits())

    assert desk.deliver() == Posted("chat", sent=1)
    assert desk.box.got == [[message()]]
    assert desk.saved["waiting"] == []


def test_a_few_messages_are_sent_one_by_one_and_many_as_digests() -> None:
    assert [len(batch) for batch in sent(3)] == [1, 1, 1]
    assert [len(batch) for batch in sent(4)] == [4]
    assert [len(batch) for batch in sent(40)] == [15, 15, 10]


def sent(number: int, gathers: bool = True) -> list[list[str]]:
    desk = Desk(*(waits(f"{one}") for one in range(number)), gathers=gathers)
    assert desk.deliver().sent == number
    return desk.box.issues()


def test_a_pager_gets_each_issue_by_itself() -> None:
    assert sent(6, gathers=False) == [[f"{number}"] for number in range(6)]


@pytest.mark.parametrize(
    ("when", "hour", "leaves"),
    [
        ("any", 23, True),
        ("awake", 23, False),
        ("awake", 6, False),
        ("awake", 20, True),
        ("business", 20, False),
        ("business", 10, True),
    ],
)
def test_a_message_waits_for_its_hour(when: str, hour: int, leaves: bool) -> None:
    desk = Desk(waits(when=when), hours={"business": BUSINESS, "quiet": QUIET})

    posted = desk.deliver(datetime(2026, 11, 24, hour, tzinfo=UTC))

    assert posted == Posted("chat", sent=int(leaves), held=int(not leaves))


def test_what_is_urgent_is_sent_first() -> None:
    desk = Desk(waits("1", "P2"), waits("2", "P0"))

    desk.deliver()

    assert desk.box.issues() == [["2"], ["1"]]


def test_hours_are_those_of_the_file_s_time_zone_in_summer_and_in_winter() -> None:
    def leaves_at(moment: datetime) -> bool:
        desk = Desk(waits(when="business"), hours={"business": BUSINESS}, timezone=ZoneInfo("Europe/Berlin"))
        return desk.deliver(moment).sent == 1

    assert not leaves_at(datetime(2026, 7, 1, 6, 59, tzinfo=UTC))
    assert leaves_at(datetime(2026, 7, 1, 7, 0, tzinfo=UTC))
    assert not leaves_at(datetime(2026, 12, 1, 7, 59, tzinfo=UTC))
    assert leaves_at(datetime(2026, 12, 1, 8, 0, tzinfo=UTC))


def test_what_was_held_over_a_night_is_one_digest_in_the_morning() -> None:
    desk = Desk(*(waits(f"{number}", when="business") for number in range(5)), hours={"business": BUSINESS})

    assert desk.deliver(datetime(2026, 11, 24, 3, tzinfo=UTC)) == Posted("chat", held=5)
    assert desk.deliver(datetime(2026, 11, 24, 9, tzinfo=UTC)) == Posted("chat", sent=5)
    assert desk.box.issues() == [["0", "1", "2", "3", "4"]]


def test_a_receiver_that_is_down_is_tried_again_less_and_less_often_and_gets_everything() -> None:
    desk = Desk(waits("1"), waits("2"))
    desk.box.answers = [Undelivered("Slack answered 503")] * 3
    now, waited = NOW, []

    for _ in range(4):
        attempt = desk.deliver(now)
        if attempt.problem:
            assert (attempt.sent, attempt.held, attempt.problem) == (0, 2, "Slack answered 503")
            again = State.from_json(desk.saved).troubles["chat"].after
            assert desk.deliver(again - timedelta(seconds=1)).problem == f"not tried again before {again:%H:%M:%S} UTC"
            waited.append(again - now)
            now = again

    assert waited == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert desk.box.issues() == [["1"], ["2"]]
    assert not desk.box.got[0][0].repeated
    assert desk.saved["troubles"] == {}


def test_a_receiver_that_asks_for_patience_gets_it_within_bounds() -> None:
    assert waits_after(Undelivered("Slack answered 429", patience=300)) == timedelta(minutes=5)
    assert waits_after(Undelivered("Slack answered 429", patience=3600)) == timedelta(minutes=15)


def waits_after(error: Undelivered) -> timedelta:
    desk = Desk(waits())
    desk.box.answers = [error]
    desk.deliver()
    return State.from_json(desk.saved).troubles["chat"].after - NOW


def test_a_message_whose_sending_broke_off_says_that_it_may_be_a_repetition() -> None:
    desk = Desk(waits())
    desk.box.answers = [Undelivered("Slack cannot be reached (ReadTimeout)", unsure=True)]
    desk.deliver()

    desk.deliver(NOW + timedelta(minutes=1))

    assert [one.repeated for (one,) in desk.box.got] == [True]


def test_a_message_during_whose_sending_everything_ended_says_so_too() -> None:
    desk = Desk(waits(), waits("2"))
    desk.box.answers = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        desk.deliver()

    assert desk.deliver().sent == 2
    assert [one.repeated for (one,) in desk.box.got] == [True, False]
    assert dict(desk.box.got[0][0].facts())["Note"] == "sent before, perhaps: the last attempt was interrupted"


def test_what_reached_some_of_its_readers_is_not_sent_again() -> None:
    desk = Desk(waits())
    desk.box.answers = [Undelivered("the mail server refused 1 of 2 addresses", partly=True)]

    assert desk.deliver() == Posted("chat", sent=1, problem="the mail server refused 1 of 2 addresses")
    assert desk.saved["waiting"] == []


def test_a_receiver_that_the_file_does_not_name_any_more_is_said() -> None:
    state, kept = state_with(waits(receiver="gone")), []

    posted = deliver(state, alerts_of(), {}, NOW, lambda: kept.append(state.to_json()["waiting"]))

    assert posted == [Posted("gone", problem="no longer in the alerts file: 1 message dropped")]
    assert kept == [[]]  # else the next look says it again
    assert state.waiting == []


def test_more_messages_than_are_kept_are_dropped_the_oldest_first_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "MOST_WAITING", 2)
    box = Box()

    posted = deliver(state_with(waits("1"), waits("2"), waits("3")), alerts_of(), {"chat": box}, NOW, lambda: None)

    assert posted[0].problem == "more than 2 messages wait: the oldest were dropped (1)"
    assert box.issues() == [["2"], ["3"]]


def test_a_clock_that_goes_back_does_not_make_a_receiver_wait_for_long() -> None:
    state = state_with(waits())
    desk = Desk()
    desk.box.answers = [Undelivered("down")]
    deliver(state, desk.alerts, {"chat": desk.box}, NOW + timedelta(days=365), lambda: None)

    state.not_after(NOW)

    assert state.troubles["chat"].after - NOW <= timedelta(minutes=15)


def test_a_state_survives_its_file() -> None:
    state = state_with(waits(), replace(waits("2"), sending=True))

    assert State.from_json(state.to_json()) == state
