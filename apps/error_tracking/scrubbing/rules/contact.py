"""How a person is reached: e-mail addresses and telephone numbers."""

import re
from base64 import b64decode

from .. import policy
from ..lazy import lazy
from .rule import DIGITS, Anchored, Rule, around, keeping, matches

# Characters that are not seen, put into addresses to get them past filters.
_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
# The @ and the dot as people, URLs, HTML, JSON, Python and mail bodies spell them.
_AT = (
    r"(?:\\{0,3}@|\uff20|\ufe6b|%(?:25){0,3}40|&\#(?:0{0,4}64|[xX]0{0,4}40);?|&commat;|\\{1,8}u0{0,2}0040|\\{1,8}u\{40\}|\\{1,8}x40"
    r"|\\{1,8}100(?!\d)|\\40(?!\d)|=40|\s?[\[({]\s?(?:at|AT|@)\s?[\])}]\s?)"
)
_DOT = r"(?:\\{0,3}\.{1,2}|&period;|\uff0e|\u3002|%(?:25){0,3}2[eE]|&\#(?:46|[xX]2[eE]);|\\{1,8}u002[eE]|\\{1,8}x2[eE]|=2[eE]|\s?[\[({]\s?(?:dot|DOT|\.)\s?[\])}]\s?)"
_LOCAL = rf"(?:[\w.!\#$&'*+/=?^`{{|}}~{_UNSEEN}-]|%(?:25){{0,3}}2[bBdDeE]|\\u002[bBdDeE]|=2[bBeE]){{1,255}}"
_LABEL = rf"[\w{_UNSEEN}-]{{1,63}}"
_DOMAIN = rf"(?:(?:{_LABEL}{_DOT}){{1,8}}(?:xn--[\w-]{{1,59}}|[^\W\d_][^\W\d_{_UNSEEN}]{{1,62}})(?:(?![\w-])|(?=_\d))|\[(?:IPv6:)?[\d.:a-fA-F]{{3,45}}\])"
_EMAIL = rf"(?P<local>\"[^\"\r\n]{{1,64}}\"(?=@)|\\\"[^\"\r\n@\\]{{1,64}}\\\"|{_LOCAL}){_AT}(?P<domain>{_DOMAIN})(?P<after>:?(?!//))"

# x@2x.png and module@host.py are file names; so is what follows a version's @.
_FILE_ENDINGS = frozenset(
    "avif bmp conf css csv gif gz html ico jpeg jpg js json log map md min mjs mp3 mp4 pdf php png py scss sh sql svg tar "
    "tgz toml ts tsx txt vue wav webp woff xml yaml yml zip service socket timer mount target scope slice pst bak".split()
)
# What can stand directly before an address and is not part of it: the path, the query, a quote, an escape.
_LEAD = lazy(
    r"(?:.{0,255}(?:[/?&=#|]|%(?:25)*3[dDaA]|%(?:25)*2[fF]|%(?:25)*2[27]))?(?:3[dDaA]|2[fF27])?(?:(?<=\?[qQ]\?)(?:[^_]{1,60}_){1,20})?(?:[bru]{1,2}(?='))?['`{*|^$!#&]{0,3}",
    re.DOTALL,
)


def _email(match: re.Match[str]) -> str:
    local, domain, after = match["local"], match["domain"], match["after"]
    labels = domain.split(".")
    # jane@example.com.png is a file that is named after an address; x@2x.png is only a file.
    while len(labels) > 1 and labels[-1].lower() in _FILE_ENDINGS:
        after = f".{labels.pop()}{after}"
    if after.startswith(".") and (len(labels) == 1 or not labels[-1].isalpha() or labels[-1].islower() is False):
        return match[0]
    if match.string.endswith("://", 0, match.start()):  # the user of a URL without a password
        return match[0]
    if labels[-1] in ("internal", "local", "lan", "svc") and "." not in local:  # deploy@web-1.internal
        return match[0]
    if _REMOTE.search(local) or local == "x-oauth-basic":
        return match[0]
    lead = _LEAD.match(local)
    kept = lead[0] if lead and local[0] not in '"\\' else ""
    if not kept and local[0] in "nrt" and _ESCAPE.search(match.string[max(0, match.start() - 8) : match.start()]):
        kept = local[0]
    if _FORWARDED.search(local):  # bounces+jane=example.com@: the whole of it is the address
        kept = ""
    if len(kept) >= len(local):
        return match[0]
    return kept + policy.EMAIL + after


