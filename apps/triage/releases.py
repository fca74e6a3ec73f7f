"""Tells the tracker about releases: that they exist, what is in them, where they run.

Not every tracker keeps all of it. Then what it can keep is recorded (that the release exists), and said.
"""

import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from apps.error_tracking.config import MAX_RELEASE_LENGTH
from apps.error_tracking.scrubbing import scrub_string

from .plain import one_line
from .trackers.base import Tracker, Unsupported

_NAME = re.compile(r"[^\s/\\\x00-\x1f\x7f]+")
_RESERVED = frozenset({".", "..", "latest"})
# What people write comes last: with the separator in it, it would shift what follows.
_FIELDS = ("id", "timestamp", "author_name", "message")
_FORMAT = "%H%x1f%aI%x1f%an%x1f%s"
THE_RELEASE = "the release"


class ReleaseError(ValueError):
    """The version, the environment or the commits cannot be used; the message says why and what to do, on one line."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


@dataclass(frozen=True, slots=True)
class Done:
    """What the tracker knows now; `created` says whether the release is new to it, `lacking` what it cannot keep."""

    version: str
    created: bool
    recorded: str
    lacking: str = ""


def check_version(text: str) -> str:
    """Return a version that each tracker takes. Raises ReleaseError.

    https://docs.sentry.io/product/releases/naming-releases/
    """
    if len(text) > MAX_RELEASE_LENGTH:
        raise ReleaseError(f"a version has at most {MAX_RELEASE_LENGTH} characters, this one has {len(text)}")
    if not _NAME.fullmatch(text) or text in _RESERVED:
        raise ReleaseError('a version has no spaces, tabs or slashes, and is not ".", ".." or "latest"')
    return text


def check_environment(text: str) -> str:
    """Return an environment that each tracker takes. Raises ReleaseError.

    https://docs.sentry.io/product/sentry-basics/environments/
    """
    if not _NAME.fullmatch(text) or len(text) > 64 or text == "None":
        raise ReleaseError('an environment has at most 64 characters without spaces or slashes, and is not "None"')
    return text


def create(tracker: Tracker, version: str) -> Done:
    """Make sure that the release exists. Raises TrackerError."""
    return Done(version, tracker.create_release(version), THE_RELEASE)


def add_commits(tracker: Tracker, version: str, commits: Sequence[dict[str, str]]) -> Done:
    """Say which commits the release has. Raises TrackerError."""
    recorded = f"{len(commits)} commits"
    return _tell(tracker, version, recorded, lambda: tracker.set_commits(version, commits))


def finalize(tracker: Tracker, version: str, moment: datetime) -> Done:
    """Say when the release was released. Raises TrackerError."""
    return _tell(tracker, version, "the release date", lambda: tracker.finalize(version, moment))


def deploy(tracker: Tracker, version: str, environment: str) -> Done:
    """Say that the release runs in an environment. Raises TrackerError."""
    return _tell(tracker, version, f"the deploy to {environment}", lambda: tracker.deploy(version, environment))


def commits_of(folder: Path, span: str) -> list[dict[str, str]]:
    """Return the commits of a range such as v1.0..HEAD, newest first, as Tracker.set_commits takes them.

    Of the author only the name goes out; e-mail addresses never do, and texts are scrubbed. Raises ReleaseError.
    """
    if not span or span.startswith("-"):
        raise ReleaseError("a range of commits looks like v1.0..HEAD")
    lines = git(folder, "log", "-z", f"--format={_FORMAT}", "--end-of-options", span, "--").split("\0")
    commits = [_commit(line) for line in lines if line]
    if not commits:
        raise ReleaseError(f"there is no commit in {span}")
    return commits


def commit_of(folder: Path, version: str) -> str:
    """Return the hash of the commit that runs here: a checkout's HEAD, else what the version says; empty: unknown."""
    try:
        return git(folder, "rev-parse", "HEAD")
    except ReleaseError:
        return next(iter(_hashes(version.rpartition("@")[2])), "")


def span_since_last(tracker: Tracker, version: str, folder: Path) -> str:
    """Return the range from the commit of the release before `version` to HEAD. Raises ReleaseError, TrackerError.

    Git knows that commit by a tag with the release's name, by the tag v1.2.3 or 1.2.3 of name@1.2.3, or by its hash.
    """
    before = _before(tracker, version)
    if before is None:
        raise ReleaseError(f"{tracker.name} has no release before {version}; --from-git v1.0..HEAD says which commits")
    number = before.rpartition("@")[2]
    for name in (f"refs/tags/{before}", f"refs/tags/v{number}", f"refs/tags/{number}", *_hashes(number)):
        try:
            return f"{git(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', f'{name}^{{commit}}')}..HEAD"
        except ReleaseError:
            continue
    raise ReleaseError(f"git has no tag for {before}, the release before; --from-git v1.0..HEAD says which commits")


def _commit(line: str) -> dict[str, str]:
    commit = dict(zip(_FIELDS, line.split("\x1f", 3), strict=True))
    try:
        datetime.fromisoformat(commit["timestamp"])
    except ValueError as error:
        raise ReleaseError(f"git has no date that can be read for the commit {commit['id']}") from error
    return commit | {name: scrub_string(commit[name]) for name in ("author_name", "message")}


def _tell(tracker: Tracker, version: str, recorded: str, tell: Callable[[], None]) -> Done:
    created = tracker.create_release(version)
    try:
        tell()
    except Unsupported as error:
        return Done(version, created, THE_RELEASE, lacking=str(error))
    return Done(version, created, recorded)


def _before(tracker: Tracker, version: str) -> str | None:
    """Return the newest release that is older than this one, or the newest of all where this one is new."""
    versions = [release.version for release in tracker.releases() if release.version]
    older = versions[versions.index(version) + 1 :] if version in versions else versions
    return older[0] if older else None


def _hashes(number: str) -> list[str]:
    """Return what may be a commit's hash in a version: all of it, or what is behind its plus sign."""
    return [part for part in (number, number.rpartition("+")[2]) if re.fullmatch(r"[0-9a-f]{7,40}", part)]


def git(folder: Path, *arguments: str) -> str:
    """Return what git says about the checkout in a folder. Raises ReleaseError when it cannot or does not."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed program, and no argument of a person's begins with a dash
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - which git is the developer's choice
            capture_output=True,
            check=False,
            timeout=60,
        )
    # ValueError: a name with a NUL, which no argument can have.
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise ReleaseError(f"git cannot be run ({type(error).__name__})") from error
    if done.returncode:
        said = " ".join(done.stderr.decode(errors="replace").split())[:200]
        raise ReleaseError(f"git says: {said}")
    return done.stdout.decode(errors="replace").strip()
