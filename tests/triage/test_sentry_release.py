"""`manage.py sentry_release`: what the tracker is told, and what is said where it cannot keep it."""

import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.triage import config
from apps.triage.trackers.base import Capability, Release, TrackerError
from tests.triage.memory_tracker import NOW, MemoryTracker

LACKS = {
    Capability.COMMITS: "Bugsink 2.6 has no commits.",
    Capability.FINALIZE: "Bugsink 2.6 has no release dates.",
    Capability.DEPLOYS: "Bugsink 2.6 has no deploys.",
}
VERSION = "goimg-api@1.1.0"


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch) -> MemoryTracker:
    found = MemoryTracker(name="Sentry")
    monkeypatch.setattr(config, "tracker", lambda: found)
    return found


@pytest.fixture
def repository(tmp_path: Path, settings: object) -> Path:
    """Three commits, the first of them tagged v1.0.0."""
    git(tmp_path, "init", "--quiet")
    for number, subject in enumerate(["First", "Second, asked for by jane@example.com", "Third"]):
        git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", subject)
        if not number:
            git(tmp_path, "tag", "v1.0.0")
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=Jane Doe", "-c", "user.email=jane@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", "-C", str(folder), *who, *arguments], capture_output=True, check=True, text=True)
    return done.stdout.strip()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("sentry_release", *arguments)
    return capsys.readouterr().out


