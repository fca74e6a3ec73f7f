"""Typed, validated configuration. What is wrong is a sentence at start-up, not a surprise in production."""

import difflib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from sentry_sdk.utils import BadDsn, Dsn

from .delivery import options as delivery_options
from .delivery.options import DeliveryOptions

# GlitchTip loses the whole batch an event came in when a release is longer than 255 characters.
MAX_RELEASE_LENGTH = 200
# https://docs.sentry.io/platforms/python/configuration/releases/#bind-the-version and …/environments/
_NAME = re.compile(r"[^\s/\\\x00-\x1f]{1,200}")
_ENVIRONMENT = re.compile(r"[^\s/\\\x00-\x1f]{1,64}")
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}

VARIABLES = (
    "SENTRY_DSN",
    "SENTRY_ENVIRONMENT",
    "SENTRY_RELEASE",
    "SENTRY_SAMPLE_RATE",
    "SENTRY_TRACES_SAMPLE_RATE",
    "SENTRY_DEBUG",
    "SENTRY_SERVER_NAME",
    "SENTRY_COLLECT",
    "OUTBOX_DIR",
)
# What leaves of a variable: its shape, or, while developing, what it holds (still scrubbed by keys and patterns).
COLLECTION_LEVELS = ("shapes", "debug")
SETTINGS_KEYS = ("RELEASE", "TRACE_RATES", "TRACE_HOSTS", *delivery_options.KEYS)
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]{1,253}(?::\d{1,5})?")
# A value of SENTRY_ENVIRONMENT that is nobody's production.
DEVELOPMENT = frozenset({"development", "dev", "local", "test"})


@dataclass(frozen=True, slots=True)
class Config:
    """Everything `sdk.start` needs. `dsn` None means: track nothing, say so in `check --deploy`."""

    dsn: str | None = field(default=None, repr=False)
    environment: str = "production"
    release: str | None = None
    sample_rate: float = 1.0
    traces_sample_rate: float = 0.1
    debug: bool = False
    server_name: str = "goimg-api"
    collect: str = "shapes"
    # Path prefix -> rate; the longest prefix wins over traces_sample_rate.
    trace_rates: Mapping[str, float] = field(default_factory=dict)
    # Origins of our own (https://thumbnails.internal:8080) that get trace headers; nobody else does.
    trace_hosts: tuple[str, ...] = ()
    project_root: str = ""
    delivery: DeliveryOptions = field(default_factory=DeliveryOptions)

    @property
    def shows_values(self) -> bool:
        """Whether variables leave with what they hold: never outside of development."""
        return self.collect == "debug" and self.environment in DEVELOPMENT


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Read SENTRY_* (each also as NAME_FILE) and settings.ERROR_TRACKING.

    Raises ImproperlyConfigured with one sentence for each value that is unknown, out of range or unreadable.
    """
    reader = _Reader(os.environ if environ is None else environ)
    options = _settings(reader)
    config = Config(
        dsn=reader.read("SENTRY_DSN", None, _dsn),
        environment=reader.read("SENTRY_ENVIRONMENT", "production", _environment),
        release=reader.read("SENTRY_RELEASE", options.get("RELEASE"), _release),
        sample_rate=reader.read("SENTRY_SAMPLE_RATE", 1.0, _rate),
        traces_sample_rate=reader.read("SENTRY_TRACES_SAMPLE_RATE", 0.1, _rate),
        debug=reader.read("SENTRY_DEBUG", False, _boolean),
        server_name=reader.read("SENTRY_SERVER_NAME", "goimg-api", _environment),
        collect=reader.read("SENTRY_COLLECT", "shapes", _level),
        trace_rates=_trace_rates(reader, options),
        trace_hosts=_trace_hosts(reader, options),
        delivery=delivery_options.load(options, _outbox_dir(reader, options), reader.problems.append),
        project_root=str(getattr(settings, "BASE_DIR", None) or Path.cwd()),
    )
    reader.refuse_unknown_variables()
    reader.raise_problems()
    return config


class _Reader:
    """Collects every problem, so that one start shows all of them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def read[T](self, name: str, default: T, parse: Callable[[str], T]) -> T:
        text = self._text(name)
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as error:
            self.problems.append(f"{name} {error}")
            return default

    def _text(self, name: str) -> str:
        path = self.environ.get(f"{name}_FILE")
        if not path:
            return self.environ.get(name, "").strip()
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(f"{name}_FILE cannot be read ({type(error).__name__}).")
            return ""

    def refuse_unknown_variables(self) -> None:
        known = {variable + suffix for variable in VARIABLES for suffix in ("", "_FILE")}
        for name in sorted(name for name in self.environ if name.startswith("SENTRY_") and name not in known):
            close = difflib.get_close_matches(name, VARIABLES, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(VARIABLES)}."
            self.problems.append(f"{name} is not a variable of this application; {hint}")

    def raise_problems(self) -> None:
        if self.problems:
            raise ImproperlyConfigured(" ".join(self.problems))


