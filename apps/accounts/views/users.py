"""Profiles and sessions."""

from typing import cast
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts import selectors, serializers, services
from apps.accounts.models import User
from apps.api.pagination import PagePagination
from apps.api.validation import validated


class UserView(APIView):
    """GET, PUT, DELETE users/{id}: everybody may look, only the owner may change."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(
        operation_id="getUser",
        summary="Get a profile",
        responses=serializers.ProfileSerializer,
        tags=["users"],
    )
    def get(self, request: Request, user_id: UUID) -> Response:
        """Return a public profile; the e-mail address is shown to its owner only."""
        return _profile_response(request, user_id)

    @extend_schema(
        operation_id="updateUser",
        summary="Update your profile",
        request=serializers.ProfileChangesSerializer,
        responses=serializers.ProfileSerializer,
        tags=["users"],
    )
    def put(self, request: Request, user_id: UUID) -> Response:
        """Change your own display name and bio; what is left out stays as it is."""
        user = _own_account(request, user_id)
        services.update_profile(user, **validated(serializers.ProfileChangesSerializer, request.data))
        return _profile_response(request, user_id)

    @extend_schema(operation_id="deleteUser", summary="Delete your account", responses={204: None}, tags=["users"])
    def delete(self, request: Request, user_id: UUID) -> Response:
        """Delete your own account and everything that is yours. This cannot be undone."""
        services.delete_account(_own_account(request, user_id))
        return Response(status=204)


class MeView(APIView):
    """GET, PUT, DELETE users/me: users/{id} for whoever is signed in."""

    @extend_schema(
        operation_id="getMe",
        summary="Get your profile",
        responses=serializers.ProfileSerializer,
        tags=["users"],
    )
    def get(self, request: Request) -> Response:
        """Return your own profile."""
        return _profile_response(request, _me(request).pk)

    @extend_schema(
        operation_id="updateMe",
        summary="Update your profile",
        request=serializers.ProfileChangesSerializer,
        responses=serializers.ProfileSerializer,
        tags=["users"],
    )
    def put(self, request: Request) -> Response:
        """Change your display name and bio; what is left out stays as it is."""
        services.update_profile(_me(request), **validated(serializers.ProfileChangesSerializer, request.data))
        return _profile_response(request, _me(request).pk)

    @extend_schema(operation_id="deleteMe", summary="Delete your account", responses={204: None}, tags=["users"])
    def delete(self, request: Request) -> Response:
        """Delete your account and everything that is yours. This cannot be undone."""
        services.delete_account(_me(request))
        return Response(status=204)


class SessionPagination(PagePagination):
    """Pages of sessions."""

    items_name = "sessions"


class SessionsView(APIView):
    """GET users/{id}/sessions."""

    permission_classes = [IsAuthenticated]
    pagination_class = SessionPagination

    @extend_schema(
        operation_id="listUserSessions",
        summary="List your sessions",
        responses=serializers.SessionSerializer(many=True),
        tags=["users"],
    )
    def get(self, request: Request, user_id: UUID) -> Response:
        """List where you are signed in, the newest first."""
        paginator = self.pagination_class()
        page = paginator.paginate_queryset(selectors.live_sessions(_own_account(request, user_id)), request, self)
        context = {"current": request.auth}
        return paginator.get_paginated_response(serializers.SessionSerializer(page, many=True, context=context).data)


def _profile_response(request: Request, user_id: UUID) -> Response:
    try:
        user = selectors.profile(user_id)
    except User.DoesNotExist as error:
        raise NotFound("There is no such user.") from error
    return Response(serializers.ProfileSerializer(user, context={"viewer": request.user}).data)


def _me(request: Request) -> User:
    """Return who is signed in; the view's permissions have made sure that somebody is."""
    return cast(User, request.user)


def _own_account(request: Request, user_id: UUID) -> User:
    """Return the account if it is the caller's own; raise Http404 or PermissionDenied if it is not."""
    user = get_object_or_404(User, pk=user_id)
    if user != request.user:
        raise PermissionDenied("This account belongs to somebody else.")
    return user
