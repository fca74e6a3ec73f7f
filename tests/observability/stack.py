"""The whole of it, for real: two API workers, a Celery worker, beat, a broker and a tracker, used and failing."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from apps.error_tracking.sink import Sink
from scripts.smoke import smoke
from tests import celery_worker
from tests.daemons import SECONDS, free_port, wait_until
from tests.docker.server import Server
from tests.processes import new_database

TOKEN = celery_worker.METRICS_TOKEN


@dataclass(frozen=True)
class Sample:
    """One value as Prometheus has it: with the labels `job` and `instance`, which it adds."""

    name: str
    labels: dict[str, str]
    value: float


@dataclass
class Stack:
    """Where each job of docker/prometheus/prometheus.yml is, here."""

    addresses: dict[str, str]

    def scrape(self) -> list[Sample]:
        """Return every sample of every job."""
        return [sample for job in self.addresses for sample in self._samples(job)]

    def _samples(self, job: str) -> Iterator[Sample]:
        added = {"job": job, "instance": self.addresses[job]}
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = httpx.get(f"http://{self.addresses[job]}/metrics", headers=headers, timeout=SECONDS)
        yield Sample("up", added, 1)
        for family in text_string_to_metric_families(answer.raise_for_status().text):
            yield from (Sample(found.name, found.labels | added, found.value) for found in family.samples)

    def value(self, name: str, **labels: str) -> float:
        """Return the sum of all samples that have the name and the labels; 0 while somebody does not listen yet."""
        try:
            samples = self.scrape()
        except httpx.HTTPError:
            return 0
        return sum(found.value for found in samples if found.name == name and labels.items() <= found.labels.items())


@contextmanager
def used(folder: Path) -> Iterator[Stack]:
    """Inside of the block all of it runs and has been used, with failures of each kind."""
    new_database(folder)
    with ExitStack() as stack:
        broker = stack.enter_context(celery_worker.redis_server(folder))
        sink = stack.enter_context(Sink())
        same = {"DJANGO_SETTINGS_MODULE": "tests.observability.settings", "OUTBOX_DIR": str(folder / "outbox")}
        api = Server(
            folder, METRICS_TOKEN=TOKEN, WEB_CONCURRENCY="2", CELERY_BROKER_URL=broker, SENTRY_DSN=sink.dsn, **same
        )
        stack.enter_context(api)
        addresses = {"goimg-api": f"127.0.0.1:{api.port}"}
        for job, start in (("goimg-worker", _worker), ("goimg-beat", _beat)):
            addresses[job] = f"127.0.0.1:{free_port()}"
            same |= {"METRICS_BIND": addresses[job], "STORAGE_URL": f"file://{folder}"}
            stack.enter_context(start(folder, celery_worker.environment(folder, broker, sink.dsn, **same)))
        running = Stack(addresses)
        _use(running, f"http://127.0.0.1:{api.port}", sink)
        stack.enter_context(celery_worker.publisher(broker)).send_task("tests.fails")
        wait_until(lambda: running.value("celery_tasks_total", task="tests.fails", outcome="failed") > 0)
        yield running


def _worker(folder: Path, env: dict[str, str]) -> celery_worker.CeleryProcess:
    return celery_worker.worker(folder, env, "prefork")


def _beat(folder: Path, env: dict[str, str]) -> celery_worker.CeleryProcess:
    return celery_worker.CeleryProcess(folder, env, "beat", f"--schedule={folder / 'schedule'}", "--pidfile=")


def _use(running: Stack, address: str, sink: Sink) -> None:
    wait_until(lambda: running.value("celery_heartbeat_timestamp_seconds", process="worker") > 0)
    wait_until(lambda: running.value("celery_heartbeat_timestamp_seconds", process="beat") > 0)
    smoke(address)
    with httpx.Client(base_url=address, headers={"User-Agent": "jane@example.com"}, timeout=SECONDS) as client:
        for name in ("unhandled", "dependency-down", "not-found"):
            client.get(f"/demo/errors/{name}")
        for _ in range(6):
            client.post("/api/v1/auth/login", json={"email": "jane@example.com", "password": "wrong-password-1"})
        wait_until(lambda: running.value("error_tracking_items_sent_total", type="event") > 1)
        sink.behaviour = "html_503"
        client.get("/demo/errors/chained")
        wait_until(lambda: running.value("error_tracking_outbox_oldest_seconds", job="goimg-api") > 0)
        sink.behaviour = "ok"
        wait_until(lambda: running.value("error_tracking_items_replayed_total", type="event") > 0)
