"""From an error to the wire: what a view author calls."""

from .face import breadcrumb, capture_error, count, identify, tag, timed_span

__all__ = ["breadcrumb", "capture_error", "count", "identify", "tag", "timed_span"]
