import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import pytest
from pytest_django import Settings

from apps.accounts import tokens
from apps.accounts.tokens import Claims, InvalidTokenError, Kind

CLAIMS = Claims(uuid4(), uuid4(), "id")


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_what_was_issued_can_be_read() -> None:
    for kind in Kind:
        assert tokens.read(kind, tokens.issue(kind, CLAIMS)) == CLAIMS


def test_a_token_of_one_kind_does_not_pass_for_the_other() -> None:
    with pytest.raises(InvalidTokenError):
        tokens.read(Kind.ACCESS, tokens.issue(Kind.REFRESH, CLAIMS))


def test_a_token_signed_with_another_secret_key_is_refused(settings: Settings) -> None:
    token = tokens.issue(Kind.ACCESS, CLAIMS)
    settings.SECRET_KEY = "another-" + "k" * 50
    with pytest.raises(InvalidTokenError):
        tokens.read(Kind.ACCESS, token)


def test_a_token_is_not_signed_with_the_secret_key_itself(settings: Settings) -> None:
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(tokens.issue(Kind.ACCESS, CLAIMS), settings.SECRET_KEY, algorithms=["HS256"])


def test_an_expired_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tokens.LIFETIMES, Kind.ACCESS, timedelta(seconds=-1))
    with pytest.raises(InvalidTokenError):
        tokens.read(Kind.ACCESS, tokens.issue(Kind.ACCESS, CLAIMS))


def test_a_token_says_nothing_personal() -> None:
    payload = jwt.decode(tokens.issue(Kind.ACCESS, CLAIMS), options={"verify_signature": False})
    assert set(payload) == {"sub", "sid", "jti", "iat", "exp", "typ"}
    assert payload["exp"] - payload["iat"] == 15 * 60


@pytest.mark.parametrize("missing", ["sub", "sid", "jti", "iat", "exp", "typ"])
def test_a_token_without_one_of_its_claims_is_refused(missing: str) -> None:
    now = datetime.now(UTC)
    payload = {"sub": str(uuid4()), "sid": str(uuid4()), "jti": "id", "typ": "access"}
    payload |= {"iat": now, "exp": now + timedelta(minutes=1)}
    del payload[missing]
    with pytest.raises(InvalidTokenError):
        tokens.read(Kind.ACCESS, jwt.encode(payload, tokens._key(Kind.ACCESS), algorithm="HS256"))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nonsense",
        "ünïcode.ünïcode.ünïcode",
        part({"alg": "none"}) + "." + part({"sub": "somebody"}) + ".",
        part({"alg": "HS512"}) + "." + part({}) + ".AAAA",
        part([]) + "." + part([]) + ".AAAA",
        base64.urlsafe_b64encode(b"[" * 600).decode() + "..",
        "x" * 5_000_000,
    ],
)
def test_a_token_that_is_not_ours_is_refused(token: str) -> None:
    with pytest.raises(InvalidTokenError):
        tokens.read(Kind.ACCESS, token)
