"""Whatever happens between looks, and whenever these are: what must be told is told, once."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.triage.watch.moving import NEW, SPIKE, Moving, Watching

MOST = 3  # events within a minute that are no spike
ISSUES = ("a", "b")
# Seconds until the next thing happens, and what: an error of an issue, or a look.
STEPS = st.lists(st.tuples(st.integers(0, 40), st.sampled_from([*ISSUES, "look"])), max_size=60)


@settings(deadline=None, max_examples=150)
@given(STEPS)
def test_each_new_issue_and_each_spike_is_told_once(steps: list[tuple[int, str]]) -> None:
    tracker = Moving()
    watching = Watching(tracker, NEW, replace(SPIKE, events=MOST))
    happened: dict[str, list[int]] = {name: [] for name in ISSUES}
    told, at = Counter[tuple[str, str]](), 0

    for seconds, what in [*steps, (0, "look")]:
        at += seconds
        tracker.passes(seconds=seconds)
        if what == "look":
            told.update((issue, _kind(why)) for issue, *whys in watching.told() for why in whys)
        else:
            tracker.fails(what)
            happened[what].append(at)

    spiking = {name for name, moments in happened.items() if _spikes(moments)}
    assert told == Counter([(name, "new") for name in ISSUES if happened[name]] + [(name, "spike") for name in spiking])


def _kind(why: str) -> str:
    return "new" if why == "new issue" else "spike"


def _spikes(moments: list[int]) -> bool:
    """Say whether there are more than MOST within a minute, by trying every moment as the first one."""
    minute = timedelta(minutes=1).total_seconds()
    return any(sum(first <= moment < first + minute for moment in moments) > MOST for first in moments)