# The n of \\n.
_ESCAPE = lazy(r"(?<!\\)(?:\\\\){0,3}\\\Z")
_FORWARDED = lazy(r"\+[\w.+-]{1,64}=(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\Z")
_REMOTE = lazy(r"(?:^|[/'`])(?:git|svn|hg)$")
_PHONE_DIGITS = r"(?:\(0?\)[ ]?)?(?:\(?\d[\d)]?[ .()/\u00a0-]{0,2}){6,13}\d"
_LABEL_WORDS = (
    r"(?:tele)?phone|tele?(?:fon|f|\.)?|mobile?|cell(?:phone)?|handy|fax|whats\s?app|sms|msisdn|caller|rufnummer|t[eé]l[eé]phone|tel[eé]fono"
    r"|numero|call(?:ed|ing)?(?: me)?(?: at| on)?|dial(?:ed)?|text(?:ed)? (?:to|me at)|contact(?:_| )?(?:no|number)|móvil|national_number|telefon[eo]|telefoon|電話(?:番号)?|电话|手机(?:号码?)?|전화(?:번호)?|телефон|τηλέφωνο"
)


def _international(match: re.Match[str]) -> str:
    digits = [character for character in match[0] if character.isdigit()]
    # +999999999 is how Django's documentation and many a form spell a telephone number's form.
    return policy.PHONE if 8 <= len(digits) <= 17 and len(set(digits)) > 1 else match[0]


def _national(match: re.Match[str]) -> str:
    groups = re.findall(r"\d+", match[0])
    digits = "".join(groups)
    # 0010 4500 0031 is a dump, 001-002-003-004 an ID.
    is_row = digits.startswith("00") and len({*map(len, groups)}) == 1
    return policy.PHONE if len(digits) >= 9 and len(set(digits)) > 2 and not is_row else match[0]


def _encoded_word(match: re.Match[str]) -> str:
    try:
        decoded = b64decode(match["text"], validate=True)
    except ValueError:
        return match[0]
    return policy.EMAIL if b"@" in decoded else match[0]


