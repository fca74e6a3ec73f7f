"""How often a caller may do something. The counters hold across processes: they are in the database."""

import ipaddress
import re
from abc import ABC, abstractmethod
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from . import counters, metrics

_RATE = re.compile(r"([1-9][0-9]{0,8})/(sec|min|hour|day)")
_SECONDS = {"sec": 1, "min": 60, "hour": 3600, "day": 86400}


class Rate(NamedTuple):
    """At most `limit` requests per `seconds`."""

    limit: int
    seconds: int


@cache
def parse_rate(text: str) -> Rate:
    """Turn "5/min" (sec, min, hour or day) into a Rate; raise ValueError for anything else."""
    match = _RATE.fullmatch(text)
    if not match:
        raise ValueError("Write a number, a slash and sec, min, hour or day, like '5/min'.")
    return Rate(int(match[1]), _SECONDS[match[2]])


def check_rates() -> None:
    """Raise ImproperlyConfigured, naming the scope, if a rate in settings.THROTTLE_RATES is malformed."""
    for scope, rate in settings.THROTTLE_RATES.items():
        try:
            parse_rate(rate)
        except ValueError as error:
            raise ImproperlyConfigured(f"THROTTLE_RATES[{scope!r}] is {rate!r}. {error}") from error


class _WindowThrottle(BaseThrottle, ABC):
    """Counts writes (reads are free) of the view's `throttle_scope` in settings.THROTTLE_RATES."""

    seconds_left: int

    @abstractmethod
    def identity(self, request: Request) -> str:
        """Return who is counted."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request; False once the scope's rate is used up."""
        if request.method in SAFE_METHODS:
            return True
        scope: str = view.throttle_scope  # type: ignore[attr-defined]
        rate = parse_rate(settings.THROTTLE_RATES[scope])
        window = counters.hit(f"throttle.{scope}", self.identity(request), rate.seconds)
        self.seconds_left = window.seconds_left
        allowed = window.hits <= rate.limit
        if not allowed:
            metrics.THROTTLED.labels(scope).inc()
        return allowed

    def wait(self) -> float:
        """Return the seconds until the window ends, for Retry-After."""
        return self.seconds_left


class AddressThrottle(_WindowThrottle):
    """Counts by client address."""

    def identity(self, request: Request) -> str:
        """Return the address, or the network of an IPv6 address."""
        return _network(getattr(request._request, "client_ip", None) or "unknown")


class UserThrottle(_WindowThrottle):
    """Counts by signed-in user; put it on views that require one."""

    def identity(self, request: Request) -> str:
        """Return the user's ID."""
        return str(request.user.pk)


def _network(address: str) -> str:
    """Return what one caller can hold: an IPv4 address or an IPv6 /64 (https://www.rfc-editor.org/rfc/rfc6177)."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ip.ipv4_mapped or ipaddress.ip_network((int(ip), 64), strict=False))
