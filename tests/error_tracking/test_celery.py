"""Real workers on a real Redis: what a task reports, and what does not get lost."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis
import sentry_sdk

from apps.error_tracking import capture_error, celery, context, tag
from apps.error_tracking.delivery import courier
from apps.error_tracking.delivery.options import DeliveryOptions
from apps.error_tracking.sink import Sink
from tests import celery_worker, daemons
from tests.conftest import Tracked
from tests.docker.server import Server
from tests.error_tracking.worker_urls import USER

POOLS = ("prefork", "solo", "threads")
# https://docs.celeryq.dev/en/stable/internals/protocol.html : what every message has.
CELERY_HEADERS = set(
    "argsrepr eta expires group group_index id ignore_result kwargsrepr lang origin parent_id replaced_task_nesting "
    "retries root_id shadow stamped_headers stamps task timelimit".split()
)


@dataclass
class Running:
    """A worker, the sink it reports to, and a way to ask it for tasks."""

    sink: Sink
    worker: celery_worker.CeleryProcess
    send_task: Callable[..., Any]

    def ask(self, name: str, *args: Any, **options: Any) -> str:
        """Ask for a task as a request of USER's does; return the request's ID."""
        request_id = f"req-{uuid4()}"
        with context.entered(request_id, USER, "none"):
            self.send_task(f"tests.{name}", args, **options)
        return request_id

    def events(self, request_id: str) -> list[dict[str, Any]]:
        """Return the events of one request, once all that was asked for until now is done."""
        self.wait_for_event(self.ask("fails"))
        return self._events(request_id)

    def wait_for_event(self, request_id: str) -> dict[str, Any]:
        """Return the first event of a request once it is there."""
        deadline = time.monotonic() + daemons.SECONDS
        while not (events := self._events(request_id)):
            if time.monotonic() > deadline:
                raise AssertionError(f"no event came:\n{self.worker.output.read_text()}")
            time.sleep(0.02)
        return events[0]

    def wait_for_trace(self, trace_id: str) -> dict[str, Any]:
        """Return the trace context of a transaction once it is there."""
        deadline = time.monotonic() + daemons.SECONDS
        while time.monotonic() < deadline:
            for trace in [found["contexts"]["trace"] for found in self.sink.transactions()]:
                if trace["trace_id"] == trace_id:
                    return dict(trace)
            time.sleep(0.02)
        raise AssertionError(f"no transaction of {trace_id} came")

    def _events(self, request_id: str) -> list[dict[str, Any]]:
        return [event for event in self.sink.events() if event.get("tags", {}).get("request_id") == request_id]

    def lines(self, request_id: str) -> list[dict[str, Any]]:
        """Return the log lines of one request."""
        lines = [line for line in self.worker.output.read_text().splitlines() if request_id in line]
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[str]]:
    """URLs of empty databases, so that no worker takes another one's messages."""
    with celery_worker.redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield (f"{url}/{number}" for number in count())


@pytest.fixture
def broker(brokers: Iterator[str]) -> str:
    return next(brokers)


def start(stack: ExitStack, folder: Path, broker: str, pool: str, *arguments: str, **variables: str) -> Running:
    sink = stack.enter_context(Sink())
    env = celery_worker.environment(folder, broker, sink.dsn, **variables)
    worker = stack.enter_context(celery_worker.worker(folder, env, pool, *arguments))
    return Running(sink, worker, stack.enter_context(celery_worker.publisher(broker)).send_task)


