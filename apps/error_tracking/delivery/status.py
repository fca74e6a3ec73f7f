"""How delivery is doing: for readiness, Prometheus and the terminal."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from .outbox import Outbox
from .transport import current


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """`oldest` is an age in seconds, `problem` why the tracker did not take the last one, `sender` who sends now."""

    folder: str
    waiting: int
    bytes: int
    oldest: float | None
    rejected: int
    problem: str
    sender: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return what it says, for JSON."""
        return asdict(self)


def status(outbox: Outbox) -> OutboxStatus:
    """Look at an outbox; reads names and sizes, opens no envelope."""
    sizes, sender = outbox.sizes(), outbox.lock.holder()
    return OutboxStatus(
        folder=str(outbox.folder),
        waiting=len(sizes),
        bytes=sum(sizes.values()),
        oldest=round(max(0.0, time.time() - min(sizes).created), 1) if sizes else None,
        rejected=len(outbox.rejected()),
        problem=outbox.lock.problem or str(outbox.note().get("why", "")),
        sender=sender,
    )


def others(outbox: Outbox) -> dict[str, int]:
    """Return how much waits for other trackers: what is left of a DSN that was changed."""
    folders = [path for path in outbox.folder.parent.glob("*") if path.is_dir() and path != outbox.folder]
    counts = {path.name: len(list(path.glob("*.envelope"))) for path in folders}
    return {name: count for name, count in sorted(counts.items()) if count}


def waiting() -> tuple[int, float | None]:
    """Return how many envelopes of this service wait, and the age of the oldest in seconds; without an outbox 0."""
    courier = current()
    if courier is None or courier.replay is None:
        return 0, None
    entries = courier.replay.outbox.entries()
    return len(entries), round(max(0.0, time.time() - entries[0].created), 1) if entries else None
