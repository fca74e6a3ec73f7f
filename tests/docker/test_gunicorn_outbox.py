"""An outbox that is in trouble, or very full, under a real server."""

import gzip
import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.error_tracking.sink import Sink
from tests.daemons import wait_until
from tests.docker.outages import ERRORS, PRELOAD, WORKERS, arrived_once, dsn, fail_often, held_port, kept
from tests.docker.server import Server

MANY = 10_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of its own, in which not even half of the errors have room."""
    folder = tmp_path / "outbox"
    folder.mkdir()
    if (
        os.geteuid()
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", folder], check=False).returncode
    ):
        pytest.skip("only root may mount a small disk, where that is allowed at all")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@WORKERS
@PRELOAD
def test_a_full_disk(tmp_path: Path, small_disk: Path, threads: str, arguments: list[str]) -> None:
    with Sink() as sink, Server(tmp_path, *arguments, SENTRY_DSN=sink.dsn, WEB_THREADS=threads) as server:
        sink.behaviour = "error_500"
        expected = fail_often(server)
        assert 0 < len(kept(tmp_path)) < ERRORS / 2

        sink.behaviour = "ok"

        arrived_once(sink, expected)
        wait_until(lambda: not list(small_disk.glob("*/.part-*")), "half a file was left")


@WORKERS
@PRELOAD
def test_an_outbox_that_cannot_be_read(tmp_path: Path, threads: str, arguments: list[str]) -> None:
    (tmp_path / "taken").write_text("a file")
    variables = {"OUTBOX_DIR": str(tmp_path / "taken"), "WEB_THREADS": threads}
    with Sink() as sink, Server(tmp_path, *arguments, SENTRY_DSN=sink.dsn, **variables) as server:
        sink.behaviour = "error_500"
        expected = fail_often(server)
        assert sink.events() == []

        sink.behaviour = "ok"

        arrived_once(sink, expected)


def test_an_outbox_that_cannot_be_made_loses_nothing_when_the_server_stops(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with Sink() as sink, Server(tmp_path, SENTRY_DSN=sink.dsn, OUTBOX_DIR=str(tmp_path / "taken")) as server:
        expected = fail_often(server)
        assert server.stop() == 0
        arrived_once(sink, expected)


@WORKERS
@PRELOAD
def test_ten_thousand_queued_envelopes(tmp_path: Path, threads: str, arguments: list[str]) -> None:
    with held_port() as port:
        queued = fill(tmp_path / "outbox" / f"127.0.0.1_{port}_1")
        with Server(tmp_path, *arguments, SENTRY_DSN=dsn(port), WEB_THREADS=threads) as server:
            expected = fail_often(server)
            with Sink(port) as sink:
                wait_until(lambda: len(sink.envelopes) >= MANY + ERRORS, "they were not sent", seconds=300)
                wait_until(lambda: not kept(tmp_path), "something was left in the outbox")
                arrived_once(sink, expected)
                ids = Counter(str(envelope.header["event_id"]) for envelope in sink.envelopes)
                assert queued <= ids.keys()
                assert set(ids.values()) == {1}


def fill(folder: Path) -> set[str]:
    """Put many errors of yesterday into an outbox; return their IDs."""
    folder.mkdir(parents=True)
    yesterday = time.time_ns() - 86400 * 10**9
    ids = {f"{number:032x}" for number in range(MANY)}
    for number, event_id in enumerate(sorted(ids)):
        event = {"event_id": event_id, "exception": {"values": [{"type": "Error", "value": "of yesterday"}]}}
        lines = [{"event_id": event_id}, {"type": "event"}, event]
        body = b"\n".join(json.dumps(line).encode() for line in lines)
        name = f"{yesterday + number:019d}-{number:016x}-event-{event_id}-0.envelope"
        (folder / name).write_bytes(gzip.compress(body, 1))
    return ids
