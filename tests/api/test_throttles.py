import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from apps.api import throttles
from apps.api.throttles import AddressThrottle, UserThrottle, parse_rate
from tests.accounts.helpers import LOGIN
from tests.factories import make_user

pytestmark = pytest.mark.django_db


class View(APIView):
    throttle_scope = "tested"


@pytest.fixture(autouse=True)
def two_per_minute(settings: Settings) -> None:
    settings.THROTTLE_RATES = {"tested": "2/min"}


def request(address: str | None = "203.0.113.1", method: str = "POST", user: object = None) -> Request:
    inner = APIRequestFactory().generic(method, "/")
    inner.client_ip = address
    outer = Request(inner)
    outer.user = user
    return outer


def allowed(times: int, throttle: type = AddressThrottle, **values: object) -> list[bool]:
    return [throttle().allow_request(request(**values), View()) for _ in range(times)]


def test_an_address_may_as_often_as_its_rate_says() -> None:
    assert allowed(3, address="203.0.113.1") == [True, True, False]
    assert allowed(1, address="203.0.113.2") == [True]


def test_addresses_of_one_ipv6_network_count_together() -> None:
    assert allowed(2, address="2001:db8::1") == [True, True]
    assert allowed(1, address="2001:db8::ffff:2") == [False]
    assert allowed(1, address="2001:db8:0:1::1") == [True]


def test_an_ipv4_address_in_ipv6_clothes_counts_as_itself() -> None:
    assert allowed(2, address="203.0.113.1") == [True, True]
    assert allowed(1, address="::ffff:203.0.113.1") == [False]
    assert allowed(1, address="::ffff:203.0.113.2") == [True]


@pytest.mark.parametrize("address", [None, "unix:", "not an address"])
def test_a_caller_without_a_usable_address_is_counted_too(address: str | None) -> None:
    assert allowed(3, address=address) == [True, True, False]


def test_a_user_counts_from_all_addresses_together() -> None:
    user = make_user()
    assert allowed(1, UserThrottle, user=user, address="203.0.113.1") == [True]
    assert allowed(2, UserThrottle, user=user, address="203.0.113.2") == [True, False]
    assert allowed(1, UserThrottle, user=make_user()) == [True]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_is_free(method: str) -> None:
    assert allowed(5, method=method) == [True] * 5


def test_it_says_how_long_to_wait() -> None:
    throttle = AddressThrottle()
    throttle.allow_request(request(), View())
    assert 1 <= throttle.wait() <= 60


def test_a_throttled_request_is_a_429_with_retry_after(client: Client, settings: Settings) -> None:
    settings.THROTTLE_RATES = {"login": "1/day"}
    client.post(LOGIN)
    response = client.post(LOGIN)
    assert response.status_code == 429
    assert response.json()["title"] == "Too Many Requests"
    assert 0 < int(response["Retry-After"]) <= 86400


@pytest.mark.parametrize(
    ("text", "rate"),
    [("1/sec", (1, 1)), ("5/min", (5, 60)), ("50/hour", (50, 3600)), ("1000/day", (1000, 86400))],
)
def test_a_rate_is_a_number_per_time(text: str, rate: tuple[int, int]) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "5", "5/", "/min", "0/min", "-1/min", "5/week", "5 / min", "five/min", "5/min "])
def test_a_malformed_rate_is_one_sentence_at_start_up(settings: Settings, text: str) -> None:
    settings.THROTTLE_RATES = {"login": text}
    with pytest.raises(ImproperlyConfigured, match=r"THROTTLE_RATES\['login'\] is .*Write a number"):
        throttles.check_rates()
