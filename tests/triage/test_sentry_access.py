"""`manage.py sentry_access`: who has access, what about it should change, and what could not be read."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.triage import config
from apps.triage.trackers.base import Capability, Member, TrackerError
from tests.triage.memory_tracker import MemoryTracker

NOW = datetime.now(UTC)
LACKS_TWO_FACTOR = {Capability.TWO_FACTOR: "GlitchTip 5 has no way to see who uses two-factor authentication."}
LACKS_MEMBERS = {Capability.MEMBERS: "Bugsink 2.6 has no members in its API."}


def person(who: str, **changes: Any) -> Member:
    known: dict[str, Any] = {
        "id": who,
        "email": f"{who}@example.com",
        "name": who.title(),
        "role": "member",
        "teams": ("backend",),
        "last_login": NOW - timedelta(days=1),
        "two_factor": True,
        "joined": NOW - timedelta(days=400),
    }
    return Member(**(known | changes))


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch) -> MemoryTracker:
    found = MemoryTracker(name="Sentry", people=[person("jane", role="owner"), person("joe", role="owner")])
    monkeypatch.setattr(config, "tracker", lambda: found)
    return found


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = 0
    try:
        call_command("sentry_access", *arguments)
    except SystemExit as stop:
        code = int(str(stop.code))
    return code, capsys.readouterr().out


def findings(capsys: pytest.CaptureFixture[str], *arguments: str) -> set[tuple[str, str, str]]:
    document = json.loads(run(capsys, "--json", *arguments)[1])
    return {(one["weight"], one["who"].partition("@")[0], one["what"]) for one in document["findings"]}


def test_two_owners_with_a_second_factor_need_nothing(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = run(capsys)

    assert code == 0
    assert "jane@example.com\tJane\towner\tbackend\tmember\t" in out
    assert out.endswith("2 have access, 0 findings to act on.\n")


def test_who_has_no_second_factor_is_found(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.people.append(person("max", two_factor=False))

    assert ("high", "max", "does not use two-factor authentication") in findings(capsys)
    assert run(capsys)[0] == 1


def test_what_cannot_be_read_is_named_and_nobody_is_blamed_for_it(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker.lacks = LACKS_TWO_FACTOR
    tracker.people.append(person("max", two_factor=None))

    code, out = run(capsys)

    assert code == 0
    assert f"Cannot be read: {LACKS_TWO_FACTOR[Capability.TWO_FACTOR]}\n" in out
    assert out.endswith("3 have access, 0 findings to act on; 1 thing could not be read.\n")
    assert "\tunknown\t" in out


def test_a_tracker_without_members_is_no_empty_list(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.name, tracker.lacks = "Bugsink 2.6", LACKS_MEMBERS

    code, out = run(capsys)

    assert code == 1
    assert out == (
        "Cannot be read: Bugsink 2.6 has no members in its API.\n"
        "Bugsink 2.6 does not say who has access: review it in its own pages.\n"
    )
    document = json.loads(run(capsys, "--json")[1])
    assert (document["members"], document["tells_logins"]) == (None, True)


def test_what_is_not_told_is_not_said_to_be(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.lacks = LACKS_MEMBERS | {Capability.LAST_LOGIN: "Bugsink 2.6 has no last logins in its API."}

    assert json.loads(run(capsys, "--json")[1])["tells_logins"] is False


def test_a_csv_without_members_says_why(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.name, tracker.lacks = "Bugsink 2.6", LACKS_MEMBERS

    with pytest.raises(SystemExit):
        call_command("sentry_access", "--csv")

    out, err = capsys.readouterr()
    assert out.count("\n") == 1
    assert err == "Bugsink 2.6 does not say who has access: review it in its own pages.\n"


def test_a_tracker_that_is_not_there_is_no_tracker_without_members(
    tracker: MemoryTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(query: object) -> None:
        raise TrackerError("https://tracker.example.com cannot be reached.")

    tracker.lacks = LACKS_MEMBERS
    monkeypatch.setattr(tracker, "issues", gone)

    with pytest.raises(CommandError, match=r"The tracker cannot be read: .* cannot be reached"):
        call_command("sentry_access")


def test_one_is_no_many(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.people = [person("jane", role="owner", two_factor=False)]

    assert run(capsys)[1].endswith("1 has access, 1 finding to act on.\n")


def test_more_owners_than_are_enough_are_found(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.people.append(person("max", role="owner"))

    assert ("medium", "", "3 owners: 2 are enough") in findings(capsys)
    assert run(capsys, "--owners=3")[0] == 0


def test_an_only_owner_is_noted(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.people.pop()

    assert ("note", "jane", "is the only owner: nobody else can help when they cannot sign in") in findings(capsys)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"last_login": NOW - timedelta(days=91)}, "last signed in 91 days ago"),
        ({"last_login": None}, "joined, and never signed in, 400 days ago"),
        ({"last_login": None, "joined": None}, "never signed in"),
    ],
)
def test_who_did_not_sign_in_for_long_is_found(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str], changes: dict[str, Any], what: str
) -> None:
    tracker.people.append(person("max", **changes))

    assert ("medium", "max", what) in findings(capsys)


def test_who_never_signed_in_is_shown_as_such(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.people.append(person("max", last_login=None))

    assert "max@example.com\tMax\tmember\tbackend\tmember\tnever\t" in run(capsys)[1]


def test_how_long_may_be_chosen(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.people.append(person("max", last_login=NOW - timedelta(days=40)))

    assert run(capsys)[0] == 0
    assert run(capsys, "--stale=30")[0] == 1


def test_who_joined_a_while_ago_and_did_not_sign_in_yet_is_not_stale(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker.people.append(person("max", last_login=None, joined=NOW - timedelta(days=3)))

    assert run(capsys)[0] == 0


def test_where_last_logins_cannot_be_read_nobody_is_stale(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker.lacks = {Capability.LAST_LOGIN: "Sentry has no last login in its API."}
    tracker.people.append(person("max", last_login=None))

    assert {one for one in findings(capsys) if one[0] != "note"} == set()
    assert "max@example.com\tMax\tmember\tbackend\tmember\tunknown\t" in run(capsys)[1]


def test_a_pending_invitation_is_found_and_is_no_member_yet(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker.people.append(
        person("max", pending=True, role="owner", two_factor=False, last_login=None, joined=NOW - timedelta(days=9))
    )

    found = {one for one in findings(capsys) if one[1] == "max"}

    assert found == {("medium", "max", "invited for 9 days and not joined: whoever has the link gets in as owner")}


def test_roles_that_can_delete_are_noted(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.people += [person("max", role="billing"), person("eve", role="manager")]

    assert ("note", "", "3 of 4 have a role that can delete issues, for good") in findings(capsys)


def test_csv_has_a_row_per_person_and_no_formula(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    tracker.people.append(person("max", name="=cmd|' /C calc'!A0", two_factor=False))

    jane, joe, last = csv.DictReader(io.StringIO(run(capsys, "--csv")[1]))

    assert (jane["email"], jane["2FA"], joe["can delete"]) == ("jane@example.com", "yes", "yes")
    assert last["name"] == "'=cmd|' /C calc'!A0"
    assert last["findings"] == "does not use two-factor authentication"


def test_markdown_is_a_page_to_sign_in_which_names_stay_text(
    tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker.lacks = LACKS_TWO_FACTOR
    tracker.people.append(person("max", name="a|b [x](javascript:1) <b>\n# c", last_login=NOW - timedelta(days=99)))

    now = datetime.now(UTC)
    page = run(capsys, "--markdown")[1]

    assert page.startswith(f"# Access review {now.year} Q{(now.month + 2) // 3}: Sentry\n")
    assert "- [ ] medium: max@example.com: last signed in 99 days ago" in page
    assert r"| a\|b \[x\](javascript:1) \<b\> \# c |" in page
    assert "## What could not be read\n\n- GlitchTip 5 has no way" in page
    assert page.rstrip().endswith("Reviewed by: ____________________  Date: ____________")


@pytest.mark.parametrize("option", ["--owners=0", "--stale=0", "--stale=99999999"])
def test_a_number_that_makes_no_sense_is_refused(tracker: MemoryTracker, option: str) -> None:
    with pytest.raises(CommandError, match=r"must be between 1 and 10,000\.") as refused:
        call_command("sentry_access", option)

    assert refused.value.returncode == 2


def test_a_tracker_that_cannot_be_read_is_one_sentence(tracker: MemoryTracker, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise TrackerError("GET https://tracker.example.com/ answered 403.")

    monkeypatch.setattr(tracker, "members", fail)

    with pytest.raises(CommandError, match=r"The tracker cannot be read: GET .* answered 403\.") as refused:
        call_command("sentry_access")

    assert refused.value.returncode == 1
