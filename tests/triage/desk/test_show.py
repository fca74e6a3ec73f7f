"""`manage.py sentry_triage show` and `digest`."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.triage.commands import Ran
from tests.triage.desk import EVENT, Run, show_world, world
from tests.triage.fake_tracker import Deaf, FakeTracker


@pytest.mark.parametrize("name", ["1", EVENT, "01234567-89ab-cdef-0123-456789abcdef", "r-7"])
def test_an_issue_is_shown_whatever_it_is_named_by(tracker: FakeTracker, run: Run, name: str) -> None:
    show_world(tracker)
    tracker.comment("1", "[goimg triage] priority=P0\nbecause of the sale")

    lines = run("show", name).out.splitlines()

    assert lines[0] == "GOIMG-1  KeyError: 'poster'"
    assert lines[1] == "P0, error, unresolved, unassigned"
    assert lines[2] == "2 events, 2 users, first seen 20h ago, last 1h ago"
    assert f"Event {EVENT}" in lines
    stack = lines.index("Stack")
    assert lines[stack + 1 : stack + 8] == [
        "  … 4 frames of django",
        "  apps/gallery/views.py:12 in post",
        "       10  def post(self):",
        "       11      if True:",
        "  >    12          prices['poster']",
        "       13      return 1",
        "KeyError: 'poster'",
    ]
    assert "  00:00:00  query: SELECT 1 ms=2" in lines
    tags = lines.index("Tags, 2 events")
    assert lines[tags + 1 : tags + 6] == [
        "  environment: production 2",
        "  priority: P1 1",
        "  release: goimg-api@1.0.0 1, goimg-api@0.9.0 1",
        "  request_id: r-7 1, r-8 1",
        "  user.id: u1 1, u2 1",
    ]
    assert any(line.endswith("goimg-api@0.9.0  r-8") for line in lines)
    assert lines[-2:] == ["[goimg triage] priority=P0", "because of the sale"]


def test_another_event_is_shown(tracker: FakeTracker, run: Run) -> None:
    show_world(tracker)
    other = tracker.stored["1"][1].event_id

    assert f"Event {other}\n" in run("show", "1", "--event", other).out
    assert run("show", "1", "--event", "f" * 32) == Ran(1, "", f"GOIMG-1 has no event {'f' * 32}.")


def test_an_event_is_shown_raw_and_an_issue_as_json(tracker: FakeTracker, run: Run) -> None:
    show_world(tracker)

    assert json.loads(run("show", "1", "--raw").out)["exception"]["values"][0]["type"] == "KeyError"
    document = json.loads(run("show", "1", "--json").out)
    assert document["issue"]["short_id"] == "GOIMG-1"
    assert document["event"]["raised"][0]["frames"][4]["source"][2] == [12, "        prices['poster']"]
    assert document["tags"]["release"] == {"goimg-api@1.0.0": 1, "goimg-api@0.9.0": 1}
    assert document["comments"] == []


def test_comments_that_cannot_be_read_are_not_an_empty_list(run: Run) -> None:
    deaf = Deaf(clock=datetime.now(UTC))
    deaf.put()

    assert run("show", "1", on=deaf).out.endswith("Comments\nBugsink 2.6 cannot list comments without SENTRY_DSN.\n")
    assert json.loads(run("show", "1", "--json", on=deaf).out)["comments"] is None


def test_the_digest_has_what_is_new_and_what_is_urgent(tracker: FakeTracker, run: Run) -> None:
    world(tracker)

    out = run("digest").out

    assert ": 2 unresolved\n" in out
    assert "\nNew (first seen since" in out
    assert "\nUnassigned P0 and P1 (unresolved, and nobody's)\nGOIMG-2\tOperationalError: refused\tP0\t1\t0\t" in out
    assert "\nRegressed (seen again after sentry_triage resolved it): nothing\n" in out


def test_the_digest_as_json_and_markdown(tracker: FakeTracker, run: Run) -> None:
    world(tracker)

    document = json.loads(run("digest", "--json").out)
    assert json.loads(run("digest", "--format=json").out)["sections"].keys() == document["sections"].keys()
    assert [issue["short_id"] for issue in document["sections"]["unassigned"]["issues"]] == ["GOIMG-2"]
    text = run("digest", "--format=markdown", "--since=7d").out
    assert text.startswith("# Bugsink 2.6, ")
    assert "- [GOIMG-2](https://tracker.example.com/issues/2) OperationalError: refused: P0, 1 event, 0 users" in text


def test_the_digest_covers_the_span_that_is_asked_for(tracker: FakeTracker, run: Run) -> None:
    world(tracker)

    document = json.loads(run("digest", "--json", "--since=2h").out)

    assert datetime.fromisoformat(document["until"]) - datetime.fromisoformat(document["since"]) == timedelta(hours=2)
    assert document["sections"]["new"]["issues"] == []
