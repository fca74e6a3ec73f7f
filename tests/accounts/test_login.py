from datetime import timedelta

import pytest
import pytest_django
from django.test import Client
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import Session
from apps.error_tracking.metrics import BUSINESS_EVENTS
from tests.accounts.helpers import LOGIN, ME, post, wrong_fields
from tests.conftest import Tracked
from tests.factories import PASSWORD, make_user, tokens_of

pytestmark = pytest.mark.django_db
WRONG = "Wrong-horse-7-battery"


@pytest.fixture
def unthrottled(settings: pytest_django.Settings) -> None:
    settings.THROTTLE_RATES = settings.THROTTLE_RATES | {"login": "1000/min"}


def credentials(password: str = PASSWORD) -> dict[str, str]:
    return {"email": "ada@example.com", "password": password}


@pytest.fixture(autouse=True)
def ada() -> None:
    make_user(email="ada@example.com", username="ada")


def test_it_gives_tokens_that_work(client: Client) -> None:
    response = post(client, LOGIN, credentials())
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 900)
    assert response["Cache-Control"] == "no-store"
    assert client.get(ME, headers={"Authorization": f"Bearer {body['access_token']}"}).status_code == 200


def test_the_email_may_be_written_in_any_case(client: Client) -> None:
    assert post(client, LOGIN, credentials() | {"email": "ADA@Example.com"}).status_code == 200


def test_an_unknown_email_and_a_wrong_password_are_answered_alike(client: Client) -> None:
    wrong = post(client, LOGIN, credentials(WRONG))
    unknown = post(client, LOGIN, {"email": "nobody@example.com", "password": WRONG})
    assert wrong.status_code == unknown.status_code == 401
    differing = {"request_id", "traceId"}
    assert {k: v for k, v in wrong.json().items() if k not in differing} == {
        k: v for k, v in unknown.json().items() if k not in differing
    }
    assert wrong["WWW-Authenticate"] == unknown["WWW-Authenticate"] == "Bearer"


def test_a_failure_is_counted_and_a_success_is_not(client: Client) -> None:
    failures = BUSINESS_EVENTS.labels("login.failed")._value
    before = failures.get()
    post(client, LOGIN, credentials(WRONG))
    post(client, LOGIN, credentials())
    assert failures.get() == before + 1


def test_the_hashing_has_a_span_of_its_own(tracked: Tracked) -> None:
    tracked.start(traces_sample_rate=1.0)
    with tracked.client() as client:
        client.post(LOGIN, json=credentials())
    (transaction,) = tracked.transactions()
    assert "password.hash" in [span["op"] for span in transaction["spans"]]


def test_an_error_during_a_sign_in_knows_how_many_attempts_there_were(
    tracked: Tracked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.accounts.models.User.check_password", lambda user, password: 1 / 0)
    with tracked.client() as client:
        client.post(LOGIN, json=credentials())
    (event,) = tracked.events()
    (crumb,) = [crumb for crumb in event["breadcrumbs"]["values"] if crumb["message"] == "sign-in"]
    assert crumb["data"] == {"attempts": 1}


def test_an_unknown_email_costs_one_password_hash_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = []
    monkeypatch.setattr(services, "make_password", hashed.append)
    post(client, LOGIN, {"email": "nobody@example.com", "password": WRONG})
    assert hashed == [WRONG]


@pytest.mark.usefixtures("unthrottled")
@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_five_failures_lock_the_account_and_look_like_a_wrong_password(client: Client, email: str) -> None:
    answers = [post(client, LOGIN, {"email": email, "password": WRONG}) for _ in range(5)]
    locked = post(client, LOGIN, {"email": email.upper(), "password": PASSWORD})
    assert {answer.status_code for answer in [*answers, locked]} == {401}
    assert {answer.json()["detail"] for answer in [*answers, locked]} == {"Invalid email or password"}


@pytest.mark.usefixtures("unthrottled")
def test_a_locked_account_opens_again_after_15_minutes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_800_000_000.0
    monkeypatch.setattr("apps.api.counters.time.time", lambda: now)
    for minute in range(5):
        now = 1_800_000_000.0 + minute * 60
        post(client, LOGIN, credentials(WRONG))
    now += 15 * 60 - 1
    assert post(client, LOGIN, credentials()).status_code == 401
    now += 1
    assert post(client, LOGIN, credentials()).status_code == 200


@pytest.mark.usefixtures("unthrottled")
def test_a_success_forgets_earlier_failures(client: Client) -> None:
    for password in [WRONG] * 4 + [PASSWORD] + [WRONG] * 4:
        post(client, LOGIN, credentials(password))
    assert post(client, LOGIN, credentials()).status_code == 200


def test_the_sixth_attempt_in_a_minute_from_one_address_has_to_wait(client: Client) -> None:
    answers = [post(client, LOGIN, {"email": f"p{n}@example.com", "password": WRONG}) for n in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    other = client.post(LOGIN, credentials(), content_type="application/json", REMOTE_ADDR="203.0.113.9")
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "ada@example.com"}, "password"),
        ({"password": PASSWORD}, "email"),
        ({"email": ["ada@example.com"], "password": PASSWORD}, "email"),
        ({"email": "ada@example.com", "password": "x" * 129}, "password"),
    ],
)
def test_it_names_the_field_that_is_wrong(client: Client, body: dict[str, object], field: str) -> None:
    assert wrong_fields(post(client, LOGIN, body)) == {field}


def test_of_the_address_only_the_masked_form_is_stored(client: Client) -> None:
    client.post(LOGIN, credentials(), content_type="application/json", REMOTE_ADDR="203.0.113.77")
    assert Session.objects.get().ip_address == "203.0.113.0"


def test_expired_sessions_do_not_stay_in_the_database(client: Client) -> None:
    tokens_of(client, make_user())
    Session.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    tokens_of(client, make_user())
    assert Session.objects.count() == 1


def test_an_endless_user_agent_is_cut(client: Client) -> None:
    assert post(client, LOGIN, credentials(), **{"User-Agent": "x" * 5000}).status_code == 200
    assert len(Session.objects.get().user_agent) == 255


def test_a_stale_token_does_not_keep_anybody_from_signing_in(client: Client) -> None:
    assert post(client, LOGIN, credentials(), Authorization="Bearer stale").status_code == 200
