"""The one `sentry_sdk.init` of the process.

Integrations are chosen, not found: each one here has its reason, and so has each one left out.
https://docs.sentry.io/platforms/python/configuration/options/
"""

import logging
import re
from collections.abc import Callable
from functools import wraps
from importlib.util import find_spec
from typing import Any

import sentry_sdk
from django.core.signals import request_started
from sentry_sdk.integrations import Integration
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration, ignore_logger
from sentry_sdk.integrations.threading import ThreadingIntegration
from sentry_sdk.scope import add_global_event_processor

from . import once, requests, sql
from .classification import Priority, classify
from .config import Config
from .delivery.handover import Handover
from .delivery.throttle import Throttle, kind_of
from .delivery.transport import configured, current
from .frames import FrameEnricher
from .sampling import make_sampler

Processor = Callable[[Any, Any], Any]

SHUTDOWN_TIMEOUT = 5.0  # seconds a process that ends waits for the tracker to take what is queued

# Left out on purpose:
#   django    wraps every handler, view and middleware; requests.py and sql.py do what is needed of it for a fraction
#   argv      puts command-line arguments into every event, and they hold secrets
#   modules   lists every installed package in every event: kilobytes for what the release already says
#   stdlib    records every outgoing request; it and the one for httpx come with ERROR_TRACKING["TRACE_HOSTS"]
#   dedupe    remembers only the last exception; once.py remembers each
#   celery    patches classes of Celery and kombu, and sends more with each message than anybody asked for (`baggage`
#             with release, environment and route; times; schedules), but no request ID; celery.py uses signals
#   auto-enabled ones (redis, httpx, ...)  import what they find: megabytes, and data nobody decided on
INTEGRATIONS: tuple[tuple[type[Integration], dict[str, Any], str], ...] = (
    (LoggingIntegration, {}, "INFO lines become breadcrumbs, ERROR lines events"),
    (ExcepthookIntegration, {}, "errors that end a management command"),
    (ThreadingIntegration, {}, "errors that end a thread, which nobody else would see"),
)

# Loggers whose errors are not events.
IGNORED_LOGGERS = {
    "django.security.DisallowedHost": "bots send any Host they like; answered 400, in the access log",
    "django.request": "the error itself is reported, with its stack",
    "django.server": "the development server's access log",
    "django.db.backends": "statements are breadcrumbs already",
    "gunicorn.error": "the server's own life cycle; a killed worker is reported by gunicorn.conf.py with its stack",
    "gunicorn.access": "one line per request is a log, not an error",
}

# In an event's hint: capture_error was called, so the event is wanted whatever its class.
ASKED_FOR = "asked_for"


def start(config: Config) -> None:
    """Initialise the SDK for this process; without a DSN do nothing. Starting again replaces the tracker."""
    if config.dsn is None:
        return
    sentry_sdk.init(**options(config))
    # Without debug the SDK throws its own log away, but only when each line is made: several for each transaction.
    logging.getLogger("sentry_sdk.errors").setLevel(logging.DEBUG if config.debug else logging.WARNING)
    if config.delivery.outbox_dir is not None:
        request_started.connect(_send_what_was_left, dispatch_uid=__name__)


def _send_what_was_left(**kwargs: Any) -> None:
    """With a process's first request, not when it starts: a server's master, which forks, must have no threads."""
    if request_started.disconnect(dispatch_uid=__name__) and (courier := current()):
        courier.wake()


def options(config: Config) -> dict[str, Any]:
    """Return the SDK's options for a configuration."""
    return {
        "dsn": config.dsn,
        "environment": config.environment,
        "release": config.release,
        "server_name": config.server_name,
        "debug": config.debug,
        "sample_rate": config.sample_rate,
        "traces_sampler": make_sampler(config.traces_sample_rate, config.trace_rates),
        "transport": configured(keep_values=config.shows_values, delivery=config.delivery),
        "shutdown_timeout": SHUTDOWN_TIMEOUT,
        "default_integrations": False,
        "auto_enabling_integrations": False,
        "integrations": [*_chosen(), *_outgoing(config), _Enrichment(config), _at_exit()],
        "project_root": config.project_root,
        # FrameEnricher adds both, for in-app frames only and without values.
        "include_local_variables": False,
        "include_source_context": False,
        "max_request_body_size": "medium",
        "max_value_length": 8192,
        "max_breadcrumbs": 50,
        # The scrubber at the way out does its work, completely; in its place, the way there is shortened.
        "event_scrubber": Handover(),
        # GlitchTip and Bugsink throw sessions away.
        "auto_session_tracking": False,
        # Trace headers tell our release, environment and route: to hosts of our own only.
        "trace_propagation_targets": [f"^{re.escape(origin)}(?:[/?#]|$)" for origin in config.trace_hosts],
        # Spotlight has an HTTP client of its own that passes every scrubber.
        "spotlight": False,
    }


