"""Secrets that a name in front of them gives away: password=…, 'token': '…', API_KEY: …, <pin>…</pin>."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .. import policy
from ..keys import KeyClass, is_sensitive_key, key_class
from ..lazy import lazy
from .rule import Hit, Rule, in_ascii, keeping, matches

# Where a sensitive key can be recognised; what key_class says of the whole of it decides.
_LONG = (
    r"pass(?:word|wd|phrase|code|wort)|secret|token|credential|signature|cookie|session|csrf|xsrf|sessid|kennwort|wachtwoord"
    r"|contrase[nñ]a|senha|mot[ _]de[ _]passe|пароль|密[码碼]|パスワード|lösenord|hasło|비밀번호|şifre|heslo|adgangskode|salasana|parola|parolă|contrasenya|jelszó|lozinka|geheimnis|κωδικός πρόσβασης|recaptcha-response|saml(?:request|response)"
    r"|(?:access|account|api|app|auth|client|consumer|encryption|license|master|private|secret|sentry|service|shared|signing|ssh"
    r"|storage|subscription|webhook)[_. -]?key|authorization|client[_-]?assertion|(?:devops|gh|github|gitlab)[_-]pat|pincode|code[_-]?verifier|remember[_-]web"
    r"|(?:access|activation|auth|backup|confirmation|2?fa|factor|login|mfa|otp|pin|recovery|reset|security|sms|verification)[_ -]?codes?"
    r"|(?:security|secret)[_ -]?answer|card[_ -]?n(?:umber|o)\b|fernet[_ -]?key"
)
# Words of their own only: "author" and "pinned" are harmless.
_SHORT = r"auth|psk|pw|psw|pwd|jwt|otp|totp|mfa|cvv2?|cvc2?|ssn|dsn|pin|sid|creds?|sig|hmac"
_WORD = rf"(?:{_LONG}|(?:(?<![a-z])|(?<=%[0-9a-f][0-9a-f]))(?:{_SHORT})(?![a-z])|(?<=[a-z])pwd|(?<![a-z])pass(?![a-z]))"
# What may stand between such a word and its value, roughly: see Rule.sketch.
_SKETCHED_TAIL = r".\-\[\]\"'`&;#%\\\s"
_SKETCHED_JOIN = r"(?:[!?+]?=|:|->|%(?:25)*3[da]|&#61;|&equals;|&colon;|\\u003[da]|\\x3d)"
_INDEX = r"(?P<index>\[[\w\"' -]{0,40}\]|%5[bB][\w-]{0,40}%5[dD])?"
_AFTER_KEY = r"\\{0,7}(?:[\"'`“”‘’]|&quot;|&\#(?:39|34|x27|x22);|%(?:25)*2[27]|\\u0022|\\x22)?(?:\](?=\s?=)|%5[dD])?%?[\s\\]{0,12}(?:%(?:25){0,3}20){0,4}"
_JOIN = r"(?>[!?+]=|→|::(?=\s)|:\s?[A-Za-z][\w.\[\]| ]{0,40}=(?=\s?[bru]?[\"'])|=>|->|:=|={1,3}|[:：＝]|%(?:25){0,3}3d|%(?:25){0,3}3a|&\#61;|&equals;|&colon;|\\u003d|\\u003a|\\x3d)(?![=:>])(?:\s{5,40}(?=\\{0,3}[\"'])|(?:\s|%(?:25){0,3}20|\+(?=%22)){0,4})"
_HEAD = lazy(
    rf"(?i)(?P<key>(?!\w{{1,8}}_REDACTED\]){_WORD}[\w.-]{{0,40}}?)(?![\w-]|\.\w){_INDEX}{_AFTER_KEY}(?P<join>{_JOIN})(?:(?:[|>][+-]?)?\s{{0,8}}\n\s{{1,40}}(?:- )?)?(?:[&]\w{{1,20}} |!{{1,2}}\w{{1,20}} )?(?:(?:(?<=\n )|(?<=\n  )|(?<=\n   ))- )?(?:\{{\s{{0,4}}\\{{0,3}}[\"'][\w.-]{{1,60}}\\{{0,3}}[\"']\s{{0,2}}:\s{{0,2}})?"
)
# With what the words begin, in lower case.
_START = lazy(
    r"2?fa|ac(?:cess|count|tivation)|a(?:dgangs|pi|pp|uth)|backup|c(?:ard|lient|ode|on|ookie|red|srf|vv|vc)|d(?:evops|sn)|encr|f(?:actor|ernet)|g(?:eheim|h[_-]|it[hl]ub|itlab)|h(?:eslo|mac)|jwt|kennwort"
    r"|l(?:icense|ogin|ozinka)|m(?:aster|fa|ot)|otp|p(?:arola|ass|in|rivate|sk|sw|w)|re(?:captcha|covery|member|set)|s(?:alasana|aml|e|hared|id|ig|ms|sh|sn|torage|ubscr)"
    r"|to(?:ken|tp)|veri|wachtwoord|webhook|xsrf"
)
# name="password" … value="…"; <add key="…" value="…">; - name: DB_PASSWORD⏎ value: …; ('x-api-key', '…')
_NAMED = lazy(
    rf"(?i)\b(?:name|key|id|property)[\"']?\s{{0,2}}[=:]\s{{0,2}}\\?[\"']?(?P<key>[\w.-]{{0,40}}{_WORD}[\w.-]{{0,40}})\\?[\"']?[^<>{{}}\n]{{0,120}}?[\s,]{{1,20}}"
    rf"[\"']?(?:value|content)[\"']?\s{{0,2}}(?P<join>[=:]\s{{0,2}})"
)
_NAMES = lazy(r"[a-z]+(?:_[a-z]+)+|(?:password|token|secret)\d?")
_PAIR = lazy(
    rf"(?i)[(\[]\s{{0,2}}b?\\{{0,3}}[\"'](?P<key>[\w.-]{{0,40}}{_WORD}[\w.-]{{0,40}})\\{{0,3}}[\"'](?P<join>\s{{0,2}},\s{{0,2}}(?:default\s?=\s?)?(?=b?\\{{0,3}}[\"'][^\"']{{0,8192}}[\"']\s?[)\]]))"
)
_ELEMENT = lazy(
    rf"(?i)(?:<|&lt;)(?:\w{{1,20}}:)?(?P<key>[\w.-]{{0,40}}{_WORD}[\w.-]{{0,40}})(?:\s[^<>]{{0,200}})?(?P<join>(?:>|&gt;)(?:<!\[CDATA\[)?)(?=[^<>&\]]{{1,8192}}(?:\]\]>)?(?:</|&lt;/))"
)
# A form's part: name="password", an empty line, the value. What pydantic says of a field: its name, then its input.
_PART = lazy(
    rf"(?i)\bname=\\?\"(?P<key>[\w.-]{{0,40}}{_WORD}[\w.-]{{0,40}})\\?\"(?P<join>(?:\\r|\r)?(?:\\n|\n)(?:\\r|\r)?(?:\\n|\n))"
)
_INPUT = lazy(
    rf"(?i)(?:(?:^|\n)[\w.]{{0,60}}?(?P<key>{_WORD}[\w.]{{0,40}})\n[^\n]{{0,300}}?input_value=|['\"](?P<loc>[\w.-]{{0,40}}{_WORD}[\w.-]{{0,40}})['\"]\)[^\n]{{0,200}}?['\"]input['\"]: )(?P<join>)"
)
# Each with a text that it cannot do without: most texts need only the first.
_TAGGED = lazy(
    rf"(?i)(?:<\w{{1,20}}\s[^<>]{{0,80}}?\b(?:name|key|id)=\"(?P<key>[\w.-]{{0,40}}{_WORD}[\w.-]{{0,40}})\"[^<>]{{0,80}}>|<key>(?P<loc>[\w.-]{{0,40}}{_WORD}[\w.-]{{0,40}})</key>\s{{0,8}}<string>)(?P<join>)(?=[^<>]{{1,8192}}</)"
)
# PHP: s:8:"password";s:7:"hunter2";
_SERIALIZED = lazy(rf"(?i)\"(?P<key>[\w.-]{{0,40}}{_WORD}[\w.-]{{0,40}})\";(?P<join>s:\d{{1,6}}:)")
_HEADS = (
    (_HEAD, ""),
    (_NAMED, "alue"),
    (_NAMED, "ontent="),
    (_PAIR, ","),
    (_SERIALIZED, '";s:'),
    (_ELEMENT, "</"),
    (_TAGGED, "</"),
    (_ELEMENT, "&lt;/"),
    (_PART, "name="),
    (_INPUT, "input"),
)

SYNTAX = lazy(r"(?i)(?:unexpected|illegal|near|expected|bad) $|\$\{\w{0,40}$")
_PREFIX = lazy(r"[bBrRuUfF]{0,2}(?=\\{0,7}[\"'])")
_OPEN = lazy(r"\\{0,7}(?:\"\"\"|'''|[\"'`“‘]|&quot;|&#(?:39|34|x27|x22);)|%(?:25)*2[27]|\\u0022|\\x22")
_CONTINUED = lazy(r"(?P<mark>[\"'])(?:\s{1,3}|\s{0,3}\+\s{0,3})(?P=mark)(?=[^\s,:=)\]}])")
_CLOSERS = {"“": "”", "‘": "’"}
_SCHEME = lazy(
    r"(?i)(?:token|digest|negotiate|\w{1,12}key|basic|bearer|oauth|hmac|jwt|ntlm|dpop|vapid|gnap|scram-sha-\d{1,3}|sentry|aws4-hmac-sha256|aws|hawk|sha\d{1,3}=)(?:\s{1,4}|%20|\+|(?<==))(?=\S)"
)
_BARE = lazy(
    r"(?:[a-z]{4} [a-z]{4} [a-z]{4} [a-z]{4}\b|\{[^{}\s\"':]{1,200}\}|(?:[^\s,;&)}\]\"'<>`|\\?]|\?(?!\w{1,30}=)|\\(?![\"'nrt]|u0026)"
    r"|[,;)}\]](?![\s,;)}\]\"'<>]|$|\s?[\"']?[\w.-]{1,60}[\"']?\s?[=:])){1,4096})"
)
_BARE_ENCODED = lazy(r"(?:[^\s&\"'<>%]|%(?!(?:25)*(?:26|22|27|2[cC]|7[dD]|0[aAdD]|23))){1,4096}")
_LISTED = lazy(
    r"(?:(?:Secret\w{0,20}|str|bytes|repr|ExponentPushToken)[(\[]|[\[(])\s{0,2}(?=b?\\{0,7}[\"'`]|\d|(?<=Token\[))"
)
# auth=("jane", "…")
_USER_FIRST = lazy(r"\(\s?b?([\"'])[^\"'\n]{1,128}\1,\s?(?=b?\1)(?!b?\1[^\"'\n]{0,512}\1\s?,)")
_LIST_END = lazy(r"(?:\\{0,7}[\"'`\d]|\w),?\s{0,2}[\])]")
_LONGEST = 8192  # characters that one value may have

# What stands after "password:" in a sentence, and is no password.
_PROSE = frozenset(
    (
        "a access active await after already also always an and any app are as at bad be been bearer before both but by called can cannot changed "
        "check command could create created default did digest disabled does doesn each either empty enabled enter error every expired expires failed "
        "false field fields first for forgot found from generated get given has have here hidden if ignored in include included incorrect "
        "int into invalid is it its key lax length less limit login logout long lost made malformed manager max may min mismatch missing "
        "more must new next no none not now null of off ok old omit omitted on once one only optional or our out over per please "
        "provided reached read received refresh refreshed require required reset revoked rotated same same-origin second see sent "
        "set should since skipped so some stored str strict string strong such taken than that the their then there these they "
        "this through to token too true two type unable unchanged undefined under unknown unset until unused updated use used "
        "user using valid value verified via view was we weak were what when where whether which while will with without wrong yield self "
        "yes yet you your bool bytes object callable float list dict boolean number text varchar char binary secretstr "
        "password passwd secret username email name api_key x-api-key session-key"
    ).split()
)
# Code and templates that name a value without holding it.
_EXPRESSION = lazy(
    r"""(?xs)
    \$?[A-Za-z_][\w.]{0,80}[(\[].*                        # os.environ["X"], get_token()
    | [A-Za-z_]+(?:\.[A-Za-z_]+)+                          # cfg.password, TokenKind.NAME
    | (?:self|cls|request|settings|config|conf|env|environ|os|data|kwargs|args|form|user|obj|options|opts|params|props|this|process
       |payload|response|session|credentials|event|context|account|conn|app|current_app|cleaned_data|validated_data|validated
       |serializer|instance|body|query|values|state|ctx|client|secrets|vault|models?|forms|serializers|typing|t|req|res|auth|creds)
      \.[\w.]{1,80}
    | [A-Za-z_]\w{0,40}(?:Field|Token|Store|Manager|Error|Exception|Backend|Serializer|View|Form|Str)
    """
)
_PLACEHOLDER = lazy(
    r"""(?xs)
    %\(?\w{0,60}\)?[sdr] | %s | \? | \$\d{1,3} | :\w{1,60} | \$\{.{0,80} | \$\(.{0,80} | \$[A-Za-z_]\w{0,60} | @\w{1,60} | cat\ .{0,80}
    | (?:\{\{?[\w\ .|!:\'"()-]{0,80}\}\}?[./:-]?){1,8} | \{\{[^}]{0,80}
    | <[\w\ ./-]{0,80}>? | [\w-]{0,20}\*{4,}\w{0,4} | [*•xX]{3,} | [*•]+ | \.{2,} | …+ | [-_=+]+ | [a-z]{1,20}\[\d{1,12}\]
    | \[?(?:Filtered|filtered|FILTERED|hidden|masked|MASKED)\]?
    """
)
_SENTENCE = lazy(r"[A-Z][a-z]{0,20}(?: [\w'’,:-]{1,30}[.!?]?){1,40}")
# "Custom 3fK9…" is a scheme and its token: no sentence has such a word.
_TOKEN = lazy(r"\b(?=[a-zA-Z_-]{0,64}\d)(?=[\d_-]{0,64}[a-zA-Z])[\w-]{16,}")
# What no word has: a digit, or a sign within.
_ODD = lazy(r"\d|\w[!@#$%^&*_+=~?-]\S")
_COMPARED = lazy(r"[a-z_]{2,40}\d?:?")
_STAND_IN = lazy(r"\[[A-Z_]{0,20}REDACTED\]?|(?i:bearer|basic|token|digest)")
_FIELDS = frozenset(
    "api_key authorization email last_login totp webauthn name password passwd secret token username x-api-key".split()
)
_NOTHING = frozenset("none null true false nil undefined yes no include same-origin omit lax strict".split())
_NUMBER = lazy(r"\d{1,9}(?:\.\d{1,6})?%?")
_PHRASE = lazy(r"[a-z]{2,20}(?: [a-z]{2,20}){2,24}|[A-Z][a-z]{1,20}(?: [a-z]{1,20}){1,6}")


_PARAMETERS = lazy(r"[A-Za-z][\w-]{2,30}=[^,\s]{1,80}, ?[\w-]{2,30}=")
_BLOCK = lazy(r"[|>][+-]?\s{0,8}\n\s{1,40}\Z")
_QUERY = lazy(r"[?&][\w.-]{0,60}\Z")


class _Value(NamedTuple):
    start: int
    end: int
    quoted: bool


def _find(text: str) -> Iterator[Hit]:
    position = 0
    for head in _heads(text):
        begins = head.start() if head.re is _SERIALIZED else head.end()
        value = _value(text, head) if begins >= position else None
        if (
            value
            and head["join"].strip()[:2] in ("==", "!=")
            and _COMPARED.fullmatch(text[value.start : value.end])
            and not value.quoted
        ):
            continue  # password == confirm
        if value and _PARAMETERS.match(text, value.start) and _key(head).lower().startswith("auth"):
            continue  # a header's parameters are looked at one by one
        if value and _key(head).lower() == "dsn" and "=" in text[value.start : value.end]:
            continue  # its own pairs are looked at one by one
        if value and head.re is _PAIR and _NAMES.fullmatch(text[value.start : value.end]):
            continue  # ("password", "user_permissions"): a list of names
        if (
            value
            and value.end > value.start
            and may_be_secret(text[value.start : value.end], _key(head), quoted=value.quoted)
        ):
            position = value.end
            yield Hit(value.start, value.end, policy.REDACTED)


def _heads(text: str) -> Iterator[re.Match[str]]:
    heads = dict.fromkeys(head for head, needed in _HEADS if needed in text)
    found = sorted((match for head in heads for match in _matches(head, text)), key=lambda match: match.end())
    return (match for match in found if is_sensitive_key(_key(match)) and not _is_syntax(text, match))


def _matches(head: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Do head.finditer(text), but for most texts without a try at each character that ignores its case."""
    if head is not _HEAD or not text.isascii():
        yield from head.finditer(text)
        return
    lowered = text.lower()
    start = _START.search(lowered)
    while start:
        match = head.match(text, start.start())
        if match:
            yield match
        start = _START.search(lowered, match.end() if match else start.start() + 1)


def _key(head: re.Match[str]) -> str:
    groups = head.groupdict()
    # session["cart"] = … is about the cart.
    index = (groups.get("index") or "").strip("[]\"'")
    index = re.sub(r"%5[bBdD]", "", index)
    if groups["key"] and groups["key"].lower() == "pass" and head.string[head.start() - 1 : head.start()] in ("_", "-"):
        return "password"  # DB_PASS
    return index if index and not index.isdigit() else groups["key"] or groups.get("loc") or ""


def _is_syntax(text: str, head: re.Match[str]) -> bool:
    """A parser's token, a shell's ${PASSWORD:?}, a check's number: words that only look like keys."""
    before = text[max(0, head.start() - 40) : head.start()]
    return SYNTAX.search(before) is not None or re.match(r"auth\.[EW]\d{3}", head[0]) is not None


def _value(text: str, head: re.Match[str]) -> _Value | None:
    start = head.end()
    if head.re in (_ELEMENT, _TAGGED):
        end = lazy(r"\]\]>|<|&lt;").search(text, start)
        return _Value(start, end.start() if end else len(text), quoted=True)
    if _BLOCK.search(head[0]):  # YAML: the rest of the line
        return _Value(start, _line_end(text, start), quoted=True)
    if listed := _USER_FIRST.match(text, start) or _LISTED.match(text, start):
        end = _LIST_END.search(text, listed.end(), listed.end() + _LONGEST)
        return _Value(listed.end(), end.end() - 1 if end else min(len(text), listed.end() + _LONGEST), quoted=True)
    if prefix := _PREFIX.match(text, start):
        start = prefix.end()
    if opening := _OPEN.match(text, start):
        if _ends_key(text, head, opening[0]):
            return None
        scheme = _SCHEME.match(text, opening.end())
        return _Value(scheme.end() if scheme else opening.end(), _all_parts(text, opening), quoted=True)
    if scheme := _SCHEME.match(text, start):
        start = scheme.end()
    bare = _BARE_ENCODED if "%" in head["join"] else _BARE
    match = (_is_phrase(_key(head)) and _PHRASE.match(text, start)) or bare.match(text, start)
    return _Value(start, _before_fragment(text, head, match), quoted=False) if match else None


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start, start + _LONGEST)
    return end if end >= 0 else min(len(text), start + _LONGEST)


def _before_fragment(text: str, head: re.Match[str], value: re.Match[str]) -> int:
    # ?token=…#top: in a query string, and only there, # ends the value.
    in_query = _QUERY.search(text[max(0, head.start() - 62) : head.start()])
    fragment = text.find("#", value.start() + 1, value.end()) if in_query else -1
    return fragment if fragment >= 0 else value.end()


def _ends_key(text: str, head: re.Match[str], mark: str) -> bool:
    # In "Password: " the quote behind the colon ends the text that the key is in.
    before = text[max(0, head.start() - 60) : head.start()]
    opened = re.search(r"([\"'`])[\w ]{0,60}$", before)
    inside = opened is not None and opened[1] == mark and before.count(mark) % 2 == 1
    return inside and mark not in head[0]


def _is_phrase(key: str) -> bool:
    return key.lower().endswith(("phrase", "answer"))


def _all_parts(text: str, opening: re.Match[str]) -> int:
    # 'one' 'two' and "one" + "two" are one value.
    end = _closing(text, opening)
    for _ in range(8):
        more = _CONTINUED.match(text, end)
        if not more or more[0].strip(" +\n")[-1:] != opening[0][-1:]:
            break
        closed = _closing(text, more)
        if text[closed + 1 : closed + 2] == ":":  # the next key
            break
        end = closed
    return end


def _closing(text: str, opening: re.Match[str]) -> int:
    """Return where the quoted value ends: at its own quote, with as many backslashes in front, or at the line's end."""
    mark = opening["mark"] if "mark" in opening.groupdict() else opening[0]
    limit = min(len(text), opening.end() + _LONGEST)
    quote = mark.lstrip("\\") if mark.lstrip("\\")[:1] in "\"'`" else _CLOSERS.get(mark, mark)
    slashes = len(mark) - len(quote) if mark.endswith(quote) else 0
    place = opening.end()
    while (place := text.find(quote, place, limit)) >= 0:
        before = text[max(0, place - 8) : place]
        escaped = len(before) - len(before.rstrip("\\"))
        if escaped == slashes or (slashes == 0 and escaped % 2 == 0):
            return place - slashes
        place += len(quote)
    line = text.find("\n", opening.end(), limit)
    return line if line >= 0 else limit


def may_be_secret(text: str, key: str, *, quoted: bool) -> bool:
    """Say whether what stands behind a sensitive key may be its secret, not a placeholder, a word or an expression."""
    bare = text.strip().strip("\"'`“”‘’,") if quoted else text.strip().rstrip(",")
    name = key.lower()
    if "REDACTED" in bare and (quoted or "://" in bare or "=" in bare or not _STAND_IN.sub("", bare).strip(" .,:;])")):
        return False
    if len(bare) < 2 or bare.lower() in (name, *_NOTHING) or _PLACEHOLDER.fullmatch(bare):
        return False
    if is_harmless_value(key, bare):
        return False
    if quoted:
        is_prose_text = _SENTENCE.fullmatch(bare) and not _TOKEN.search(bare)
        return not is_prose_text and bare.lower() not in _FIELDS
    if (
        bare.startswith(("[", "("))
        or (bare.startswith("{") and not bare.endswith("}"))
        or (name.endswith("pass") and not _ODD.search(bare))
    ):
        return False
    # client_secret=client_secret passes a variable on.
    is_name = bare.lower().endswith(name) and bare.replace("_", "").isalpha()
    return not is_prose(bare) and not is_name and not _EXPRESSION.fullmatch(bare)


def is_harmless_value(key: str, text: str) -> bool:
    """Say whether a value is a count (tokens: 512), a folder (pwd=/app) or a sentence ("This field is required.")."""
    if key_class(key) is KeyClass.COUNTABLE and _NUMBER.fullmatch(text):
        return True
    if len(text) < 3 and text.isdigit() and "pass" in key.lower():  # `string password = 2;` in a schema
        return True
    return key.lower() == "pwd" and text.startswith("/")


def is_sentence(text: str) -> bool:
    """Say whether a text reads as a sentence: what a form answers under `password`, not a password."""
    return _SENTENCE.fullmatch(text) is not None and text.endswith((".", "!", "?"))


def is_prose(text: str) -> bool:
    """Say whether a word is one that a sentence goes on with, not a secret."""
    return text.lower().rstrip(".:!,;?") in _PROSE


RULES = (
    Rule(
        "key_value",
        "The key in front of it (password=…, 'token': '…', API_KEY: …) says what it is.",
        r"(?:pass|secret|token|credential|signature|cookie|session|sessid|csrf|xsrf|key|auth|pw|psw|psk|jwt|otp|mfa|cvv|cvc|ssn|dsn|pin|sid"
        r"|cred|sig|hmac|recovery|security|card|code|kennwort|wachtwoord|contrase|senha|пароль|密|パス|lösen|hasło|비밀|şifre|heslo|adgangskode|salasana|parol|jelsz|lozinka|geheimnis|κωδικ|assertion|[_-]pat|saml|recaptcha|remember|answer)"
        r"[^=:,%\\>&：＝→]{0,60}[=:,%\\>&：＝→]|name=\\{0,3}\"",
        _find,
        needs="=:%,>\\&：→",
        least=5,
        sketch=(
            rf"(?:{in_ascii(_LONG)}|[a-z]pwd)[\w{_SKETCHED_TAIL}]*{_SKETCHED_JOIN}",
            rf"(?:[^a-z]|%[0-9a-f][0-9a-f])(?:{_SHORT}|pass)(?:[\d_{_SKETCHED_TAIL}][\w{_SKETCHED_TAIL}]*)?{_SKETCHED_JOIN}",
            r"(?:name|key|id|property)[\"']?\s{0,2}[=:][^<>{}\x00]*[\s,][\"']?(?:value|content)[\"']?\s{0,2}[=:]",
            r"[\"']\s{0,2},\s{0,2}(?:default\s?=\s?)?b?\\*[\"'][^\"'\x00]*[\"']\s?[)\]]",
            r"[\w.-]\";s:\d",
            r"[<;:][\w.-]+(?:\s[^<>\x00]*)?(?:>|&gt;)(?:<!\[cdata\[)?[^<>&\]\x00]+(?:\]\]>)?(?:<|&lt;)/",
            r"<key>[^\x00]*</",
            r"(?:name|key|id)=\\?\"",
            r"input_value=",
            r"['\"]input['\"]: ",
        ),
    ),
    Rule(
        "key_value",
        "A text that was cut off at its start can begin within the key.",
        r"\A(?:…|\.{3})?\w{0,6}(?:word|oken|ecret)['\"]: ['\"]",
        matches(
            r"\A(?P<lead>(?:…|\.{3})?\w{0,6}(?:word|oken|ecret)['\"]: (?P<quote>['\"]))(?!\[[A-Z_]*REDACTED)[^'\"\n]{1,4096}(?=(?P=quote)|\Z)",
            keeping(rf"\g<lead>{policy.REDACTED}"),
        ),
        needs="'\"",
        least=8,
        sketch=(r"(?:word|oken|ecret)['\"]: ['\"]",),
    ),
)
