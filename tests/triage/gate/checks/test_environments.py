"""Staging and production: seen by this run, or looked up from the report of another."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from apps.error_tracking.sink import Sink
from apps.triage.gate.checks.environments import CAPTURE, verified_in
from apps.triage.gate.items import ITEMS
from apps.triage.gate.records import FOLDER
from apps.triage.gate.report import as_json
from apps.triage.gate.run import run as judge
from apps.triage.gate.scope import Scope
from tests.triage.gate.conftest import MakeScope
from tests.triage.real_bugsink import Project
from tests.triage.test_sentry_release import git

RELEASE = "goimg-api@1.0.0+d877aba"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_own_client")]
staging = verified_in("staging")
Leave = Callable[..., dict[str, Any]]


@pytest.fixture
def leave(make_scope: MakeScope) -> Leave:
    """Runs the gate in staging and leaves its report; arguments are put over what the report says."""

    def run(**changes: Any) -> dict[str, Any]:
        scope = make_scope(environment="staging", release=RELEASE)
        said = json.loads(as_json(judge([item for item in ITEMS if item.id in CAPTURE], scope, whole=False))) | changes
        _write(scope, said)
        return dict(said)

    return run


def _write(scope: Scope, said: Any) -> None:
    (scope.folder / FOLDER).mkdir(exist_ok=True)
    (scope.folder / FOLDER / "staging.json").write_text(json.dumps(said))


def test_a_run_in_staging_is_the_test_in_staging(project: Project, sink: Sink, make_scope: MakeScope) -> None:
    assert staging(make_scope(environment="staging")).state == "held"
    # Sent to another tracker than the one that is asked.
    assert staging(make_scope(environment="staging", timeout=0.1, dsn=sink.dsn)).state == "failed"


def test_elsewhere_its_events_are_looked_up_on_the_tracker(
    project: Project, leave: Leave, make_scope: MakeScope
) -> None:
    leave()

    found = staging(make_scope(environment="production", release=RELEASE))

    assert (found.state, found.basis) == ("held", "record")
    assert found.said == (
        "staging.json: goimg-api@1.0.0+d877aba, 10 test errors, looked up on Bugsink: all are there, "
        "with that release and the environment staging."
    )


def test_no_report_has_failed(make_scope: MakeScope) -> None:
    assert staging(make_scope()).said == "There is no report of staging in gate/reports."


def test_events_that_were_made_up_do_not_hold(project: Project, leave: Leave, make_scope: MakeScope) -> None:
    leave(events=["a" * 32, "b" * 32])

    found = staging(make_scope(environment="production", release=RELEASE))

    assert found.state == "not known"
    assert "2 of them are not on Bugsink (any more)" in found.said


def test_events_of_another_environment_do_not_hold(project: Project, leave: Leave, make_scope: MakeScope) -> None:
    scope = make_scope(environment="development", release=RELEASE)
    scope.fired()
    leave(events=scope.events())

    found = staging(make_scope(environment="production", release=RELEASE))

    assert found.state == "failed"
    assert found.said.endswith("but on Bugsink they are of the environment development.")


def test_events_that_are_older_than_their_report_says_do_not_hold(
    project: Project, leave: Leave, make_scope: MakeScope
) -> None:
    then = datetime.now(UTC) + timedelta(days=100)
    leave(date=then.isoformat())

    found = staging(make_scope(environment="production", release=RELEASE, now=then))

    assert found.state == "failed"
    assert found.said.endswith("but on Bugsink they are older than 90 days.")


def test_events_on_another_tracker_are_a_record_and_said_to_be(
    project: Project, leave: Leave, make_scope: MakeScope
) -> None:
    leave(tracker={"name": "Bugsink", "url": "https://staging.example.com", "project": "1"})

    found = staging(make_scope(environment="production", release=RELEASE))

    assert (found.state, found.basis) == ("held", "record")
    assert found.said.endswith(
        " on https://staging.example.com, project 1, which is not what is asked here: a record, not looked up."
    )


@pytest.mark.parametrize("release", ["goimg-api@1.0.1+d877aba", "goimg-api@1.0.0+1234567", None])
def test_a_report_of_another_release_has_failed(
    project: Project, leave: Leave, make_scope: MakeScope, release: str | None
) -> None:
    leave()

    found = staging(make_scope(environment="production", release=release))

    assert (found.state, found.said) == ("failed", f"staging.json is of the release {RELEASE}; here is {release}.")


def test_events_of_another_release_than_the_report_s_do_not_hold(
    project: Project, leave: Leave, make_scope: MakeScope
) -> None:
    leave(release="goimg-api@1.0.1+d877aba")

    found = staging(make_scope(environment="production", release="goimg-api@1.0.1+d877aba"))

    assert found.state == "failed"
    assert found.said.endswith(f"but on Bugsink they are of the release {RELEASE}.")


def test_where_the_release_names_no_commit_nobody_knows_whether_it_was_this_code(
    project: Project, leave: Leave, make_scope: MakeScope
) -> None:
    for commit, said in {"": "does not say of which commit", "d877aba": "nobody knows whether"}.items():
        leave(commit=commit, release="goimg-api@1.0.0")
        found = staging(make_scope(environment="production", release="goimg-api@1.0.0"))
        assert found.state == "not known"
        assert said in found.said


def test_in_a_checkout_the_report_is_of_its_commit(
    project: Project, leave: Leave, make_scope: MakeScope, tmp_path: Path
) -> None:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "The API")
    leave()
    scope = make_scope(environment="production", release=RELEASE)
    assert staging(scope).state == "held"

    (tmp_path / "api.py").write_text("changed")

    assert staging(scope).said.endswith("; 1 file changed and not committed here, such as api.py.")


@pytest.mark.parametrize("days", [-91, 1])
def test_a_report_that_is_old_or_yet_to_come_has_failed(
    project: Project, leave: Leave, make_scope: MakeScope, days: int
) -> None:
    leave(date=(datetime.now(UTC) + timedelta(days=days)).isoformat())

    assert staging(make_scope()).said.endswith("it counts for 90 days.")


def test_a_report_in_which_something_did_not_hold_has_failed(
    project: Project, leave: Leave, make_scope: MakeScope
) -> None:
    said = leave()
    said["items"] = [item | {"state": "failed"} if item["id"] == "scrubbing" else item for item in said["items"]]
    _write(make_scope(), said)
    assert staging(make_scope()).said == "In staging.json, scrubbing did not hold."

    leave(events=[])
    assert staging(make_scope()).said == "In staging.json, firing test errors did not hold."


@pytest.mark.parametrize("said", [3, [], {}, {"date": "2026-11-24"}, {"environment": "staging", "date": "x"}])
def test_what_is_no_report_proves_nothing(make_scope: MakeScope, said: Any) -> None:
    scope = make_scope()
    _write(scope, said)

    assert staging(scope).said == "There is no report of staging in gate/reports."