def _chosen() -> list[Integration]:
    return [cls(**arguments) for cls, arguments, _ in INTEGRATIONS]


def _outgoing(config: Config) -> list[Integration]:
    """Return what adds trace headers to requests to our own hosts, and times requests to any."""
    if not config.trace_hosts:
        return []
    from sentry_sdk.integrations.stdlib import StdlibIntegration  # not needed by most

    if find_spec("httpx") is None:
        return [StdlibIntegration()]
    from sentry_sdk.integrations.httpx import HttpxIntegration  # needs the package

    return [StdlibIntegration(), HttpxIntegration()]


def _at_exit() -> AtexitIntegration:
    # The default callback prints to stderr of every management command; waiting in silence is enough.
    return AtexitIntegration(callback=lambda pending, timeout: None)


class _Enrichment(Integration):
    """Adds what every event needs to be worked on; an integration, so that the SDK installs it once."""

    identifier = "error_tracking"

    def __init__(self, config: Config) -> None:
        self.enrich_frames = FrameEnricher(config.project_root, values=config.shows_values)
        self.throttle = Throttle(config.delivery.errors_per_minute)

    @staticmethod
    def setup_once() -> None:
        """Register the event processors, and listen to what Django tells."""
        for name in IGNORED_LOGGERS:
            ignore_logger(name)
        requests.start()
        sql.start()
        for processor in (drop_told, label, hold_back, enrich, remember):
            add_global_event_processor(_for_our_client(processor))


def _for_our_client(processor: Processor) -> Processor:
    # Event processors are the process's; a client of somebody else's must not be touched.
    @wraps(processor)
    def process(event: Any, hint: Any) -> Any:
        if event.get("type") == "transaction":
            return event  # none of them is for these, and there are many
        ours = sentry_sdk.get_client().get_integration(_Enrichment) is not None
        return processor(event, hint) if ours else event

    return process


def enrich(event: Any, hint: Any) -> Any:
    """Event processor: variables by shape and source lines for this project's own frames."""
    integration = sentry_sdk.get_client().get_integration(_Enrichment)
    return integration.enrich_frames(event, hint) if integration else event


def label(event: Any, hint: Any) -> Any:
    """Event processor: level, tags error_class and priority; one issue per dependency that is down.

    Drops what is the caller's fault, unless somebody asked for it with capture_error.
    """
    error = _error(hint)
    if event.get("type"):  # a transaction
        return event
    if error is None:  # a log line: no request failed
        event.setdefault("tags", {}).setdefault("priority", str(Priority.P2))
        return event
    verdict = classify(error)
    if not verdict.reported and not hint.get(ASKED_FOR):
        return None
    event["level"] = verdict.level
    tags = event.setdefault("tags", {})
    tags |= {"error_class": str(verdict.error_class), "priority": str(verdict.priority)}
    if verdict.error_class == "security":
        tags["security"] = "true"
    if verdict.dependency:
        tags["dependency"] = verdict.dependency
        event["fingerprint"] = ["dependency", verdict.dependency, type(error).__name__]
    return event


def drop_told(event: Any, hint: Any) -> Any:
    """Event processor: drop an error that was reported before, as when it is logged and then raised."""
    error = _error(hint)
    return None if error is not None and once.was_told(error) else event


def hold_back(event: Any, hint: Any) -> Any:
    """Event processor: drop what there is too much of; what goes says how many of its kind did not.

    After what decides whether an error is reported at all, before what is costly.
    """
    integration = sentry_sdk.get_client().get_integration(_Enrichment)
    if integration is None or event.get("type") in ("transaction", "check_in"):
        return event
    suppressed = integration.throttle.admit(kind_of(event, integration.enrich_frames.is_in_app))
    if suppressed is None:
        if (error := _error(hint)) is not None:
            once.count_instead(error)
        return None
    if suppressed:
        event.setdefault("extra", {})["suppressed"] = suppressed
    return event


def remember(event: Any, hint: Any) -> Any:
    """Event processor, the last one: have the exception carry the event's ID once it has left."""
    error = _error(hint)
    if error is not None and event.get("event_id"):
        once.expect(event["event_id"], error)
    return event


def _error(hint: Any) -> BaseException | None:
    return (hint.get("exc_info") or (None, None))[1]
