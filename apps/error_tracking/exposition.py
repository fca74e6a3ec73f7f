"""What Prometheus is shown. Who may see it is for the project to say."""

from collections.abc import Iterable

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from . import counting
from .delivery import status

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class OutboxCollector(Collector):
    """Looks at the outbox when Prometheus asks: other processes write to it and read from it too."""

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Say what there will be, without a look."""
        return [
            GaugeMetricFamily("error_tracking_outbox_envelopes", "What waits in the outbox, of all its processes"),
            GaugeMetricFamily("error_tracking_outbox_oldest_seconds", "How long the oldest of it has waited"),
        ]

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Return how much waits, and for how long; 0 when nothing does."""
        families = list(self.describe())
        for family, value in zip(families, status.waiting(), strict=True):
            family.add_metric([], value or 0)
        return families


REGISTRY.register(OutboxCollector())


def registry() -> CollectorRegistry:
    """Return what is to be shown: this process's metrics, or the sums of all processes that share a folder."""
    if not counting.is_shared():
        return REGISTRY
    summed = CollectorRegistry()
    MultiProcessCollector(summed)  # type: ignore[no-untyped-call]
    summed.register(OutboxCollector())
    return summed


def page() -> bytes:
    """Return all of it in Prometheus' text format."""
    return generate_latest(registry())
