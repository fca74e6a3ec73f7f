"""What real workers and a real beat count, and to whom they show it."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from apps.error_tracking.sink import Sink
from tests import celery_worker
from tests.daemons import SECONDS, free_port, wait_until


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with celery_worker.redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


def ask(port: int, authorization: str = "") -> httpx.Response:
    address = f"http://127.0.0.1:{port}/metrics"
    return httpx.get(address, headers={"Authorization": authorization}, timeout=SECONDS)


def value(port: int, name: str, **labels: str) -> float:
    """Return one value; 0 if there is none, or nobody listens yet."""
    try:
        page = ask(port, f"Bearer {celery_worker.METRICS_TOKEN}").text
    except httpx.ConnectError:
        return 0
    samples = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
    return sum(sample.value for sample in samples if (sample.name, sample.labels) == (name, labels))


def tasks(port: int, task: str, outcome: str) -> float:
    return value(port, "celery_tasks_total", task=f"tests.{task}", outcome=outcome)


@pytest.mark.parametrize("pool", ["prefork", "threads"])
def test_tasks_are_counted_by_name_and_outcome(redis: str, tmp_path: Path, pool: str) -> None:
    port, broker = free_port(), f"{redis}/{1 if pool == 'prefork' else 2}"
    with Sink() as sink, celery_worker.publisher(broker) as app:
        env = celery_worker.environment(tmp_path, broker, sink.dsn, METRICS_BIND=f"127.0.0.1:{port}")
        for name in ("works", "works", "fails", "refuses", "retries"):
            app.send_task(f"tests.{name}", [1] if name == "retries" else [])
        with celery_worker.worker(tmp_path, env, pool, "--concurrency=2"):
            # In whichever order: it has two processes, and each counts when it comes to it.
            wait_until(lambda: tasks(port, "works", "succeeded") == 2)
            wait_until(lambda: (tasks(port, "fails", "failed"), tasks(port, "refuses", "failed")) == (1, 1))
            wait_until(lambda: (tasks(port, "retries", "retried"), tasks(port, "retries", "succeeded")) == (1, 1))
            wait_until(lambda: value(port, "celery_task_duration_seconds_count", task="tests.retries") == 2)
            wait_until(lambda: value(port, "celery_heartbeat_timestamp_seconds", process="worker") > time.time() - 60)
            wait_until(lambda: value(port, "error_tracking_items_sent_total", type="event") == 1)


def test_a_worker_that_has_done_nothing_yet_shows_no_failures_of_each_task(redis: str, tmp_path: Path) -> None:
    port, broker = free_port(), f"{redis}/6"
    with Sink() as sink:
        env = celery_worker.environment(tmp_path, broker, sink.dsn, METRICS_BIND=f"127.0.0.1:{port}")
        with celery_worker.worker(tmp_path, env, "prefork"):
            wait_until(lambda: value(port, "celery_heartbeat_timestamp_seconds", process="worker") > 0)
            page = ask(port, f"Bearer {celery_worker.METRICS_TOKEN}").text
    for task in ("tests.fails", "gallery.make_variants"):
        for outcome in ("failed", "lost"):
            assert f'celery_tasks_total{{outcome="{outcome}",task="{task}"}} 0.0\n' in page


def test_a_task_whose_process_is_gone_is_counted_once(redis: str, tmp_path: Path) -> None:
    port, broker = free_port(), f"{redis}/3"
    with Sink() as sink, celery_worker.publisher(broker) as app:
        env = celery_worker.environment(tmp_path, broker, sink.dsn, METRICS_BIND=f"127.0.0.1:{port}")
        for name in ("dies", "hangs", "works"):
            app.send_task(f"tests.{name}")
        with celery_worker.worker(tmp_path, env, "prefork"):
            wait_until(lambda: tasks(port, "works", "succeeded") == 1)
            wait_until(lambda: (tasks(port, "dies", "lost"), tasks(port, "hangs", "lost")) >= (1, 1))
            assert (tasks(port, "dies", "lost"), tasks(port, "hangs", "lost")) == (1, 1)


def test_beat_says_when_it_last_sent_something(redis: str, tmp_path: Path) -> None:
    port = free_port()
    with Sink() as sink:
        env = celery_worker.environment(tmp_path, f"{redis}/4", sink.dsn, METRICS_BIND=f"127.0.0.1:{port}")
        with celery_worker.CeleryProcess(tmp_path, env, "beat", f"--schedule={tmp_path / 'schedule'}", "--pidfile="):
            wait_until(lambda: value(port, "celery_heartbeat_timestamp_seconds", process="beat") > time.time() - 60)
            # On its other networks are neighbours that have no business with it.
            for wrong in ("", "Bearer", f"Bearer {'x' * 32}", celery_worker.METRICS_TOKEN):
                assert (ask(port, wrong).status_code, ask(port, wrong).content) == (401, b"")


def test_without_an_address_nobody_listens(redis: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sink() as sink, celery_worker.publisher(f"{redis}/5") as app:
        env: dict[str, Any] = celery_worker.environment(tmp_path, f"{redis}/5", sink.dsn)
        app.send_task("tests.works")
        with celery_worker.worker(tmp_path, env, "solo") as worker:
            worker.wait_for("at work")
            listening = Path(f"/proc/{worker.process.pid}/net/tcp").read_text()
            sockets = {
                str(link.readlink()) for link in Path(f"/proc/{worker.process.pid}/fd").iterdir() if link.is_symlink()
            }
            lines = [line.split() for line in listening.splitlines()[1:]]
            assert not [line for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in sockets]
