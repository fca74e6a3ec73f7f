"""Which requests are traced."""

from typing import Any

import pytest

from apps.error_tracking.sampling import make_sampler
from tests.conftest import Tracked

SAMPLER = make_sampler(0.1, {"/api/v1/health": 0.0, "/static/": 0.0, "/api/": 0.5})


@pytest.mark.parametrize(
    ("context", "rate"),
    [
        ({"wsgi_environ": {"PATH_INFO": "/api/v1/health/ready"}}, 0.0),
        ({"wsgi_environ": {"PATH_INFO": "/static/x.css"}}, 0.0),
        ({"wsgi_environ": {"PATH_INFO": "/api/v1/images"}}, 0.5),
        ({"asgi_scope": {"path": "/api/v1/images"}}, 0.5),
        ({"wsgi_environ": {"PATH_INFO": "/other"}}, 0.1),
        ({}, 0.1),
        # An outsider's decision is not followed.
        ({"parent_sampled": True, "wsgi_environ": {"PATH_INFO": "/api/v1/health"}}, 0.0),
        # Our own, of the request that asked for a task, is.
        ({"parent_sampled": True, "task": "tests.task"}, 1.0),
        ({"parent_sampled": False, "task": "tests.task"}, 0.0),
        ({"parent_sampled": None, "task": "tests.task"}, 0.1),
    ],
)
def test_the_longest_prefix_decides(context: dict[str, Any], rate: float) -> None:
    assert SAMPLER(context) == rate


@pytest.mark.django_db
@pytest.mark.usefixtures("closable_database")
def test_health_and_static_are_never_traced_and_a_stranger_cannot_ask_for_it(tracked: Tracked, settings: Any) -> None:
    tracked.start(traces_sample_rate=1.0, trace_rates=settings.ERROR_TRACKING["TRACE_RATES"])
    sampled = {"sentry-trace": f"{'a' * 32}-{'b' * 16}-1"}

    with tracked.client() as client:
        for path in ("/api/v1/health", "/api/v1/health/ready", "/static/x.css", "/metrics", "/api/v1/images"):
            client.get(path, headers=sampled)

    assert [transaction["transaction"] for transaction in tracked.transactions()] == ["/api/v1/images"]
