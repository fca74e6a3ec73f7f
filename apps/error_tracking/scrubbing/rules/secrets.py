"""Secrets that speak for themselves: no key in front of them is needed to know what they are."""

import re
from base64 import b64decode

from .. import policy
from ..lazy import lazy
from .rule import DIGITS, Anchored, Rule, always, keeping, matches

_B64 = r"[A-Za-z0-9_-]"

_WORD_ONLY = lazy(r"[a-z]{1,20}|[A-Z]?[a-z]{1,20}|[A-Z]{1,20}")

UUID = lazy(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

# A user name that is a key: a DSN's, a token in front of x-oauth-basic.
_LONG_SECRET = lazy(r"(?=\D*\d)[A-Za-z0-9_-]{16,}")

# GitHub takes a token as the user, and this in place of a password.
_NO_PASSWORD = ("x-oauth-basic",)
_UNFILLED = lazy(r"\$\{?\w+\}?|\{\w*\}|%s|\*+|<[\w -]+>|[xX]{3,}|PASSWORD|PASS|password")


# "Could not read -----BEGIN PRIVATE KEY----- in x.pem" quotes a line, whatever lines follow; a key's next line is its.
_PEM_BODY = lazy(r"-----END|-----\s*(?:\n|\\+[nr]|%0)|[A-Za-z0-9+/_]{24}")
_PORT = lazy(r"\d{2,5}/.*[/?=].*")


def _url_credentials(match: re.Match[str]) -> str:
    user, colon, password = match["user"].partition(":")
    # https://cdn.example/npm/@scope/x: a / ? or # before any colon ends the host, so this @ is part of a path.
    if re.search(r"[/?#]", user) or (not colon and not _LONG_SECRET.search(user)):
        return match[0]
    # http://host.example:8080/x?from=a@b: the @ is in the query.
    if "." in user and _PORT.fullmatch(password):
        return match[0]
    if colon and (not password or "REDACTED" in password or _UNFILLED.fullmatch(password)):
        return match[0]
    # git+https://deploy:…@git.example.com/x.git@main: only what is in front of the host.
    ends = password.find("@")
    if ends >= 0 and re.match(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?/", password[ends + 1 :]):
        return f"{match['scheme']}{user}:{policy.REDACTED}{password[ends:]}@"
    kept = policy.REDACTED if _LONG_SECRET.search(user) else user
    hidden = password if password in _NO_PASSWORD else policy.REDACTED if colon else ""
    return f"{match['scheme']}{kept}{colon}{hidden}@"


def _base64_json(match: re.Match[str]) -> str:
    try:
        text = b64decode(match[0].rstrip("=") + "==", altchars=b"-_").decode()
    except ValueError:
        return match[0]
    return (
        policy.TOKEN if "@" in text or re.search(r"(?i)passw|secret|token|session|user|name|auth", text) else match[0]
    )


RULES = (
    Rule(
        "private_key",
        "A PEM block is a key in full; what is cut off at the end is still most of one.",
        r"-----begin",
        matches(
            # A form sends + for a space.
            r"-----BEGIN[ +][A-Z0-9 +]{0,40}(?:PRIVATE[ +]KEY|PGP[ +]MESSAGE|SECRET)[A-Z0-9 +]{0,20}-----"
            r"(?:(?!-----)[\s\S]){0,16384}(?:-----END[ +][A-Z0-9 +]{0,60}-----)?",
            lambda match: policy.KEY if _PEM_BODY.search(match[0]) else match[0],
        ),
        needs="-",
        least=20,
    ),
    Rule(
        "url_credentials",
        "Connection errors quote the URL they could not reach, with the password in it; a DSN is the same.",
        r":\\?/\\?/[^\s]{1,1024}@",
        # The last @ before the host: passwords hold @, / and # unescaped more often than they should.
        matches(
            r"(?P<scheme>\b[A-Za-z][A-Za-z0-9+.-]{1,30}:\\?/\\?/)(?!\[REDACTED\]@)"
            r"(?P<user>[^\s\"'<>@]{0,512}(?:@[^\s\"'<>@]{0,512}){0,4})@(?=[\w\[(./-])",
            _url_credentials,
        ),
        needs="@",
        least=9,
        sketch=(Anchored(r":\\?/\\?/", r"[^\s\"'<>\x00]+@"),),
    ),
    Rule(
        "private_key",
        "PuTTY's files and JSON Web Keys have fields for it.",
        r"private-lines: |\"kty\\{0,3}\"",
        matches(
            r"(?P<label>\bPrivate-Lines: \d{1,3}\r?\n|\\{0,3}\"(?:d|p|q|dp|dq|qi|k)\\{0,3}\"\s?:\s?\\{0,3}\")"
            r"(?P<value>(?<=\n)(?:[A-Za-z0-9+/=]{16,80}\r?(?:\n|$)){1,64}|(?<=\")[A-Za-z0-9_-]{16,4096})",
            lambda match: match["label"] + policy.KEY + ("\n" if match["value"].endswith("\n") else ""),
        ),
        needs=":",
        least=24,
    ),
    Rule(
        "url_credentials",
        "Taken apart by urllib, and as Oracle writes it, there is no scheme in front.",
        r"netloc=b?['\"][^\s@]{1,640}@|oracle:[a-z]{2,4}:|sqlplus ",
        matches(
            r"(?P<lead>\bnetloc=b?['\"][^\s:@'\"]{0,128}:|\b(?:jdbc:oracle:\w{2,4}:|sqlplus )[\w$#]{1,64}/)(?!\[REDACTED\]@)"
            r"[^\s\"'<>]{1,512}(?=@)",
            keeping(rf"\g<lead>{policy.REDACTED}"),
        ),
        needs="@",
        least=12,
        sketch=(Anchored(r"netloc=b?['\"]", r"[^\s@\x00]+@"), r"oracle:[a-z]{2,4}:", r"sqlplus "),
    ),
    Rule(
        "url_credentials",
        "What was cut off before the @.",
        r"://[^\s/:@]{1,128}:[^\s/:@]{4,128}\Z",
        matches(
            r"(?P<lead>\b[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s/:@\"'<>]{1,128}:)(?=[^\s\d]{0,127}[\d-])(?=\d{0,127}[A-Za-z])[A-Za-z0-9!#$%&*_.-]{4,128}\Z",
            keeping(rf"\g<lead>{policy.REDACTED}"),
        ),
        needs=":",
        least=12,
        sketch=(Anchored(r"://", r"[^\s/:@\x00]+:[^\s/:@\x00]{4,128}\x00"),),
    ),
    Rule(
        "url_credentials",
        "The same, percent-encoded into another URL.",
        r"%3a%2f%2f",
        matches(
            r"(?i)(?P<lead>%3a%2f%2f(?:[\w.~+-]|%(?!3a|40|2f)[0-9a-f]{2}){0,128}%3a)(?P<password>(?:[^\s&%\"'<>]|%(?!40|2f|26)[0-9a-f]{2}){1,512})(?=%40)",
            keeping(rf"\g<lead>{policy.REDACTED}"),
        ),
        needs="%",
        least=12,
    ),
    Rule(
        "token",
        "An Authorization header that got into a message.",
        r"bearer|basic[ +%]|digest |negotiate |\bntlm |apikey ",
        matches(
            r"(?P<scheme>(?i:bearer|basic|digest|negotiate|ntlm|apikey))(?P<space>:?\s{1,4}|%20|\+)"
            r"(?!(?:username|realm|nonce|uri|response|qop|opaque)=|sha\d{3}:)(?P<token>[A-Za-z0-9][A-Za-z0-9._~+/-]{5,8192}={0,2}(?![\w=]))",
            lambda match: f"{match['scheme']}{match['space']}{policy.TOKEN}" if _is_credential(match) else match[0],
        ),
        needs=" %+",
        least=10,
        sketch=(r"(?:bearer|basic|digest|negotiate|ntlm|apikey)(?::?\s|%20|\+)",),
    ),
    Rule(
        "token",
        "A JWT names its user and, until it expires, is that user.",
        r"eyj",
        matches(rf"(?<![A-Za-z0-9])eyJ{_B64}{{6,8192}}(?:\.{_B64}{{0,8192}}){{1,4}}", always(policy.TOKEN)),
        needs=".",
        least=12,
    ),
    Rule(
        "token",
        "django.core.signing: a payload, the time and a signature; sessions and reset links are made of it.",
        r":[0-9a-z]{6}:[\w-]{27}",
        matches(r"(?<![\w.-])[\w.-]{2,8192}:[0-9A-Za-z]{6}:[A-Za-z0-9_-]{27,64}(?![\w-])", always(policy.TOKEN)),
        needs=":",
        least=36,
        sketch=(Anchored(r":[0-9a-z]{6}:", r"[\w-]{27}"),),
    ),
    Rule(
        "token",
        "OAuth's code and state, signatures and tickets in a query string.",
        r"[?&](?:code|state|sig|key|appid|hash|ticket|t|s|st|nonce|auth|session_state|oobcode|otc|u|x-amz-[a-z-]{1,20}|jwt)=",
        matches(
            r"(?i)(?P<key>[?&](?:code|state|sig|key|appid(?==[0-9a-f]{32})|hash|ticket|t|s|st|nonce|session_state|oobcode|otc|x-amz-(?:signature|credential|security-token))=)(?P<value>[^\s&#\"'<>]{8,4096})",
            lambda match: (
                match["key"] + policy.REDACTED
                if re.search(r"\d", match["value"])
                and not UUID.fullmatch(match["value"])
                and "REDACTED" not in match["value"]
                and len(set(match["value"])) > 6
                else match[0]
            ),
        ),
        needs="=",
        least=10,
        sketch=(
            Anchored(
                r"[?&](?:code|state|sig|key|appid|hash|ticket|t|s|st|nonce|session_state|oobcode|otc|x-amz-)",
                r"[a-z-]*=[^\s&#\"'<>\x00]{8}",
            ),
        ),
    ),
    Rule(
        "token",
        "A long value of letters and digits in a query string opens something.",
        r"[?&][\w-]{1,40}=[\w-]{32}",
        matches(
            r"(?P<key>[?&][\w-]{1,40}=)(?P<value>(?=[a-z0-9_-]{0,64}[A-Z])(?=[A-Z0-9_-]{0,64}[a-z])(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{32,4096})(?=[&#\s\"'<>)]|$)",
            keeping(rf"\g<key>{policy.TOKEN}"),
        ),
        needs="=",
        least=35,
        sketch=(Anchored(r"[?&]", r"[\w-]{1,40}=[\w-]{32}"),),
    ),
    Rule(
        "key",
        "32 bytes in URL-safe base64: a Fernet key, or another one.",
        r"[\w-]{43}=",
        matches(
            r"(?<![\w+/=.-])(?=[^A-Z]{0,43}[A-Z])(?=[^a-z]{0,43}[a-z])(?=[^0-9]{0,43}[0-9])[A-Za-z0-9_-]{43}=(?![\w=])",
            always(policy.KEY),
        ),
        needs="=",
        least=44,
        sketch=(Anchored(r"=[^\w=]", before=r"[\w-]{43}"),),
    ),
    Rule(
        "token",
        "A long path segment of mixed letters and digits opens something too.",
        r"/[\w-]{32}",
        matches(
            r"(?P<lead>://(?:(?!://)[^\s\"'<>]){1,512}?/)(?=[a-z0-9_-]{0,64}[A-Z])(?=[A-Z0-9_-]{0,64}[a-z])(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{32,512}(?=[/?#\s\"'<>),]|$)",
            keeping(rf"\g<lead>{policy.TOKEN}"),
        ),
        needs="/",
        least=40,
        # With a capital letter in it, which keeps UUIDs and hashes away; to ask for its length too costs more.
        sketch=(Anchored(r"://", r"[^\s\"'<>\x00]+/(?-i:[a-z0-9_-]*[A-Z])"),),
    ),
    Rule(
        "token",
        "Webhooks are signed: t=…,v1=….",
        r"v\d=[0-9a-f]{64}",
        matches(r"(?P<lead>\bv\d=)[0-9a-f]{64}\b", keeping(rf"\g<lead>{policy.TOKEN}")),
        needs="=",
        least=67,
    ),
    Rule(
        "token",
        "The key of a session is the session; the key of a DRF token is the token.",
        r"session|key|token",
        matches(
            r"(?i)(?P<label>\bsessions?(?:\.cache(?:d_db)?| key| id)?[ :=#'\"(]{0,3}|\b(?:token|authtoken)[^\n]{0,180}?\b(?:key\b[ =:'\"]{1,6}|values \('))(?P<value>[a-z0-9]{32}|[0-9a-f]{40})\b",
            keeping(rf"\g<label>{policy.TOKEN}"),
        ),
        needs=DIGITS,
        least=32,
        sketch=(
            Anchored(r"session", r"[a-z._ :=#'\"(]*[a-z0-9]{32}"),
            Anchored(r"token", r"[^\n\x00]*[ =:'\"][a-z0-9]{32}"),
        ),
    ),
    Rule(
        "key",
        "AWS' two keys come together; the second has no prefix.",
        r"akia|asia|key_redacted",
        matches(
            r"(?P<lead>\[KEY_REDACTED\][\"', :|/]{1,6})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])",
            keeping(rf"\g<lead>{policy.KEY}"),
        ),
        needs=DIGITS,
        least=40,
        sketch=(r"key_redacted\]",),
    ),
    Rule(
        "token",
        "Django and itsdangerous quote the token or the signature that was wrong.",
        r"token|signature",
        matches(
            r"(?P<lead>\b(?:[Tt]oken from [\w -]{1,40}\.?\)?: ?|[Ss]ignature )['\"]|\bToken object \()(?P<value>[\w.:=-]{16,512})",
            keeping(rf"\g<lead>{policy.TOKEN}"),
        ),
        needs="'\"(",
        least=20,
        sketch=(
            r"token from ",
            r"signature ['\"]",
            r"token object \(",
        ),
    ),
    Rule(
        "token",
        "JSON in base64, with a person or a secret inside.",
        r"eyj",
        matches(
            r"(?<![A-Za-z0-9+/_-])eyJ[A-Za-z0-9+/_-]{12,8192}={0,2}(?![A-Za-z0-9+/=_.-])",
            _base64_json,
        ),
        needs=DIGITS,
        least=16,
    ),
    Rule(
        "hash",
        "A password's hash can be attacked at home, as long as it takes.",
        r"\$[0-9a-z]|\{(?:s?sha|s?md5|crypt|argon2|pbkdf2)",
        matches(
            r"\b(?:argon2\$)?argon2(?:id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[\w+/]{4,128}\$[\w+/]{4,256}|\$argon2(?:id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[\w+/]{4,128}\$[\w+/]{4,256}"
            r"|\b(?:pbkdf2_sha(?:1|256|512)|bcrypt_sha256|bcrypt|scrypt|argon2|md5|sha1|unsalted_md5)\$[^\s\"',;<>]{8,512}"
            r"|\$(?:argon2(?:id|i|d)|2[abxy]|scrypt|pbkdf2[\w-]{0,20}|apr1|[156y])\$[^\s\"',;:<>]{8,512}"
            # LDAP (RFC 2307).
            r"|\{(?:S?SHA\d{0,3}|S?MD5|CRYPT|ARGON2|PBKDF2[\w-]{0,20})\}[A-Za-z0-9+/=$.,]{8,512}",
            always(policy.HASH),
        ),
        needs="$}",
        least=10,
        sketch=(
            r"\{(?:s?sha|s?md5|crypt|argon2|pbkdf2)",
            r"(?:pbkdf2_sha(?:1|256|512)|bcrypt|bcrypt_sha256|scrypt|argon2|argon2id|argon2i|argon2d|md5|sha1)\$",
            r"\$(?:pbkdf2|(?:2[abxy]|apr1|[156y])\$)",
        ),
    ),
)


def _is_credential(match: re.Match[str]) -> bool:
    """Bearer authentication, basic settings, digest: sha256: a sentence, not a header."""
    text = match["token"]
    if match["space"].startswith(":") and not _LONG_SECRET.fullmatch(text):
        return False
    return not _WORD_ONLY.fullmatch(text.rstrip("."))
