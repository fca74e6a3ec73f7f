"""What the tracker gets of errors that the API answers."""

import pytest

from tests.conftest import Tracked

pytestmark = [pytest.mark.urls("tests.api.urls"), pytest.mark.django_db]


@pytest.mark.parametrize("name", ["bug", "locked", "replay", "own-500"])
@pytest.mark.parametrize("kind", ["drf", "django"])
def test_an_error_that_is_reported_and_logged_is_one_event(tracked: Tracked, kind: str, name: str) -> None:
    with tracked.client() as client:
        response = client.get(f"/{kind}/{name}")
    (event,) = tracked.events()
    assert event["event_id"] == response.json()["event_id"]
    assert event["tags"]["request_id"] == response.json()["request_id"]


def test_an_error_of_the_caller_is_none(tracked: Tracked) -> None:
    with tracked.client() as client:
        client.get("/drf/conflict")
    assert tracked.events() == []
