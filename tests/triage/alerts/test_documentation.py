"""docs/deployment/alerts.md shows a file that can be read, and each of the trackers as it is."""

import re

import pytest

from apps.triage.alerts.coverage import coverage
from apps.triage.alerts.file import parse
from apps.triage.trackers.bugsink.lacks import LACKS as BUGSINK
from apps.triage.trackers.glitchtip.lacks import LACKS as GLITCHTIP
from apps.triage.trackers.sentry.lacks import LACKS as SENTRY
from tests.conftest import ROOT
from tests.triage.alerts import FILE
from tests.triage.memory_tracker import MemoryTracker

TEXT = (ROOT / "docs" / "deployment" / "alerts.md").read_text(encoding="utf-8")
TRACKERS = {"Sentry": SENTRY, "GlitchTip 5": GLITCHTIP, "Bugsink 2.6": BUGSINK}
TO_MEMBERS = 'to = ["everybody"]\nby = "tracker"'
RULES = {
    "new issue, to the members by mail": f'on = "new issue"\n{TO_MEMBERS}',
    "new issue, to a Slack webhook": 'on = "new issue"\nto = ["chat"]',
    "spike": f'on = "spike"\nevents = 1\nminutes = 5\n{TO_MEMBERS}',
    "users, priorities, hours, PagerDuty, addresses": f'on = "users"\nusers = 1\n{TO_MEMBERS}',
    "environments": f'on = "new issue"\nenvironments = ["production"]\n{TO_MEMBERS}',
}


def test_the_file_that_it_shows_is_in_order() -> None:
    [shown] = re.findall(r"```toml\n(.*?)```", TEXT, re.S)

    assert [rule.name for rule in parse(shown).rules] == ["spike"]


@pytest.mark.parametrize("what", RULES)
def test_what_it_says_of_each_tracker_is_what_is_planned(what: str) -> None:
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in TEXT.splitlines() if line.startswith("| ")]
    heads = next(row for row in rows if row[1:] == [*TRACKERS])
    said = dict(zip(heads, next(row for row in rows if row[0] == what), strict=True))
    alerts = parse(f'{FILE}[[rules]]\nname = "asked"\n{RULES[what]}\n')

    for tracker, lacks in TRACKERS.items():
        found = coverage(alerts, MemoryTracker(lacks=lacks))[-1]
        # "all" environments is what a tracker has that cannot tell them apart.
        able = said[tracker] not in ("no", "all")
        assert (found.by == "tracker") is able, tracker
