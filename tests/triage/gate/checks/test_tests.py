"""Whether the tests passed at the commit that is here."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from apps.triage.gate.checks import tests
from apps.triage.gate.item import Finding
from apps.triage.gate.scope import RecordError
from tests.triage.gate.conftest import MakeScope

OTHER = "d877aba5cac56abcec2e60d76d721aa409dc41bf"


@pytest.fixture
def head(tmp_path: Path) -> str:
    """A checkout with one commit: its hash."""
    git(tmp_path, "init", "-q")
    return commit(tmp_path, "api.py")


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Jane", "-c", "user.email=jane@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(folder), *who, *arguments], capture_output=True, check=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, name: str) -> str:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x")
    git(folder, "add", "-f", name)
    git(folder, "commit", "-q", "-m", f"Add {name}")
    return git(folder, "rev-parse", "HEAD")


def judged(make_scope: MakeScope, commit: str, **changes: Any) -> Finding:
    scope = make_scope()
    said = {"date": datetime.now(UTC).isoformat(), "commit": commit, "changed": False, "passed": 3600, "skipped": 2}
    (scope.folder / tests.FILE).write_text(json.dumps(said | changes))
    return tests.passed(scope)


def test_tests_that_passed_at_this_commit_hold(make_scope: MakeScope, head: str) -> None:
    found = judged(make_scope, head)

    assert (found.state, found.basis) == ("held", "record")
    assert found.said.startswith("3600 tests passed, 2 were skipped, on ")


def test_what_was_recorded_and_committed_since_changes_nothing(
    make_scope: MakeScope, head: str, tmp_path: Path
) -> None:
    commit(tmp_path, "gate/fired.json")
    (tmp_path / "gate" / "attestations.toml").touch()

    assert judged(make_scope, head).state == "held"


def test_a_commit_since_has_failed(make_scope: MakeScope, head: str, tmp_path: Path) -> None:
    here = commit(tmp_path, "more.py")

    found = judged(make_scope, head)

    assert (found.state, found.said) == ("failed", f"The tests passed at the commit {head[:7]}; here is {here[:7]}.")


@pytest.mark.parametrize("name", ["api.py", "new.py"])
def test_a_change_that_is_not_committed_has_failed(make_scope: MakeScope, head: str, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("changed")

    found = judged(make_scope, head)

    assert found.state == "failed"
    assert found.said.endswith(f"; 1 file changed and not committed here, such as {name}.")


def test_tests_that_passed_with_changes_or_elsewhere_have_failed(make_scope: MakeScope, head: str) -> None:
    changed, elsewhere = judged(make_scope, head, changed=True), judged(make_scope, OTHER)

    assert (changed.state, elsewhere.state) == ("failed", "failed")
    assert changed.said.startswith(f"The tests passed at the commit {head[:7]}, with changes on top of it: commit")
    assert elsewhere.said == f"The tests passed at the commit d877aba; here is {head[:7]}."


def test_no_tests_have_failed(make_scope: MakeScope) -> None:
    found = tests.passed(make_scope())

    assert (found.state, found.said[:27]) == ("failed", "There is no gate/tests.json")


def test_without_git_nobody_knows_what_is_here(
    make_scope: MakeScope, head: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    found = judged(make_scope, head)

    assert found.state == "not known"
    assert found.said.endswith("nobody knows whether that is what is here: git cannot be run (FileNotFoundError).")


def test_a_record_with_an_option_of_git_s_in_place_of_a_commit_is_none(make_scope: MakeScope, head: str) -> None:
    with pytest.raises(RecordError, match=r"gate/tests\.json names no commit"):
        judged(make_scope, "--output=api.py")
