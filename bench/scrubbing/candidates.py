"""The scrubbers that are compared, each set up as its own documentation shows, or more favourably."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

from apps.error_tracking.scrubbing import scrub_map, scrub_pii, scrub_string

from . import original
from .candidate import Candidate, NotAvailable, by_event, by_text

GOIMG = "goimg"
SDK = "sentry-sdk EventScrubber(recursive)"


def available() -> tuple[list[Candidate], dict[str, str]]:
    """Return the candidates that run here, and for the others the reason, by name."""
    found, missing = [], {}
    for name, make in _MAKERS.items():
        try:
            found.append(make())
        except (ImportError, OSError, NotAvailable) as error:
            missing[name] = f"{type(error).__name__}: {error}"
    return found, missing


def _goimg() -> Candidate:
    return Candidate(GOIMG, "line 2 (scrub_pii) without line 1", scrub_string, scrub_map, scrub_pii)


def _original() -> Candidate:
    walk = original.scrub_value
    return Candidate("the original goimg's regexes, ported", "five rules", original.scrub_text, walk, walk)


def _event_scrubber() -> Candidate:
    from sentry_sdk._types import AnnotatedValue
    from sentry_sdk.scrubber import EventScrubber

    scrubber = EventScrubber(recursive=True)

    def plain(value: Any) -> Any:
        # The SDK's serialiser unwraps what the scrubber put in place.
        if isinstance(value, AnnotatedValue):
            return value.value
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items()}
        return [plain(inner) for inner in value] if isinstance(value, list) else value

    def scrub(event: Any) -> Any:
        scrubber.scrub_event(event)
        return event

    candidate = by_event(SDK, "key names", scrub)
    unwrapped = by_event(SDK, "key names", lambda event: plain(scrub(event)))
    return Candidate(SDK, candidate.about, unwrapped.text, unwrapped.mapping, scrub)


def _fillmore() -> Candidate:
    from fillmore.scrubber import Rule, Scrubber, build_scrub_cookies, build_scrub_query_string, scrub

    keys = ["username", "password", "passwd", "secret", "token", "api_key", "authorization", "email", "phone", "card"]
    rules = [
        Rule("exception.values.[].stacktrace.frames.[].vars", keys, scrub),
        Rule("request.headers", ["Authorization", "Cookie", "X-Forwarded-For", "X-Real-Ip", "X-Csrftoken"], scrub),
        Rule("request", ["cookies"], build_scrub_cookies(["sessionid", "csrftoken"])),
        Rule("request", ["query_string"], build_scrub_query_string(["token", "code", "state", "email"])),
        Rule("request.data", [*keys, "csrfmiddlewaretoken"], scrub),
        Rule("request.env", ["REMOTE_ADDR", "SERVER_NAME"], scrub),
        Rule("user", ["email", "username", "ip_address"], scrub),
        Rule("extra", keys, scrub),
        Rule("contexts.trace.data", keys, scrub),
        Rule("breadcrumbs.values.[].data", keys, scrub),
    ]
    logging.getLogger("fillmore.scrubber").setLevel(logging.CRITICAL)
    scrubber = Scrubber(rules=rules)
    return by_event("Mozilla fillmore, 10 rules", "key names by path", lambda event: scrubber(event, {}))


def _relay() -> Candidate:
    from sentry_relay.processing import pii_strip_event

    config = {"applications": {"**": ["@common"]}}
    return by_event(
        "Sentry Relay, `@common` everywhere", "with JSON in and out", lambda event: pii_strip_event(config, event)
    )


def _presidio() -> Candidate:
    import tldextract
    from presidio_analyzer import PatternRecognizer, RecognizerRegistry

    # It would fetch the list of top-level domains from the network; the one in the package does as well.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    # Without those that would find dates, URLs and UUIDs, which are nobody's.
    harmless = ("DateRecognizer", "UrlRecognizer", "UuidRecognizer")
    recognizers = [
        recognizer
        for recognizer in registry.recognizers
        if (isinstance(recognizer, PatternRecognizer) or recognizer.name == "PhoneRecognizer")
        and recognizer.name not in harmless
    ]
    if not recognizers:
        raise NotAvailable("it has no pattern recognizers here")
    return by_text("Microsoft Presidio (patterns)", "without a model", _presidio_text(recognizers))


def _presidio_text(recognizers: list[Any]) -> Callable[[str], str]:
    least = 0.4  # the score from which Presidio's own documentation acts on a finding

    def findings(text: str) -> Iterator[tuple[int, int]]:
        for recognizer in recognizers:
            for found in recognizer.analyze(text, recognizer.supported_entities, None) or ():
                if found.score >= least:
                    yield found.start, found.end

    def scrub(text: str) -> str:
        for start, end in sorted(set(findings(text)), reverse=True):
            text = f"{text[:start]}[REDACTED]{text[end:]}"
        return text

    return scrub


def _argus() -> Candidate:
    import warnings

    from argus_redact import redact

    # Its masks keep a part of what they mask; the comparison asks for all of it to go.
    config = {kind: {"strategy": "remove"} for kind in ("email", "phone", "credit_card", "us_phone", "bank_card")}

    def scrub(text: str) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return str(redact(text, lang="en", mode="fast", config=config)[0])

    return by_text("argus-redact", "its expressions, without a model", scrub)


_MAKERS: dict[str, Callable[[], Candidate]] = {
    GOIMG: _goimg,
    SDK: _event_scrubber,
    "Mozilla fillmore": _fillmore,
    "Sentry Relay": _relay,
    "Microsoft Presidio": _presidio,
    "argus-redact": _argus,
    "the original": _original,
}
