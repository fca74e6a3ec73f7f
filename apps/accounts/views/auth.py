"""Registering, signing in, staying signed in, signing out."""

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts import serializers, services, sessions
from apps.accounts.models import Session
from apps.api.throttles import AddressThrottle
from apps.api.validation import validated


class PublicAuthView(APIView):
    """Open to everyone: a stale Authorization header must not keep anybody from signing in again."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [AddressThrottle]


class RegisterView(PublicAuthView):
    """POST auth/register."""

    throttle_scope = "register"
    problem_statuses = (409,)

    @extend_schema(
        operation_id="registerUser",
        summary="Register a new user",
        request=serializers.RegistrationSerializer,
        responses={201: serializers.AccountSerializer},
        tags=["auth"],
    )
    def post(self, request: Request) -> Response:
        """Create an account with an e-mail address, a user name and a password."""
        user = services.register(**validated(serializers.RegistrationSerializer, request.data))
        return Response(serializers.AccountSerializer(user).data, status=201)


class LoginView(PublicAuthView):
    """POST auth/login."""

    throttle_scope = "login"
    problem_statuses = (401,)

    @extend_schema(
        operation_id="loginUser",
        summary="Sign in",
        request=serializers.CredentialsSerializer,
        responses=serializers.TokenPairSerializer,
        tags=["auth"],
    )
    def post(self, request: Request) -> Response:
        """Exchange e-mail and password for tokens. 5 failed attempts lock an account for 15 minutes."""
        user = services.authenticate(**validated(serializers.CredentialsSerializer, request.data))
        pair = sessions.open_session(
            user,
            client_ip=request._request.client_ip,  # type: ignore[attr-defined]
            user_agent=request.META.get("HTTP_USER_AGENT", ""),
        )
        return _token_response(pair)


class RefreshView(PublicAuthView):
    """POST auth/refresh."""

    throttle_scope = "refresh"
    problem_statuses = (401,)

    @extend_schema(
        operation_id="refreshToken",
        summary="Refresh tokens",
        request=serializers.RefreshSerializer,
        responses=serializers.TokenPairSerializer,
        tags=["auth"],
    )
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for new tokens. It works once; using it again revokes the session."""
        pair = sessions.refresh(**validated(serializers.RefreshSerializer, request.data))
        return _token_response(pair)


class LogoutView(APIView):
    """POST auth/logout."""

    @extend_schema(operation_id="logoutUser", summary="Sign out", request=None, responses={204: None}, tags=["auth"])
    def post(self, request: Request) -> Response:
        """Revoke the session of the access token."""
        sessions.close_session(cast(Session, request.auth))
        return Response(status=204)


def _token_response(pair: sessions.TokenPair) -> Response:
    """Tokens must not stay in any cache (https://www.rfc-editor.org/rfc/rfc6749#section-5.1)."""
    return Response(serializers.TokenPairSerializer(pair).data, headers={"Cache-Control": "no-store"})
