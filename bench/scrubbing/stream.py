"""A stream of events as a service sends them: each once, one after the other, to a scrubber that has just started."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from apps.error_tracking.scrubbing import keys, plans, text

from . import events
from .visitors import visits

REQUESTS = 400
SEED = 20261124


@dataclass(frozen=True, slots=True)
class Novelty:
    """How much of a stream was not in it before, in per cent of its texts and of their characters; keys are texts."""

    texts: float
    size: float

    def __str__(self) -> str:
        return f"{self.texts:.0f} % of the texts ({self.size:.0f} % of their characters)"


def made(requests: int = REQUESTS, seed: int = SEED) -> events.Events:
    """Send requests to the API of this process and return, in order, what the SDK as goimg sets it up made of them.

    What the visitors do comes from the seed; only the SDK's own IDs and times differ from run to run.
    """
    from apps.triage.firing import quiet_console

    images, tokens = _furnished()

    def fire() -> None:
        with quiet_console(), _client() as client:
            for visit in visits(images, tokens, requests, seed):
                client.request(visit.method, visit.path, **visit.sends)

    return events.with_goimg_sdk(fire)


def _furnished() -> tuple[list[Any], list[str]]:
    from apps.accounts.models import User
    from apps.accounts.sessions import open_session
    from apps.gallery import demo
    from apps.gallery.models import Image

    demo.create_missing()
    pairs = [open_session(user, client_ip="203.0.113.9", user_agent="bench") for user in User.objects.all()]
    return list(Image.objects.order_by("title").values_list("pk", flat=True)), [pair.access_token for pair in pairs]


def _client() -> httpx.Client:
    from django.core.handlers.wsgi import WSGIHandler

    class Handler(WSGIHandler):
        def get_response(self, request: Any) -> Any:
            request.urlconf = "bench.scrubbing.service"
            return super().get_response(request)

    transport = httpx.WSGITransport(app=Handler(), raise_app_exceptions=False)
    return httpx.Client(transport=transport, base_url="https://localhost")


def forget() -> None:
    """Let goimg's scrubber forget every text and key that it has seen, as in a process that has just started."""
    for seen in (text.seen_harmless, text._scrubbed, plans.known, keys._classes):
        seen.clear()


def novelty(stream: events.Events) -> Novelty:
    """Say how much of a stream is new where it stands."""
    seen: set[str] = set()
    texts = new = size = new_size = 0
    for each in _texts(stream):
        texts, size = texts + 1, size + len(each)
        if each not in seen:
            seen.add(each)
            new, new_size = new + 1, new_size + len(each)
    return Novelty(100 * new / texts, 100 * new_size / size)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
