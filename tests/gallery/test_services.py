"""Storing is all or nothing, whatever fails half-way."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sentry_sdk
from django.db import OperationalError, connection, transaction
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from apps.accounts.models import User
from apps.api.errors import StorageUnavailable, Unprocessable
from apps.gallery import files, services
from apps.gallery.encoding import SIZES
from apps.gallery.models import Image, Tag, Variant

from . import pictures


def store(owner: User, **details: object) -> Image:
    return services.upload_image(owner, pictures.jpeg(), services.Details(**details))


def stored_files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()] if media.is_dir() else []


def nothing_is_left(media: Path) -> bool:
    return not stored_files(media) and not Image.objects.exists() and not Variant.objects.exists()


@contextmanager
def full_disk(free_bytes: int) -> Iterator[None]:
    """No file may grow beyond this many bytes: the write fails half-way as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (free_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_an_upload_stores_five_files_that_match_their_rows(owner: User, media: Path) -> None:
    image = store(owner)
    assert [variant.size for variant in image.variants.order_by("pk")] == list(SIZES)
    for variant in image.variants.all():
        assert (media / variant.path).stat().st_size == variant.byte_size
    assert len(stored_files(media)) == 5


def test_files_and_folders_are_for_this_user_alone(owner: User, media: Path) -> None:
    store(owner)
    assert {path.stat().st_mode & 0o777 for path in media.rglob("*") if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in [media, *media.rglob("*")] if path.is_dir()} == {0o700}


def test_a_corrupt_upload_leaves_nothing(owner: User, media: Path) -> None:
    with pytest.raises(Unprocessable):
        services.upload_image(owner, pictures.jpeg()[:500], services.Details())
    assert nothing_is_left(media)


def test_a_full_disk_leaves_nothing(owner: User, media: Path) -> None:
    with full_disk(3000), pytest.raises(StorageUnavailable):
        store(owner)
    assert nothing_is_left(media)


def test_a_media_folder_that_cannot_be_made_leaves_nothing(owner: User, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    with pytest.raises(StorageUnavailable):
        store(owner)
    assert not Image.objects.exists()


def test_a_folder_that_cannot_be_published_leaves_nothing(owner: User, media: Path) -> None:
    media.mkdir()
    (media / "images").write_text("in the way")
    with pytest.raises(StorageUnavailable):
        store(owner)
    (media / "images").unlink()
    assert nothing_is_left(media)


@pytest.mark.parametrize("table", ["gallery_image ", "gallery_variant ", "gallery_tag "])
def test_a_database_that_fails_half_way_leaves_nothing(owner: User, media: Path, table: str) -> None:
    def refuse(execute, sql, params, many, context):
        if sql.replace('"', "").startswith(("INSERT INTO " + table, "INSERT OR IGNORE INTO " + table)):
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse), pytest.raises(OperationalError):
        store(owner, tags=["one"])
    assert nothing_is_left(media)


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_fails_leaves_nothing(owner: User, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(connection, "_commit", fail)
    with pytest.raises(OperationalError):
        store(owner)
    monkeypatch.undo()
    assert nothing_is_left(media)


def test_tags_with_the_same_slug_are_one_tag(owner: User) -> None:
    image = store(owner, tags=["Blue Sky", "blue sky", "Blue-Sky"])
    assert [tag.slug for tag in image.tags.all()] == ["blue-sky"]


def test_tags_go_with_their_image(owner: User) -> None:
    image, other = store(owner, tags=["one", "two"]), store(owner, tags=["two"])
    services.delete_image(image)
    assert list(Tag.objects.values_list("image", "slug")) == [(other.pk, "two")]


def test_tags_that_an_update_takes_away_are_gone(owner: User) -> None:
    services.update_image(store(owner, tags=["one", "two"]), {"tags": ["Two", "three"]})
    assert list(Tag.objects.values_list("slug", flat=True)) == ["three", "two"]


def test_an_update_does_not_undo_a_view_counted_meanwhile(owner: User) -> None:
    image = store(owner)
    services.count_view(Image.objects.get())
    services.update_image(image, {"title": "New"})
    assert Image.objects.get().view_count == 1


def test_views_counted_from_stale_copies_are_all_counted(owner: User) -> None:
    store(owner)
    first, second = Image.objects.get(), Image.objects.get()
    services.count_view(first)
    services.count_view(second)
    assert Image.objects.get().view_count == 2


def test_files_go_when_the_deletion_is_committed(
    owner: User, media: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    image = store(owner)
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_image(image)
    assert nothing_is_left(media)


@pytest.mark.django_db(transaction=True)
def test_a_deletion_that_is_rolled_back_keeps_the_files(owner: User, media: Path) -> None:
    image = store(owner)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.delete_image(image)
        raise ZeroDivisionError
    assert len(stored_files(media)) == 5


def test_files_go_with_their_owner(
    owner: User, media: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    store(owner)
    store(owner)
    with django_capture_on_commit_callbacks(execute=True):
        owner.delete()
    assert nothing_is_left(media)


def test_files_that_cannot_be_deleted_are_reported_not_raised(owner: User, sent: list, media: Path) -> None:
    image = store(owner)
    folder = (media / image.variants.get(size="original").path).parent
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("a file where the folder was")
    files.remove(image.pk)
    assert [event["tags"]["dependency"] for event in sent] == ["storage"]


def test_deleting_files_twice_is_fine(owner: User, sent: list) -> None:
    image = store(owner)
    files.remove(image.pk)
    files.remove(image.pk)
    assert sent == []


def test_an_upload_is_traced_step_by_step(owner: User, sent: list) -> None:
    with sentry_sdk.start_transaction(name="upload"):
        store(owner)
    spans = [span["op"] for span in sent[0]["spans"]]
    assert spans.count("image.encode") == spans.count("storage.write") == 5
    assert {"image.decode", "image.database"} <= set(spans)


def test_an_upload_is_counted(client: Client, owner: User) -> None:
    from prometheus_client import REGISTRY

    before = REGISTRY.get_sample_value("business_events_total", {"event": "image.uploaded"}) or 0
    store(owner)
    assert REGISTRY.get_sample_value("business_events_total", {"event": "image.uploaded"}) == before + 1
