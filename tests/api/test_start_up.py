from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from apps.api.apps import make_media_folder


def test_the_folder_for_images_is_made_for_this_user_alone(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "new" / "media"
    make_media_folder()
    make_media_folder()
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "new", tmp_path / "new" / "media")] == [0o700, 0o700]


def test_a_folder_that_cannot_be_made_is_one_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    with pytest.raises(ImproperlyConfigured, match=r"^The folder that STORAGE_URL names cannot be made \(\w+\)\.$"):
        make_media_folder()
