"""manage.py demo_data."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from apps.gallery import demo_art
from apps.gallery.models import Image
from tests.factories import sign_in

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("demo_data", *arguments, stdout=output)
    return output.getvalue()


def test_creates_three_users_with_a_dozen_images_of_every_visibility() -> None:
    run()
    assert (User.objects.count(), Image.objects.count()) == (3, 12)
    assert set(Image.objects.values_list("visibility", flat=True)) == {"public", "private", "unlisted"}
    assert set(Image.objects.values_list("mime_type", flat=True)) == {"image/jpeg", "image/png"}
    assert min(Image.objects.values_list("width", flat=True)) >= 1200
    assert all(image.title and image.tags.exists() for image in Image.objects.all())


def test_a_second_run_completes_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.gallery.demo.ARTWORKS", demo_art.ARTWORKS[:2])
    run()
    before = set(Image.objects.values_list("pk", flat=True))
    monkeypatch.setattr("apps.gallery.demo.ARTWORKS", demo_art.ARTWORKS[:4])
    run()
    run()
    after = set(Image.objects.values_list("pk", flat=True))
    assert before < after
    assert len(after) == 4


@pytest.mark.usefixtures("no_artworks")
def test_prints_who_can_sign_in(client: Client) -> None:
    users = json.loads(run("--json"))
    assert len(users) == 3
    for user in users:
        assert user["email"].endswith("@example.com")
        sign_in(client, User.objects.get(email=user["email"]), user["password"])
        assert user["email"] in run()


@pytest.mark.usefixtures("no_artworks")
def test_the_demo_password_is_as_good_as_any() -> None:
    from django.contrib.auth.password_validation import validate_password

    for user in json.loads(run("--json")):
        validate_password(user["password"], User.objects.get(email=user["email"]))


def test_refuses_to_run_outside_of_development(settings: Settings) -> None:
    settings.DEMO_ERRORS = False
    with pytest.raises(CommandError, match="development settings only") as refusal:
        run()
    assert refusal.value.returncode == 2
    assert not User.objects.exists()


@pytest.fixture
def no_artworks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.gallery.demo.ARTWORKS", ())
