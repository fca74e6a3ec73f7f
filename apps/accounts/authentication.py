"""Who is asking: `Authorization: Bearer <access token>` (https://www.rfc-editor.org/rfc/rfc6750)."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.error_tracking import identify

from . import selectors, tokens
from .models import Session, User


class JWTAuthentication(BaseAuthentication):
    """Accepts an access token while its session lives; one query loads both the session and the user.

    Sets `request.user` to the User and `request.auth` to the Session.
    """

    def authenticate(self, request: Request) -> tuple[User, Session] | None:
        """Return user and session, None without a header; raise AuthenticationFailed for a bad one."""
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        session = _session(header)
        if session is None:
            raise AuthenticationFailed("The access token is invalid or has expired. Sign in again.")
        identify(session.user_id)
        return session.user, session

    def authenticate_header(self, request: Request) -> str:
        """Return the WWW-Authenticate header of a 401."""
        return "Bearer"


def _session(header: str) -> Session | None:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        claims = tokens.read(tokens.Kind.ACCESS, token.strip())
    except tokens.InvalidTokenError:
        return None
    return selectors.live_session(claims.session_id, claims.user_id)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the API docs about the bearer token."""

    target_class = JWTAuthentication
    name = "bearerAuth"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """Return the OpenAPI security scheme."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
