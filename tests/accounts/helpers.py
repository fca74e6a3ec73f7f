"""Short ways to call the account endpoints."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.factories import PASSWORD

REGISTER, LOGIN, REFRESH, LOGOUT = (f"/api/v1/auth/{name}" for name in ("register", "login", "refresh", "logout"))
ME = "/api/v1/users/me"
REGISTRATION = {"email": "ada@example.com", "username": "ada", "password": PASSWORD}


def post(client: Client, url: str, body: Any = None, **headers: str) -> HttpResponse:
    """POST JSON."""
    return client.post(url, body, content_type="application/json", headers=headers)


def wrong_fields(response: HttpResponse) -> set[str]:
    """Return the fields that a validation error names."""
    assert response.status_code == 400, response.content
    return {error["field"] for error in response.json()["errors"]}
