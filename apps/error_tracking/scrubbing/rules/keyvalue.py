"""Secrets that a name in front of them gives away: password=…, 'token': '…', API_KEY: …, <pin>…</pin>."""

import re
from collections.abc import Iterator
from operator import itemgetter
from typing import NamedTuple

from .. import policy
from ..keys import is_sensitive_key
from ..lazy import lazy
from .rule import Anchored, Hit, Rule, in_ascii, keeping, matches
from .values import is_description, may_be_secret

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
    rf"(?i)(?P<key>(?!\w{{1,8}}_REDACTED\]){_WORD}[\w.-]{{0,40}}?)(?![\w-]|\.\w){_INDEX}{_AFTER_KEY}(?P<join>{_JOIN})(?:(?:[|>][+-]?)?\s{{0,8}}\n\s{{1,40}}(?:- )?)?(?:[&]\w{{1,20}} |!{{1,2}}\w{{1,20}} )?(?:(?:(?<=\n )|(?<=\n  )|(?<=\n   ))- )?(?:\{{\s{{0,4}}\\{{0,3}}[\"'](?P<inner>[\w.-]{{1,60}})\\{{0,3}}[\"']\s{{0,2}}:\s{{0,2}})?"
)
# Where one begins, in lower case: most characters begin none.
_START = lazy(
    r"(?=2?fa|ac(?:cess|count|tivation)|a(?:dgangs|pi|pp|uth)|backup|c(?:ard|lient|ode|on|ookie|red|srf|vv|vc)|d(?:evops|sn)|encr|f(?:actor|ernet)|g(?:eheim|h[_-]|it[hl]ub|itlab)|h(?:eslo|mac)|jwt|kennwort"
    r"|l(?:icense|ogin|ozinka)|m(?:aster|fa|ot)|otp|p(?:arola|ass|in|rivate|sk|sw|w)|re(?:captcha|covery|member|set)|s(?:alasana|aml|e|hared|id|ig|ms|sh|sn|torage|ubscr)"
    rf"|to(?:ken|tp)|veri|wachtwoord|webhook|xsrf){in_ascii(_WORD)}"
)
# name="password" … value="…"; <add key="…" value="…">; - name: DB_PASSWORD⏎ value: …; ('x-api-key', '…')
_NAMED = lazy(
    rf"(?i)\b(?:name|key|id|property)[\"']?\s{{0,2}}[=:]\s{{0,2}}\\?[\"']?(?P<key>[\w.-]{{0,40}}{_WORD}[\w.-]{{0,40}})\\?[\"']?[^<>{{}}\n]{{0,120}}?[\s,]{{1,20}}"
    rf"[\"']?(?:value|content)[\"']?\s{{0,2}}(?P<join>[=:]\s{{0,2}})"
)
_NAMES = lazy(r"[a-z]+(?:_[a-z]+)+|(?:password|token|secret)\d?")
_PAIR = lazy(
    rf"(?i)[(\[]\s{{0,2}}b?\\{{0,3}}[\"'](?P<key>[\w.-]{{0,40}}{_WORD}[\w.-]{{0,40}})\\{{0,3}}[\"'](?P<join>\s{{0,2}},\s{{0,2}}(?:default\s?=\s?)?(?=b?(?:\\{{0,3}}[\"'][^\"']{{0,8192}}[\"']|'(?:[^'\\\n]|\\[^\n]){{0,8192}}'|\"(?:[^\"\\\n]|\\[^\n]){{0,8192}}\")\s?[)\]]))"
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
_CONTINUED = lazy(r"(?P<mark>[\"'])(?:\s{1,3}|\s{0,3}\+\s{0,3}|\s?\\\n\s{0,20})(?P=mark)(?=[^\s,:=)\]}])")
_CLOSERS = {"“": "”", "‘": "’"}
_SCHEME = lazy(
    r"(?i)(?:token|digest|negotiate|\w{1,12}key|basic|bearer|oauth|hmac|jwt|ntlm|dpop|vapid|gnap|scram-sha-\d{1,3}|sentry|aws4-hmac-sha256|aws|hawk|sha\d{1,3}=)(?:\s{1,4}|%20|\+|(?<==))(?=\S)"
)
_BARE = lazy(
    r"(?:[a-z]{4} [a-z]{4} [a-z]{4} [a-z]{4}\b|\{[^{}\s\"':]{1,200}\}|(?:[^\s,;&)}\]\"'<>`|\\?]|(?<=\w)'(?=\w{1,40}[\d!@#$%^&*-])|\?(?!\w{1,30}=)|\\(?![\"'nrt]|u0026)"
    r"|[,;)}\]](?![\s,;)}\]\"'<>]|$|\s?[\"']?[\w.-]{1,60}[\"']?\s?[=:])){1,4096})"
)
_BARE_ENCODED = lazy(r"(?:[^\s&\"'<>%]|%(?!(?:25)*(?:26|22|27|2[cC]|7[dD]|0[aAdD]|23))){1,4096}")
_LISTED = lazy(
    r"(?:(?:Secret\w{0,20}|str|bytes|bytearray|memoryview|repr|ExponentPushToken)[(\[]|[\[(])\s{0,2}(?:\n\s{0,40})?(?=b?\\{0,7}[\"'`]|\d|(?<=Token\[))"
)
# auth=("jane", "…")
_USER_FIRST = lazy(r"\(\s?b?([\"'])[^\"'\n]{1,128}\1,\s?(?=b?\1)(?!b?\1[^\"'\n]{0,512}\1\s?,)")
_LIST_END = lazy(r"(?:\\{0,7}[\"'`\d]|\w),?\s{0,2}(?:\n\s{0,40})?[\])]")
# A set: {"…", "…"}. Of a mapping, the keys are not the secrets.
_SET = lazy(r"\{\s?(?=b?(?P<mark>[\"'])[^\"'\n]{1,512}(?P=mark)\s?[,}])")
_SET_END = lazy(r"[\"'],?\s?\}")
# What follows the first one in an object or a list under a secret's key: {"type": …, "key": "…"}, - …⏎  - …
_MEMBER = lazy(
    r"[\"']?,\s{0,40}\\{0,3}[\"'](?P<key>[\w.-]{1,60})\\{0,3}[\"']\s?:\s?(?P<quote>b?\\{0,3}[\"']|(?=[\w-]))"
)
_MEMBER_VALUE = lazy(r"(?:[^\"'\\\n]|\\[^\"'\n]){0,4096}")
_LITERAL = lazy(r"[\w.+-]{1,40}")
_ITEM = lazy(r"\r?\n(?P<indent>[ \t]{0,40})- [\"']?(?![\w.-]{1,60}: )(?P<value>[^\s\"'][^\n\"']{0,512})[\"']?")
_LONGEST = 8192  # characters that one value may have
_MOST_MEMBERS = 64

_COMPARED = lazy(r"[a-z_]{2,40}\d?:?")
_PHRASE = lazy(r"[a-z]{2,20}(?: [a-z]{2,20}){2,24}|[A-Z][a-z]{1,20}(?: [a-z]{1,20}){1,6}")
_PARAMETERS = lazy(r"[A-Za-z][\w-]{2,30}=[^,\s]{1,80}, ?[\w-]{2,30}=")
_ELEMENT_END = lazy(r"\]\]>|<|&lt;")
_BRACKET = lazy(r"%5[bBdD]")
_CHECK = lazy(r"auth\.[EW]\d{3}")
_BLOCK = lazy(r"[|>][+-]?\s{0,8}\n\s{1,40}\Z")
_QUERY = lazy(r"[?&][\w.-]{0,60}\Z")


class _Head(NamedTuple):
    """A key with all that stands up to its value, the form in which it was found, and the name that decides."""

    form: re.Pattern[str]
    match: re.Match[str]
    key: str


class _Value(NamedTuple):
    start: int
    end: int
    quoted: bool


def _find(text: str) -> Iterator[Hit]:
    position = 0
    for head in _heads(text):
        begins = head.match.start() if head.form is _SERIALIZED else head.match.end()
        value = _value(text, head) if begins >= position else None
        shown = text[value.start : value.end] if value else ""
        if not value or _is_no_value(head, value, shown):
            continue
        if shown and head.key and may_be_secret(shown, head.key, quoted=value.quoted):
            position = value.end
            yield Hit(value.start, value.end, policy.REDACTED)
        for more in _others(text, head, value) if value.end >= position else ():
            position = more.end
            yield more


def _is_no_value(head: _Head, value: _Value, shown: str) -> bool:
    """Say whether what stands there is compared, is a list of names, or has parts that are looked at one by one."""
    key = head.key.lower()
    if head.match["join"].strip()[:2] in ("==", "!=") and not value.quoted and _COMPARED.fullmatch(shown):
        return True  # password == confirm
    if key.startswith("auth") and _PARAMETERS.match(head.match.string, value.start):
        return True
    if head.form is _PAIR and _NAMES.fullmatch(shown):
        return True  # ("password", "user_permissions")
    return key == "dsn" and "=" in shown


def _others(text: str, head: _Head, first: _Value) -> Iterator[Hit]:
    if head.form is _HEAD and head.match["inner"]:
        yield from _members(text, head.match["key"], first.end)
    elif head.form is _HEAD and head.match[0].endswith("- "):
        yield from _items(text, first.end)


def _members(text: str, owner: str, place: int) -> Iterator[Hit]:
    for _ in range(_MOST_MEMBERS):
        member = _MEMBER.match(text, place)
        value = (
            (_MEMBER_VALUE if member and member["quote"] else _LITERAL).match(text, member.end()) if member else None
        )
        if not member or not value:
            return
        place = value.end()
        key = f"{owner}_{member['key']}"
        if member["quote"] and not is_description(member["key"]) and may_be_secret(value[0], key, quoted=True):
            yield Hit(value.start(), value.end(), policy.REDACTED)
        place += len(text[place : place + 4]) - len(text[place : place + 4].lstrip("\\"))


def _items(text: str, place: int) -> Iterator[Hit]:
    indent = None
    for _ in range(_MOST_MEMBERS):
        item = _ITEM.match(text, place)
        if not item or item["indent"] != (indent or item["indent"]):
            return
        indent, place = item["indent"], item.end()
        if may_be_secret(item["value"], "", quoted=True):
            yield Hit(*item.span("value"), policy.REDACTED)


def _heads(text: str) -> Iterator[_Head]:
    forms = dict.fromkeys(form for form, needed in _HEADS if needed in text)
    found = sorted(
        ((match.end(), order, form, match) for order, form in enumerate(forms) for match in _matches(form, text)),
        key=itemgetter(0, 1),
    )
    for _, _, form, match in found:
        key = _key(form, match)
        is_inner = form is _HEAD and match["inner"]
        if is_sensitive_key(match["key"] if is_inner else key) and not _is_syntax(text, match):
            yield _Head(form, match, key)


def _matches(form: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Do form.finditer(text), but for most texts without a try at each character that ignores its case."""
    if form is not _HEAD or not text.isascii():
        yield from form.finditer(text)
        return
    lowered = text.lower()
    start = _START.search(lowered)
    while start:
        match = form.match(text, start.start())
        if match:
            yield match
        start = _START.search(lowered, match.end() if match else start.start() + 1)


def _key(form: re.Pattern[str], match: re.Match[str]) -> str:
    key: str = match["key"] or match["loc"]
    if key.lower() == "pass" and match["key"] and match.string[match.start() - 1 : match.start()] in ("_", "-"):
        return "password"  # DB_PASS
    if form is not _HEAD:
        return key
    if match["inner"] and is_description(match["inner"]):
        return ""  # "session": {"engine": …
    # session["cart"] = … is about the cart.
    index = _BRACKET.sub("", match["index"].strip("[]\"'")) if match["index"] else ""
    return index if index and not index.isdigit() else key


def _is_syntax(text: str, head: re.Match[str]) -> bool:
    """A parser's token, a shell's ${PASSWORD:?}, a check's number: words that only look like keys."""
    before = text[max(0, head.start() - 40) : head.start()]
    may_be = " " in before[-2:] or "${" in before
    return (may_be and SYNTAX.search(before) is not None) or _CHECK.match(head[0]) is not None


def _value(text: str, head: _Head) -> _Value | None:
    start, shown = head.match.end(), head.match[0]
    if head.form in (_ELEMENT, _TAGGED):
        end = _ELEMENT_END.search(text, start)
        return _Value(start, end.start() if end else len(text), quoted=True)
    if "\n" in shown and _BLOCK.search(shown):  # YAML: the rest of the line
        return _Value(start, _line_end(text, start), quoted=True)
    if listed := _SET.match(text, start):
        end = _SET_END.search(text, listed.end(), listed.end() + _LONGEST)
        return _Value(listed.end(), end.end() - 1 if end else min(len(text), listed.end() + _LONGEST), quoted=True)
    user_first = _USER_FIRST.match(text, start) if "auth" in shown.lower() or "cred" in shown.lower() else None
    if listed := user_first or _LISTED.match(text, start):
        end = _LIST_END.search(text, listed.end(), listed.end() + _LONGEST)
        return _Value(listed.end(), end.end() - 1 if end else min(len(text), listed.end() + _LONGEST), quoted=True)
    if prefix := _PREFIX.match(text, start):
        start = prefix.end()
    if opening := _OPEN.match(text, start):
        if _ends_key(text, head.match, opening[0]):
            return None
        scheme = _SCHEME.match(text, opening.end())
        return _Value(scheme.end() if scheme else opening.end(), _all_parts(text, opening), quoted=True)
    if scheme := _SCHEME.match(text, start):
        start = scheme.end()
    bare = _BARE_ENCODED if "%" in head.match["join"] else _BARE
    match = (_is_phrase(head.key) and _PHRASE.match(text, start)) or bare.match(text, start)
    return _Value(start, _before_fragment(text, head.match, match), quoted=False) if match else None


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
        if not more or more[0].strip(" +\n\\")[-1:] != opening[0][-1:]:
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
            Anchored(rf"(?:{in_ascii(_LONG)}|[a-z]pwd)", rf"[\w{_SKETCHED_TAIL}]*{_SKETCHED_JOIN}"),
            Anchored(
                rf"(?:[^a-z]|%[0-9a-f][0-9a-f])(?:{_SHORT}|pass)",
                rf"(?:[\d_{_SKETCHED_TAIL}][\w{_SKETCHED_TAIL}]*)?{_SKETCHED_JOIN}",
            ),
            Anchored(
                r"[\s,][\"']?(?:value|content)[\"']?\s{0,2}[=:]",
                before=r"(?:name|key|id|property)[\"']?\s{0,2}[=:][^<>{}\x00]*",
            ),
            Anchored(
                r"[\"']\s{0,2},",
                r"\s{0,2}(?:default\s?=\s?)?b?\\*(?:[\"'][^\"'\x00]*[\"']|'[^'\\\x00]*(?:\\.[^'\\\x00]*)*'|\"[^\"\\\x00]*(?:\\.[^\"\\\x00]*)*\")\s?[)\]]",
            ),
            r"[\w.-]\";s:\d",
            Anchored(
                r"(?:<|&lt;)/",
                before=r"[<;:][\w.-]+(?:\s[^<>\x00]*)?(?:>|&gt;)(?:<!\[cdata\[)?[^<>&\]\x00]+(?:\]\]>)?",
            ),
            Anchored(r"<key>", r"[^\x00]*</"),
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
