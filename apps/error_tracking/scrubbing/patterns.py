"""Line 2's rules for text, as data: what to look for, what it becomes, and why the rule is there.

Every expression is linear in its input: bounded quantifiers, no nested ones. A rule runs only on a text that
holds one of its needles, so harmless text costs one scan.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from . import policy
from .ip import mask_ip_in_text
from .keys import is_sensitive_key


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to find. `replace` gets the match and returns what takes its place; unchanged text is no hit."""

    kind: str
    why: str
    needles: tuple[str, ...]  # lower case; the rule runs when the lower-cased text holds one of them
    pattern: re.Pattern[str]
    replace: Callable[[re.Match[str]], str]


def _always(placeholder: str) -> Callable[[re.Match[str]], str]:
    return lambda match: placeholder


# ---- e-mail ------------------------------------------------------------------------------------------------------

# The @ as people, URLs, HTML, JSON, Python and mail bodies spell it.
_AT = r"(?:@|\uff20|%(?:25){0,3}40|&#(?:0{0,4}64|[xX]0{0,4}40);|&commat;|\\{1,4}u0040|\\{1,4}x40|=40)"
_LOCAL = r"(?:[\w.!#$&'*+/?^`{|}~-]|%(?:25){0,3}2[bB]){1,255}"
_DOMAIN = r"(?:[\w-]{1,63}(?:\.|%(?:25){0,3}2[eE])){1,8}(?:xn--[\w-]{1,59}|[^\W\d_]{2,63})|\[[\d.]{7,15}\]"
_EMAIL = re.compile(
    rf"(?<![\w.!#$&'*+?^`{{|}}~%-])(?:\"[^\"\s]{{1,64}}\"|(?P<local>{_LOCAL})){_AT}(?P<domain>{_DOMAIN})(?P<after>:?)"
)
# x@2x.png and user@host.py are file names, not people.
_FILE_ENDINGS = frozenset("avif css gif html jpeg jpg js json md png py svg txt webp xml yml zip".split())
_URL_START = re.compile(r"\w{2,10}://|[^'\s]{0,255}[/?&]")


def _email(match: re.Match[str]) -> str:
    local, domain, after = match["local"] or "", match["domain"], match["after"]
    if domain.rsplit(".", 1)[-1].lower() in _FILE_ENDINGS or (local == "git" and after):
        return match[0]
    # A path or a query in front of the address is not part of it.
    lead = _URL_START.match(local)
    quote = re.match(r"['`{]*", local)
    kept = lead[0] if lead else quote[0] if quote else ""
    return kept + policy.EMAIL + after


# ---- key and value in text ---------------------------------------------------------------------------------------

# Only where a key may start to be sensitive: what is_sensitive_key says of the whole decides.
_KEYWORD = (
    r"(?:pass(?:word|wd|phrase|code)|secret|token|credential|signature|cookie|session|csrf|xsrf"
    r"|(?:api|access|account|client|encryption|master|private|shared|signing|storage)[_-]?key"
    r"|(?<![a-z])(?:auth|pwd|jwt|otp|totp|mfa|cvv|cvc|ssn|dsn)|(?<=_)pwd)"
)
_KEY_VALUE = re.compile(
    rf"""(?ix)
    (?P<key>(?!\w{{1,8}}_REDACTED\]){_KEYWORD}[\w-]{{0,30}})
    (?P<join>\\{{0,3}}["']?\]?\s{{0,4}}(?>=>|:=|={{1,3}}|:|%3[dD])\s{{0,4}})(?![=:>])
    (?P<value>
        [bru]{{0,2}}\\{{0,3}}"(?:[^"\\]|\\(?!["'])|\\["'](?![\s,;}})\]]|$))*\\{{0,3}}"?
        | [bru]{{0,2}}\\{{0,3}}'(?:[^'\\]|\\(?!["'])|\\["'](?![\s,;}})\]]|$))*\\{{0,3}}'?
        | (?:(?:token|digest|negotiate|apikey|basic|bearer)\s{{1,2}})?[^\s,;&<>"'(){{}}\[\]]{{1,4096}}
    )"""
)
# What stands after "password:" in a sentence, and is no password.
_PROSE = frozenset(
    (
        "a an and are bearer basic blank can cannot does expired field fields for has have incorrect "
        "invalid is it length malformed may mismatch missing must no none nil not null of only or "
        "required should str string that the this to too true false undefined unknown was were will with "
        "wrong your"
    ).split()
)
# SQL and format placeholders, masks, and shapes of minimise.
_PLACEHOLDER = re.compile(r"%s|%\(\w{1,60}\)s|\?|\$\d{1,3}|:\w{1,60}|\*+|[a-z]{1,20}\[\d{1,12}\]")
_QUOTES = re.compile(r"[bru]{0,2}\\{0,3}[\"']")
_CLOSING = re.compile(r"\\{0,3}[\"']\Z")
_COOKIE_LINE = re.compile(r"(?i)(?P<key>\b(?:set-)?cookie[\"']?\s{0,4}[:=]\s{0,4})(?P<value>[^\r\n\"']{1,8192})")


