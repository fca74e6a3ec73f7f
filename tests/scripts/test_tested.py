"""What `make test` leaves for the gate."""

import json
from pathlib import Path

import pytest

from scripts import Problem, tested

SUITE = '<testsuites><testsuite name="pytest" errors="{}" failures="{}" skipped="2" tests="10"/></testsuites>'


def test_tests_that_passed_are_recorded_with_their_commit(tmp_path: Path) -> None:
    (tmp_path / "tests.xml").write_text(SUITE.format(0, 0))

    tested.record(tmp_path / "tests.xml", tmp_path / "gate" / "tests.json")

    said = json.loads((tmp_path / "gate" / "tests.json").read_text())
    assert (said["passed"], said["skipped"], len(said["commit"])) == (8, 2, 40)
    assert isinstance(said["changed"], bool)
    assert (tmp_path / "gate" / "tests.json").stat().st_mode & 0o777 == 0o644


def test_without_git_nothing_is_recorded_and_the_tests_have_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "tests.xml").write_text(SUITE.format(0, 0))

    tested.record(tmp_path / "tests.xml", tmp_path / "tests.json")

    assert "git does not say at which commit that was" in "".join(capsys.readouterr())
    assert not (tmp_path / "tests.json").exists()


@pytest.mark.parametrize("counts", [(1, 0), (0, 1)])
def test_tests_that_failed_are_not(tmp_path: Path, counts: tuple[int, int]) -> None:
    (tmp_path / "tests.xml").write_text(SUITE.format(*counts))

    with pytest.raises(Problem, match="The tests did not pass: nothing is recorded"):
        tested.record(tmp_path / "tests.xml", tmp_path / "tests.json")

    assert not (tmp_path / "tests.json").exists()
