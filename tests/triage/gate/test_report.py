"""What a run found, for the auditor: a page and the same as JSON."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from apps.triage.gate import report
from apps.triage.gate.item import BREACH, MINIMISATION, Finding, Item, Judged, failed, held, unknown
from apps.triage.gate.items import ITEMS
from apps.triage.gate.run import Run
from tests.conftest import ROOT

NOW = datetime(2026, 11, 24, 12, 30, 45, tzinfo=UTC)


def judged(name: str, finding: Finding, *controls: str) -> Judged:
    item = Item(
        id=name, title=f"Item {name}", answers=("A line",), controls=controls, phase="In staging", how=f"Do {name}."
    )
    return Judged(item, finding)


def run(*found: Judged, **changes: Any) -> Run:
    fields: dict[str, Any] = {
        "date": NOW,
        "environment": "staging",
        "release": "goimg-api@1.0.0+d877aba",
        "commit": "d877aba",
        "tracker": "Bugsink",
        "url": "https://errors.example.com",
        "project": "1",
        "events": ("a" * 32,),
        "judged": found,
        "whole": True,
    }
    return Run(**(fields | changes))


GOOD = judged("one", held("10 events arrived."), MINIMISATION)
BAD = judged("two", failed("The rate is 0.5.", "record"), MINIMISATION, BREACH)
OPEN = judged("three", unknown("Nobody attested it.", "person"), BREACH)


def test_the_page_says_what_where_when_and_how_it_is_known() -> None:
    page = report.as_markdown(run(GOOD, BAD, OPEN))

    assert page.startswith("# Gate S9-MON-002, error tracking: staging, 2026-11-24\n\n**Not passed.** ")
    for line in (
        "| date | 2026-11-24 12:30 UTC |",
        "| tracker | Bugsink, https://errors.example.com |",
        "| release | goimg-api@1.0.0+d877aba |",
        "| commit | d877aba |",
        "| Item one (`one`) | held | measured | 10 events arrived. | GDPR Art. 5(1)(c) |",
        "| Item two (`two`) | **failed** | record | The rate is 0.5. *To do:* Do two. "
        "| GDPR Art. 5(1)(c), GDPR Art. 33 |",
        "| GDPR Art. 5(1)(c) | one, two | two |",
        "| GDPR Art. 33 | two, three | two, three |",
        "a" * 32,
    ):
        assert line in page.splitlines()


def test_a_page_of_what_holds_says_so() -> None:
    page = report.as_markdown(run(GOOD))

    assert "\n**Passed.** The gate S9-MON-002 holds in staging: 1 of 1 item held.\n" in page
    assert "| GDPR Art. 5(1)(c) | one | none |" in page


def test_what_a_tracker_said_makes_no_markdown_of_its_own() -> None:
    page = report.as_markdown(run(judged("one", failed("a | b\n# <script> `x`"), BREACH)))

    assert "a \\| b \\# \\<script\\> \\`x\\`" in page


def test_a_run_without_a_tracker_says_that_it_is_not_known() -> None:
    assert "| tracker | not known |" in report.as_markdown(run(GOOD, tracker="", url=""))


def test_the_json_says_the_same() -> None:
    said = json.loads(report.as_json(run(GOOD, BAD)))

    assert (said["holds"], said["whole"], said["environment"], said["events"]) == (False, True, "staging", ["a" * 32])
    assert [(item["id"], item["state"], item["known_by"]) for item in said["items"]] == [
        ("one", "held", "measured"),
        ("two", "failed", "record"),
    ]
    assert said["items"][1]["controls"] == [MINIMISATION, BREACH]


def test_both_are_written_side_by_side(tmp_path: Path) -> None:
    report.write(run(GOOD), tmp_path / "evidence.md")

    assert (tmp_path / "evidence.md").read_text() == report.as_markdown(run(GOOD))
    assert (tmp_path / "evidence.json").read_text() == report.as_json(run(GOOD))


def test_the_checklist_in_the_documentation_is_that_of_the_items() -> None:
    page = ROOT / "docs" / "deployment" / "checklist.md"

    assert page.read_text(encoding="utf-8") == report.checklist(ITEMS)


def test_the_checklist_goes_from_staging_to_on_call() -> None:
    page = report.checklist(ITEMS)

    assert all(f"- `{item.id}` ({' or '.join(item.known_by)}): {item.title}. {item.how}\n" in page for item in ITEMS)
    assert page.index("## In staging") < page.index("## In production") < page.index("`on-call`")
    assert page.rstrip().splitlines()[-1].startswith("- `on-call`")
