"""The demo's addresses, as somebody with curl asks them."""

from typing import Any

import pytest
from django.test import Client

from apps.triage.catalogue import urlconf
from tests import factories
from tests.conftest import Tracked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.ROOT_URLCONF = urlconf.__name__


def test_an_error_of_somebody_who_signed_in_names_the_user(tracked: Tracked) -> None:
    user = factories.make_user()
    headers = factories.sign_in(Client(), user)

    with tracked.client() as client:
        response = client.get("/sentry-test/unhandled-in-api", headers=headers)

    assert response.status_code == 500
    assert [event["user"]["id"] for event in tracked.events()] == [str(user.id)]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}])
def test_nobody_needs_to_sign_in(tracked: Tracked, headers: dict[str, str]) -> None:
    with tracked.client() as client:
        response = client.get("/sentry-test/unhandled-in-api", headers=headers)

    assert response.status_code == 500
    assert ["id" in event.get("user", {}) for event in tracked.events()] == [False]
