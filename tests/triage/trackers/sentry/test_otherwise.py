"""A Sentry that says things otherwise, or lacks something, is understood or named; nothing is mistaken."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from apps.triage.audit import audit
from apps.triage.query import Query, parse
from apps.triage.trackers import TrackerError
from apps.triage.trackers.base import Ignoring, NotFound, Resolution
from apps.triage.trackers.sentry import Sentry
from tests.triage.http_double import Asked, Reply
from tests.triage.sentry_double import TOKEN, SentryDouble
from tests.triage.sentry_store import event
from tests.triage.trackers.otherwise import (
    NOT_FOUND,
    Change,
    answers_otherwise,
    as_null,
    each,
    numbers_as_numbers,
    without,
    without_zone,
)


def with_links(monkeypatch: pytest.MonkeyPatch, double: SentryDouble, change: Callable[[str], str]) -> None:
    respond = double.respond

    def otherwise(asked: Asked) -> Reply:
        reply = respond(asked)
        headers = {"link": change(reply.headers["Link"])} if reply.headers.get("Link") else {}
        return replace(reply, headers=headers)

    monkeypatch.setattr(double, "respond", otherwise)


@pytest.mark.parametrize(
    "change",
    [
        numbers_as_numbers,
        without_zone,
        without("culprit", "numComments", "assignedTo", "priority", "substatus", "lifetime"),
        as_null("culprit", "numComments", "lifetime", "level", "priority"),
        without("statusDetails"),
        lambda said: {"new": [{"field": None}], **said} if isinstance(said, dict) else said,
    ],
)
def test_an_issue_is_read_whatever_says_nothing_in_it(
    monkeypatch: pytest.MonkeyPatch, double: SentryDouble, sentry: Sentry, change: Change
) -> None:
    kept = double.store.ingest(event("first"))
    answers_otherwise(monkeypatch, double, change)

    [issue] = sentry.issues(Query())

    assert (issue.id, issue.short_id, issue.events, issue.status) == (str(kept.id), "GOIMG-1", 1, "unresolved")
    assert issue.last_seen.tzinfo is not None
    sentry.resolve(issue.id, Resolution())
    assert sentry.issue("GOIMG-1").status == "resolved"


@pytest.mark.parametrize("change", [without("groupID", "projectID", "dateReceived", "id"), without_zone])
def test_an_event_of_a_list_is_of_the_issue_whose_list_it_is(
    monkeypatch: pytest.MonkeyPatch, double: SentryDouble, sentry: Sentry, change: Change
) -> None:
    kept = double.store.ingest(event("first"))
    number = str(kept.id)
    whole = sentry.latest_event(number)
    answers_otherwise(monkeypatch, double, lambda said: change(said) if isinstance(said, list) else said)

    [listed] = sentry.events(number)

    assert (listed.issue_id, listed.event_id, listed.moment.tzinfo) == (number, whole.event_id, UTC)


@pytest.mark.parametrize(
    "change",
    [
        lambda link: link.replace("https://sentry.invalid/", "/api/0/organizations/acme/issues/"),
        lambda link: re.sub(r'; cursor="[^"]*"', "", link),
        lambda link: link.split(", ")[1].replace('; results="true"', "") if 'results="true"' in link else "",
    ],
    ids=["relative", "the cursor in the address alone", "a link only where there is more"],
)
def test_every_page_is_read_however_it_is_linked(
    monkeypatch: pytest.MonkeyPatch, double: SentryDouble, sentry: Sentry, change: Callable[[str], str]
) -> None:
    for number in range(130):
        double.store.ingest(event(f"broken {number}", fingerprint=[str(number)]))
    with_links(monkeypatch, double, change)

    assert len(list(sentry.issues(Query()))) == 130


def test_an_issue_is_ignored_where_sentry_knows_no_archiving(
    monkeypatch: pytest.MonkeyPatch, double: SentryDouble, sentry: Sentry
) -> None:
    number = str(double.store.ingest(event()).id)
    respond = double.respond

    def older(asked: Asked) -> Reply:
        if b"substatus" in asked.body:
            return Reply(400, b'{"substatus": ["Unknown field."]}')
        return respond(asked)

    monkeypatch.setattr(double, "respond", older)

    sentry.ignore(number, Ignoring())

    assert sentry.issue(number).status == "ignored"


@pytest.mark.parametrize("actor", ["jane@example.com", {"name": "jane@example.com"}])
def test_an_assignee_may_be_said_shortly(
    monkeypatch: pytest.MonkeyPatch, double: SentryDouble, sentry: Sentry, actor: Any
) -> None:
    kept = double.store.ingest(event())
    kept.assigned = {"type": "user", "id": "7", "name": "Jane", "email": "jane@example.com"}
    answers_otherwise(
        monkeypatch, double, each(lambda said: said | {"assignedTo": actor} if "shortId" in said else said)
    )

    assert sentry.issue(str(kept.id)).assignee == "jane@example.com"


def test_what_answers_a_change_need_not_be_the_issue(
    monkeypatch: pytest.MonkeyPatch, double: SentryDouble, sentry: Sentry
) -> None:
    number = str(double.store.ingest(event()).id)
    respond = double.respond

    def short(asked: Asked) -> Reply:
        reply = respond(asked)
        return replace(reply, body=asked.body) if asked.method == "PUT" and reply.status == 200 else reply

    monkeypatch.setattr(double, "respond", short)

    sentry.resolve(number, Resolution())
    sentry.prioritise(number, "P2")

    issue = sentry.issue(number)
    assert (issue.status, issue.priority) == ("resolved", "P2")


def test_users_are_counted_by_their_bare_id_too(
    monkeypatch: pytest.MonkeyPatch, double: SentryDouble, sentry: Sentry
) -> None:
    for number in range(3):
        double.store.ingest(event(user={"id": f"u{number}"}))
    [issue] = sentry.issues(Query())
    bare = each(lambda said: {key: it.removeprefix("id:") if key == "value" else it for key, it in said.items()})
    answers_otherwise(monkeypatch, double, bare)

    assert sentry.users(issue) == 3


def test_users_are_counted_by_the_tags_page_where_its_values_have_none(
    monkeypatch: pytest.MonkeyPatch, double: SentryDouble, sentry: Sentry
) -> None:
    for number in range(3):
        double.store.ingest(event(user={"id": f"u{number}"}))
    [issue] = sentry.issues(Query())
    respond = double.respond

    def tag(asked: Asked) -> Reply:
        if asked.path.endswith("/tags/user/"):
            return Reply(200, b'{"key": "user", "uniqueValues": 3}')
        return NOT_FOUND if asked.path.endswith("/values/") else respond(asked)

    monkeypatch.setattr(double, "respond", tag)

    assert sentry.users(issue) == 3


def test_an_event_is_found_through_the_organisation_where_the_project_has_no_path(
    monkeypatch: pytest.MonkeyPatch, double: SentryDouble, sentry: Sentry
) -> None:
    number = str(double.store.ingest(event()).id)
    event_id = sentry.latest_event(number).event_id
    row = httpx.get(
        f"{double.url}/api/0/organizations/acme/issues/{number}/events/latest/",
        headers={"Authorization": f"Bearer {TOKEN}"},
    ).json()
    respond = double.respond

    def by_organisation(asked: Asked) -> Reply:
        if asked.path == f"/api/0/organizations/acme/eventids/{event_id}/":
            return Reply(200, json.dumps({"groupId": number, "event": row}).encode())
        return NOT_FOUND if "/projects/acme/goimg/events/" in asked.path else respond(asked)

    monkeypatch.setattr(double, "respond", by_organisation)
    found = sentry.event(event_id)

    assert found is not None
    assert (found.event_id, found.issue_id) == (event_id, number)
    assert sentry.event("f" * 32) is None


def test_the_organisation_is_not_asked_for_an_event_once_the_project_knew_one(
    double: SentryDouble, sentry: Sentry
) -> None:
    number = str(double.store.ingest(event()).id)
    sentry.event(sentry.latest_event(number).event_id)

    assert sentry.event("f" * 32) is None
    assert not [target for _, target in double.asked if "/eventids/" in target]


def test_hours_are_those_of_the_issue_itself_where_there_are_none_for_many(
    monkeypatch: pytest.MonkeyPatch, double: SentryDouble, sentry: Sentry
) -> None:
    double.store.ingest(event())
    [issue] = sentry.issues(Query())
    counted = {"stats": {"24h": [[0, 2], [3600, 3]]}}
    hours = each(lambda said: said | counted if "shortId" in said else said)
    answers_otherwise(monkeypatch, double, hours, unknown="/issues-stats/", instead=NOT_FOUND)

    assert sentry.trends([issue])[issue.id][-3:] == (0, 2, 3)


def test_events_are_read_issue_by_issue_where_the_project_has_no_list(
    monkeypatch: pytest.MonkeyPatch, double: SentryDouble, sentry: Sentry
) -> None:
    double.store.ingest(event())
    issues = list(sentry.issues(Query()))
    answers_otherwise(monkeypatch, double, unknown="/projects/acme/goimg/events/", instead=NOT_FOUND)

    assert len(list(sentry.events_of(issues, datetime.now(UTC) - timedelta(days=1)))) == 1


def test_comments_are_where_an_older_sentry_has_them(
    monkeypatch: pytest.MonkeyPatch, double: SentryDouble, sentry: Sentry
) -> None:
    number = str(double.store.ingest(event()).id)
    respond = double.respond

    def older(asked: Asked) -> Reply:
        if asked.path == f"/api/0/issues/{number}/comments/":
            path = asked.target.replace("/api/0/", "/api/0/organizations/acme/")
            return respond(Asked(asked.method, path, asked.headers, asked.body))
        return NOT_FOUND if asked.path.endswith("/comments/") else respond(asked)

    monkeypatch.setattr(double, "respond", older)
    sentry.comment(number, "Seen.")

    assert [comment.text for comment in sentry.comments(number)] == ["Seen."]


def test_that_no_comment_is_taken_does_not_mean_that_the_issue_is_gone(
    monkeypatch: pytest.MonkeyPatch, double: SentryDouble, sentry: Sentry
) -> None:
    number = str(double.store.ingest(event()).id)
    answers_otherwise(monkeypatch, double, unknown="/comments/", instead=NOT_FOUND)

    with pytest.raises(TrackerError, match="takes no comments here") as refused:
        sentry.comment(number, "Seen.")

    assert not isinstance(refused.value, NotFound)


def test_a_short_id_is_asked_for_in_capitals(double: SentryDouble, sentry: Sentry) -> None:
    double.store.ingest(event())

    assert sentry.issue("goimg-1").short_id == "GOIMG-1"
    assert ("GET", "/api/0/organizations/acme/shortids/GOIMG-1/") in double.asked


def test_a_request_is_searched_by_its_own_name(double: SentryDouble, sentry: Sentry) -> None:
    double.store.ingest(event("one", tags={"request_id": "abc"}))
    double.store.ingest(event("two", tags={"request_id": "def"}, fingerprint=["2"]))

    assert [issue.title for issue in sentry.issues(parse("request_id:abc"))] == ["ValueError: one"]


def test_an_event_that_the_application_sent_is_clean_and_one_with_more_is_not(
    double: SentryDouble, sentry: Sentry
) -> None:
    """Sentry answers with other names, and with null for what is not there."""
    double.store.ingest(event("first", user={"id": "7"}))
    since = datetime.now(UTC) - timedelta(days=30)
    assert audit(sentry, since, lambda result: None).found == []

    double.store.ingest(event("second", user={"id": "7", "email": "jane@example.com"}))

    assert [found.kinds()["email"] for found in audit(sentry, since, lambda result: None).found] == [1]
