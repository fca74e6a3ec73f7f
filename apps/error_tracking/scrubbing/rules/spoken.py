"""Secrets in sentences and on command lines: "the password is …", "your code is 123456", --password …, -u user:…."""

import re
from collections.abc import Iterator

from .. import policy
from ..keys import is_sensitive_key, key_class
from ..lazy import lazy
from .keyvalue import SYNTAX
from .rule import Anchored, Hit, Rule, keeping, matches
from .values import is_harmless_value, is_prose, may_be_secret

_NOUN = (
    r"(?:password|passwort|kennwort|mot de passe|contraseña|senha|wachtwoord|passphrase|passcode|passwd|pwd|pw|pin(?: code| number)?|otp|one[- ]time (?:pass(?:word|code)|code|pin)"
    r"|(?:verification|security|login|access|auth(?:entication|orization)?|confirmation|recovery|backup|2fa|mfa|sms|reset|activation|invite) code"
    r"|(?:access|api|auth|bearer|refresh|reset|session|csrf|login|id)?[ _-]?token|(?:api|secret|access|private|license)[ _-]key|(?:client[_ -])?secret|authorization header|credentials?|cvv|cvc|security answer)"
)
_LINK = r"(?:is|was|are|now|lautet|ist|est|es|è|set to|changed to|reset to|updated to|to|of|as|provided)"


def _said(match: re.Match[str]) -> str:
    text = match["value"]
    quote = match["quote"]
    label = match["label"].lower()
    if SYNTAX.search(match.string[max(0, match.start() - 30) : match.start()]) or not may_be_secret(
        text, "pin" if label.startswith("pin") else "", quoted=bool(quote)
    ):
        return match[0]
    if not match["link"] and _SETTING.match(text):
        return match[0]
    # 'token "x" not found' may be any word; a password in quotes is one.
    if not _ODD.search(text) and not (quote and "pass" in label):
        return match[0]
    if text.isdigit() and "pass" in label:  # reset password for user 4711
        return match[0]
    return f"{match['label']}{quote}{policy.REDACTED}{quote}" if quote else match["label"] + policy.REDACTED


# What no word of a sentence has: a digit, or a sign within.
_ODD = lazy(r"\d|[A-Za-z][!@#$%^&*_+=~?][^\s]|[a-z][A-Z]")
# "token ttl=3600" says something about the token; what is secret of such pairs is found by its key.
_SETTING = lazy(r"[A-Za-z_]\w{1,40}=[^=]")
_FLAG = lazy(
    r"(?P<flag>(?<![\w-])--?(?P<key>[A-Za-z][\w.-]{1,60})(?:[ =]|\"?,\s?\"?|',\s?'))(?P<quote>[\"']?)(?:pass:(?=\S))?"
)
_FLAG_VALUE = lazy(r"(?!-)[^\s\"',\])]{1,4096}|(?<=\")[^\"\n]{1,4096}|(?<=')[^'\n]{1,4096}")


def _flags(text: str) -> Iterator[Hit]:
    for flag in _FLAG.finditer(text):
        value = _FLAG_VALUE.match(text, flag.end()) if is_sensitive_key(flag["key"]) else None
        if (
            value
            and "REDACTED" not in value[0]
            and not _NAMED.fullmatch(value[0])
            and not is_harmless_value(flag["key"], value[0])
        ):
            yield Hit(value.start(), value.end(), policy.REDACTED)


_NAMED = lazy(
    r"\$\{?\w{1,80}\}?|\{\{?[^}]{1,80}\}?\}|%\(?\w{0,60}\)?s|<[^>]{1,80}>|\*+|None|null|\[REDACTED\]?|[A-Z_-]{3,20}\]?|file:.*|env:.*|@\S+|/[\w./-]+"
)


def _changed(match: re.Match[str]) -> str:
    if not _ODD.search(match["value"]) or is_prose(match["value"]) or "REDACTED" in match["value"]:
        return match[0]
    second = policy.REDACTED if match["second"] else ""
    return f"{match['label']}{policy.REDACTED}{match['then'] or ''}{second}"


