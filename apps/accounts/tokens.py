"""Signed tokens (JWT, https://www.rfc-editor.org/rfc/rfc7519): what they say and how long."""

import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import jwt
from django.utils.crypto import salted_hmac

_ALGORITHM = "HS256"
_CLAIMS = ["sub", "sid", "jti", "iat", "exp", "typ"]
# Ours have some 350 characters; what is longer is not worth a parser's time.
MAX_LENGTH = 1024


class Kind(StrEnum):
    """What a token is for."""

    ACCESS = "access"
    REFRESH = "refresh"


LIFETIMES = {Kind.ACCESS: timedelta(minutes=15), Kind.REFRESH: timedelta(days=7)}


class InvalidTokenError(Exception):
    """The token is not ours, not of this kind, malformed or expired."""


class Claims(NamedTuple):
    """What a valid token says."""

    user_id: UUID
    session_id: UUID
    token_id: str


def new_token_id() -> str:
    """Return an unguessable token ID of 128 random bits."""
    return secrets.token_hex(16)


def issue(kind: Kind, claims: Claims) -> str:
    """Sign a token that is valid from now for LIFETIMES[kind]."""
    now = datetime.now(UTC)
    payload = {
        "sub": str(claims.user_id),
        "sid": str(claims.session_id),
        "jti": claims.token_id,
        "iat": now,
        "exp": now + LIFETIMES[kind],
        "typ": kind.value,
    }
    return jwt.encode(payload, _key(kind), algorithm=_ALGORITHM)


def read(kind: Kind, token: str) -> Claims:
    """Return what the token says; raise InvalidTokenError unless it is ours, of this kind and still valid."""
    if len(token) > MAX_LENGTH:
        raise InvalidTokenError
    try:
        payload = jwt.decode(token, _key(kind), algorithms=[_ALGORITHM], options={"require": _CLAIMS})
        return Claims(UUID(payload["sub"]), UUID(payload["sid"]), payload["jti"])
    # RecursionError: PyJWT parses the header, which anybody can write, before it knows who signed it.
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise InvalidTokenError from error


def _key(kind: Kind) -> bytes:
    """One key per kind, so that a token of one kind can never pass for the other."""
    return salted_hmac(f"apps.accounts.tokens.{kind}", "signing key", algorithm="sha256").digest()
