"""How GlitchTip 5 takes in envelopes, with the traps that it was seen to have."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import Any
from uuid import UUID

from apps.error_tracking.sink import parse_envelope
from tests.triage.glitchtip_store import Store
from tests.triage.http_double import Reply, as_json

MOST = 2 * 1024 * 1024 + 512 * 1024  # bytes of an envelope, unpacked
_REMEMBERED = timedelta(seconds=300)  # for which the same event is not stored again
_BLOCKED = timedelta(seconds=30)  # for which a wrong key blocks a project
_LONGEST_RELEASE = 255
# Items whose envelope is read on; any other item ends it.
_PASSED_OVER = frozenset(
    {"transaction", "log", "span", "session", "sessions", "client_report", "attachment", "check_in", "profile"}
)


class Ingest:
    """Takes in what comes for the projects of `store` with `key`; `later` is how far its clock is ahead.

    `unheard`: so many times an envelope is taken in, and the connection breaks before the answer.
    """

    def __init__(self, store: Store, key: str) -> None:
        self.store, self.key = store, key
        self.later = timedelta()
        self.unheard = 0
        self.answered: list[int | None] = []
        self._blocked: dict[str, datetime] = {}
        self._seen: dict[str, datetime] = {}
        self._batch: list[tuple[Any, int]] | None = None

    def take(self, project: str, raw: bytes, headers: Message) -> Reply | None:
        """Take in an envelope; None: no answer."""
        status = self._status(project, raw, headers)
        if status == 200:
            self._store(int(project), raw)
        heard = status != 200 or self.unheard == 0
        self.unheard -= not heard
        self.answered.append(status if heard else None)
        return as_json(status, {}) if heard else None

    @contextmanager
    def one_batch(self) -> Iterator[None]:
        """What comes in the block is stored together at its end, as a busy worker does."""
        self._batch = []
        yield
        batch, self._batch = self._batch, None
        self._work(batch)

    def _status(self, project: str, raw: bytes, headers: Message) -> int:
        if len(raw) > MOST:
            return 413
        sent = re.search(r"sentry_key=(\w+)", headers.get("X-Sentry-Auth", ""))
        if not sent or sent[1] != self.key:
            self._blocked[project] = self._now() + _BLOCKED
        return 403 if project in self._blocked and self._now() < self._blocked[project] else 200

    def _store(self, project: int, raw: bytes) -> None:
        batch = [(event, project) for event in _events(raw) if self._is_new(event)]
        if self._batch is None:
            self._work(batch)
        else:
            self._batch += batch

    def _is_new(self, event: Any) -> bool:
        name = UUID(event["event_id"]).hex
        before = self._seen.get(name)
        self._seen[name] = self._now()
        return before is None or self._now() - before >= _REMEMBERED

    def _work(self, batch: list[tuple[Any, int]]) -> None:
        if any(len(str(event.get("release") or "")) > _LONGEST_RELEASE for event, _ in batch):
            return  # the database refuses one, and all are gone
        for event, project in batch:
            self.store.ingest(event, project)

    def _now(self) -> datetime:
        return datetime.now(UTC) + self.later


def _events(raw: bytes) -> Iterator[Any]:
    for item in parse_envelope(raw)[1]:
        if item.type == "event":
            yield item.payload
        elif item.type not in _PASSED_OVER:
            return
