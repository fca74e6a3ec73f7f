"""The local tracker's secrets and variables, in a folder that a test made; tests/live runs the tracker itself."""

import os
from pathlib import Path

import pytest

from scripts import environment, tracker


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tracker"
    monkeypatch.setattr(tracker, "FOLDER", folder)
    monkeypatch.setattr(tracker, "PREPARED", folder / "prepared")
    monkeypatch.setattr(tracker, "VENV", folder / "venv")
    return folder


def test_secrets_are_made_once_and_are_for_their_owner_only(folder: Path) -> None:
    assert tracker.load_secrets() == tracker.load_secrets()
    assert (folder / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_another_checkout_has_other_secrets(folder: Path) -> None:
    before = tracker.load_secrets()
    (folder / "secrets.json").unlink()
    after = tracker.load_secrets()
    assert not {before.password, before.token, before.sentry_key, before.secret_key} & set(vars_of(after))


def vars_of(known: tracker.Secrets) -> list[str]:
    return [known.password, known.token, known.sentry_key, known.secret_key]


def test_the_variables_follow_the_port() -> None:
    variables = tracker.variables(8123)
    assert variables["TRACKER_URL"] == "http://127.0.0.1:8123"
    assert variables["SENTRY_DSN"].endswith("@127.0.0.1:8123/1")
    assert variables["TRACKER_KIND"] == "bugsink"


def test_nothing_that_points_at_the_local_tracker_stays_when_another_is_used() -> None:
    kept = set(tracker.variables(8123)) - set(tracker.NO_VARIABLES)
    assert kept == {"SENTRY_ENVIRONMENT"}
    assert set(tracker.NO_VARIABLES.values()) == {None}


def test_neither_the_command_line_nor_the_environment_of_the_server_holds_a_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", "the-applications-own")
    command, env = tracker.server(8123)
    for secret in [*vars_of(tracker.load_secrets()), "the-applications-own"]:
        assert secret not in " ".join([*command, *env.values()])


def test_it_is_prepared_only_when_that_was_finished_for_these_secrets(folder: Path) -> None:
    assert not tracker.is_prepared()
    finish_preparing(folder)
    assert tracker.is_prepared()
    (folder / "secrets.json").unlink()
    tracker.load_secrets()
    assert not tracker.is_prepared()


def test_it_is_not_prepared_when_its_database_is_gone(folder: Path) -> None:
    finish_preparing(folder)
    (folder / "db.sqlite3").unlink()
    assert not tracker.is_prepared()


def finish_preparing(folder: Path) -> None:
    """Leave what `prepare` leaves, without the installation."""
    tracker.load_secrets()
    python = environment.python(folder / "venv")
    python.parent.mkdir(parents=True)
    python.symlink_to(os.path.realpath("/bin/sh"))
    (folder / "venv" / environment.STAMP).write_text(environment.files.digest([tracker.REQUIREMENTS]))
    (folder / "db.sqlite3").touch()
    (folder / "prepared").write_text(tracker._digest())