@pytest.fixture(scope="module", params=POOLS)
def running(request: Any, brokers: Iterator[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("worker")
    with ExitStack() as stack:
        yield start(stack, folder, next(brokers), request.param, SENTRY_TRACES_SAMPLE_RATE="1")


@pytest.fixture
def prefork(broker: str, tmp_path: Path) -> Iterator[Running]:
    with ExitStack() as stack:
        yield start(stack, tmp_path, broker, "prefork")


def exception_type(event: dict[str, Any]) -> str:
    return str(event["exception"]["values"][-1]["type"])


def test_a_failing_task_reports_once_with_the_request_that_asked_for_it(running: Running) -> None:
    (event,) = running.events(running.ask("fails", "jane@example.com"))

    assert exception_type(event) == "LookupError"
    assert event["user"] == {"id": USER}
    assert (event["tags"]["task"], event["tags"]["user_id"]) == ("tests.fails", USER)
    assert (event["transaction"], event["contexts"]["details"]["attempts"]) == ("tests.fails", 1)
    assert event["exception"]["values"][0]["stacktrace"]["frames"][-1]["function"] == "fails"


@pytest.mark.parametrize("name", ["retries", "retries_by_itself"])
def test_a_task_that_is_tried_again_reports_its_last_attempt_only(running: Running, name: str) -> None:
    request_id = running.ask(name, 9)

    event = running.wait_for_event(request_id)

    assert (exception_type(event), event["contexts"]["details"]["attempts"]) == ("ConnectionError", 3)
    assert len(running.events(request_id)) == 1
    told = [line["message"] for line in running.lines(request_id) if "is tried again" in line["message"]]
    assert len(told) == 2


def test_a_task_that_succeeds_in_the_end_reports_nothing(running: Running) -> None:
    request_id = running.ask("retries", 1)
    running.worker.wait_for(f'"message": "done at last", "request_id": "{request_id}"')

    assert running.events(request_id) == []


@pytest.mark.parametrize("name", ["refuses", "expects"])
def test_a_refusal_is_not_reported(running: Running, name: str) -> None:
    request_id = running.ask(name)

    assert running.events(request_id) == []
    assert [line for line in running.lines(request_id) if "refused what it was given" in line["message"]]


def test_an_exception_that_cannot_be_pickled_is_reported_as_what_it_is(running: Running) -> None:
    (event,) = running.events(running.ask("fails_unpicklably"))

    assert exception_type(event) == "Unpicklable"


def test_every_log_line_of_a_task_says_for_whom_it_ran(running: Running) -> None:
    request_id = running.ask("fails", "canary-argument", kwargs={"to": "canary-keyword"})
    running.events(request_id)

    lines = running.lines(request_id)

    assert {"about to fail"} < {line["message"] for line in lines}
    assert {(line["user_id"], line["task"]) for line in lines} == {(USER, "tests.fails")}
    assert "canary" not in running.worker.output.read_text()


@pytest.mark.parametrize(
    ("name", "argument", "status"),
    [("works", "canary-result", "success"), ("fails", 1, "failure"), ("retries", 1, "retry")],
)
def test_one_line_says_how_a_task_ended_and_how_long_it_took(
    running: Running, name: str, argument: object, status: str
) -> None:
    request_id = running.ask(name, argument)
    running.events(request_id)

    end = next(line for line in running.lines(request_id) if line["message"] == f"task tests.{name} ended")

    assert (end["status"], end["task"], end["user_id"]) == (status, f"tests.{name}", USER)
    assert end["duration_ms"] > 0
    assert {len(line["trace_id"]) for line in running.lines(request_id)} == {32}
    assert "canary-result" not in running.worker.output.read_text()


@pytest.mark.usefixtures("tracked")
def test_a_task_belongs_to_the_trace_of_its_request_and_is_sampled_as_it_was(running: Running) -> None:
    traces: list[str] = []
    # The one that is sampled comes last: once it is there, the other one will not come.
    for sampled in (False, True):
        with sentry_sdk.start_transaction(name="a request", sampled=sampled) as asking:
            event = running.wait_for_event(running.ask("fails"))
        traces.append(asking.trace_id)
        assert event["contexts"]["trace"]["trace_id"] == asking.trace_id

    trace = running.wait_for_trace(asking.trace_id)

    assert (trace["op"], trace["status"]) == ("queue.task.celery", "internal_error")
    sent = {found["contexts"]["trace"]["trace_id"] for found in running.sink.transactions()}
    assert sent.intersection(traces) == {asking.trace_id}


@pytest.mark.usefixtures("tracked")
def test_a_message_carries_the_request_the_user_and_the_trace_and_nothing_else(broker: str) -> None:
    client = redis.Redis.from_url(broker)
    with celery_worker.publisher(broker) as app, context.entered("req-of-somebody", USER, "none"):
        app.send_task("tests.fails", ["canary"], {"to": "canary"}, queue="looked-at")

    headers = json.loads(client.lpop("looked-at"))["headers"]

    assert set(headers) == {"x-request-id", "x-user-id", "sentry-trace"} | CELERY_HEADERS
    assert (headers["x-request-id"], headers["x-user-id"]) == ("req-of-somebody", USER)
    assert "canary" not in str(headers)


@pytest.mark.parametrize("strange", [5, ["x"], {"x": 1}, b"x", "jane@example.com", "jane", "x" * 10_000, True, ""])
def test_headers_of_a_message_that_are_not_ours_name_nobody(tracked: Tracked, strange: Any) -> None:
    headers = dict.fromkeys((celery.REQUEST_ID, celery.USER_ID, celery.TRACE), strange)
    task: Any = SimpleNamespace(name="tests.fails")
    with celery._as_asked(task, headers.get, traced=True):
        capture_error(LookupError("x"))

    (event,) = tracked.events()
    assert UUID(event["tags"]["request_id"]).version == 7
    assert "user_id" not in event["tags"]
    assert "id" not in event.get("user", {})


@pytest.mark.parametrize("user_id", ["7", USER, USER.replace("-", "")])
def test_a_tasks_user_is_a_whole_number_or_a_uuid(user_id: str) -> None:
    assert context.accepted_user_id(user_id) == user_id


def test_a_task_takes_nothing_over_from_the_process(tracked: Tracked) -> None:
    tag("tenant", "north")
    task: Any = SimpleNamespace(name="tests.fails")

    with celery._as_asked(task, lambda name: None, traced=False):
        capture_error(LookupError("x"))

    assert "tenant" not in tracked.events()[0]["tags"]


def test_a_killed_process_is_reported_once_by_the_main_one(prefork: Running) -> None:
    request_id = prefork.ask("dies", "jane@example.com")

    event = prefork.wait_for_event(request_id)

    assert exception_type(event) == "WorkerLostError"
    assert (event["user"], event["tags"]["task"]) == ({"id": USER}, "tests.dies")
    assert event["fingerprint"] == ["WorkerLostError", "tests.dies"]
    prefork.events(request_id)
    assert prefork.worker.stop() == 0
    assert [event["tags"]["request_id"] for event in prefork.sink.events()].count(request_id) == 1
    assert len(prefork.sink.events()) == 2


def test_a_task_that_takes_too_long_is_reported_once(prefork: Running) -> None:
    request_id = prefork.ask("hangs")

    event = prefork.wait_for_event(request_id)

    assert (exception_type(event), event["tags"]["task"]) == ("TimeLimitExceeded", "tests.hangs")
    prefork.events(request_id)
    assert prefork.worker.stop() == 0
    assert len(prefork.sink.events()) == 2


def test_a_message_that_is_no_task_is_told_without_its_content(prefork: Running) -> None:
    prefork.ask("nothing_of_this_name", "canary", kwargs={"to": "canary"})
    prefork.events(prefork.ask("fails"))

    assert prefork.worker.stop() == 0
    told = [event for event in prefork.sink.events() if "no task of this worker" in str(event.get("logentry"))]
    assert len(told) == 1
    assert "canary" not in prefork.sink.raw().decode() + prefork.worker.output.read_text()


@pytest.mark.parametrize("pool", POOLS)
def test_a_worker_that_is_stopped_finishes_and_loses_no_event(broker: str, tmp_path: Path, pool: str) -> None:
    with ExitStack() as stack:
        running = start(stack, tmp_path, broker, pool)
        asked = running.ask("is_slow", 0.5)
        running.worker.wait_for('"message": "slow task begins"')  # one that was only received goes back to the queue

        assert running.worker.stop() == 0
        assert [event["tags"]["request_id"] for event in running.sink.events()] == [asked]


def test_processes_that_are_replaced_after_each_task_lose_no_event(broker: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        running = start(stack, tmp_path, broker, "prefork", "--max-tasks-per-child=1")
        asked = [running.ask("fails") for _ in range(3)]
        for request_id in asked:
            running.wait_for_event(request_id)

        assert running.worker.stop() == 0
        assert sorted(event["tags"]["request_id"] for event in running.sink.events()) == sorted(asked)


def test_a_task_that_a_page_asked_for_reports_with_that_requests_id(broker: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        running = start(stack, tmp_path, broker, "prefork")
        env = celery_worker.environment(tmp_path, broker, running.sink.dsn)
        server = stack.enter_context(Server(tmp_path, **env))

        answer = server.get("/ask/fails?argument=jane%40example.com")

        event = running.wait_for_event(answer.headers["X-Request-ID"])
        assert (answer.status, event["user"]["id"]) == (200, USER)
        assert "jane@" not in running.sink.raw().decode() + running.worker.output.read_text()


def test_periodic_tasks_check_in(broker: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        running = start(stack, tmp_path, broker, "prefork")
        env = celery_worker.environment(tmp_path, broker, running.sink.dsn)
        stack.enter_context(celery_worker.CeleryProcess(tmp_path, env, "beat", f"--schedule={tmp_path / 'schedule'}"))

        check_ins = running.sink.wait_for(8, "check_in")

        statuses: dict[tuple[str, str], list[str]] = {}
        for check_in in check_ins:
            statuses.setdefault((check_in["monitor_slug"], check_in["check_in_id"]), []).append(check_in["status"])
        assert sorted((slug, seen) for (slug, _), seen in statuses.items()) == [
            ("fails", ["in_progress", "error"]),
            ("retries_by_itself", ["in_progress", "in_progress", "in_progress", "error"]),
            ("works", ["in_progress", "ok"]),
        ]
        assert check_ins[0]["monitor_config"]["schedule"] == {"type": "interval", "value": 60, "unit": "minute"}
        events = running.sink.events()
        assert {event["tags"]["task"] for event in events} == {"tests.fails", "tests.retries_by_itself"}
        # Nobody asked for them, so each has a request ID and a trace of its own.
        assert len({(event["tags"]["request_id"]) for event in events}) == 2
        assert len({(event["contexts"]["trace"]["trace_id"]) for event in events}) == 2


def test_a_pool_process_that_ends_waits_for_the_answer_to_what_it_sends(
    tracked: Tracked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(celery, "FLUSH_SECONDS", 0.05)
    monkeypatch.setattr(courier, "_LAST", 60.0)
    tracked.start(delivery=DeliveryOptions(outbox_dir=str(tmp_path)))
    tracked.sink.behaviour = "slow"
    capture_error(ValueError("x"))
    daemons.wait_until(lambda: tracked.sink.answered)

    celery._flush()

    assert list(tmp_path.glob("*/*.envelope")) == []
