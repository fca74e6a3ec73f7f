"""What is written of sessions: opened by a sign-in, renewed by a refresh, closed by a sign-out or a replay."""

from dataclasses import dataclass
from hashlib import sha256
from typing import NoReturn

from django.utils import timezone

from apps.api.errors import TokenReplay, Unauthorized
from apps.error_tracking import count, identify
from apps.error_tracking.scrubbing import mask_ip

from . import selectors, tokens
from .models import Session, User
from .tokens import LIFETIMES, Claims, Kind


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a client gets by signing in or refreshing; `expires_in`: seconds that the access token lives."""

    access_token: str
    refresh_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name
    expires_in: int = int(LIFETIMES[Kind.ACCESS].total_seconds())


def open_session(user: User, *, client_ip: str | None, user_agent: str) -> TokenPair:
    """Sign a user in, and clear away everybody's expired sessions. The address is kept in its masked form only."""
    delete_expired()
    token_id = tokens.new_token_id()
    session = user.sessions.create(
        refresh_hash=_hash(token_id),
        ip_address=mask_ip(client_ip) if client_ip else "",
        user_agent=user_agent[:255],
        expires_at=timezone.now() + LIFETIMES[Kind.REFRESH],
    )
    count("session.opened")
    return _pair(Claims(user.pk, session.pk, token_id))


def delete_expired() -> None:
    """Delete every session that has expired, with the address and the browser that it was opened from."""
    Session.objects.filter(expires_at__lte=timezone.now()).delete()


def refresh(refresh_token: str) -> TokenPair:
    """Exchange a refresh token for new tokens; it is worthless afterwards.

    Raises Unauthorized for a token that is not valid, TokenReplay for one that was used before: then two
    parties hold it, and the whole session is revoked (https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2).
    """
    try:
        old = tokens.read(Kind.REFRESH, refresh_token)
    except tokens.InvalidTokenError as error:
        raise Unauthorized(TokenReplay.default_detail) from error
    new = old._replace(token_id=tokens.new_token_id())
    if not _rotate(old, new):
        _refuse(old)
    return _pair(new)


def close_session(session: Session) -> None:
    """Revoke a session: its access and refresh tokens stop working at once."""
    session.delete()


def _rotate(old: Claims, new: Claims) -> bool:
    """Compare and swap in one statement: of any number of concurrent refreshes, exactly one succeeds."""
    live = Session.objects.filter(pk=old.session_id, expires_at__gt=timezone.now())
    expires_at = timezone.now() + LIFETIMES[Kind.REFRESH]
    changed = live.filter(refresh_hash=_hash(old.token_id)).update(
        refresh_hash=_hash(new.token_id), expires_at=expires_at
    )
    return changed == 1


def _refuse(old: Claims) -> NoReturn:
    """Refuse a token that is not the newest of its session; one that once was revokes the session."""
    session = selectors.live_session(old.session_id, old.user_id)
    if session is None:
        raise Unauthorized(TokenReplay.default_detail)
    identify(session.user_id)
    close_session(session)
    count("token.replayed")
    raise TokenReplay


def _pair(claims: Claims) -> TokenPair:
    access = tokens.issue(Kind.ACCESS, claims._replace(token_id=tokens.new_token_id()))
    return TokenPair(access, tokens.issue(Kind.REFRESH, claims))


def _hash(token_id: str) -> str:
    return sha256(token_id.encode()).hexdigest()
