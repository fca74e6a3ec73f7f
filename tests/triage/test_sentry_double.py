"""The Sentry double refuses what Sentry refuses, and what Sentry would only pass over."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.triage.sentry_double import TOKEN, SentryDouble, running
from tests.triage.sentry_store import event


@pytest.fixture
def double() -> Iterator[SentryDouble]:
    with running() as server:
        server.store.ingest(event())
        yield server


@pytest.fixture
def api(double: SentryDouble) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=f"{double.url}/api/0/organizations/acme/", headers=headers, timeout=60) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "issues/?limit=101", 400),
        ("GET", "issues/?limit=0", 400),
        ("GET", "issues/?page=2", 400),
        ("GET", "issues/?project=goimg-typo", 400),
        ("GET", "issues/?sort=last_seen", 400),
        ("GET", "issues/?statsPeriod=long", 400),
        ("GET", "issues/?cursor=x", 400),
        ("GET", 'issues/?query="open', 400),
        ("GET", "issues/?query=is:odd", 400),
        ("GET", "issues/?query=timesSeen:many", 400),
        ("GET", "issues/?query=firstSeen:yesterday", 400),
        ("GET", "issues", 404),
        ("GET", "issues/1/", 404),
        ("GET", "nothing/", 404),
        ("GET", "../nobody/issues/", 404),
        ("POST", "issues/", 405),
        ("GET", "issues-stats/?groups=1", 400),
    ],
)
def test_it_refuses(api: httpx.Client, method: str, path: str, status: int) -> None:
    assert api.request(method, path).status_code == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"status": "resolved"}, 200),
        ({"status": "muted"}, 400),
        ({"assignee": "jane@example.com"}, 400),
        ({"priority": "P1"}, 400),
        ({"status": "resolved", "statusDetails": {"inVersion": "1"}}, 400),
        ({"status": "resolved", "statusDetails": {"inCommit": {"commit": "a"}}}, 400),
        ({"status": "resolved", "statusDetails": {"inNextRelease": True}}, 400),
        ({"status": "ignored", "substatus": "for_ever"}, 400),
    ],
)
def test_it_refuses_a_change(api: httpx.Client, body: dict[str, Any], status: int) -> None:
    assert api.put("issues/4001/", json=body).status_code == status


def test_without_a_query_it_lists_what_is_unresolved(double: SentryDouble, api: httpx.Client) -> None:
    double.store.issues["4001"].status = "resolved"

    assert api.get("issues/").json() == []
    assert len(api.get("issues/?query=").json()) == 1


def test_a_bulk_change_of_issues_that_are_gone_hits_what_is_unresolved(double: SentryDouble, api: httpx.Client) -> None:
    double.store.ingest(event(kind="Bystander"))

    assert api.put("issues/?id=1&id=2", json={"merge": 1}).json()["merge"]["parent"] == "4001"
    assert api.put("issues/?id=1&query=issue:[GOIMG-99]", json={"merge": 1}).status_code == 204


def test_a_token_is_needed_and_its_scopes_count(double: SentryDouble, api: httpx.Client) -> None:
    assert httpx.get(f"{double.url}/api/0/organizations/acme/issues/").status_code == 401
    double.scopes = frozenset({"event:read"})

    assert api.get("issues/").status_code == 200
    assert api.put("issues/4001/", json={"status": "resolved"}).status_code == 403
    assert api.delete("issues/4001/").status_code == 403
    assert api.get("members/").status_code == 403


def test_an_event_id_leads_to_its_issue(double: SentryDouble, api: httpx.Client) -> None:
    event_id = double.store.issues["4001"].latest.id

    assert api.get(f"eventids/{event_id}/").json()["groupId"] == "4001"
    assert api.get(f"eventids/{'0' * 32}/").status_code == 404
