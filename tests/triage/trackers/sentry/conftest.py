"""A Sentry to ask and the adapter that asks it."""

from collections.abc import Iterator

import httpx
import pytest

from apps.triage.trackers.sentry import Sentry
from tests.triage.sentry_double import TOKEN, SentryDouble, running


@pytest.fixture
def double() -> Iterator[SentryDouble]:
    with running() as server:
        yield server


@pytest.fixture
def sentry(double: SentryDouble) -> Sentry:
    return Sentry(double.url, "acme", "goimg", TOKEN)


@pytest.fixture
def api(double: SentryDouble) -> Iterator[httpx.Client]:
    """A client that does what its caller says."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=f"{double.url}/api/0/organizations/acme/", headers=headers, timeout=60) as client:
        yield client
