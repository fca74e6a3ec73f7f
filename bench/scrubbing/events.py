"""Realistic events: what the SDK hands over when this application fails, before anything is removed from it."""

import copy
import json
import os
from pathlib import Path
from typing import Any
from unittest import mock

import sentry_sdk

from apps.error_tracking.scrubbing import clean_item
from apps.error_tracking.sink import Sink

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.test")


Events = list[dict[str, Any]]


def made() -> Events:
    """Fire the catalogue of test errors, traced, at the application in this process; return what the SDK made of each.

    Once with the SDK as it comes, personal data included, and once as goimg sets it up.
    """
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    events: Events = json.loads(json.dumps([*_with_stock_sdk(), *_with_goimg_sdk()], default=str))
    return events


def _with_stock_sdk() -> Events:
    from sentry_sdk.scrubber import EventScrubber

    events: Events = []

    def record(event: Any, hint: Any) -> None:
        events.append(copy.deepcopy(event))

    hooks: dict[str, Any] = {"before_send": record, "before_send_transaction": record}
    nothing = EventScrubber(denylist=[], pii_denylist=[])
    with Sink() as sink:
        sentry_sdk.init(sink.dsn, send_default_pii=True, traces_sample_rate=1.0, event_scrubber=nothing, **hooks)
        _fire()
    return events


def _with_goimg_sdk() -> Events:
    from apps.error_tracking import sdk
    from apps.error_tracking.config import Config
    from apps.error_tracking.delivery import transport

    events: Events = []

    def record(item_type: str, payload: Any) -> Any:
        if item_type in ("event", "transaction"):
            events.append(payload)
        return clean_item(item_type, payload)

    with Sink() as sink, mock.patch.object(transport, "clean_item", record):
        sdk.start(Config(dsn=sink.dsn, environment="bench", traces_sample_rate=1.0, project_root=str(Path.cwd())))
        _fire()
    return events


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
