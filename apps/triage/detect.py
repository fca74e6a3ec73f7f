"""Which tracker answers at an address, from what each tells anybody: no token is sent."""

from contextlib import closing
from typing import Any, Literal

import httpx
from django.core.exceptions import ImproperlyConfigured

from .trackers import bounds
from .trackers.http import TIMEOUT

Kind = Literal["sentry", "glitchtip", "bugsink"]


def detect(url: str) -> Kind:
    """Return the kind of tracker at `url` (without a slash at its end).

    Bugsink alone has an API below /api/canonical/, and asks for a token there. GlitchTip alone gives its settings to
    anybody, which its pages need. What is left says at /api/0/ which version of Sentry's API it has.
    Raises ImproperlyConfigured when nothing answers, or nothing that is known.
    """
    # GlitchTip's default web server breaks connections that are kept open.
    headers = {"Connection": "close", "Accept": "application/json", "Accept-Encoding": "gzip"}
    with httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT, transport=bounds.transport()) as client:
        try:
            if _json(client, "/api/canonical/0/") is not None:
                return "bugsink"
            if "glitchtipInstanceName" in (settings := _json(client, "/api/settings/") or {}) or "version" in settings:
                return "glitchtip"
            if "version" in (_json(client, "/api/0/") or {}):
                return "sentry"
        except bounds.Endless as error:
            raise ImproperlyConfigured(f"TRACKER_URL: {url} {error} Is it a tracker?") from error
        except httpx.HTTPError as error:
            raise ImproperlyConfigured(
                f"TRACKER_URL: {url} cannot be reached ({type(error).__name__}), so TRACKER_KIND=auto cannot find out "
                "which tracker it is."
            ) from error
    raise ImproperlyConfigured(
        f"TRACKER_URL: {url} does not answer like Sentry, GlitchTip or Bugsink; correct it, or name the tracker in "
        "TRACKER_KIND."
    )


def _json(client: httpx.Client, path: str) -> dict[str, Any] | None:
    """Return the JSON object that is answered, also with the refusal of who has no token; None if it is another one."""
    with closing(client.send(client.build_request("GET", path), stream=True)) as answer:
        response = bounds.read(answer)
    if response.status_code not in (200, 401, 403):
        return None
    try:
        said = response.json()
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
