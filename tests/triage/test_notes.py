"""Notes in comments: written in one form, read back, nothing else taken for one."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.triage import notes
from apps.triage.trackers.base import Comment

START = datetime(2026, 11, 24, tzinfo=UTC)


def comments(*texts: str) -> list[Comment]:
    return [Comment("jane", text, START + timedelta(minutes=number)) for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("kind", "value", "subject", "text"),
    [
        ("assigned", "jane@example.com", "assignee", "[goimg triage] assigned=jane@example.com"),
        ("assigned", "nobody", "assignee", "[goimg triage] assigned=nobody"),
        ("priority", "P1", "priority", "[goimg triage] priority=P1"),
        ("resolved", "", "status", "[goimg triage] resolved"),
        ("resolved-in", "goimg-api@1.2.3", "status", "[goimg triage] resolved-in=goimg-api@1.2.3"),
        ("ignored-until", "2026-12-01T00:00Z", "status", "[goimg triage] ignored-until=2026-12-01T00:00Z"),
        ("ignored-until-events", "100", "status", "[goimg triage] ignored-until-events=100"),
    ],
)
def test_what_is_written_is_read_back(kind: str, value: str, subject: notes.Subject, text: str) -> None:
    assert notes.write(kind, value) == text
    assert notes.read(comments(text)) == {subject: notes.Note(kind, value, START)}


@pytest.mark.parametrize(
    ("kind", "value"),
    [("assigned", "jane doe"), ("priority", "P9"), ("ignored-until", "tomorrow"), ("resolved", "x"), ("invented", "x")],
)
def test_what_would_not_be_read_back_is_not_written(kind: str, value: str) -> None:
    with pytest.raises(ValueError, match="cannot be noted"):
        notes.write(kind, value)


def test_the_last_note_of_a_subject_counts() -> None:
    newest_first = comments("[goimg triage] priority=P0", "[goimg triage] resolved", "[goimg triage] priority=P2")[::-1]

    found = notes.read(newest_first)

    assert found["priority"].value == "P2"
    assert found["status"].kind == "resolved"


def test_what_a_person_wrote_below_the_first_line_does_not_matter() -> None:
    assert notes.read(comments("[goimg triage] priority=P1\nbecause of the sale"))["priority"].value == "P1"


@pytest.mark.parametrize(
    "text",
    [
        "I set [goimg triage] priority=P1",
        "[goimg triage] priority=P7",
        "[goimg triage] priority",
        "[goimg triage] priority=P1 for now",
        "[goimg triage] resolved-in=",
        "[goimg triage] shipped=yes",
        "\n[goimg triage] priority=P1",
        "[goimg triage] ignored-until-events=" + "9" * 5000,
        "[goimg triage] ignored-until-events=٣",
    ],
)
def test_other_comments_are_no_notes(text: str) -> None:
    assert notes.read(comments(text)) == {}
