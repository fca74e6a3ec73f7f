"""The ways in which GlitchTip's API misleads: the double has each of them, and the adapter falls into none."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote, unquote

import httpx
import pytest

from apps.triage.query import Query
from apps.triage.rows import ordered
from apps.triage.search import Budget, search
from apps.triage.trackers import TrackerError
from apps.triage.trackers.base import Resolution
from apps.triage.trackers.glitchtip import GlitchTip
from tests.daemons import free_port
from tests.triage.glitchtip_double import TOKEN, GlitchTipDouble
from tests.triage.glitchtip_events import event


@pytest.fixture
def api(double: GlitchTipDouble) -> Iterator[httpx.Client]:
    """A client that does what its caller says."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Connection": "close"}
    with httpx.Client(base_url=f"{double.url}/api/0/", headers=headers, timeout=60) as client:
        yield client


LIST = "organizations/acme/issues/"


def test_its_link_header_is_the_repr_of_a_set_with_a_host_that_is_not_there(
    double: GlitchTipDouble, api: httpx.Client, glitchtip: GlitchTip
) -> None:
    for number in range(120):
        double.store.ingest(event(f"broken {number}"))

    link = api.get(LIST, params={"limit": 100}).headers["link"]

    assert link.startswith("{'<https://tracker.invalid/")
    assert link.endswith("'}")
    assert len(list(glitchtip.issues(Query()))) == 120


@pytest.mark.parametrize("path", ["issues/1", "organizations/acme/issues", "issues/1/notes/", "projects/acme/goimg/x/"])
def test_a_path_that_it_does_not_know_or_without_its_slash_is_a_page(api: httpx.Client, path: str) -> None:
    answer = api.get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_no_path_without_a_slash_is_asked_for(double: GlitchTipDouble, glitchtip: GlitchTip) -> None:
    double.store.ingest(event())
    double.store.members = [
        {"id": "1", "role": "owner", "dateCreated": "2026-01-02T03:04:05Z", "email": "a@example.com"}
    ]
    double.store.members[0] |= {"user": None, "pending": True, "teams": []}
    [issue] = glitchtip.issues(Query())
    glitchtip.latest_event("1")
    glitchtip.users(issue)
    glitchtip.trends([issue])
    glitchtip.comment("1", "x")
    glitchtip.members()
    glitchtip.create_release("goimg-api@2")
    glitchtip.delete("1")

    assert [target for _, target in double.asked if not target.partition("?")[0].endswith("/")] == []


def test_a_client_that_keeps_its_connection_gets_no_answer(double: GlitchTipDouble, api: httpx.Client) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        api.get(LIST, headers={"Connection": "keep-alive"})


def test_a_bulk_change_with_a_filter_that_it_does_not_know_hits_every_issue(
    double: GlitchTipDouble, api: httpx.Client
) -> None:
    for number, project in enumerate((1, 1, 2)):
        double.store.ingest(event(f"broken {number}"), project=project)

    answer = api.put(f"{LIST}?issue=1&shortId=GOIMG-1", json={"status": "resolved"})

    assert answer.json() == {"status": "resolved", "merge": None}
    assert {issue.status for issue in double.store.issues.values()} == {"resolved"}
    api.delete(f"{LIST}?issue=1")
    assert api.get(LIST).json() == []


def test_a_bulk_change_of_nothing_is_a_yes(double: GlitchTipDouble, api: httpx.Client) -> None:
    assert api.put(f"{LIST}?id=99", json={"status": "resolved"}).json() == {"status": "resolved", "merge": None}


def test_what_it_does_not_know_in_a_change_is_dropped(double: GlitchTipDouble, api: httpx.Client) -> None:
    double.store.ingest(event())
    body = {
        "status": "resolved",
        "assignedTo": "a@example.com",
        "priority": "high",
        "statusDetails": {"inNextRelease": True},
    }

    answer = api.put("issues/1/", json=body).json()

    assert (answer["status"], answer["status_details"]) == ("resolved", {})
    assert not {"assignedTo", "priority"} & set(answer)


