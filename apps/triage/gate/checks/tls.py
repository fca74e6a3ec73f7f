"""Whether an address answers, and whether what is sent there is encrypted on its way."""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

import httpx

from apps.error_tracking.checks import stays_inside

from ..item import Finding, failed, held
from ..scope import Scope

SECONDS = 10.0
_CERTIFICATE = re.compile(r"certificate verify failed: ([^(]+)")


def dsn(scope: Scope) -> Finding:
    """SENTRY_DSN is set, and what it names answers over TLS."""
    if scope.config.dsn is None:
        return failed("SENTRY_DSN is not set: no error reaches anybody.")
    return reach("SENTRY_DSN", scope.config.dsn)


def reach(what: str, url: str) -> Finding:
    """Connect to an address; `what` is its name in the sentence. The same in every environment.

    Plain http holds where no packet leaves the machine's own networks: on loopback, or to a name without a dot that
    means private addresses only (a container beside this one). Everything else needs a certificate that is valid.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        inside = "" if parts.scheme == "https" else _inside(host)
        if parts.scheme != "https" and not inside:
            return failed(f"{what}: {host} is plain http: errors cross the network unencrypted; serve it over TLS.")
        tls = _ask(parts.scheme, host, parts.port)
    except OSError as error:
        return failed(f"{what}: {host} is no host that is known ({type(error).__name__}).")
    except httpx.HTTPError as error:
        return failed(f"{what}: {host} cannot be reached ({_why(error)}).")
    if tls:
        return held(f"{what}: {host} answers over {tls}, its certificate is valid.")
    return held(f"{what}: {host} answers over plain http, the exception for what stays on this host ({inside}).")


def _inside(host: str) -> str:
    """Return the addresses of a host that stays inside, empty for any other. Raises OSError."""
    if not stays_inside(host):
        return ""
    found = sorted({str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)})
    private = all(ipaddress.ip_address(address.partition("%")[0]).is_private for address in found)
    return ", ".join(found) if private else ""


def _ask(scheme: str, host: str, port: int | None) -> str:
    """Return the version of TLS, empty without it; any answer will do. Raises httpx.HTTPError."""
    url = httpx.URL(scheme=scheme, host=host, port=port, path="/")
    # A proxy of the environment is the SDK's way too, but none is asked for what stays inside.
    with (
        httpx.Client(timeout=SECONDS, trust_env=scheme == "https") as client,
        # GlitchTip's usual server breaks off where connections are kept.
        client.stream("GET", url, headers={"Connection": "close"}, follow_redirects=False) as answer,
    ):
        tls = answer.extensions["network_stream"].get_extra_info("ssl_object")
        return str(tls.version()) if tls else ""


def _why(error: httpx.HTTPError) -> str:
    certificate = _CERTIFICATE.search(str(error))
    return f"its certificate is not valid: {certificate[1].strip()}" if certificate else type(error).__name__
