"""People to test with."""

from itertools import count

from django.test import Client

from apps.accounts.models import User

PASSWORD = "Correct-horse-7-battery"
_numbers = count(1)


def make_user(**fields: str) -> User:
    """Store a user; e-mail and user name are new each time unless given."""
    number = next(_numbers)
    values = {"email": f"person{number}@example.com", "username": f"person{number}", "password": PASSWORD}
    values |= fields
    profile = {name: values.pop(name) for name in ("display_name", "bio") if name in values}
    user = User.objects.create_user(**values)
    for name, value in profile.items():
        setattr(user, name, value)
    user.save()
    return user


def sign_in(client: Client, user: User, password: str = PASSWORD) -> dict[str, str]:
    """Sign in through the API and return the headers of later requests (`client.get(url, headers=...)`)."""
    return {"Authorization": f"Bearer {tokens_of(client, user, password)['access_token']}"}


def tokens_of(client: Client, user: User, password: str = PASSWORD) -> dict[str, str]:
    """Sign in through the API and return its answer; each time from another address, so nothing is throttled."""
    number = next(_numbers)
    address = f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"
    credentials = {"email": user.email, "password": password}
    response = client.post("/api/v1/auth/login", credentials, content_type="application/json", REMOTE_ADDR=address)
    assert response.status_code == 200, response.content
    tokens: dict[str, str] = response.json()
    return tokens
