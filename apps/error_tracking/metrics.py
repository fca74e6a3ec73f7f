"""Prometheus counters of error tracking itself: a curve that rises here is a leak or a loss."""

from prometheus_client import Counter

ITEMS_SENT = Counter("error_tracking_items_sent", "Envelope items handed to the sender, by item type", ["type"])
ITEMS_DROPPED = Counter(
    "error_tracking_items_dropped",
    "Envelope items that did not leave, by item type and reason",
    ["type", "reason"],
)
REDACTIONS = Counter("error_tracking_redactions", "What the scrubber removed, by kind: a leak at its source", ["kind"])
SCRUBBER_FAILURES = Counter("error_tracking_scrubber_failures", "Events replaced by a skeleton, by item type", ["type"])
ERRORS = Counter("error_tracking_errors", "Errors answered, by class and status", ["error_class", "status"])
BUSINESS_EVENTS = Counter("business_events", "What the business counts", ["event"])