def _key_value(match: re.Match[str]) -> str:
    opening = _QUOTES.match(match["value"])
    text = match["value"][opening.end() :] if opening else match["value"]
    closing = _CLOSING.search(text) if opening else None
    secret = text[: closing.start()] if closing else text
    if not is_sensitive_key(match["key"]) or not _may_be_secret(secret, match["key"]):
        return match[0]
    marks = (opening[0] if opening else "", closing[0] if closing else "")
    return f"{match['key']}{match['join']}{marks[0]}{policy.REDACTED}{marks[1]}"


def _may_be_secret(text: str, key: str) -> bool:
    bare = text.strip()
    if not bare or "REDACTED]" in bare or _PLACEHOLDER.fullmatch(bare):
        return False
    # password=password is code that passes a variable on.
    return bare.lower().rstrip(".:!") not in _PROSE and bare.lower() != key.lower()


# ---- numbers that name a person or an account -----------------------------------------------------------------------


def _card(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    return policy.CARD if digits[0] in "23456" and len(set(digits)) > 1 and luhn_valid(digits) else match[0]


def luhn_valid(digits: str) -> bool:
    """Check the last digit of a card number (ISO/IEC 7812-1, annex B)."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + index % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def _iban(match: re.Match[str]) -> str:
    # In groups of four, a word behind the number looks like one more group.
    groups = re.split(r"([ -])", match[0])
    for end in range(len(groups), 0, -2):
        if _iban_valid("".join(groups[:end:2])):
            return policy.IBAN + "".join(groups[end:])
    return match[0]


def _iban_valid(text: str) -> bool:
    # https://en.wikipedia.org/wiki/International_Bank_Account_Number#Validating_the_IBAN
    number = "".join(str(int(character, 36)) for character in text[4:] + text[:4])
    return 15 <= len(text) <= 34 and int(number) % 97 == 1


# a::b is code; an address has a group of three or more, digits among them.
_LIKE_IPV6 = re.compile(r"(?=[^\d]*\d)[0-9A-Fa-f:]*[0-9A-Fa-f]{3}")
# Bearer authentication, bearer token: a sentence, not a header.
_AFTER_BEARER = frozenset(
    "authentication authorization format header headers realm scheme schemes string token tokens".split()
)

# ---- the rules, in the order in which they run --------------------------------------------------------------------

RULES: tuple[Rule, ...] = (
    Rule(
        "private_key",
        "A PEM block is a key in full; what is cut off at the end is still most of one.",
        ("-----begin",),
        re.compile(
            r"-----BEGIN [A-Z ]{0,40}(?:PRIVATE KEY|MESSAGE)[A-Z ]{0,20}-----[^-]{0,16384}"
            r"(?:-----END [A-Z ]{0,60}-----)?"
        ),
        _always(policy.KEY),
    ),
    Rule(
        "url_credentials",
        "Connection errors quote the URL they could not reach, with the password in it; a DSN is the same.",
        ("://",),
        re.compile(r"(?P<scheme>\b[A-Za-z][A-Za-z0-9+.-]{1,20}://)(?!\[REDACTED\]@)[^\s/?#\"'<>]{1,1024}@(?=[\w\[.-])"),
        lambda match: match["scheme"] + policy.REDACTED + "@",
    ),
    Rule(
        "token",
        "An Authorization header that got into a message.",
        ("bearer",),
        re.compile(r"(?i)\b(?P<scheme>bearer)(?P<space>\s{1,4}|%20|\+)(?P<token>[A-Za-z0-9._~+/=-]{6,8192})"),
        lambda match: (
            match[0] if match["token"].lower() in _AFTER_BEARER else f"{match['scheme']}{match['space']}{policy.TOKEN}"
        ),
    ),
    Rule(
        "token",
        "Basic credentials are user and password in base64.",
        ("basic ",),
        re.compile(r"\b(?P<scheme>[Bb]asic )(?=[A-Za-z0-9+/]{0,256}[A-Z0-9+/=])[A-Za-z0-9+/]{8,1024}={0,2}(?![\w])"),
        lambda match: match["scheme"] + policy.TOKEN,
    ),
    Rule(
        "token",
        "A JWT names its user and, until it expires, is that user.",
        ("eyj",),
        re.compile(r"\beyJ[A-Za-z0-9_-]{6,4096}\.[A-Za-z0-9_-]{4,8192}(?:\.[A-Za-z0-9_-]{0,4096}){0,3}"),
        _always(policy.TOKEN),
    ),
    Rule(
        "key",
        "Keys of well-known vendors have prefixes of their own, so that scanners can find them.",
        (
            "sk_",
            "pk_",
            "rk_",
            "sk-",
            "ghp_",
            "gho_",
            "ghu_",
            "ghs_",
            "ghr_",
            "github_pat_",
            "glpat-",
            "xox",
            "akia",
            "asia",
            "aiza",
            "sg.",
            "npm_",
            "pypi-",
            "hvs.",
            "dckr_pat_",
            "whsec_",
            "sntrys_",
            "sntryu_",
        ),
        re.compile(
            r"\b(?:[sr]k_(?:live|test)_[A-Za-z0-9]{10,128}|whsec_[A-Za-z0-9]{16,128}|sk-[A-Za-z0-9_-]{20,256}"
            r"|gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}|glpat-[A-Za-z0-9_-]{16,128}"
            r"|xox[abeoprs]-[A-Za-z0-9-]{10,256}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{35}"
            r"|SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}|npm_[A-Za-z0-9]{30,64}|pypi-[A-Za-z0-9_-]{40,512}"
            r"|hvs\.[A-Za-z0-9_-]{20,256}|dckr_pat_[A-Za-z0-9_-]{20,64}|sntry[su]_[A-Za-z0-9_=+/-]{20,512})"
        ),
        _always(policy.KEY),
    ),
    Rule(
        "key_value",
        "A Cookie header holds several pairs, each of which can be a session.",
        ("cookie",),
        _COOKIE_LINE,
        lambda match: match[0] if match["value"].strip() == policy.REDACTED else match["key"] + policy.REDACTED,
    ),
    Rule(
        "key_value",
        "password=…, 'token': '…', API_KEY: …: the key says what the value is.",
        (
            "pass",
            "pwd",
            "secret",
            "token",
            "key",
            "credential",
            "csrf",
            "xsrf",
            "session",
            "cookie",
            "auth",
            "jwt",
            "otp",
            "cvv",
            "cvc",
            "ssn",
            "signature",
            "dsn",
        ),
        _KEY_VALUE,
        _key_value,
    ),
    Rule(
        "email",
        "An e-mail address names a person; validation and database errors quote them.",
        ("@", "\uff20", "40", "64;", "commat"),
        _EMAIL,
        _email,
    ),
    Rule(
        "iban",
        "A bank account. The checksum keeps order numbers and hashes.",
        tuple("0123456789"),
        re.compile(
            r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?:[ -][A-Z0-9]{4}){2,8}(?:[ -][A-Z0-9]{1,3})?)"
            r"(?![A-Za-z0-9])"
        ),
        _iban,
    ),
    Rule(
        "card",
        "A payment card. The check digit keeps nine of ten other numbers of that length.",
        tuple("0123456789"),
        re.compile(
            r"(?<![\w.+-])(?:\d{13,19}|\d{4}(?P<by>[ -])\d{4}(?P=by)\d{4}(?P=by)\d{4}(?:(?P=by)\d{1,3})?"
            r"|\d{4}(?P<as>[ -])\d{6}(?P=as)\d{5})(?![\w-])"
        ),
        _card,
    ),
    Rule(
        "ip",
        "An address is a household; its network is enough to see a pattern.",
        (".",),
        re.compile(r"(?<![\w.+=-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)"),
        lambda match: mask_ip_in_text(match[0]),
    ),
    Rule(
        "ip",
        "The same in IPv6.",
        ("::", ":"),
        re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?![\w:.]*[\w:])"),
        lambda match: mask_ip_in_text(match[0]) if _LIKE_IPV6.search(match[0]) else match[0],
    ),
)
