from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from tests.accounts.helpers import wrong_fields

pytestmark = [pytest.mark.urls("tests.api.urls"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def people() -> None:
    User.objects.bulk_create(User(email=f"{n:03}@example.com", username=f"{n:03}") for n in range(101))


def get(client: Client, query: str) -> Any:
    response = client.get("/users" + query)
    assert response.status_code == 200
    return response.json()


def test_the_first_page_has_20_items(client: Client) -> None:
    body = get(client, "")
    assert body["items"] == [f"{n:03}" for n in range(20)]
    assert body["pagination"] == {"total": 101, "page": 1, "per_page": 20, "total_pages": 6}


def test_the_last_page_has_the_rest(client: Client) -> None:
    assert get(client, "?page=2&per_page=100")["items"] == ["100"]


@pytest.mark.parametrize("page", ["7", "9" * 18, "9" * 30, "9" * 900])
def test_a_page_beyond_the_end_is_empty(client: Client, page: str) -> None:
    body = get(client, f"?page={page}")
    assert (body["items"], body["pagination"]["total"]) == ([], 101)


def test_no_items_are_no_pages(client: Client) -> None:
    User.objects.all().delete()
    assert get(client, "") == {
        "items": [],
        "pagination": {"total": 0, "page": 1, "per_page": 20, "total_pages": 0},
    }


@pytest.mark.parametrize("name", ["page", "per_page"])
@pytest.mark.parametrize("value", ["0", "-1", "x", "", "1.5", "1e3", "9" * 5000, "%00", "NaN"])
def test_a_bad_number_is_a_validation_error_that_names_the_parameter(client: Client, name: str, value: str) -> None:
    assert wrong_fields(client.get(f"/users?{name}={value}")) == {name}


def test_more_than_100_per_page_is_a_validation_error(client: Client) -> None:
    assert wrong_fields(client.get("/users?per_page=101")) == {"per_page"}


def test_a_page_costs_two_queries_and_one_beyond_the_end_costs_one(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        get(client, "?page=2")
    with django_assert_num_queries(1):
        get(client, "?page=99")
