"""The documentation: written, its links and its commands hold."""

from pathlib import Path

import pytest

from apps.triage.gate.checks import documents
from tests.conftest import ROOT
from tests.triage.gate.conftest import MakeScope


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Every page that must be there, with the headings that it must have."""
    for place in (place for places in documents.TOPICS.values() for place in places):
        page = tmp_path / place[0]
        page.parent.mkdir(parents=True, exist_ok=True)
        _add(page, f"# {place[1] or 'A page'}")
    return tmp_path


def _add(page: Path, text: str) -> None:
    with page.open("a", encoding="utf-8") as file:
        file.write(f"{text}\n")


def test_pages_that_are_written_hold(pages: Path, make_scope: MakeScope) -> None:
    found = documents.hold(make_scope())

    assert (found.state, found.said[:40]) == ("held", "0 links and 0 command lines on 10 pages:")


@pytest.mark.parametrize("name", ["docs/privacy.md", "docs/deployment/alerts.md"])
def test_a_page_that_is_missing_or_empty_has_failed(pages: Path, make_scope: MakeScope, name: str) -> None:
    (pages / name).write_text("\n")
    assert documents.hold(make_scope()).said == f"Not written: {name}."

    (pages / name).unlink()
    assert documents.hold(make_scope()).said == f"Not written: {name}."


def test_a_topic_that_lost_its_heading_has_failed(pages: Path, make_scope: MakeScope) -> None:
    (pages / "docs/deployment/security.md").write_text("# Security\n")

    assert documents.written("GDPR")(make_scope()).said == "Not written: docs/deployment/security.md # GDPR."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[x](nowhere.md)", "nowhere.md leads nowhere"),
        ("[x](privacy.md#nothing-like-it)", "privacy.md#nothing-like-it leads nowhere"),
        ("[x](#nothing-like-it)", "#nothing-like-it leads nowhere"),
        ("`manage.py sentry_tst`", "sentry_tst: there is no such command"),
        ("    .venv/bin/python manage.py sentry_test --verfy", "sentry_test --verfy: Error: unrecognized arguments"),
        ("    python manage.py sentry_outbox flsh", "sentry_outbox flsh: Error: argument"),
        ("    python manage.py sentry_triage list 'a", "sentry_triage list 'a: No closing quotation"),
    ],
)
def test_a_link_or_a_command_that_does_not_hold_has_failed(
    pages: Path, make_scope: MakeScope, text: str, problem: str
) -> None:
    _add(pages / "docs" / "triage.md", text)

    found = documents.hold(make_scope())

    assert found.state == "failed"
    assert f"docs/triage.md: {problem}" in found.said


@pytest.mark.parametrize(
    "text",
    [
        "[x](privacy.md) and [y](privacy.md#a-page), [z](https://example.com/nothing), [here](#a-page)",
        "`manage.py sentry_test --verify`",
        "    python manage.py sentry_audit --since 7d | wc -l",
        "    python manage.py sentry_triage list 'priority:P0 assigned:nobody'   # at night",
        "    python manage.py sentry_triage comment GOIMG-1 …",
        "```\n[not](a-link.md)\n```",
        "    python manage.py sentry_triage list 'times_seen:>3'",
        "As manage.py sentry_tst would, were there one.",
    ],
)
def test_links_and_commands_that_hold_are_left_alone(pages: Path, make_scope: MakeScope, text: str) -> None:
    _add(pages / "docs" / "triage.md", text)

    assert documents.hold(make_scope()).state == "held"


def test_where_there_is_no_documentation_nobody_knows(make_scope: MakeScope) -> None:
    assert documents.hold(make_scope()).state == "not known"


def test_the_project_s_own_documentation_holds(make_scope: MakeScope) -> None:
    found = documents.hold(make_scope(root=ROOT))

    assert found.state == "held", found.said
