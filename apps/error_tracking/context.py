"""Who and what the current request, or a task that it asked for, is: read by log lines, events and problem bodies."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

import sentry_sdk
from uuid_utils.compat import uuid7

from .scrubbing import INVALID_IP, is_user_id, mask_ip, scrub_string

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
trace_id: ContextVar[str | None] = ContextVar("trace_id", default=None)
route: ContextVar[str | None] = ContextVar("route", default=None)
user_id: ContextVar[str | None] = ContextVar("user_id", default=None)
masked_ip: ContextVar[str | None] = ContextVar("masked_ip", default=None)
task_name: ContextVar[str | None] = ContextVar("task_name", default=None)

_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def choose_request_id(inbound: object, *, trusted: bool) -> str:
    """Return the proxy's request ID if it is trusted and well formed (8-64 of A-Z a-z 0-9 . _ -), else a new UUIDv7.

    UUIDv7 sorts by time: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7.
    """
    well_formed = isinstance(inbound, str) and _WELL_FORMED.fullmatch(inbound) and scrub_string(inbound) == inbound
    return str(inbound) if trusted and well_formed else str(uuid7())


def accepted_user_id(inbound: object) -> str | None:
    """Return what a message says of its user if that is a whole number or a UUID, else None."""
    return inbound if isinstance(inbound, str) and is_user_id(inbound) else None


def client_ip(meta: Mapping[str, str], trusted_proxies: int) -> str | None:
    """Return the client's address as the outermost of our own proxies saw it, or None if nobody told.

    Each proxy appends the address it was called from, so with n proxies of ours the n-th from the right is
    the first that no client could have made up
    (https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Forwarded-For#selecting_an_ip_address).
    """
    direct = meta.get("REMOTE_ADDR") or None
    if trusted_proxies < 1:
        return direct
    hops = [hop.strip() for hop in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    return _address(hops[-trusted_proxies]) or direct if len(hops) >= trusted_proxies else direct


# Some proxies append the port too: 192.0.2.7:4711, [2001:db8::1]:4711.
_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]{2,45})\](?::\d{1,5})?|(?P<v4>[\d.]{7,15}):\d{1,5}")


def _address(hop: str) -> str | None:
    match = _WITH_PORT.fullmatch(hop)
    text = (match["v6"] or match["v4"]) if match else hop
    return text if mask_ip(text) != INVALID_IP else None


def note_trace() -> None:
    """Have log lines from here on name the SDK's trace, as the events and the transaction do."""
    trace_id.set((sentry_sdk.get_traceparent() or "").partition("-")[0] or None)


def user() -> dict[str, str] | None:
    """Return what an event may say of the user: the pseudonymous ID and the masked address, or None."""
    known = {"id": user_id.get(), "ip_address": masked_ip.get()}
    return {key: value for key, value in known.items() if value} or None


@contextmanager
def entered(request: str | None, user: str | None, task: str, trace: str | None = None) -> Iterator[None]:
    """Inside of the block a task runs, for this request and this user; afterwards all is as it was before."""
    changes = [(request_id, request), (trace_id, trace), (user_id, user), (masked_ip, None), (task_name, task)]
    tokens = [(variable, variable.set(value)) for variable, value in changes]
    try:
        yield
    finally:
        for variable, token in tokens:
            variable.reset(token)
