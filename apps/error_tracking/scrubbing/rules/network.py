"""Addresses of machines: the network stays, the host goes."""

import re

from .. import policy
from ..ip import mask_ip_in_text
from ..lazy import lazy
from .rule import DIGITS, Anchored, Rule, matches

# Four numbers with dots are a version where one of these stands in front.
_VERSION_BEFORE = lazy(
    r"(?i)(?:\b(?:v|ver|version|release|rev|build|chrome|chromium|edge|firefox|safari|opr|opera|webkit|python|django|debian"
    r"|ubuntu|linux|kernel|windows|macos|ios|android|lib[\w-]{1,30}|openssl|postgres(?:ql)?|mysql|redis|nginx|java|jdk|sdk"
    r"|upgrade[sd]?(?: [\w-]{1,30})?|oid|section|chapter|§)[ :=@]{0,3}(?:to |from )?|[A-Za-z)\]]/|[=<>~!^]=\s?|[<>~^]\s?|[A-Za-z_]-)$"
)
_IPV4 = r"(?<![A-Za-z0-9.])(?:\d{1,3}(?:\.|\[\.\]|%2[eE])){3}\d{1,3}(?![\w]|\.\d|-[A-Za-z])"
_DEFANGED = lazy(r"\[\.\]|%2[eE]")


def _ipv4(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 40) : match.start()]
    if _VERSION_BEFORE.search(before) and not before.endswith("://"):
        return match[0]
    if match[0].startswith("255."):  # a netmask
        return match[0]
    plain = ".".join(str(int(part)) for part in _DEFANGED.sub(".", match[0]).split("."))
    masked = mask_ip_in_text(plain)
    return match[0] if masked == plain else masked


# a::b is code; an address has a group of three or more, and a digit.
_LIKE_IPV6 = lazy(r"(?=[^\d]*\d)[0-9A-Fa-f:]*[0-9A-Fa-f]{3}")


def _ipv6(match: re.Match[str]) -> str:
    text = match["address"].replace("%3A", ":").replace("%3a", ":")
    masked = mask_ip_in_text(text)
    return match[0] if masked == text or not _LIKE_IPV6.search(text) else masked + (match["zone"] or "")


def _aws_host(match: re.Match[str]) -> str:
    masked = mask_ip_in_text(match["ip"].replace("-", "."))
    return match["lead"] + masked.replace(".", "-")


RULES = (
    Rule(
        "ip",
        "An address is a household; its network is enough to see a pattern.",
        r"\d\.\d{1,3}\.\d{1,3}\.\d|\d\[\.\]|\d%2e",
        matches(_IPV4, _ipv4),
        needs=DIGITS,
        least=7,
        digits=4,
        sketch=(
            Anchored(
                r"(?:(?:\.|\[\.\]|%2e)\d{1,3}){2}(?:\.|\[\.\]|%2e)\d",
                before=r"[^a-z0-9.](?:[02-9]\d{0,2}|1|1[013-9]\d?|12[0-689]?)",
            ),
        ),
    ),
    Rule(
        "ip",
        "The same in IPv6.",
        r"[0-9a-f]:[0-9a-f]{0,4}:|::[0-9a-f]|[0-9a-f]%3a",
        matches(
            r"(?:(?<![\w:.])|(?<=[g-zG-Z]:)|(?<=[g-zG-Z]%3A))(?P<address>(?:[0-9A-Fa-f]{0,4}(?:::?|%3[aA])){2,8}(?:[0-9A-Fa-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?)"
            r"(?P<zone>%[\w.-]{1,15})?(?![\w:])",
            _ipv6,
        ),
        needs=":%",
        least=3,
        sketch=(
            r"::[0-9a-f]",
            r"[0-9a-f]::",
            Anchored(r"(?::[0-9a-f]{1,4}){2}:", before=r"(?:[0-9a-f]{1,4}:){3}[0-9a-f]{1,4}"),
            r"%3a",
        ),
    ),
    Rule(
        "ip",
        "Cloud machines, and those of providers' customers, are named after their address.",
        r"[a-z]-?\d{1,3}-\d{1,3}-\d",
        matches(
            r"\b(?P<lead>ip-|(?:ec2|host|static|dynamic|dyn|pool|cpe|client|dsl|p|c|ip)-?(?=[\d-]{7,15}\.(?!tar\.)[\w-]{1,63}\.[a-z]))"
            r"(?P<ip>\d{1,3}(?:-\d{1,3}){3})\b",
            _aws_host,
        ),
        needs="-",
        least=10,
        digits=4,
        sketch=(r"(?:ip|ec2|host|static|dyn(?:amic)?|pool|cpe|client|dsl|\b[pc])-?\d{1,3}-\d{1,3}-\d{1,3}-\d",),
    ),
    Rule(
        "mac",
        "The address of a network card is one device's, for ever.",
        r"mac|device|station|hwaddr|ether|bssid|wifi|associated|dhcp",
        matches(
            r"(?i)(?P<label>\b(?:mac|device|station|hwaddr|ether|bssid|wifi|associated with|DHCP\w{2,8} [^\n]{0,40}?to)(?:[_ -]?addr(?:ess)?)?[\"']?\s{0,2}[=:]?\s{0,2}[\"']?)"
            r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b",
            lambda match: match["label"] + policy.DEVICE,
        ),
        needs=":-",
        least=20,
        sketch=(
            Anchored(
                r"[:-][0-9a-f]{2}[:-][0-9a-f]{2}[:-]", r"(?:[0-9a-f]{2}[:-]){2}[0-9a-f]{2}", before=r"[0-9a-f]{2}"
            ),
        ),
    ),
)
