"""System checks: `manage.py check --deploy --tag error_tracking`.

What cannot work at all (an unreadable DSN, a rate of 2) already stops the process in `config.load`; these find
what works but loses errors or leaks data. https://docs.djangoproject.com/en/6.1/topics/checks/
"""

import os
import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.checks import register as register_check

from .config import DEVELOPMENT, Config, load

MIDDLEWARE = f"{__package__}.middleware.RequestIdMiddleware"
# A container beside this one; what begins with a digit may be an address in disguise.
_ONE_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def register() -> None:
    """Register both groups under the tag error_tracking."""
    register_check(check_wiring, "error_tracking")
    register_check(check_deployment, "error_tracking", deploy=True)


def check_wiring(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Find what is wrong in every environment."""
    config = load()
    return [*_middleware(), *_exception_handler(), *_proxies(), *_collection(config), *_outbox(config)]


def check_deployment(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Find what must not go to production."""
    config = load()
    return [*_dsn(config), *_names(config), *_rates(config), *_no_outbox(config), *_debugging(config)]


def stays_inside(host: str) -> bool:
    """Say whether a host is this machine, or has a name without a dot, which only the containers' own network knows."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return _ONE_LABEL.fullmatch(host) is not None


def _middleware() -> Iterator[CheckMessage]:
    suffix = ".middleware.RequestIdMiddleware"
    places = [index for index, name in enumerate(settings.MIDDLEWARE) if name.endswith(suffix)]
    if not places:
        yield Error(
            "RequestIdMiddleware is not in MIDDLEWARE: events and responses carry no request ID.",
            hint=f"Put {MIDDLEWARE} first in MIDDLEWARE.",
            id="error_tracking.E001",
        )
    elif places[0] != 0:
        yield Error(
            "RequestIdMiddleware is not the first middleware: what the ones before it log or raise has no request ID.",
            hint="Move it to the top of MIDDLEWARE.",
            id="error_tracking.E002",
        )


def _exception_handler() -> Iterator[CheckMessage]:
    rest_framework = getattr(settings, "REST_FRAMEWORK", None)
    default = "rest_framework.views.exception_handler"
    if rest_framework is not None and rest_framework.get("EXCEPTION_HANDLER", default) == default:
        yield Warning(
            "REST_FRAMEWORK['EXCEPTION_HANDLER'] is DRF's own: errors are reported, but not classified or answered "
            "with an event_id.",
            hint="Set a handler that calls apps.error_tracking, like apps.api.problems.exception_handler.",
            id="error_tracking.W003",
        )


def _proxies() -> Iterator[CheckMessage]:
    count = getattr(settings, "TRUSTED_PROXY_COUNT", 0)
    if not isinstance(count, int) or count < 0:
        yield Error(
            f"TRUSTED_PROXY_COUNT is {count!r}: it must be the number of your own reverse proxies, 0 or more.",
            id="error_tracking.E004",
        )


def _collection(config: Config) -> Iterator[CheckMessage]:
    if config.collect == "debug" and config.environment not in DEVELOPMENT:
        yield Error(
            f"SENTRY_COLLECT is debug and SENTRY_ENVIRONMENT is {config.environment}: what variables hold would leave.",
            hint="Unset SENTRY_COLLECT, or on your own machine set SENTRY_ENVIRONMENT=development.",
            id="error_tracking.E005",
        )


def _outbox(config: Config) -> Iterator[CheckMessage]:
    if config.dsn is None or config.delivery.outbox_dir is None:
        return
    folder = Path(config.delivery.outbox_dir)
    # What is not there yet is made with the first error, as its own user: a check may run as somebody else.
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield Error(
            f"OUTBOX_DIR, {folder}, cannot be written to: errors are lost while the tracker is down.",
            hint=f"Let the user of this process write to {there}, or set OUTBOX_DIR to a folder of its own.",
            id="error_tracking.E006",
        )
    elif there == folder and folder.stat().st_mode & 0o077:
        yield Warning(
            f"OUTBOX_DIR, {folder}, is open to other users of this machine.",
            hint=f"chmod 700 {folder}",
            id="error_tracking.W007",
        )


def _no_outbox(config: Config) -> Iterator[CheckMessage]:
    if config.dsn is not None and config.delivery.outbox_dir is None:
        yield Warning(
            "OUTBOX_DIR is not set: errors wait for the tracker in memory only, and are lost with their process.",
            hint="Set OUTBOX_DIR to a folder that survives a restart.",
            id="error_tracking.W019",
        )


def _dsn(config: Config) -> Iterator[CheckMessage]:
    if config.dsn is None:
        yield Warning(
            "SENTRY_DSN is not set: no error of this process reaches anybody.",
            hint="Set SENTRY_DSN, or SENTRY_DSN_FILE to a file that holds it.",
            id="error_tracking.W010",
        )
        return
    parts = urlsplit(config.dsn)
    if parts.scheme == "http" and not stays_inside(parts.hostname or ""):
        yield Error(
            "SENTRY_DSN is http: errors would cross the network unencrypted.",
            hint="Serve the tracker over TLS and use its https DSN.",
            id="error_tracking.E011",
        )


def _names(config: Config) -> Iterator[CheckMessage]:
    if config.release is None:
        yield Warning(
            "There is no release: a regression cannot be told from an old error.",
            hint="Set SENTRY_RELEASE, or ERROR_TRACKING['RELEASE'].",
            id="error_tracking.W012",
        )
    if config.environment in DEVELOPMENT:
        yield Warning(
            f"SENTRY_ENVIRONMENT is '{config.environment}' in a deployment: its errors would be a developer's.",
            hint="Set SENTRY_ENVIRONMENT=production (or staging).",
            id="error_tracking.W013",
        )


def _rates(config: Config) -> Iterator[CheckMessage]:
    if config.sample_rate < 1:
        yield Warning(
            f"SENTRY_SAMPLE_RATE is {config.sample_rate}: some errors are never sent.",
            hint="Keep it at 1.0.",
            id="error_tracking.W014",
        )
    if config.traces_sample_rate > 0.5:
        yield Warning(
            f"SENTRY_TRACES_SAMPLE_RATE is {config.traces_sample_rate}: each traced request costs CPU and quota.",
            hint="0.1 shows the same slow endpoints.",
            id="error_tracking.W015",
        )


def _debugging(config: Config) -> Iterator[CheckMessage]:
    if config.shows_values:
        yield Error(
            "SENTRY_COLLECT is debug: what variables hold would leave the process.",
            hint="Unset SENTRY_COLLECT.",
            id="error_tracking.E018",
        )
    if config.debug:
        yield Error(
            "SENTRY_DEBUG is on: the SDK writes what it sends into the log.",
            hint="Unset SENTRY_DEBUG.",
            id="error_tracking.E016",
        )
    if getattr(settings, "DEMO_ERRORS", False):
        yield Error(
            "DEMO_ERRORS is on: anybody can make this service fail.",
            hint="Leave DEMO_ERRORS off outside of development.",
            id="error_tracking.E017",
        )