def _settings(reader: _Reader) -> Mapping[str, Any]:
    options: Mapping[str, Any] = getattr(settings, "ERROR_TRACKING", {})
    for key in sorted(set(options) - set(SETTINGS_KEYS)):
        reader.problems.append(f"ERROR_TRACKING['{key}'] is unknown; known are {', '.join(SETTINGS_KEYS)}.")
    return options


def _trace_rates(reader: _Reader, options: Mapping[str, Any]) -> dict[str, float]:
    rates: Mapping[str, Any] = options.get("TRACE_RATES", {})
    for prefix, rate in rates.items():
        if not isinstance(rate, int | float) or not 0 <= rate <= 1:
            reader.problems.append(f"ERROR_TRACKING['TRACE_RATES']['{prefix}'] must be between 0 and 1.")
            return {}
    return dict(rates)


def _trace_hosts(reader: _Reader, options: Mapping[str, Any]) -> tuple[str, ...]:
    hosts = options.get("TRACE_HOSTS", ())
    for host in hosts:
        if not isinstance(host, str) or not _ORIGIN.fullmatch(host):
            reader.problems.append("ERROR_TRACKING['TRACE_HOSTS'] must list origins, like https://api.internal:8080.")
            return ()
    return tuple(hosts)


def _outbox_dir(reader: _Reader, options: Mapping[str, Any]) -> str | None:
    default = options.get("OUTBOX_DIR")
    if default is not None and not (isinstance(default, str | Path) and Path(default).is_absolute()):
        reader.problems.append("ERROR_TRACKING['OUTBOX_DIR'] must be the absolute path of a folder.")
        return None
    return reader.read("OUTBOX_DIR", str(default) if default else None, _folder)


def _folder(text: str) -> str:
    if not Path(text).is_absolute():
        raise ValueError("must be the absolute path of a folder, like /var/lib/goimg/outbox.")
    return text


def _dsn(text: str) -> str:
    # The value itself stays out of the sentence: a DSN that was mistyped may well hold a real key.
    try:
        Dsn(text)
    except BadDsn:
        raise ValueError("is not a DSN; it looks like https://<key>@<host>/<project>.") from None
    return text


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        raise ValueError("must be a number between 0 and 1.") from None
    if not 0 <= rate <= 1:  # also refuses NaN
        raise ValueError("must be between 0 and 1 (0.1 is 10 %).")
    return rate


def _boolean(text: str) -> bool:
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    raise ValueError("must be true or false.")


def _level(text: str) -> str:
    if text not in COLLECTION_LEVELS:
        raise ValueError(f"must be {' or '.join(COLLECTION_LEVELS)}.")
    return text


def _release(text: str) -> str:
    if len(text) > MAX_RELEASE_LENGTH or not _NAME.fullmatch(text):
        raise ValueError(
            f"must be at most {MAX_RELEASE_LENGTH} characters without spaces or slashes, like goimg-api@1.2.3."
        )
    return text


def _environment(text: str) -> str:
    if not _ENVIRONMENT.fullmatch(text):
        raise ValueError("must be at most 64 characters without spaces or slashes, like production.")
    return text
