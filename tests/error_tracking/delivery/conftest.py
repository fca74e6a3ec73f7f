"""An outbox with a transport that sends from it without long waits."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sentry_sdk

from apps.error_tracking.delivery.options import DeliveryOptions
from apps.error_tracking.delivery.outbox import Outbox
from apps.error_tracking.delivery.transport import outbox_for
from tests.conftest import Tracked
from tests.error_tracking.delivery.arriving import QUICK


@pytest.fixture
def options(tmp_path: Path) -> DeliveryOptions:
    return DeliveryOptions(outbox_dir=str(tmp_path / "outbox"), **QUICK)


@pytest.fixture
def outbox(tracked: Tracked, options: DeliveryOptions) -> Iterator[Outbox]:
    tracked.start(delivery=options)
    found = outbox_for(tracked.sink.dsn, options)
    assert found is not None
    yield found
    sentry_sdk.get_client().close(timeout=1)
