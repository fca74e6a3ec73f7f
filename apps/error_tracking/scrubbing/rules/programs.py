"""What programs say of secrets in ways of their own: argument lists, wrapped values, parameters of statements."""

import re

from .. import policy
from ..lazy import lazy
from .rule import Rule, keeping, matches

_TEXTS = lazy(r"b?(?P<quote>['\"])(?P<text>(?:(?!(?P=quote))[^\n\\]|\\.){1,1024})(?P=quote)")
# A state, a slug, a date or an ID of a row is no secret.
_PLAIN = lazy(r"[a-z_-]{1,30}|[\d.:+ -]{1,40}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|.{0,40}REDACTED\].{0,40}")


def _parameter(match: re.Match[str]) -> str:
    return match[0] if _PLAIN.fullmatch(match["text"]) else f"{match['quote']}{policy.REDACTED}{match['quote']}"


def _parameters(match: re.Match[str]) -> str:
    return match["label"] + _TEXTS.sub(_parameter, match["values"])


RULES = (
    Rule(
        "key_value",
        "The classes that hide a secret in their repr show it to whoever writes one: SecretStr('…').",
        r"\bsecret(?:str|bytes|value)?\(",
        matches(
            r"(?P<label>\bSecret(?:Str|Bytes|Value)?\(b?(?P<quote>['\"]))(?!\*|\[REDACTED)[^'\"\n]{1,4096}(?=(?P=quote))",
            keeping(rf"\g<label>{policy.REDACTED}"),
        ),
        needs="(",
        least=10,
    ),
    Rule(
        "spoken",
        "MySQL hashes what it is told: PASSWORD('…').",
        r"\bpassword\(['\"]",
        matches(
            r"(?P<label>\bPASSWORD\((?P<quote>['\"]))(?!\[REDACTED)[^'\"\n]{1,512}(?=(?P=quote)\))",
            keeping(rf"\g<label>{policy.REDACTED}"),
        ),
        needs="(",
        least=12,
    ),
    Rule(
        "flag",
        "A command as a list of arguments: ['mysql', '-psecret'], ['curl', '-u', 'user:secret'].",
        r"['\"](?:mysql\w{0,8}|mariadb\S{0,12}|curl|sshpass|7z|redis-cli|ldap\w{1,12})['\"],",
        matches(
            r"(?P<label>['\"](?:[^'\"\s]{0,80}/)?(?:(?:mysql\w{0,8}|mariadb[\w-]{0,10}|sshpass|7z)['\"],[^\]\n]{0,400}?['\"]-p(?:['\"], ?['\"])?|curl['\"],[^\]\n]{0,400}?['\"](?:-u|--user)['\"], ?['\"][^'\":\n]{1,128}:"
            r"|redis-cli['\"],[^\]\n]{0,400}?['\"]-a['\"], ?['\"]|ldap\w{1,12}['\"],[^\]\n]{0,400}?['\"]-w['\"], ?['\"]))(?!\[REDACTED)[^'\"\n]{1,512}(?=['\"])",
            keeping(rf"\g<label>{policy.REDACTED}"),
        ),
        needs=",",
        least=14,
        sketch=(r"(?:mysql\w*|mariadb[\w-]*|curl|sshpass|7z|redis-cli|ldap\w+)['\"],",),
    ),
    Rule(
        "person",
        "Loggers of statements write the parameters behind them: what is neither a number nor a word of a program goes.",
        r"\[parameters: [(\[]|params = [(\[]|; args=[(\[]",
        matches(
            r"(?P<label>\[parameters: |\bPARAMS = |; args=)(?P<values>[(\[][^\n]{1,4096}?[)\]])(?=\]|\n|$|; alias=)",
            _parameters,
        ),
        needs="([",
        least=14,
    ),
    Rule(
        "spoken",
        "Redis' users have passwords behind a >, and hashes behind a #.",
        r"setuser ",
        matches(
            r"(?P<label>\b(?i:setuser) [^\n]{1,200}? [>#])(?!\[REDACTED)[^\s\"']{3,512}",
            keeping(rf"\g<label>{policy.REDACTED}"),
        ),
        needs=">#",
        least=14,
    ),
    Rule(
        "spoken",
        "Codes for a lost telephone come as a list; the first one is found by its label.",
        r"(?:recovery|backup|scratch)[ _-]codes",
        matches(
            r"(?i)(?P<label>\b(?:recovery|backup|scratch)[ _-]codes?['\"]?(?:\s?[=:]|\s(?:are|were))\s{1,3}\[REDACTED\])"
            r"(?:(?:,\s?|\s)(?=[a-z-]{0,12}\d)[a-z0-9]{2,12}(?:-[a-z0-9]{2,12}){0,4}){1,20}(?![\w-])",
            keeping(r"\g<label>"),
        ),
        needs="[",
        least=20,
        sketch=(r"(?:recovery|backup|scratch)[ _-]codes",),
    ),
    Rule(
        "url_credentials",
        "urllib takes what stands behind a password's @ or : for a port, and quotes it.",
        r"port could not be cast to integer value as ",
        matches(
            r"(?P<label>\bPort could not be cast to integer value as (?P<quote>['\"]))(?!\[REDACTED|\d{1,9}['\"])[^'\"\n]{1,512}(?=(?P=quote))",
            keeping(rf"\g<label>{policy.REDACTED}"),
        ),
        needs="'\"",
        least=44,
    ),
)
