from pathlib import Path

import pytest

from scripts import files


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_private_file_is_for_its_owner_only(tmp_path: Path) -> None:
    files.write_private(tmp_path / "new" / "secrets", "text")
    assert mode(tmp_path / "new" / "secrets") == 0o600
    assert (tmp_path / "new" / "secrets").read_text() == "text"


def test_a_private_file_that_others_could_read_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    path.write_text("old")
    path.chmod(0o644)
    files.write_private(path, "new")
    assert (mode(path), path.read_text()) == (0o600, "new")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secrets"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        files.write_private(path, "\ud800")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("secrets", "old")]


def test_variables_are_added_changed_and_taken_out_and_every_other_line_stays(tmp_path: Path) -> None:
    path = tmp_path / "development.env"
    path.write_text("# mine\nLOG_LEVEL=DEBUG\nTRACKER_URL=http://old\nTRACKER_TOKEN=old\n")
    files.merge_variables(path, {"TRACKER_URL": "http://new", "TRACKER_TOKEN": None, "SENTRY_DSN": "dsn"})
    assert path.read_text() == "# mine\nLOG_LEVEL=DEBUG\nTRACKER_URL=http://new\nSENTRY_DSN=dsn\n"
    assert mode(path) == 0o600


def test_merging_the_same_variables_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "development.env"
    files.merge_variables(path, {"A": "1", "B": "2"})
    before = path.read_text()
    files.merge_variables(path, {"A": "1", "B": "2"})
    assert path.read_text() == before


def test_no_file_is_made_where_there_is_nothing_to_write(tmp_path: Path) -> None:
    files.merge_variables(tmp_path / "development.env", {"SENTRY_DSN": None})
    assert list(tmp_path.iterdir()) == []


def test_a_digest_tells_other_contents_and_another_order_apart(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").write_text("2")
    digests = {files.digest([tmp_path / name for name in names]) for names in ("a", "b", "ab", "ba")}
    assert len(digests) == 4