RULES = (
    Rule(
        "email",
        "An e-mail address names a person; validation and database errors quote them.",
        r"@|\uff20|\ufe6b|%(?:25)*40|&#(?:0*64|x0*40)|&commat|\\u0|\\u\{|\\x40|\\100|\\40|=40|[\[({] ?(?:at|@) ?[\])}]",
        around(rf"{_AT}(?={_DOMAIN})", _EMAIL, _email, before=300, after=1000),
        needs="@%&\\\uff20\ufe6b=[({",
        least=6,
        sketch=(
            r"@[\w-]+(?:[.&%=\\]|\s?[\[({]\s?[d.])",
            r"@\[",
            r"%(?:25)*40",
            r"&#(?:0*64|x0*40)",
            r"&commat",
            r"\\u0",
            r"\\u\{",
            r"\\x40",
            r"\\100",
            r"\\40",
            r"=40[\w-]+(?:[.&%=\\]|\s?[\[({]\s?[d.])",
            r"[\[({]\s?(?:at|@)\s?[\])}]",
        ),
    ),
    Rule(
        "email",
        "The same in the header of a mail, base64-encoded (RFC 2047).",
        r"\?b\?",
        matches(r"=\?[\w-]{3,20}\?[bB]\?(?P<text>[A-Za-z0-9+/=]{8,1024})\?=", _encoded_word),
        needs="?",
        least=14,
        sketch=(r"\?b\?[a-z0-9+/=]",),
    ),
    Rule(
        "email",
        "A mail address inside a network has no dots behind the @; a person's has one in front of it.",
        r"@[a-z]",
        matches(
            r"(?P<lead>^|[\s'\"<(=,]|(?<!/):)[a-z][a-z0-9+-]{0,30}\.[a-z][a-z0-9+-]{0,30}@[A-Za-z][A-Za-z0-9-]{1,62}(?:\.{0,4}|\.?…)(?=[\s'\">),;:]|$)",
            keeping(rf"\g<lead>{policy.EMAIL}"),
        ),
        needs="@",
        least=8,
        sketch=(Anchored(r"@[a-z]", before=r"\.[a-z][a-z0-9+-]*"),),
    ),
    Rule(
        "email",
        "An SSH key is followed by its owner.",
        r"ssh-[a-z0-9-]{2,20} aaaa|ecdsa-[a-z0-9-]{2,20} aaaa",
        matches(
            r"(?P<lead>\b(?:ssh|ecdsa)-[\w-]{2,24} AAAA[\w+/=]{16,4096} )[^\s@'\"\[]{1,64}@[^\s'\"]{1,128}",
            keeping(rf"\g<lead>{policy.EMAIL}"),
        ),
        needs="@",
        least=32,
        sketch=(r"(?:ssh|ecdsa)-[\w-]{2,24} aaaa",),
    ),
    Rule(
        "email",
        "What was refused as an address is still somebody's.",
        r"email address[^\n]{0,160}input_value=",
        matches(r"(?P<lead>email address[^\n]{0,160}?input_value=')[^'\n]{1,255}", keeping(rf"\g<lead>{policy.EMAIL}")),
        needs="=",
        least=20,
        sketch=(Anchored(r"input_value=", before=r"email address[^\n\x00]*"),),
    ),
    Rule(
        "key_value",
        "Lists of leaked accounts are address:password.",
        r"@|%40",
        matches(
            r"(?P<lead>\[EMAIL_REDACTED\]:)(?!\[|\d{1,5}x\d)(?=[^\s,;'\"/\\]{0,60}\d)[^\s,;'\"/\\]{5,200}",
            keeping(rf"\g<lead>{policy.REDACTED}"),
        ),
        needs="@%",
        least=8,
        sketch=(r"email_redacted\]:",),
    ),
    Rule(
        "email",
        "The same, spelled out.",
        r" at [\w-]+(?: dot |\.)| @ ",
        matches(
            r"(?i)\b(?:[\w+-]{1,32}\.[\w.+-]{1,32} (?:at|@) (?:[\w-]{2,63} ?(?: dot |\.) ?){1,3}|[\w.+-]{2,64} at (?:[\w-]{2,63} dot ){1,3})(?:com|org|net|edu|gov|io|de|fr|uk|co|info|eu)\b",
            lambda m: policy.EMAIL,
        ),
        needs=" ",
        least=12,
        sketch=(r" (?:at|@) [\w-]+ ?(?: dot |\.)",),
    ),
    Rule(
        "phone",
        "A number with its country is a person's telephone (E.164).",
        r"\+|%2b",
        matches(
            r"(?P<lead>(?<![\w+@.-])|(?<==)|(?<=%3A)|(?<=tel:))(?:\+|%2[bB])[1-9]\d{0,2}[ .-]?"
            + _PHONE_DIGITS
            + r"(?![\w]|[.-]\d|:\d)",
            _international,
        ),
        needs="+%",
        least=9,
        digits=8,
        sketch=(Anchored(r"(?:\+|%2b)[1-9]", r"[\d .()/-]{7}"),),
    ),
    Rule(
        "phone",
        "A number that is said to be one.",
        r"phone|tel|mobil|cell|handy|fax|whats|sms|msisdn|caller|rufnummer|t\wl\wphone|numero|call|dial|text|contact|móvil|national_number|電話|电话|手机|전화|телефон|τηλέφ",
        matches(
            rf"(?i)(?P<label>(?<![a-z])(?:{_LABEL_WORDS})(?:[_ -]?(?:phone|number|num|no|nr)(?![a-z])\.?){{0,2}}(?:[_ -]?\d(?!\d))?(?:__[a-z]{{2,20}})?\\{{0,3}}[\"']?\]?\s{{0,3}}"
            rf"(?:[=:]|%3A|\#|=>|is|was|to|number)?\s{{0,3}}[=:]?\s{{0,2}}[(\[{{]?\\{{0,3}}[\"']?)(?P<number>(?:\+|00|\()?{_PHONE_DIGITS})(?![\w])",
            keeping(rf"\g<label>{policy.PHONE}"),
        ),
        needs=DIGITS,
        least=8,
        digits=6,
        sketch=(
            Anchored(
                r"(?:phone|tele?fon|tel|mobil|cell|handy|fax|whats|sms|msisdn|caller|rufnummer|numero|call|dial|text|contact|national_number)",
                r"[^\d\x00]*(?:\d[^\d\x00]+){0,2}\d[\d .()/-]{6}",
            ),
        ),
    ),
    Rule(
        "phone",
        "National forms that are written like nothing else.",
        r"\d{3}\D{1,2}\d{3}|\d\d[ .-]\d\d|\d{2,4}[ /)-]{1,3}\d{3}|07\d{3}",
        matches(
            r"(?<![\w.+/(-])(?<!\d )(?:"
            r"\(\d{3}\) ?\d{3}[-. ]\d{4}|(?:1[- ])?[2-9]\d{2}([-.])[2-9]\d{2}\1\d{4}"  # North America
            r"|0[1-9](?:[ .]\d{2}){4}(?![ .]\d)|0[1-9](?:-\d{2}){4}"  # France
            r"|0\d{4} ?\d{3} ?\d{3}(?<= \d{3})|0\d{3} \d{3} \d{4}|0\d{2} \d{4} \d{4}|07\d{3} \d{6}|0\d{4} \d{6}"  # United Kingdom
            r"|00[1-9]\d{0,2}(?P<by>[ ./-])\(?\d{1,4}\)?(?:(?P=by)\d{1,8}){1,5}"  # with its country
            r"|\(?0\d{2,4}\)?[ ]?[/ ][ ]?\d{3,4}[ -]?\d{3,5}|0\d{2,4}-\d{6,8}"  # Germany
            r")(?![\w-]|\.\d)",
            _national,
        ),
        needs=DIGITS,
        least=9,
        digits=9,
        sketch=(
            Anchored(r"\d{3}\)", r" ?\d{3}[-. ]\d{4}[^\w-]"),
            Anchored(r"\d[-.]\d{3}[-.]\d", r"\d{3}[^\w-]", r"[^\w.+/(-](?:1[- ])?[2-9]\d"),
            Anchored(r"[^\w.+/(-]\(?0[\d ()./-]{4}", r"[\d ()./-]{5,16}[^\w-]"),
        ),
    ),
)
