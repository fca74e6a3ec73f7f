"""Whether the tests passed, and the containers were verified, at the commit that is here."""

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


def judged(make_scope: MakeScope, commit: str, release: str = "goimg-api@1.0.0", **changes: Any) -> Finding:
    scope = make_scope(release=release)
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


def in_an_image(make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch, commit: str, release: str) -> Finding:
    """Judge where there is neither git nor a checkout."""
    scope = make_scope(release=release)
    monkeypatch.setenv("PATH", str(scope.folder))
    return judged(make_scope, commit, release=release)


@pytest.mark.parametrize("release", [f"goimg-api@1.0.0+{OTHER[:7]}", f"goimg-api@1.0.0+{OTHER}", OTHER])
def test_in_an_image_the_release_says_which_commit_is_here(
    make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch, release: str
) -> None:
    assert in_an_image(make_scope, monkeypatch, OTHER, release).state == "held"


def test_an_image_of_another_commit_has_failed(make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch) -> None:
    found = in_an_image(make_scope, monkeypatch, OTHER, "goimg-api@1.0.0+1234567")

    assert (found.state, found.said) == ("failed", "The tests passed at the commit d877aba; here is 1234567.")


@pytest.mark.parametrize("commit", ["unknown", f"{OTHER[:7]}-dirty"])
def test_an_image_that_was_built_without_a_commit_or_with_changes_says_nothing(
    make_scope: MakeScope, monkeypatch: pytest.MonkeyPatch, commit: str
) -> None:
    found = in_an_image(make_scope, monkeypatch, OTHER, f"goimg-api@1.0.0+{commit}")

    assert found.state == "not known"
    assert found.said.endswith(f"there is no git here, and the release goimg-api@1.0.0+{commit} names no commit.")


def test_a_checkout_without_git_may_have_been_changed_whatever_the_release_says(
    make_scope: MakeScope, head: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    found = judged(make_scope, head, release=f"goimg-api@1.0.0+{head[:7]}")

    assert found.state == "not known"
    assert found.said.endswith("nobody knows whether that is what is here: git cannot be run (FileNotFoundError).")


def test_a_record_with_an_option_of_git_s_in_place_of_a_commit_is_none(make_scope: MakeScope, head: str) -> None:
    with pytest.raises(RecordError, match=r"gate/tests\.json names no commit"):
        judged(make_scope, "--output=api.py")


def verified(make_scope: MakeScope, commit: str, **changes: Any) -> Finding:
    scope = make_scope()
    said = {"date": datetime.now(UTC).isoformat(), "commit": commit, "changed": False}
    said |= {"passed": ["build", "start"], "skipped": []} | changes
    (scope.folder / tests.CONTAINERS).write_text(json.dumps(said))
    return tests.containers(scope)


def test_containers_that_were_verified_at_this_commit_hold(make_scope: MakeScope, head: str) -> None:
    now = datetime.now(UTC)
    found = verified(make_scope, head, date=now.isoformat())

    assert (found.state, found.basis) == ("held", "record")
    assert found.said == f"2 steps passed on {now:%Y-%m-%d} at the commit {head[:7]}."


def test_of_steps_that_were_skipped_a_person_may_know(make_scope: MakeScope, head: str) -> None:
    found = verified(make_scope, head, skipped=["glitchtip"])

    assert (found.state, found.ask) == ("not known", True)
    assert found.said.endswith("; 1 step skipped, of which nobody knows: glitchtip.")


def test_containers_of_which_nothing_was_verified_have_failed(make_scope: MakeScope, head: str) -> None:
    found = verified(make_scope, head, passed=[], skipped=["glitchtip"])

    assert (found.state, found.said) == ("failed", "Of the containers nothing was verified: glitchtip skipped.")


def test_containers_that_were_verified_at_another_commit_have_failed(make_scope: MakeScope, head: str) -> None:
    assert verified(make_scope, OTHER).said == (
        f"The containers were verified at the commit d877aba; here is {head[:7]}."
    )


def test_where_containers_were_not_verified_a_person_may_say_that_there_are_none(make_scope: MakeScope) -> None:
    found = tests.containers(make_scope())

    assert (found.state, found.ask) == ("not known", True)
