"""Whole lines of headers that hold several secrets at once."""

import re

from .. import policy
from ..lazy import lazy
from .rule import Rule, keeping, matches

_PAIRS = lazy(r"(?P<name>[^\s=;,\"']{1,256}=)(?P<value>[^;\s\"']{1,8192})")
# Of a Set-Cookie header: how long and where it is valid.
_ATTRIBUTES = ("expires=", "max-age=", "path=", "samesite=", "domain=", "priority=")


def _pair(match: re.Match[str]) -> str:
    if match["name"].lower() in _ATTRIBUTES or "REDACTED" in match["value"]:
        return match[0]
    return match["name"] + policy.REDACTED


def _cookies(match: re.Match[str]) -> str:
    return match["key"] + _PAIRS.sub(_pair, match["value"])


def _parameters(match: re.Match[str]) -> str:
    return match["lead"] + _PARAMETER.sub(
        lambda m: m[0] if "REDACTED" in m[0] else f"{m['name']}{policy.REDACTED}{m['quote']}", match["rest"]
    )


_PARAMETER = lazy(
    r"(?P<name>\b(?:username|response|nonce|cnonce|opaque|mac|id|key|credential|signature|oauth_\w{1,30}|token|sentry_key|sentry_secret|\w{0,20}(?:key|secret|token))=(?P<quote>[\"']?))[^\"',\s]{1,4096}(?P=quote)",
    re.IGNORECASE,
)

RULES = (
    Rule(
        "cookie",
        "A Cookie header holds several pairs, each of which can be a session.",
        r"cookie[\"'\\ ]{0,4}[=:,]",
        matches(
            r"(?i)(?P<key>(?<![A-Za-z])cookie2?\\{0,3}[\"']?\s{0,4}[:=,]\s{0,4}(?:b?\\{0,3}[\"'])?)(?P<value>[^\s\r\n\"'\[\\={]{1,256}=[^\r\n\"'\\]{0,8192})",
            _cookies,
        ),
        needs="=:,",
        least=8,
    ),
    Rule(
        "token",
        "Digest, OAuth, Hawk, AWS: an Authorization header with several parameters.",
        r"auth[^\n]{0,20}(?:digest|oauth|hawk|aws|sentry|hmac|token|bearer) ",
        matches(
            r"(?i)(?P<lead>\b(?:proxy-|x-sentry-|www-)?auth(?:orization)?\\{0,3}[\"']?\s{0,2}[:=]\s{0,2}(?:b?\\{0,3}[\"'])?(?:digest|oauth|hawk|aws4-hmac-sha256|aws|sentry|hmac|token|bearer) )"
            r"(?P<rest>[^\r\n]{1,4096})",
            _parameters,
        ),
        needs=" ",
        least=20,
        sketch=(
            r"auth(?:orization)?[\\\"'\s:=b]{1,16}(?:digest|oauth|hawk|aws4-hmac-sha256|aws|sentry|hmac|token|bearer) ",
        ),
    ),
    Rule(
        "token",
        "AWS' old scheme is key and signature.",
        r"aws (?:[a-z0-9]{16}|\[)",
        matches(
            r"(?P<lead>\bAWS )(?:[A-Z0-9]{16,32}|\[KEY_REDACTED\]):[A-Za-z0-9+/=]{8,64}",
            keeping(rf"\g<lead>{policy.TOKEN}"),
        ),
        needs=" ",
        least=20,
    ),
    Rule(
        "token",
        "requests' and httpx' objects show both.",
        r"basicauth|digestauth",
        matches(
            r"(?P<lead>\b(?:HTTP)?(?:Basic|Digest|Proxy)Auth\(\s?)(?P<args>[^()\n]{1,512})(?=\))",
            lambda match: match["lead"] + re.sub(r"([\"'])[^\"']{1,256}\1", rf"\1{policy.REDACTED}\1", match["args"]),
        ),
        needs="(",
        least=12,
        sketch=(r"(?:basic|digest|proxy)auth\(",),
    ),
)