RULES = (
    Rule(
        "spoken",
        "People write secrets into sentences.",
        r"pass|pwd|pin|otp|code|token|key|secret|authorization header|credential|cvv|cvc|answer|kennwort|wachtwoord|contrase|senha",
        matches(
            rf"(?i)(?P<label>\b{_NOUN}\b(?: for [\w.@\[\]-]{{1,60}})?(?P<link>,?(?: \w{{1,12}})? {_LINK}| equals)?:?[ \t]{{1,3}}[<>(]?(?:(?:pk|id|key|value)=)?)(?P<quote>[\"'`“‘]?)"
            rf"(?P<value>(?<=[\"'`])[^\"'`\n]{{1,200}}(?=[\"'`])|[^\s\"'`,;()\[\]{{}}<>]{{3,200}}?(?=[.,;:!?)]*(?:\s|$|[\"'`<>])))(?P=quote)?",
            _said,
        ),
        needs=" ",
        least=8,
        sketch=(
            r"(?:passwor[dt]|kennwort|mot de passe|contrase|senha|wachtwoord|passphrase|passcode|passwd|pwd|pw|pin|pin number|otp|code|token|key|secret|authorization header|credentials?|cvv|cvc|answer)[ \t:,]",
        ),
    ),
    Rule(
        "spoken",
        "Both in one: credentials: admin / …, passwords (admin:…).",
        r"(?:passwords?|credentials?|login)[:(= ]{1,4}[^\s:/()]{1,64} ?[:/]",
        matches(
            r"(?i)(?P<label>\b(?:passwords?|credentials?|login)(?:: ?| ?\()(?:[\w.@-]{1,64}|\[[A-Z_]{0,9}REDACTED\])(?: ?/ ?|:))(?P<value>(?=[^\s]{0,60}\d)[^\s'\"(),;\[\]/]{5,200})",
            keeping(rf"\g<label>{policy.REDACTED}"),
        ),
        needs=":(",
        least=14,
        sketch=(Anchored(r"(?:passwords?|credentials?|login)(?::| ?\()", r" ?[\w.@\[\]-]+(?: ?/|:)"),),
    ),
    Rule(
        "spoken",
        "Databases are told passwords in their own words; Redis repeats them.",
        r"password '|password for |identified by|decrypt\(|encrypt\(|crypt\(|auth|requirepass",
        matches(
            r"(?P<label>(?i:\bpassword |\bset password for [^=\n]{1,80}= ?|\bidentified (?:with \w{1,40} )?by |\bpgp_sym_(?:de|en)crypt\([^,()]{1,80}, ?|\bcrypt\(|\bhmac\.new\(b?)(?P<quote>['\"])|\bAUTH (?:default )?|with args beginning with: '|\b(?:masterauth|requirepass) )"
            r"(?P<value>(?<=['\"])[^'\"\n]{1,200}(?=['\"])|(?<![\"'])[^\s'\",]{4,200})",
            lambda match: (
                match["label"] + policy.REDACTED
                if match["quote"] or _ODD.search(match["value"]) or "-" in match["value"]
                else match[0]
            ),
        ),
        needs=" ",
        least=8,
        sketch=(
            r"password ['\"]",
            r"password for ",
            r"identified (?:with|by) ",
            r"crypt\(",
            r"hmac\.new\(",
            r"\bauth ",
            r"args beginning with: '",
            r"masterauth ",
            r"requirepass ",
        ),
    ),
    Rule(
        "spoken",
        "Code that passes a password on, in a traceback: set_password('…'), login('…', '…').",
        r"password\(|login\(|create_\w{0,5}user\(|jwt\.encode|hmac\.new",
        matches(
            r"(?P<label>\b\w{0,20}_password\(b?['\"]|\.login\(['\"][^'\"\n]{0,255}['\"], ?b?['\"]|create_(?:super)?user\([^()\n]{1,400}, ?['\"](?=[^'\"]{1,200}['\"]\))|\bjwt\.encode\([^,()\n]{1,80}, ?b?['\"]|\bhmac\.new\(b?['\"])(?P<value>[^'\"\n]{1,400})(?=['\"])",
            lambda match: match[0] if "REDACTED" in match["value"] else match["label"] + policy.REDACTED,
        ),
        needs="(",
        least=10,
        sketch=(
            r"_password\(b?['\"]",
            r"\.login\(['\"]",
            r"create_(?:super)?user\(",
            r"jwt\.encode\(",
            r"hmac\.new\(",
        ),
    ),
    Rule(
        "spoken",
        "SMTP and Redis are told in their own words.",
        r"auth plain|auth login|\"auth\"|auth\\?\r|auth\\r",
        matches(
            r"(?P<label>\bAUTH (?:PLAIN|LOGIN) |\"AUTH\" \"|\bAUTH(?:\\r\\n|\r\n)\$\d{1,4}(?:\\r\\n|\r\n))(?P<value>[^\s\"'\\]{4,512})",
            keeping(rf"\g<label>{policy.REDACTED}"),
        ),
        needs="Aa",
        least=12,
        sketch=(
            r"auth (?:plain|login) ",
            r"\"auth\" \"",
            r"auth(?:\\r\\n|\r\n)\$",
        ),
    ),
    Rule(
        "spoken",
        "password for the account: …, new password to use: ….",
        r"(?:pass|pin|code|secret)\w{0,8}(?: [\w()]{1,12}){1,4}[:=]",
        matches(
            r"(?i)(?P<label>\b(?:password|passwd|passcode|passphrase|pin|secret)(?: [\w()]{1,12}){1,4}[:=] )(?P<value>[^\s'\",;()]{4,200})",
            lambda match: (
                match["label"] + policy.REDACTED
                if _ODD.search(match["value"])
                and not match["value"].isdigit()
                and "REDACTED" not in match["value"]
                and "://" not in match["value"]
                and key_class(match["label"].removesuffix(": "))
                else match[0]
            ),
        ),
        needs=":=",
        least=14,
        sketch=(Anchored(r"(?:password|passwd|passcode|passphrase|pin|secret) ", r"[\w() ]+[:=] "),),
    ),
    Rule(
        "spoken",
        "Variables are set by commands: setx DB_PASSWORD …, aws configure set ….",
        r"\bset",
        matches(
            r"(?P<label>\b(?:setx|configure set|set -x|set) (?P<key>[A-Za-z_]\w{2,60}) )(?P<value>[^\s'\"=]{4,512})",
            lambda match: (
                match["label"] + policy.REDACTED
                if is_sensitive_key(match["key"]) and may_be_secret(match["value"], match["key"], quoted=False)
                else match[0]
            ),
        ),
        needs=" ",
        least=12,
        sketch=(Anchored(r"\bset(?:x| -x)? [a-z_]", r"\w+ [^\s'\"=\x00]{4}"),),
    ),
    Rule(
        "spoken",
        "A password that was wrong, or that was changed.",
        r"pass|secret|token|pin",
        matches(
            r"(?i)(?P<label>\b(?:password|passwd|passphrase|passcode|secret|token|pin) (?:\(|(?:was )?(?:changed |updated |reset )?from ['\"]?))(?P<value>[^\s'\"()]{3,200})(?P<then>['\"]? to ['\"]?)?(?P<second>(?<=to )[^\s'\"()]{3,200}|(?<=to ['\"])[^\s'\"()]{3,200})?",
            _changed,
        ),
        needs=" ",
        least=8,
        sketch=(
            Anchored(
                r"(?:word|passwd|phrase|code|secret|token|pin) ", r"(?:\(|(?:was |changed |updated |reset )*from )"
            ),
        ),
    ),
    Rule(
        "spoken",
        "A passphrase is several words.",
        r"passphrase|pass phrase|answer",
        matches(
            r"(?i)(?P<label>\b(?:passphrase|pass phrase|security answer|secret answer) (?:is|was) ['\"]?)(?P<value>[a-z]{2,20}(?: [a-z]{2,20}){2,8})(?=['\"]?(?:[.,;\n]|$))",
            keeping(rf"\g<label>{policy.REDACTED}"),
        ),
        needs=" ",
        least=8,
        sketch=(r"(?:passphrase|pass phrase|security answer|secret answer) (?:is|was) ",),
    ),
    Rule(
        "spoken",
        "A number that somebody was sent to sign in with.",
        r"code|otp|pin|\btan",
        matches(
            r"(?i)(?P<label>(?<![a-z] )(?<![\w-])(?:(?:otp|pin|tan)[:=]?\s{1,2}(?=\d)|code[:=]?\s{1,2}(?=\d{6}\b|\d{3}[- ]\d{3}))|\b(?:your|<#>)[^.\n]{0,40}? code(?: is)?:? |\b(?:door|gate|unlock|entry|alarm) code:? |\bcode lautet:? |\b(?:your|one[- ]time|otp|sms|verification|security|login|2fa|mfa|auth(?:entication)?|confirmation|access) (?:pass)?(?:code|pin|otp)(?: (?:is|was|for \w{1,20}|sent|to \w{1,20})){0,2}[:=]?\s{1,2})(?P<value>\d{3}[- ]?\d{3}|\d{4,8})(?![\w.%-])",
            keeping(rf"\g<label>{policy.REDACTED}"),
        ),
        needs=" ",
        least=8,
        sketch=(Anchored(r"\s\d{3}", before=r"(?:code|otp|pin|tan)[\w\s:=]*"),),
    ),
    Rule(
        "spoken",
        "And before the word: 123456 is your code.",
        r"(?:is|as) (?:your|the)|to (?:sign|log)",
        matches(
            r"(?i)\b(?P<value>\d{4,8}|[A-Z0-9]{6,10}(?<=\d))(?P<rest> (?:(?:is|as) (?:your|the) (?:[\w-]{1,20} ){0,3}(?:code|otp|pin|password|passcode|token)|to (?:sign|log) ?in)\b)",
            keeping(rf"{policy.REDACTED}\g<rest>"),
        ),
        needs=" ",
        least=8,
        sketch=(r"\d (?:(?:is|as) (?:your|the) |to (?:sign|log) ?in)",),
    ),
    Rule(
        "flag",
        "Command lines: --password hunter2, as a text or as a list of arguments.",
        r"-[\w.-]{0,60}(?:pass|pw|mfa|code|token|secret|key|cred|pin|otp|auth|session|csrf|cookie|jwt|sig)",
        _flags,
        needs="-",
        least=8,
        sketch=(r"[^\w-]--?[a-z][\w.-]",),
    ),
    Rule(
        "flag",
        "curl -u user:password, mysql -ppassword, sshpass -p password.",
        r"curl|wget| login |zip |7z |openssl|net use|keygen|sudo|http|mysql|mariadb|sshpass|mongo|redis-cli|ldap|psql",
        matches(
            r"(?P<flag>\bcurl\b[^\n]{0,400}?\s(?:-u|--user)[ =]?[\"']?[^\s:\"']{1,128}:|\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n]{0,400}?\s-p|\b(?:un)?zip\b[^\n]{0,200}?\s-P |\bssh-keygen\b[^\n]{0,200}?\s-[NP] |\bsshpass\s+-p\s?[\"']?"
            r"|\b7z\b[^\n]{0,200}?\s-p|\bhttps?\b(?= -a)\s-a\s+[^\s:]{1,64}:|\bopenssl\b[^\n]{0,200}?(?:\s-k\s|\s-pass(?:in|out)?\s(?:pass:)?+)|\bnet use\b[^\n]{0,120}?\s(?=[^\s/]{3,40}\s/user:)|\becho\s(?=[^\n|]{1,120}\| ?sudo -S)|\bredis-cli\b[^\n]{0,400}?\s-a\s+[\"']?|\bldap\w{1,10}\b[^\n]{0,400}?\s-w\s+[\"']?|\b(?:docker|podman|helm|buildah|skopeo|nerdctl|az)\b[^\n]{0,80}? login\b[^\n]{0,400}?\s-p[ =][\"']?)(?P<value>[^\s\"'\[][^\s\"']{0,255}|(?<=-p)'[^'\n]{1,255}')",
            lambda match: (
                match[0]
                if _NAMED.fullmatch(match["value"]) or is_prose(match["value"])
                else match["flag"] + policy.REDACTED
            ),
        ),
        needs=" ",
        least=10,
        sketch=(
            Anchored(r"curl", r"[^\x00]*\s-(?:u|-user)"),
            Anchored(r"\s-p", before=r"(?:mysql|mariadb|zip|7z| login\b)[^\x00]*"),
            Anchored(r"keygen", r"[^\x00]*\s-[np] "),
            Anchored(r"sshpass", r"\s+-p"),
            r"https? -a",
            Anchored(r"openssl", r"[^\x00]*\s-(?:k|pass)"),
            r"net use",
            r"sudo -s",
            Anchored(r"redis-cli", r"[^\x00]*\s-a"),
            Anchored(r"ldap", r"[^\x00]*\s-w"),
        ),
    ),
)
