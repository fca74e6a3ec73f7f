"""The SDK in this process, in its middleware, and in a real worker behind a real Redis."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
from celery import current_app
from kombu import pools

from apps.error_tracking.sink import Sink
from apps.triage.gate.checks import sdk
from tests import celery_worker
from tests.conftest import Tracked
from tests.triage.gate.conftest import MakeScope
from tests.triage.glitchtip_double import GlitchTipDouble


def test_a_process_without_the_sdk_has_failed(make_scope: MakeScope) -> None:
    assert sdk.started(make_scope()).state == "failed"


def test_a_process_with_the_sdk_holds_and_says_which(tracked: Tracked, make_scope: MakeScope) -> None:
    assert sdk.started(make_scope()).said.startswith("sentry-sdk 2.")


@pytest.mark.usefixtures("_own_client")
def test_a_process_with_the_sdk_s_own_transport_has_failed(make_scope: MakeScope) -> None:
    sentry_sdk.init(
        dsn=f"http://{'0' * 32}@127.0.0.1:9/1", default_integrations=False, auto_enabling_integrations=False
    )

    found = sdk.started(make_scope())

    assert found.state == "failed"
    assert found.said.startswith("The SDK sends with HttpTransport, which does not scrub")


def test_the_middleware_is_there(make_scope: MakeScope) -> None:
    assert sdk.wired(make_scope()).state == "held"


def test_no_middleware_has_failed(make_scope: MakeScope, settings: Any) -> None:
    settings.MIDDLEWARE = settings.MIDDLEWARE[1:]

    assert sdk.wired(make_scope()).said.startswith("manage.py check: RequestIdMiddleware is not in MIDDLEWARE")


@pytest.mark.django_db
@pytest.mark.usefixtures("_own_client")
def test_without_a_broker_the_errors_of_tasks_are_those_of_requests(
    glitchtip: GlitchTipDouble, sink: Sink, make_scope: MakeScope
) -> None:
    assert sdk.worker(make_scope()).state == "held"
    # Sent to another tracker than the one that is asked.
    assert sdk.worker(make_scope(timeout=0.1, dsn=sink.dsn)).state == "failed"


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with celery_worker.redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield f"{url}/0"


@pytest.fixture
def broker(redis: str, settings: Any) -> Iterator[str]:
    """This process asks a worker for its tasks, through a Redis."""
    settings.CELERY_TASK_ALWAYS_EAGER = False
    before = current_app.conf.task_always_eager, current_app.conf.broker_url
    _ask(False, redis)
    yield redis
    _ask(*before)


def _ask(inline: bool, url: str) -> None:
    current_app.conf.task_always_eager, current_app.conf.broker_url = inline, url
    # Connections to the one before are kept.
    pools.reset()
    current_app._pool = current_app.amqp._producer_pool = None


def test_a_task_that_fails_in_a_worker_is_found_with_its_request(
    glitchtip: GlitchTipDouble, broker: str, make_scope: MakeScope, tmp_path: Path
) -> None:
    env = celery_worker.environment(tmp_path, broker, glitchtip.dsn, SENTRY_ENVIRONMENT="staging")
    with celery_worker.worker(tmp_path, env, "solo") as worker:
        worker.wait_for("ready")

        there = sdk.worker(make_scope(environment="staging"))
        elsewhere = sdk.worker(make_scope(environment="production"))
        older = sdk.worker(make_scope(environment="staging", release="goimg-api@9.9.9"))

    assert there.state == "held", there
    assert there.said.startswith(
        "A task failed in the worker: GlitchTip 5.2 has it, with the request's ID and goimg-api@"
    )
    assert elsewhere.said == "The worker's environment is 'staging' in place of 'production'."
    assert older.state == "failed"
    assert older.said.endswith(" in place of 'goimg-api@9.9.9': start it again.")


def test_no_worker_has_failed(glitchtip: GlitchTipDouble, broker: str, make_scope: MakeScope) -> None:
    found = sdk.worker(make_scope(timeout=0.1))

    assert found.state == "failed"
    assert found.said == "GlitchTip 5.2 has 0 events of the worker's in place of 1 after 0.1 s. Does a worker run?"


def test_no_broker_has_failed(glitchtip: GlitchTipDouble, broker: str, make_scope: MakeScope) -> None:
    _ask(False, "redis://127.0.0.1:9/0")

    assert sdk.worker(make_scope()).said == "The broker cannot be reached (OperationalError), so no task runs."
