"""Writes the capability table for docs/triage.md: `python -m tests.triage.capabilities`."""

import sys

from apps.triage.trackers.base import Capability
from apps.triage.trackers.bugsink.lacks import LACKS as BUGSINK
from apps.triage.trackers.glitchtip.lacks import LACKS as GLITCHTIP
from apps.triage.trackers.sentry.lacks import LACKS as SENTRY

_TRACKERS = {"Sentry": SENTRY, "GlitchTip": GLITCHTIP, "Bugsink": BUGSINK}


def table() -> str:
    """Return the table, and below it a sentence for each thing that is missing, each sentence once."""
    lines = [f"| | {' | '.join(_TRACKERS)} |", "|---" * (len(_TRACKERS) + 1) + "|"]
    for capability in Capability:
        cells = ["see below" if capability in lacks else "yes" for lacks in _TRACKERS.values()]
        lines.append(f"| {capability} | {' | '.join(cells)} |")
    said: set[str] = set()
    for capability in Capability:
        sentences = [lacks[capability] for lacks in _TRACKERS.values() if lacks.get(capability, "") not in {"", *said}]
        said.update(sentences)
        lines += [f"\n{capability}:\n", *(f"- {sentence}" for sentence in sentences)] if sentences else []
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
