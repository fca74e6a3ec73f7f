"""Every gallery test has its own media folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
from django.test import Client
from pytest_django import Settings
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from apps.accounts.models import User
from tests.factories import make_user, sign_in


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    settings.MEDIA_ROOT = folder
    return folder


@pytest.fixture
def owner(db: None) -> User:
    return make_user(username="ansel", display_name="Ansel")


@pytest.fixture
def as_owner(client: Client, owner: User) -> dict[str, str]:
    return sign_in(client, owner)


@pytest.fixture
def as_other(client: Client, db: None) -> dict[str, str]:
    return sign_in(client, make_user())


class Recorder(Transport):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Any] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.items += [item.payload.json for item in envelope.items]


@pytest.fixture
def sent() -> Iterator[list[Any]]:
    """What error tracking sends while the test runs."""
    recorder = Recorder()
    client = sentry_sdk.Client(
        dsn="http://key@127.0.0.1/1", transport=recorder, default_integrations=False, traces_sample_rate=1.0
    )
    with sentry_sdk.new_scope() as scope:
        scope.set_client(client)
        yield recorder.items
    client.close()  # it has a thread, which would outlive the test
