"""Whether the tests passed at the commit that runs here."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.triage.gate.checks import tests
from tests.triage.gate.conftest import MakeScope

COMMIT = "d877aba5cac56abcec2e60d76d721aa409dc41bf"
RELEASE = "goimg-api@1.0.0+d877aba"
SAID = {"date": datetime.now(UTC).isoformat(), "commit": COMMIT, "changed": False, "passed": 3600, "skipped": 2}


def judged(make_scope: MakeScope, said: dict[str, Any] | None, release: str | None = RELEASE) -> Any:
    scope = make_scope(release=release)
    if said is not None:
        (scope.folder / tests.FILE).write_text(json.dumps(said))
    return tests.passed(scope)


def test_tests_that_passed_at_this_commit_hold(make_scope: MakeScope) -> None:
    found = judged(make_scope, SAID)

    assert (found.state, found.basis) == ("held", "record")
    assert found.said.startswith("3600 tests passed, 2 were skipped, on ")


@pytest.mark.parametrize(
    ("said", "release", "why"),
    [
        (None, RELEASE, "There is no gate/tests.json"),
        (SAID | {"changed": True}, RELEASE, "The tests passed with changes on top of the commit d877aba"),
        (SAID, "goimg-api@1.0.0+aaaaaaa", "The tests passed at the commit d877aba; here is aaaaaaa."),
        (SAID, "goimg-api@1.0.0", "The tests passed at the commit d877aba; here is none."),
        (SAID, None, "The tests passed at the commit d877aba; here is none."),
    ],
)
def test_tests_of_another_commit_have_failed(
    make_scope: MakeScope, said: dict[str, Any] | None, release: str | None, why: str
) -> None:
    found = judged(make_scope, said, release)

    assert found.state == "failed"
    assert found.said.startswith(why)
