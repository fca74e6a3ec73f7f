"""Every metric, label and value that a rule or a dashboard names is exported by a real run."""

import pytest

from tests.observability import places
from tests.observability.promql import missing
from tests.observability.stack import Sample, Stack

METRICS = [
    Sample("requests_total", {"route": "/r", "status_class": "5xx", "job": "goimg-api"}, 1.0),
    Sample("up", {"job": "goimg-api"}, 1.0),
]


def test_what_rules_and_dashboards_name_is_exported(running: Stack) -> None:
    samples = running.scrape()
    found = {where: missing(expression, samples) for where, expression in places.EXPRESSIONS.items()}
    assert {where: names for where, names in found.items() if names} == {}


def test_prometheus_asks_exactly_these_jobs(running: Stack) -> None:
    jobs = places.read(places.PROMETHEUS / "prometheus.yml")["scrape_configs"]
    assert {job["job_name"] for job in jobs} == set(running.addresses)


def test_no_label_holds_what_a_client_sent(running: Stack) -> None:
    values = {value for sample in running.scrape() for name, value in sample.labels.items() if name != "instance"}
    assert not [value for value in values if "jane" in value or "smoke" in value]


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('sum by (route) (rate(requests_total{status_class=~"5.."}[$__rate_interval]))', []),
        ("requests_sum / up", ["requests_sum"]),
        ('absent(up{job="other"})', ['up{job="other"}']),
        ('requests_total{status_class!="5xx"}', ['requests_total{status_class!="5xx"}']),
        ("sum by (path) (requests_total)", ["path in sum by (path) (requests_total)"]),
        ("topk(3, sum by (route) (rate(requests[5m] offset 1d)))", ["requests offset 1d", "route in sum by"]),
    ],
)
def test_a_name_that_nobody_exports_is_found(expression: str, names: list[str]) -> None:
    found = missing(expression, METRICS)
    assert all(name in one for name, one in zip(sorted(names), sorted(found), strict=True))
