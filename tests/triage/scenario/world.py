"""What was sent: 50 errors of 8 kinds by 12 users, in 2 releases and 2 environments, by the application itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import httpx
import sentry_sdk
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client

from apps.accounts.models import User
from apps.error_tracking import sdk
from apps.error_tracking.config import Config
from apps.error_tracking.delivery.transport import Outgoing, observe
from tests.factories import make_user, sign_in

ROOT = Path(__file__).parents[3]
RELEASES = ("goimg-api@1.0.0", "goimg-api@1.1.0")
ENVIRONMENTS = ("production", "staging")
# Kind of failure: what the tracker calls it, its level, its priority, how often it happens, and to how many people.
KINDS = {
    "prices": ("KeyError", "error", "P1", 14, 12),
    "ratio": ("ZeroDivisionError", "error", "P1", 9, 9),
    "export": ("ExportError", "error", "P1", 7, 7),
    "database": ("OperationalError", "error", "P0", 6, 6),
    "escape": ("SuspiciousOperation", "warning", "P1", 5, 5),
    "import": ("", "error", "P2", 4, 4),  # a log line, no exception
    "stock": ("ValueError", "error", "P1", 3, 3),
    "upload": ("ExceptionGroup", "error", "P1", 2, 1),
}
USERS = 12


@dataclass(frozen=True, slots=True)
class Sent:
    """One error as the application sent it."""

    kind: str
    user: str
    release: str
    environment: str
    request_id: str
    event_id: str


class _Handler(WSGIHandler):
    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        request.urlconf = "tests.triage.scenario.urls"
        return super().get_response(request)


def send(dsn: str, plan: list[tuple[str, int, str, str]] | None = None) -> list[Sent]:
    """Let the application fail as planned (see `planned`) and return what it sent. Needs a database."""
    client = Client()
    people = [make_user() for _ in range(USERS)]
    headers = {person.pk: sign_in(client, person) for person in people}
    return list(_send(dsn, plan or planned(), people, headers))


def planned() -> list[tuple[str, int, str, str]]:
    """Return kind, user's number, release and environment of each error.

    The errors of one kind take turns through its people, and through the releases and environments.
    """
    places = list(product(RELEASES, ENVIRONMENTS))
    return [
        (kind, (number % people + offset) % USERS, *places[(number + offset) % len(places)])
        for offset, (kind, (_, _, _, count, people)) in enumerate(KINDS.items())
        for number in range(count)
    ]


def _send(
    dsn: str, plan: list[tuple[str, int, str, str]], people: list[User], headers: dict[object, dict[str, str]]
) -> Iterator[Sent]:
    for release, environment in sorted({(entry[2], entry[3]) for entry in plan}):
        sdk.start(Config(dsn=dsn, release=release, environment=environment, project_root=str(ROOT)))
        with httpx.Client(
            transport=httpx.WSGITransport(app=_Handler(), raise_app_exceptions=False), base_url="http://testserver"
        ) as client:
            for kind, number, *place in plan:
                if place == [release, environment]:
                    yield _fail(client, kind, people[number], headers[people[number].pk], release, environment)
        sentry_sdk.get_client().close(timeout=60)


def _fail(client: httpx.Client, kind: str, user: User, headers: dict[str, str], release: str, environment: str) -> Sent:
    left: list[Outgoing] = []
    with observe(left.append):
        response = client.get(f"/fail/{kind}", headers=headers)
    (event,) = [item for item in left if item.item_type == "event"]
    assert event.event_id
    return Sent(kind, str(user.pk), release, environment, response.headers["X-Request-ID"], event.event_id)
