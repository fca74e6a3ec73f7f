"""A GlitchTip that says things otherwise, or does not know a path, is understood or named; nothing is mistaken."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.triage.query import Query
from apps.triage.subject import Subject
from apps.triage.trackers import TrackerError
from apps.triage.trackers.base import Resolution
from apps.triage.trackers.glitchtip import GlitchTip
from apps.triage.trackers.glitchtip.client import Client
from tests.triage.glitchtip_double import GlitchTipDouble
from tests.triage.glitchtip_events import event, raised
from tests.triage.glitchtip_rows import member
from tests.triage.http_double import Asked, Reply
from tests.triage.trackers.otherwise import (
    Change,
    answers_otherwise,
    as_null,
    numbers_as_numbers,
    without,
    without_zone,
)

EVENT = "0" * 31 + "1"


@pytest.mark.parametrize(
    "change",
    [
        numbers_as_numbers,
        without_zone,
        without("culprit", "metadata", "numComments", "userCount", "permalink", "stats"),
        as_null("culprit", "numComments", "title"),
        lambda said: {"new": [{"field": None}], **said} if isinstance(said, dict) else said,
    ],
)
def test_an_issue_is_read_whatever_says_nothing_in_it(
    monkeypatch: pytest.MonkeyPatch, double: GlitchTipDouble, glitchtip: GlitchTip, change: Change
) -> None:
    double.store.ingest(event("first"))
    answers_otherwise(monkeypatch, double, change)

    [issue] = glitchtip.issues(Query())

    assert (issue.id, issue.short_id, issue.events, issue.status) == ("1", "GOIMG-1", 1, "unresolved")
    assert issue.last_seen.tzinfo is not None
    assert isinstance(issue.culprit, str)
    glitchtip.resolve(issue.id, Resolution())
    assert glitchtip.issue("GOIMG-1").status == "resolved"


@pytest.mark.parametrize(
    "change", [numbers_as_numbers, without_zone, without("dateReceived", "date_received", "projectID", "project_id")]
)
def test_an_event_is_read_whatever_says_nothing_in_it(
    monkeypatch: pytest.MonkeyPatch, double: GlitchTipDouble, glitchtip: GlitchTip, change: Change
) -> None:
    double.store.ingest(event("first", tags={"request_id": "abc"}))
    answers_otherwise(monkeypatch, double, change)

    [listed] = glitchtip.events("1")

    assert (listed.issue_id, listed.request_id, listed.moment.tzinfo) == ("1", "abc", UTC)
    assert glitchtip.latest_event("1").event_id == listed.event_id


def test_an_issue_is_never_another_where_the_filter_is_ignored(
    monkeypatch: pytest.MonkeyPatch, double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    for text in ("one", "two"):
        double.store.ingest(event(text))
    respond = double.respond

    def without_id(asked: Asked) -> Reply | None:
        path, _, query = asked.target.partition("?")
        kept = "&".join(pair for pair in query.split("&") if not pair.startswith("id="))
        return respond(Asked(asked.method, f"{path}?{kept}", asked.headers, asked.body))

    monkeypatch.setattr(double, "respond", without_id)

    assert [glitchtip.issue(number).id for number in ("1", "2")] == ["1", "2"]
    glitchtip.delete("1")
    assert [issue.id for issue in glitchtip.issues(Query())] == ["2"]


def test_users_are_those_of_one_tag_where_the_key_is_ignored(
    monkeypatch: pytest.MonkeyPatch, double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    for number in range(3):
        double.store.ingest(event(user={"id": f"u{number}"}, tags={"a": str(number)}))
    [issue] = glitchtip.issues(Query())

    def with_others(said: Any) -> Any:
        is_tags = isinstance(said, list) and said and "uniqueValues" in said[0]
        return [*said, {"key": "a", "uniqueValues": 40}] if is_tags else said

    answers_otherwise(monkeypatch, double, with_others)

    assert glitchtip.users(issue) == 3


def test_a_content_type_may_be_written_in_capitals(double: GlitchTipDouble) -> None:
    for content_type in ("Application/JSON; Charset=UTF-8", "application/problem+json"):
        body = json.dumps({"projects": [{"id": 1, "slug": "goimg"}]}).encode()
        double.answer = (200, content_type, body)
        assert Client(double.url, "acme", "goimg", "t").project.id == "1"


def test_a_list_that_names_no_pages_has_one(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    double.store.ingest(event())
    assert len(list(glitchtip.issues(Query()))) == 1
    double.answer = (200, "application/json", b"[]")

    assert list(glitchtip.releases()) == []


def test_the_project_is_found_where_the_organisation_does_not_name_its_projects(
    monkeypatch: pytest.MonkeyPatch, double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    double.store.ingest(event())

    def as_list(said: Any) -> Any:
        return {"slug": "acme"} if isinstance(said, dict) and "projects" in said else said

    answers_otherwise(monkeypatch, double, as_list)
    respond = double.respond

    def with_projects(asked: Asked) -> Reply | None:
        if asked.path == "/api/0/organizations/acme/projects/":
            return Reply(200, b'[{"id": 1, "slug": "goimg"}]')
        return respond(asked)

    monkeypatch.setattr(double, "respond", with_projects)

    assert [issue.id for issue in glitchtip.issues(Query())] == ["1"]


def test_an_organisation_whose_path_is_a_page_is_named(
    monkeypatch: pytest.MonkeyPatch, double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    answers_otherwise(monkeypatch, double, unknown="/organizations/acme/")

    with pytest.raises(TrackerError, match=r"did not answer JSON.* no organisation acme\? Check TRACKER_ORG"):
        list(glitchtip.issues(Query()))


def test_an_event_is_shown_without_the_form_that_this_version_does_not_have(
    monkeypatch: pytest.MonkeyPatch, double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    double.store.ingest(raised(tags={"priority": "P1"}))
    [listed] = glitchtip.events("1")
    answers_otherwise(monkeypatch, double, unknown="/json/$")

    whole = glitchtip.latest_event("1")

    assert (whole.event_id, whole.tags["priority"]) == (listed.event_id, "P1")
    assert whole.raised[0].frames[-1].line == 7


def test_an_event_is_searched_for_where_the_project_has_no_path_for_it(
    monkeypatch: pytest.MonkeyPatch, double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    double.store.ingest(event("first"))
    [listed] = glitchtip.events("1")
    assert glitchtip.event("f" * 32) is None
    answers_otherwise(monkeypatch, double, unknown=r"/projects/acme/goimg/events/")
    respond = double.respond

    def with_old_path(asked: Asked) -> Reply | None:
        if asked.path == f"/api/0/issues/1/events/{listed.event_id}/":
            return respond(Asked("GET", "/api/0/issues/1/events/latest/", asked.headers, b""))
        return respond(asked)

    monkeypatch.setattr(double, "respond", with_old_path)
    found = glitchtip.event(listed.event_id)

    assert found is not None
    assert found.event_id == listed.event_id
    assert glitchtip.event("f" * 32) is None


def test_comments_come_oldest_first_whatever_their_order(
    monkeypatch: pytest.MonkeyPatch, double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    double.store.ingest(event())
    for text in ("one", "two"):
        glitchtip.comment("1", text)
    answers_otherwise(monkeypatch, double, lambda said: said[::-1] if isinstance(said, list) else said)

    assert [comment.text for comment in glitchtip.comments("1")] == ["one", "two"]


def test_an_issue_whose_newest_event_or_comments_are_not_given_stays_in_the_list(
    monkeypatch: pytest.MonkeyPatch, double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    double.store.ingest(event())
    answers_otherwise(monkeypatch, double, without("numComments"))
    [issue] = glitchtip.issues(Query())
    respond = double.respond

    def refuse(asked: Asked) -> Reply | None:
        return Reply(404, b"{}") if asked.path.endswith(("/latest/", "/comments/")) else respond(asked)

    monkeypatch.setattr(double, "respond", refuse)
    subject = Subject(glitchtip, issue)

    assert (subject.level, subject.priority, subject.assignee) == ("", "", None)
    assert "gives no comments" in subject.lacking


def test_a_release_is_looked_for_in_the_list_where_it_has_no_path(
    monkeypatch: pytest.MonkeyPatch, double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    double.store.ingest(event(release="goimg-api@1"))
    answers_otherwise(monkeypatch, double, unknown=r"/releases/.+")

    assert glitchtip.create_release("goimg-api@1") is False
    assert glitchtip.create_release("goimg-api@2") is True


def test_members_are_those_of_the_list_where_they_have_no_path(
    monkeypatch: pytest.MonkeyPatch, double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    double.store.members = [member(1, role="owner")]
    answers_otherwise(monkeypatch, double, without("pending", "dateCreated"), unknown=r"/members/\d+/")

    [one] = glitchtip.members()

    assert (one.role, one.teams, one.pending, one.joined) == ("owner", (), False, None)


def test_events_are_read_issue_by_issue_where_the_project_has_no_list(
    monkeypatch: pytest.MonkeyPatch, double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    moment = datetime.now(UTC) - timedelta(hours=1)
    double.store.ingest(event(timestamp=datetime.now(UTC).isoformat()))
    answers_otherwise(monkeypatch, double, unknown="/projects/acme/goimg/events/")
    issues = list(glitchtip.issues(Query()))

    assert len(list(glitchtip.events_of(issues, moment))) == 1
    assert len(list(glitchtip.events_since(moment))) == 1


def test_a_last_page_need_not_name_a_next_one(
    monkeypatch: pytest.MonkeyPatch, double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    double.store.ingest(event())
    respond = double.respond

    def previous_alone(asked: Asked) -> Reply | None:
        reply = respond(asked)
        link = '<http://x/?cursor=a>; rel="previous"; results="false"'
        return reply and replace(reply, headers={"Link": link})

    monkeypatch.setattr(double, "respond", previous_alone)

    assert len(list(glitchtip.issues(Query()))) == 1