def test_a_change_without_a_status_is_an_error_500_and_the_adapter_always_sends_one(
    double: GlitchTipDouble, api: httpx.Client, glitchtip: GlitchTip
) -> None:
    double.store.ingest(event())

    assert api.put("issues/1/", json={"priority": "high"}).status_code == 500
    glitchtip.resolve("1", Resolution())


@pytest.mark.parametrize(
    ("query", "status", "found"),
    [
        ("it's", 500, None),
        ("error.type:ValueError", 200, 0),
        ("times_seen:>0", 200, 0),
        ("firstSeen:-1h", 200, 0),
        ("!is:resolved", 200, 0),
        ("message: broken", 200, 0),
        ("brok", 200, 0),
        ("broken", 200, 1),
        ("broken is:resolved", 200, 0),
    ],
)
def test_a_search_that_it_does_not_know_finds_nothing_or_fails(
    double: GlitchTipDouble, api: httpx.Client, query: str, status: int, found: int | None
) -> None:
    double.store.ingest(event("broken"))

    answer = api.get(f"{LIST}?query={quote(query)}")

    assert answer.status_code == status
    assert found is None or len(answer.json()) == found


@pytest.mark.parametrize("path", ["issues/99/events/", "issues/99/comments/", "organizations/acne/members/"])
def test_what_is_not_there_is_an_empty_list(api: httpx.Client, path: str) -> None:
    assert (api.get(path).status_code, api.get(path).json()) == (200, [])


def test_the_same_event_has_other_names_in_another_list(double: GlitchTipDouble, api: httpx.Client) -> None:
    double.store.ingest(event())

    assert "group_id" in api.get("issues/1/events/").json()[0]
    assert "groupID" in api.get("projects/acme/goimg/events/").json()[0]


def test_a_release_is_released_when_nothing_is_said_of_it(double: GlitchTipDouble, api: httpx.Client) -> None:
    created = api.post("projects/acme/goimg/releases/", json={"version": "goimg-api@1"}).json()

    assert created["dateReleased"] is not None


def test_a_release_by_the_organisations_url_fails_the_second_time_and_the_adapters_never(
    double: GlitchTipDouble, api: httpx.Client, glitchtip: GlitchTip
) -> None:
    body = {"version": "goimg-api@1"}

    assert [api.post("organizations/acme/releases/", json=body).status_code for _ in range(2)] == [201, 500]
    assert [glitchtip.create_release(version) for version in ("goimg-api@1", "goimg-api@2", "goimg-api@2")] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("name", ["date", "freq", "new", "user", "trends", "inbox"])
def test_sentrys_names_of_an_order_are_refused(api: httpx.Client, name: str) -> None:
    assert api.get(LIST, params={"sort": name}).status_code == 422


