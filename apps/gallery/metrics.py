"""Prometheus metrics of images. How many were uploaded: `business_events_total{event="image.uploaded"}`."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Histogram

from apps.error_tracking import timed_span

IMAGE_SECONDS = Histogram(
    "image_processing_seconds",
    "Work on one image, by step",
    ["step"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


@contextmanager
def timed_step(step: str, description: str, **data: object) -> Iterator[None]:
    """Time the block for Prometheus, and as a span of a traced request."""
    with timed_span(f"image.{step}", description, **data), IMAGE_SECONDS.labels(step).time():
        yield
