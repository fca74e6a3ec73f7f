import pytest
from django.test import Client

from tests.accounts.helpers import post

URL = "/api/v1/health"


def test_it_is_ok_and_touches_no_database(client: Client) -> None:
    response = client.get(URL)
    assert response.status_code == 200
    assert set(response.json()) == {"status", "timestamp"}
    assert response.json()["status"] == "ok"


def test_a_bad_token_does_not_matter(client: Client) -> None:
    assert client.get(URL, headers={"Authorization": "Bearer stale"}).status_code == 200


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_it_can_only_be_read(client: Client, method: str) -> None:
    response = getattr(client, method)(URL)
    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"
    assert post(client, URL).status_code == 405