def test_in_the_order_of_their_counts_it_loses_issues_and_we_order_them_here(
    double: GlitchTipDouble, api: httpx.Client, glitchtip: GlitchTip
) -> None:
    for number in range(130):
        double.store.ingest(event(f"broken {number}"))
    double.store.ingest(event("broken 7"))

    first = api.get(LIST, params={"sort": "-count", "limit": 100})
    cursor = re.findall(r"cursor=([^>&]+)>", first.headers["link"])[-1]
    second = api.get(LIST, params={"sort": "-count", "limit": 100, "cursor": unquote(cursor)})
    found = ordered(search(glitchtip, Query(), datetime.now(UTC), Budget()), "events")

    assert len(first.json()) + len(second.json()) < 130
    assert len(found) == 130
    assert found[0].issue.title == "broken 7"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((200, "text/html", b"<html>login</html>"), "did not answer JSON; is http://127.0.0.1"),
        ((200, "application/json", b"<html>"), "did not answer JSON"),
        ((302, "text/html", b""), "answered 302."),
        ((401, "application/json", b'{"detail": "Unauthorized"}'), "answered 401. Check TRACKER_TOKEN"),
        ((500, "text/html", b"<html>"), "answered 500."),
        ((200, "application/json", b"[1]"), "This is not what GlitchTip answers"),
        ((200, "application/json", b'{"projects": [{}]}'), "This is not what GlitchTip answers"),
        ((200, "application/json", b'{"projects": [{"id": "1", "slug": "goimg"}]}'), "This is not what GlitchTip"),
    ],
)
def test_an_answer_that_is_none_is_an_error_that_says_so(
    double: GlitchTipDouble, glitchtip: GlitchTip, answer: tuple[int, str, bytes], sentence: str
) -> None:
    double.answer = answer

    with pytest.raises(TrackerError) as refused:
        list(glitchtip.issues(Query()))

    assert sentence in str(refused.value)
    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize("rows", [b"[{}]", b"[1]", b'[{"id": null}]', b"{}", b"null"])
def test_rows_that_cannot_be_read_are_an_error(double: GlitchTipDouble, glitchtip: GlitchTip, rows: bytes) -> None:
    list(glitchtip.issues(Query()))  # which asks for the project
    double.answer = (200, "application/json", rows)

    for ask in (glitchtip.issues(Query()), glitchtip.events("1"), glitchtip.releases()):
        with pytest.raises(TrackerError):
            list(ask)
    for read in (glitchtip.issue, glitchtip.latest_event, glitchtip.comments):
        with pytest.raises(TrackerError):
            read("1")
    with pytest.raises(TrackerError):
        glitchtip.event("f" * 32)
    with pytest.raises(TrackerError):
        glitchtip.members()


def test_a_full_page_that_does_not_say_whether_it_goes_on_is_an_error(
    double: GlitchTipDouble, glitchtip: GlitchTip
) -> None:
    assert list(glitchtip.releases()) == []
    row = {"version": "1", "dateCreated": "2026-11-24T00:00:00Z"}
    double.answer = (200, "application/json", json.dumps([row] * 100).encode())

    with pytest.raises(TrackerError, match="did not say whether there is a next page"):
        list(glitchtip.releases())


@pytest.mark.parametrize(
    ("scope", "ask"),
    [
        ("event:admin", lambda tracker: tracker.resolve("1", Resolution())),
        ("event:admin", lambda tracker: tracker.comment("1", "x")),
        ("event:admin", lambda tracker: tracker.delete("1")),
        ("org:read", lambda tracker: list(tracker.issues(Query()))),
        ("member:read", lambda tracker: tracker.members()),
        ("project:releases", lambda tracker: list(tracker.releases())),
    ],
)
def test_a_token_that_may_not_is_said_not_to(
    double: GlitchTipDouble, glitchtip: GlitchTip, scope: str, ask: object
) -> None:
    double.store.ingest(event())
    double.scopes -= {scope}
    assert callable(ask)

    with pytest.raises(TrackerError, match=r"answered 403\. Check TRACKER_TOKEN"):
        ask(glitchtip)


def test_a_wrong_token_is_said_to_be_wrong_and_not_repeated(double: GlitchTipDouble) -> None:
    wrong = "x" * 30

    with pytest.raises(TrackerError, match=r"answered 401\. Check TRACKER_TOKEN") as refused:
        list(GlitchTip(double.url, "acme", "goimg", wrong).issues(Query()))

    assert wrong not in str(refused.value)


def test_a_tracker_that_is_down_is_named() -> None:
    port = free_port()

    with pytest.raises(TrackerError, match=rf"http://127\.0\.0\.1:{port}/api/0/organizations/acme/ cannot be reached"):
        list(GlitchTip(f"http://127.0.0.1:{port}", "acme", "goimg", TOKEN).issues(Query()))
