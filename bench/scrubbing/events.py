"""Realistic events: what the SDK hands over when this application fails, before anything is removed from it."""

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import sentry_sdk

from apps.error_tracking.scrubbing import clean_item
from apps.error_tracking.sink import Sink

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.test")


Events = list[dict[str, Any]]
Fire = Callable[[], None]


def prepare() -> None:
    """Make Django and an empty database ready, as the other functions here expect them."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def made() -> Events:
    """Fire the catalogue of test errors, traced, at the application in this process; return what the SDK made of each.

    Once with the SDK as it comes, personal data included, and once as goimg sets it up.
    """
    return [*with_stock_sdk(_fire), *with_goimg_sdk(_fire)]


def with_stock_sdk(fire: Fire) -> Events:
    """Return the events and transactions that the SDK makes as it comes, personal data included, while `fire` runs."""
    from sentry_sdk.scrubber import EventScrubber

    events: Events = []

    def record(event: Any, hint: Any) -> None:
        events.append(copy.deepcopy(event))

    hooks: dict[str, Any] = {"before_send": record, "before_send_transaction": record}
    nothing = EventScrubber(denylist=[], pii_denylist=[])
    with Sink() as sink:
        sentry_sdk.init(sink.dsn, send_default_pii=True, traces_sample_rate=1.0, event_scrubber=nothing, **hooks)
        fire()
    return _as_json(events)


def with_goimg_sdk(fire: Fire) -> Events:
    """Return those that it makes as goimg sets it up, as they reach the way out."""
    from apps.error_tracking import sdk
    from apps.error_tracking.config import Config
    from apps.error_tracking.delivery import transport

    events: Events = []

    def record(item_type: str, payload: Any, **options: Any) -> Any:
        if item_type in ("event", "transaction"):
            events.append(copy.deepcopy(payload))
        return clean_item(item_type, payload, **options)

    with Sink() as sink, mock.patch.object(transport, "clean_item", record):
        sdk.start(Config(dsn=sink.dsn, environment="bench", traces_sample_rate=1.0, project_root=str(Path.cwd())))
        fire()
        sentry_sdk.flush()
    return _as_json(events)


def _as_json(events: Events) -> Events:
    if not events:
        raise RuntimeError("The SDK handed no event over, so there is nothing to measure.")
    plain: Events = json.loads(json.dumps(events, default=str))
    return plain


def _fire() -> None:
    from apps.triage import firing
    from apps.triage.catalogue.canaries import Canaries
    from apps.triage.catalogue.cases import catalogue

    canaries = Canaries()
    list(firing.fire(catalogue(canaries), canaries))


def with_unique_texts(value: Any, mark: str) -> Any:
    """Return a copy in which every text ends with `mark`, so that no cache has seen it; keys stay."""
    if isinstance(value, str):
        return value + mark
    if isinstance(value, dict):
        return {key: with_unique_texts(inner, mark) for key, inner in value.items()}
    return [with_unique_texts(inner, mark) for inner in value] if isinstance(value, list | tuple) else value
