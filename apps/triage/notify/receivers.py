"""The receivers of alerts.toml, ready to be sent to. Their secrets come from the environment alone."""

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from apps.triage.alerts.rules import Receiver
from apps.triage.config import read

from .mail import Mail, Server
from .message import Message
from .pagerduty import HOST, PagerDuty
from .slack import Slack

MAIL_VARIABLES = ("ALERT_SMTP_URL", "ALERT_MAIL_FROM")
PAGERDUTY_HOST = "ALERT_PAGERDUTY_HOST"
VARIABLES = (*MAIL_VARIABLES, PAGERDUTY_HOST)  # beside those that the alerts file names
# How a URL's scheme says when the connection is encrypted, and which port is usual then.
_SCHEMES = {"smtps": ("tls", 465), "smtp": ("starttls", 587), "smtp+plain": ("none", 25)}
_SENDER = re.compile(r"[^@<>\r\n]*<[^@<>\s]+@[^@<>\s]+>|[^@<>\s]+@[^@<>\s]+")


class Channel(Protocol):
    """Where messages can be sent. `gathers`: several in one are easier to read there than one each."""

    @property
    def gathers(self) -> bool:
        """See Channel."""
        ...

    def send(self, messages: Sequence[Message]) -> None:
        """Send. Raises Undelivered."""
        ...


def opened(receivers: Iterable[Receiver], environ: Mapping[str, str]) -> dict[str, Channel]:
    """Return a channel for each receiver but the tracker's own ("members"), by name.

    Nothing is sent yet. Raises ImproperlyConfigured, which names the variable and never what is in it.
    """
    return {one.name: _channel(one, environ) for one in receivers if one.kind != "members"}


def _channel(receiver: Receiver, environ: Mapping[str, str]) -> Channel:
    match receiver.kind:
        case "email":
            return Mail(_server(environ), receiver.to)
        case "slack":
            url = _needed(environ, receiver.variable, f"the receiver {receiver.name}")
            return Slack(_safe_url(url, receiver.variable))
    key = _needed(environ, receiver.variable, f"the receiver {receiver.name}")
    host = read(environ, PAGERDUTY_HOST) or HOST
    return PagerDuty(key, _safe_url(host, PAGERDUTY_HOST).rstrip("/"))


def _needed(environ: Mapping[str, str], name: str, what: str) -> str:
    value = read(environ, name)
    if not value:
        raise ImproperlyConfigured(f"{name} (or {name}_FILE) must be set: {what} in the alerts file needs it.")
    return value


def _safe_url(url: str, name: str) -> str:
    parts = _split(url, name)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ImproperlyConfigured(f"{name} must be an address that begins with https://.")
    if parts.scheme == "http" and not _is_here(parts.hostname):
        raise ImproperlyConfigured(f"{name} must begin with https://: what it is about must not be read on the way.")
    return url


def _server(environ: Mapping[str, str]) -> Server:
    url, sender = (_needed(environ, name, "e-mail") for name in MAIL_VARIABLES)
    if not _SENDER.fullmatch(sender):
        raise ImproperlyConfigured("ALERT_MAIL_FROM must be an address, like alerts@example.com.")
    parts = _split(url, "ALERT_SMTP_URL")
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise ImproperlyConfigured(
            "ALERT_SMTP_URL must be like smtp://user:password@mail.example.com:587 (STARTTLS), smtps:// for TLS from "
            "the start, or smtp+plain:// for none."
        )
    security, port = _SCHEMES[parts.scheme]
    if security == "none" and parts.password and not _is_here(parts.hostname):
        raise ImproperlyConfigured(
            "ALERT_SMTP_URL: a password does not go over smtp+plain://; use smtp:// or smtps://."
        )
    return Server(
        host=parts.hostname,
        port=parts.port or port,
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=sender,
    )


def _split(url: str, name: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"{name} is no address.") from None
    return parts


def _is_here(host: str) -> bool:
    """Say whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
