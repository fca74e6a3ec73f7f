"""GET /metrics, and what requests are counted as."""

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from prometheus_client import REGISTRY
from pytest_django import Settings

from apps.api.measuring import MetricsMiddleware

TOKEN = "t" * 32
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def _open(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


def test_without_a_token_in_the_settings_there_is_nothing(client: Client) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.usefixtures("_open")
@pytest.mark.parametrize(
    "sent", [None, "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[1:]}", TOKEN, "Bearer é"]
)
def test_without_the_token_it_is_refused(client: Client, sent: str | None) -> None:
    response = client.get("/metrics", headers={"Authorization": sent} if sent else {})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.usefixtures("_open")
def test_with_the_token_it_is_shown_whatever_the_host_is_called(client: Client) -> None:
    response = client.get("/metrics", headers=BEARER | {"Host": "10.0.0.7:8000"})
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert b"# TYPE http_requests_total counter" in response.content


@pytest.mark.usefixtures("_open")
def test_only_this_one_path_is_metrics(client: Client) -> None:
    assert client.get("/metrics/", headers=BEARER).status_code == 404
    assert client.get("/api/v1/metrics", headers=BEARER).status_code == 404


def test_a_request_is_counted_by_its_route_and_the_class_of_its_status(client: Client) -> None:
    labels = {"method": "GET", "route": "/api/v1/problems/{slug}"}
    requests = {"status_class": "2xx", **labels}
    before = counted("http_requests_total", **requests), counted("http_request_duration_seconds_count", **labels)
    client.get("/api/v1/problems/conflict")
    client.get("/api/v1/problems/not-found")
    after = counted("http_requests_total", **requests), counted("http_request_duration_seconds_count", **labels)
    assert after == (before[0] + 2, before[1] + 2)


@pytest.mark.parametrize("path", ["/wp-login.php", "/wp-admin", "/api/v1/%00"])
def test_paths_that_lead_nowhere_are_counted_as_one(client: Client, path: str) -> None:
    labels = {"method": "GET", "route": "unmatched", "status_class": "4xx"}
    before = counted("http_requests_total", **labels)
    client.get(path)
    assert counted("http_requests_total", **labels) == before + 1
    assert path not in str([sample.labels for metric in REGISTRY.collect() for sample in metric.samples])


def test_methods_that_are_none_are_counted_as_one(client: Client) -> None:
    labels = {"method": "other", "route": "/api/v1/health", "status_class": "4xx"}
    before = counted("http_requests_total", **labels)
    client.generic("BREW", "/api/v1/health")
    client.generic("PROPFIND", "/api/v1/health")
    assert counted("http_requests_total", **labels) == before + 2


def test_a_request_under_way_is_counted_until_it_ends_however_it_ends() -> None:
    def stop(request: HttpRequest) -> None:
        assert counted("http_requests_in_progress") == 1
        raise SystemExit

    labels = {"method": "GET", "route": "unmatched", "status_class": "5xx"}
    before = counted("http_requests_total", **labels)
    with pytest.raises(SystemExit):
        MetricsMiddleware(stop)(RequestFactory().get("/"))  # type: ignore[arg-type]
    assert counted("http_requests_in_progress") == 0
    assert counted("http_requests_total", **labels) == before + 1


def test_a_problem_is_counted_by_its_type(client: Client) -> None:
    before = counted("http_problems_total", type="not-found")
    client.get("/nowhere")
    assert counted("http_problems_total", type="not-found") == before + 1
