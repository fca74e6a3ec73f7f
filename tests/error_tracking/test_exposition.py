"""What Prometheus is shown of error tracking, in a process that counts for itself."""

import itertools

from prometheus_client.parser import text_string_to_metric_families

from apps.error_tracking import capture_error, exposition, metrics
from tests.conftest import Tracked


def shown(name: str, **labels: str) -> float | None:
    families = text_string_to_metric_families(exposition.page().decode())
    samples = [sample for family in families for sample in family.samples]
    return next((sample.value for sample in samples if (sample.name, sample.labels) == (name, labels)), None)


def test_losses_are_there_before_the_first_one() -> None:
    for item, reason in itertools.product(("event", "check_in"), metrics.LOSSES):
        assert shown("error_tracking_items_dropped_total", type=item, reason=reason) is not None
    assert shown("error_tracking_scrubber_failures_total", type="event") is not None


def test_what_was_sent_is_counted(tracked: Tracked) -> None:
    before = shown("error_tracking_items_sent_total", type="event") or 0
    capture_error(LookupError("nothing there"))
    assert len(tracked.events()) == 1
    assert shown("error_tracking_items_sent_total", type="event") == before + 1


def test_without_an_outbox_nothing_waits_in_it() -> None:
    assert shown("error_tracking_outbox_envelopes") == 0
    assert shown("error_tracking_outbox_oldest_seconds") == 0
