"""Whether an address answers, and whether what is sent there is encrypted on its way."""

import ipaddress
import socket
from urllib.parse import urlsplit

import httpx

from apps.error_tracking.checks import stays_inside

from ..item import Finding, failed, held

SECONDS = 10.0


def reach(what: str, url: str) -> Finding:
    """Connect to an address; `what` is its name in the sentence. The same in every environment.

    Plain http holds where no packet leaves the machine's own networks: on loopback, or to a name without a dot that
    means private addresses only (a container beside this one). Everything else needs a certificate that is valid.
    """
    parts = urlsplit(url)
    where = parts.hostname or ""
    try:
        inside = "" if parts.scheme == "https" else _inside(where)
        tls = _ask(parts.scheme, where, parts.port)
    except OSError as error:
        return failed(f"{what}: {where} is not known ({type(error).__name__}).")
    except httpx.HTTPError as error:
        return failed(f"{what}: {where} cannot be reached ({_why(error)}).")
    if parts.scheme == "https":
        return held(f"{what}: {where} answers over {tls}.")
    if inside:
        return held(f"{what}: {where} answers over plain http, the exception for what stays on this host ({inside}).")
    return failed(f"{what}: {where} is plain http, so errors cross the network unencrypted; serve it over TLS.")


def _inside(host: str) -> str:
    """Return the addresses of a host that stays inside, empty for any other. Raises OSError."""
    if not stays_inside(host):
        return ""
    found = sorted({str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)})
    private = all(ipaddress.ip_address(address.partition("%")[0]).is_private for address in found)
    return ", ".join(found) if private else ""


def _ask(scheme: str, host: str, port: int | None) -> str:
    """Return the version of TLS, empty without it. Any answer will do. Raises httpx.HTTPError."""
    url = httpx.URL(scheme=scheme, host=host, port=port, path="/")
    # A proxy of the environment is the SDK's way too, but none is asked for what stays inside.
    with (
        httpx.Client(timeout=SECONDS, trust_env=scheme == "https") as client,
        client.stream("GET", url, follow_redirects=False) as answer,
    ):
        tls = answer.extensions["network_stream"].get_extra_info("ssl_object")
        return str(tls.version()) if tls else ""


def _why(error: BaseException) -> str:
    """Return what a person can act on: that the certificate is wrong, or what kind of failure it was."""
    said = str(error)
    return said.partition("] ")[2].partition(" (_ssl")[0] or type(error).__name__ if "SSL" in said else type(error).__name__