def refusal(*arguments: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as refused:
        call_command("sentry_release", *arguments)
    return refused.value.returncode, str(refused.value)


def test_a_release_is_created_once(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "create", VERSION) == f"Sentry has {VERSION} (new there).\n"
    assert run(capsys, "create", VERSION) == f"Sentry has {VERSION} (was there already).\n"
    assert [release.version for release in tracker.versions] == [VERSION]


def test_commits_are_those_since_the_release_before(
    tracker: MemoryTracker, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker.versions = [
        Release(version="goimg-api@1.0.0", created=NOW - timedelta(days=2)),
        Release(version="goimg-api@0.9.0", created=NOW - timedelta(days=9)),
    ]

    assert run(capsys, "commits", VERSION) == f"Sentry has 2 commits of {VERSION} (new there).\n"
    assert [commit["id"] for commit in tracker.commits] == git(repository, "log", "--format=%H", "-2").split()


def test_of_an_author_only_the_name_is_sent(
    tracker: MemoryTracker, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "commits", VERSION, "--from-git", "HEAD~2..HEAD~1")

    (commit,) = tracker.commits
    assert commit["author_name"] == "Jane Doe"
    assert commit["message"] == "Second, asked for by [EMAIL_REDACTED]"
    assert set(commit) == {"id", "author_name", "timestamp", "message"}
    assert "jane@" not in json.dumps(tracker.commits)


@pytest.mark.parametrize("tag", ["goimg-api@1.0.5", "1.0.5", "v1.0.5"])
def test_the_release_before_is_found_by_its_tag(
    tracker: MemoryTracker, repository: Path, capsys: pytest.CaptureFixture[str], tag: str
) -> None:
    git(repository, "tag", tag, "HEAD~1")
    tracker.versions = [Release(version="goimg-api@1.0.5", created=NOW)]

    run(capsys, "commits", VERSION)

    assert [commit["message"] for commit in tracker.commits] == ["Third"]


def test_the_release_before_is_found_by_the_hash_in_its_version(
    tracker: MemoryTracker, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short = git(repository, "rev-parse", "--short=12", "HEAD~1")
    tracker.versions = [Release(version=f"goimg-api@1.0.5+{short}", created=NOW)]

    run(capsys, "commits", VERSION)

    assert [commit["message"] for commit in tracker.commits] == ["Third"]


def test_of_a_release_that_is_there_already_the_one_before_it_counts(
    tracker: MemoryTracker, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tracker.versions = [
        Release(version="goimg-api@2.0.0", created=NOW),
        Release(version=VERSION, created=NOW - timedelta(days=1)),
        Release(version="goimg-api@1.0.0", created=NOW - timedelta(days=2)),
    ]

    assert "2 commits" in run(capsys, "commits", VERSION)


def test_a_first_release_needs_to_be_told_its_commits(tracker: MemoryTracker, repository: Path) -> None:
    code, sentence = refusal("commits", VERSION)

    assert code == 2
    assert sentence == f"Sentry has no release before {VERSION}; --from-git v1.0..HEAD says which commits."
    assert tracker.versions == []


def test_a_release_before_that_git_does_not_know_is_named(tracker: MemoryTracker, repository: Path) -> None:
    tracker.versions = [Release(version="goimg-api@0.1.0", created=NOW)]

    assert refusal("commits", VERSION)[1].startswith("Git has no tag for goimg-api@0.1.0, the release before;")


@pytest.mark.parametrize(
    ("span", "sentence"),
    [
        ("nowhere..HEAD", "Git says: fatal: bad revision 'nowhere..HEAD'."),
        ("HEAD..HEAD", "There is no commit in HEAD..HEAD."),
        ("--output=stolen", "A range of commits looks like v1.0..HEAD."),
    ],
)
def test_a_range_that_is_none_is_refused(tracker: MemoryTracker, repository: Path, span: str, sentence: str) -> None:
    assert refusal("commits", VERSION, f"--from-git={span}") == (2, sentence)
    assert not (repository / "stolen").exists()


def test_outside_of_a_repository_git_says_so(tracker: MemoryTracker, tmp_path: Path, settings: object) -> None:
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]

    assert refusal("commits", VERSION, "--from-git=HEAD")[1].startswith("Git says: fatal: not a git repository")


def test_a_release_is_finalized_and_deployed(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "finalize", VERSION) == f"Sentry has the release date of {VERSION} (new there).\n"
    assert run(capsys, "deploy", VERSION, "production") == (
        f"Sentry has the deploy to production of {VERSION} (was there already).\n"
    )
    (release,) = tracker.versions
    assert release.finalized
    assert release.deploys == ("production",)


@pytest.mark.parametrize(
    ("arguments", "capability"),
    [
        (["commits", VERSION, "--from-git=HEAD"], Capability.COMMITS),
        (["finalize", VERSION], Capability.FINALIZE),
        (["deploy", VERSION, "staging"], Capability.DEPLOYS),
    ],
)
def test_what_a_tracker_cannot_keep_is_said_with_what_it_has_instead(
    tracker: MemoryTracker,
    repository: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    capability: Capability,
) -> None:
    tracker.lacks = LACKS

    assert run(capsys, *arguments) == (
        f"{LACKS[capability]} Recorded instead: that {VERSION} exists (new there), and nothing else.\n"
    )
    document = json.loads(run(capsys, *arguments, "--json"))
    assert (document["lacking"], document["created"]) == (LACKS[capability], False)
    assert [release.version for release in tracker.versions] == [VERSION]


@pytest.mark.parametrize("version", ["", " ", ".", "..", "latest", "a b", "a/b", "a\\b", "a\tb", "a\nb", "x" * 201])
def test_a_version_that_a_tracker_would_refuse_or_lose_is_refused(tracker: MemoryTracker, version: str) -> None:
    code, sentence = refusal("create", version)

    assert code == 2
    assert sentence.startswith("A version has ")
    assert tracker.versions == []


def test_a_version_of_200_characters_is_taken(tracker: MemoryTracker, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "create", "x" * 200)

    assert len(tracker.versions[0].version) == 200


@pytest.mark.parametrize("environment", ["", "a b", "a/b", "None", "x" * 65])
def test_an_environment_that_a_tracker_would_refuse_is_refused(tracker: MemoryTracker, environment: str) -> None:
    code, sentence = refusal("deploy", VERSION, environment)

    assert (code, tracker.versions) == (2, [])
    assert sentence.startswith("An environment has at most 64 characters")


def test_a_tracker_that_fails_is_one_sentence(tracker: MemoryTracker, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(version: str) -> bool:
        raise TrackerError("POST https://tracker.example.com/ answered 502.")

    monkeypatch.setattr(tracker, "create_release", fail)

    assert refusal("create", VERSION) == (
        1,
        "The tracker was not told: POST https://tracker.example.com/ answered 502.",
    )


def test_what_an_author_is_called_does_not_shift_what_follows(
    tracker: MemoryTracker, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    author = "--author=Jane\x1fjane.doe@example.com\x1fDoe <jane@example.com>"
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "Fourth", author)

    run(capsys, "commits", VERSION, "--from-git", "v1.0.0..HEAD")

    assert tracker.commits[0]["timestamp"] == git(repository, "log", "--format=%aI", "-1")
    assert "example.com" not in str(tracker.commits)


def test_a_commit_without_a_date_is_named(tracker: MemoryTracker, repository: Path) -> None:
    tree, name = git(repository, "rev-parse", "HEAD^{tree}"), "Jane Doe <jane@example.com>"
    raw = repository / "raw"
    raw.write_text(f"tree {tree}\nauthor {name}\ncommitter {name} 1764000000 +0000\n\nFourth\n")
    commit = git(repository, "hash-object", "-t", "commit", "-w", "--literally", str(raw))

    code, said = refusal("commits", VERSION, "--from-git", f"v1.0.0..{commit}")

    assert (code, said) == (2, f"Git has no date that can be read for the commit {commit}.")


def test_a_release_that_no_argument_can_name_is_a_sentence(tracker: MemoryTracker, repository: Path) -> None:
    tracker.versions.append(Release(version="goimg-api@1\0\x1b[2J", created=NOW))

    code, said = refusal("commits", VERSION)

    assert (code, said.startswith("Git has no tag for goimg-api@1  [2J, the release before;")) == (2, True)
