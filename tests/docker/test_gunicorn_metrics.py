"""Counters of several workers, asked of whichever answers."""

import os
import re
import signal
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from apps.error_tracking.sink import Sink
from tests.daemons import wait_until
from tests.docker.outages import WORKERS
from tests.docker.server import Server, hanging

TOKEN = "t" * 32
FINE = {"method": "GET", "route": "/fine", "status_class": "2xx"}


def scrape(server: Server) -> list[tuple[str, dict[str, str], float]]:
    """Return what Prometheus gets: name, labels and value of each sample."""
    response = server.get("/metrics", Authorization=f"Bearer {TOKEN}")
    assert response.status == 200
    families = text_string_to_metric_families(response.content.decode())  # type: ignore[attr-defined]
    return [(sample.name, sample.labels, sample.value) for family in families for sample in family.samples]


def value(server: Server, name: str, **labels: str) -> float:
    """Return the one value of a metric, 0 if there is none."""
    found = [number for found, has, number in scrape(server) if (found, has) == (name, labels)]
    assert len(found) <= 1
    return found[0] if found else 0


def ask(server: Server, times: int) -> set[int]:
    """Ask for a page; return the processes that answered."""
    return {int(server.get("/fine").content) for _ in range(times)}  # type: ignore[attr-defined]


def folder_of(server: Server) -> Path:
    return Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp") / f"goimg-counters-{server.process.pid}"


def owners(server: Server) -> set[str]:
    return {file.stem.rpartition("_")[2] for file in folder_of(server).iterdir()}


@WORKERS
def test_what_all_workers_did_is_added_up(tmp_path: Path, threads: str) -> None:
    with Server(tmp_path, METRICS_TOKEN=TOKEN, WEB_CONCURRENCY="2", WEB_THREADS=threads) as server:
        asked, workers = 0, set[int]()
        while len(workers) < 2 or asked < 20:
            workers |= ask(server, 5)
            asked += 5
        assert value(server, "http_requests_total", **FINE) == asked
        assert value(server, "http_request_duration_seconds_count", method="GET", route="/fine") == asked


def test_what_an_alert_waits_for_is_there_at_0_before_the_first_of_it(tmp_path: Path) -> None:
    with Server(tmp_path, METRICS_TOKEN=TOKEN) as server:
        found = scrape(server)
        for error_class, status in (("dependency", "503"), ("system", "500")):
            assert ("error_tracking_errors_total", {"error_class": error_class, "status": status}, 0) in found


def test_nobody_reads_them_who_has_not_the_token(tmp_path: Path) -> None:
    with Server(tmp_path, METRICS_TOKEN=TOKEN) as server:
        assert server.get("/metrics").status == 401
        assert server.get("/metrics", Authorization=f"Bearer {TOKEN}x").status == 401
    with Server(tmp_path) as server:
        assert server.get("/metrics", Authorization=f"Bearer {TOKEN}").status == 404
        assert not folder_of(server).exists()


def test_the_token_may_be_in_a_file_and_comes_without_tls(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    with Server(tmp_path, METRICS_TOKEN_FILE=str(tmp_path / "token"), SECURE_SSL_REDIRECT="true") as server:
        assert server.get("/fine").status == 301
        assert value(server, "http_requests_in_progress") == 0


def test_a_scrape_is_in_the_access_log_without_its_token(tmp_path: Path) -> None:
    with Server(tmp_path, METRICS_TOKEN=TOKEN) as server:
        scrape(server)
        server.stop()
        (line,) = server.access_lines()
        assert (line["path"], line["status"]) == ("/metrics", 200)
        assert TOKEN not in server.output.read_text() + server.errors.read_text()


def test_a_scrape_is_never_traced(tmp_path: Path) -> None:
    with (
        Sink() as sink,
        Server(tmp_path, METRICS_TOKEN=TOKEN, SENTRY_DSN=sink.dsn, SENTRY_TRACES_SAMPLE_RATE="1") as server,
    ):
        scrape(server)
        server.get("/fine")
        server.stop()
        assert [found["transaction"] for found in sink.transactions()] == ["/fine"]


def test_a_worker_that_replaces_another_counts_on_in_its_files(tmp_path: Path) -> None:
    with Server(tmp_path, METRICS_TOKEN=TOKEN, WEB_MAX_REQUESTS="5", WEB_CONCURRENCY="2") as server:
        assert len(ask(server, 60)) > 4
        assert value(server, "http_requests_total", **FINE) == 60
        assert {name for name in owners(server) if name.startswith("worker")} == {"worker0", "worker1"}


def test_a_request_that_died_with_its_worker_is_under_way_no_longer(tmp_path: Path) -> None:
    with Server(tmp_path, METRICS_TOKEN=TOKEN, WEB_CONCURRENCY="2") as server:
        with hanging(server, "/hang"):
            wait_until(lambda: value(server, "http_requests_in_progress") == 1)
            alive = ask(server, 5)
            pids = {int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", server.errors.read_text())}
            (dead,) = pids - alive
            os.kill(dead, signal.SIGKILL)
        wait_until(lambda: value(server, "http_requests_in_progress") == 0)


def test_what_waits_in_the_outbox_is_looked_up_when_somebody_asks(tmp_path: Path) -> None:
    with (
        Sink() as sink,
        Server(tmp_path, METRICS_TOKEN=TOKEN, WEB_CONCURRENCY="2", SENTRY_DSN=sink.dsn) as server,
    ):
        sink.behaviour = "html_503"
        server.get("/fail?number=1")
        wait_until(lambda: value(server, "error_tracking_outbox_envelopes") == 1)
        wait_until(lambda: value(server, "error_tracking_outbox_oldest_seconds") > 0)
        # Counted by another process than the one that is asked, just after the file is there.
        wait_until(lambda: value(server, "error_tracking_items_spooled_total", type="event") == 1)
        assert value(server, "error_tracking_errors_total", error_class="system", status="500") == 1
        sink.behaviour = "ok"
        wait_until(lambda: value(server, "error_tracking_outbox_envelopes") == 0)
        wait_until(lambda: value(server, "error_tracking_items_sent_total", type="event") == 1)
        wait_until(lambda: value(server, "error_tracking_memory_envelopes") == 0)


def test_the_files_are_for_this_user_alone_and_gone_at_the_end(tmp_path: Path) -> None:
    with Server(tmp_path, METRICS_TOKEN=TOKEN) as server:
        folder = folder_of(server)
        assert (folder.stat().st_mode & 0o777) == 0o700
        server.stop()
        assert not folder.exists()


def test_after_a_reload_they_go_on(tmp_path: Path) -> None:
    with Server(tmp_path, METRICS_TOKEN=TOKEN) as server:
        (old,) = ask(server, 3)
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: ask(server, 1) != {old})
        assert value(server, "http_requests_total", **FINE) >= 4


def test_what_a_server_that_was_killed_left_is_gone_with_the_next_start(tmp_path: Path) -> None:
    with Server(tmp_path, METRICS_TOKEN=TOKEN) as server:
        killed = folder_of(server)
        assert killed.exists()
    (odd := killed.with_name(f"{killed.name}-odd")).mkdir()
    with Server(tmp_path, METRICS_TOKEN=TOKEN) as server:
        assert folder_of(server).exists()
        assert not killed.exists()
        assert odd.exists()  # not one of a server
        odd.rmdir()
