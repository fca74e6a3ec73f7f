"""Prometheus counters of error tracking itself: a curve that rises here is a leak or a loss."""

from prometheus_client import Counter, Gauge, Histogram

from . import counting  # noqa: F401 - first of all: it decides where the values are kept

ITEMS_CAPTURED = Counter("error_tracking_items_captured", "Envelope items that may leave, scrubbed, by type", ["type"])
ITEMS_SENT = Counter("error_tracking_items_sent", "Envelopes that the tracker took, by item type", ["type"])
ITEMS_SPOOLED = Counter("error_tracking_items_spooled", "Envelopes written to the outbox, by item type", ["type"])
ITEMS_REPLAYED = Counter("error_tracking_items_replayed", "Envelopes sent late, from the outbox, by type", ["type"])
SUPPRESSED = Counter("error_tracking_suppressed", "Errors held back by the throttle: too many of one kind")
SPOOL_FAILURES = Counter("error_tracking_outbox_failures", "Envelopes that the outbox's disk did not take")
SEND_SECONDS = Histogram("error_tracking_send_seconds", "How long the tracker took to answer, or not to")
MEMORY_DEPTH = Gauge("error_tracking_memory_envelopes", "What waits in memory", multiprocess_mode="livesum")
ITEMS_DROPPED = Counter(
    "error_tracking_items_dropped",
    "Envelope items that did not leave, by item type and reason",
    ["type", "reason"],
)
REDACTIONS = Counter("error_tracking_redactions", "What the scrubber removed, by kind: a leak at its source", ["kind"])
SCRUBBER_FAILURES = Counter("error_tracking_scrubber_failures", "Events replaced by a skeleton, by item type", ["type"])
ERRORS = Counter("error_tracking_errors", "Errors answered, by class and status", ["error_class", "status"])
BUSINESS_EVENTS = Counter("business_events", "What the business counts", ["event"])

# There from the start, at 0: a series that begins with its first loss shows Prometheus no increase.
LOSSES = "corrupt expired not_taken outbox_full queue_full refused scrubber_failed tracker_down".split()
for _lost in ("event", "check_in"):
    for _reason in LOSSES:
        ITEMS_DROPPED.labels(_lost, _reason)
for _type in ("event", "check_in", "transaction"):
    SCRUBBER_FAILURES.labels(_type)
for _class, _status in (("dependency", "503"), ("system", "500")):
    ERRORS.labels(_class, _status)
