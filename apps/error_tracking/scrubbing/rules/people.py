"""What names a person, where something in front of it says so: names, birth dates, addresses, accounts."""

import re

from .. import policy
from ..keys import key_class
from ..lazy import lazy
from .rule import Anchored, Rule, keeping, matches
from .values import is_sentence

QUOTE = r"\\{0,3}[\"'`]?"
# Of text::varchar, PostgreSQL's, the first colon joins nothing.
_SEP = rf"{QUOTE}\]?\s{{0,3}}(?:=>|=|:(?!:)|%3[dD]|(?:::text)?\)?\s{{1,3}}(?i:i?like)\b(?:\s{{1,3}}(?i:upper\())?)(?:[ \t]{{1,3}}|\s{{1,3}}(?=[(\[\"'`\\]))?[(\[]?[ \t]?(?:[en](?='))?"
_PERSON_KEYS = (
    r"(?:(?:billing|shipping|customer|user|contact|owner|sender|recipient|patient|employee|card_?holder|account_?holder|guest|legal|display)[_ -]?)?"
    r"(?:first|last|middle|given|family|full|maiden|sur|user|display|nick|real|holder|legal|birth|customer|patient|card_?holder|account_?holder|contact|employee|recipient|sender|beneficiary)[_ -]?names?|author[_ -]?name"
    r"|place[_ -]?of[_ -]?birth|emergency[_ -]?contact|nickname|nationality|religion|ethnicity|gender|salary|bio|vehicle[_ -]?registration|licen[cs]e[_ -]?plate"
    r"|prénoms?|apellidos?|sobrenome|cognome|achternaam|voornaam|efternamn|förnamn|imię|nazwisko|anschrift|фамилия|отчество|氏名|姓名"
    r"|name_on_card|surname|vorname|nachname|cardholder|xpauthor|dc:creator|by-line|logname|ship[_-]to[_-]name|diagnosis|(?<![a-z_])login(?=\\{0,3}[\"'`]|\s?=|\s?:\s?\\{0,3}[\"'])|address(?=['\"]?\s?[:=]\s?['\"\d])|e_?mail(?=['\"`]?(?:::text)?\)? i?like\b)|date de naissance|date[_ -]?of[_ -]?birth|birth[_ -]?(?:date|day|place)|geburtsdatum|dob"
    r"|(?:street|postal|home|mailing|billing|shipping|delivery)[_ -]?(?:address|addr)(?:[_ -]?(?:line)?[_ -]?\d)?|address[_ -]?(?:line)?[_ -]?\d|street|stra(?:ss|ß)e"
    r"|post(?:al)?[_ -]?code|zip(?:[_ -]?code)?|postleitzahl|plz|mother'?s?[_ -]?maiden[_ -]?name|mothers_maiden_name"
)
# What follows a label, up to where it ends; for redact_value.
VALUE = (
    r"(?:(?P<made>datetime\.date(?:time)?\()(?P<date>[\d, ]{6,40})(?=\))|(?P<quote>\\{0,3}[\"'`])(?P<quoted>(?:(?!(?P=quote))[^\n]){1,200})(?P=quote)?"
    r"|(?P<bare>(?!None\b|null\b|True\b|False\b|str\b|this\b|is\b)[^\s,;&\"'<>(){}\[\]|]{1,80}(?:,? [A-Z0-9][\w'-]{0,30}(?![\w'-]*\s?[=:])){0,5}))"
)
_NOBODY = lazy(
    r"datetime\.\w{1,20}|0x[0-9a-f]{1,16}|%s|%\(\w{1,60}\)s|\?|\$\d{1,3}|\{\{?[\w. |!]{0,80}\}?\}|\$\{?\w{1,60}\}?|<[\w -]{1,60}>|\*+|[a-z]{1,20}\[\d{1,12}\]"
    r"|[a-z_]{2,40}=\S{1,80}|[a-z_]{1,40}(?:\.[a-z_]{1,40}){2,8}|AnonymousUser|deflate|gzip|\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?"  # code, a bound address
    r"|(?i:none|null|true|false|required|optional|unknown|anonymous|string|str|invalid|missing|enum|varchar.*|charfield.*|models\..*|forms\..*"
    r"|serializers\..*|self\..*|request\..*|user\..*|data\..*|this|that|is|field|must|may|and|or|too|already|exists|not|ensure|enter|invalid|value|string|valueerror|[A-Z]\w{2,30}Error|[\w.]{1,60}\(.*|[\w.]{1,60}\[.*)"
)


def redact_value(match: re.Match[str]) -> str:
    """Return a match of a label and VALUE with the value replaced, unless it is nobody's."""
    text = match["date"] or (match["quoted"] if match["quote"] else match["bare"])
    if (
        (is_sentence(text) and text.count(" ") > 2)
        or not text.strip()
        or "REDACTED" in text
        or (not match["date"] and _NOBODY.fullmatch(text))
    ):
        return match[0]
    if text.lower() in match["label"].lower():  # username=username passes a variable on
        return match[0]
    if match["made"]:
        return f"{match['label']}{match['made']}{policy.REDACTED}"
    quote = match["quote"] or ""
    closed = quote if match[0].endswith(quote) and len(match[0]) > len(match["label"]) + len(quote) else ""
    return f"{match['label']}{quote}{policy.REDACTED}{closed}"


def _pair(match: re.Match[str]) -> str:
    return f"{match['label']}{match['quote']}{policy.REDACTED}{match['quote']}"


# Of the objects that have a name, those that are people.
_PEOPLE = "user|customer|contact|person|patient|employee|member|recipient|sender|guest|passenger|subscriber|student|teacher|applicant|profile|author"

RULES = (
    Rule(
        "person",
        "What is called name is a person's where it stands in a person's object; and a full name behind what a person is to us.",
        rf"(?:{_PEOPLE})\\{{0,3}}['\"]",
        matches(
            rf"(?P<label>(?i:\\{{0,3}}['\"](?:{_PEOPLE}))\\{{0,3}}['\"]\s?:\s?(?:\{{[^{{}}\n]{{0,300}}?\\{{0,3}}['\"]name\\{{0,3}}['\"]\s?:\s?|(?=\\{{0,3}}['\"][A-Z][\w'-]{{1,30}} [A-Z])))"
            rf"{VALUE}",
            redact_value,
        ),
        needs=":",
        least=16,
        sketch=(Anchored(r"['\"]\s?:\s?", r"(?:\{|\\*['\"][a-z][\w'-]{1,30} [a-z])", rf"(?:{_PEOPLE})\\*"),),
    ),
    Rule(
        "person",
        'A form\'s part: name="first_name", an empty line, the value.',
        r"\bname=",
        matches(
            rf"(?i)(?P<label>\bname=\\?\"(?:{_PERSON_KEYS}|phone|mobile)\\?\"(?:\\r|\r)?(?:\\n|\n)(?:\\r|\r)?(?:\\n|\n))(?P<value>[^\r\n\\]{{1,200}})",
            lambda match: match[0] if "REDACTED" in match["value"] else match["label"] + policy.REDACTED,
        ),
        needs="=",
        least=16,
        sketch=(Anchored(r"\bname=\\?\"", r"[\w -]+\\?\"(?:\\r|\r)?(?:\\n|\n)"),),
    ),
    Rule(
        "person",
        "first_name=…, 'date_of_birth': …: the key says whose it is.",
        r"name|birth|dob|geburt|naissance|address|addr|street|stra|post|zip|plz|cardholder|author|creator|login|by-line|user=|diagnosis"
        r"|contact|nationality|religion|ethnicity|gender|salary|bio|registration|plate|prénom|apellido|cognome|naam|namn|imię|nazwisko|anschrift|sobrenome|фамилия|отчество|氏名|姓名|mail['\"`]?(?:::text)?\)? i?like",
        matches(
            rf"(?i)(?P<label>(?<![a-z]){QUOTE}(?:{_PERSON_KEYS})(?:__[a-z_]{{2,20}})?\b{_SEP})(?-i:{VALUE})",
            redact_value,
        ),
        needs="=:%'",
        least=6,
        sketch=(
            Anchored(
                r"(?:(?:first|last|middle|given|family|full|maiden|sur|user|display|nick|real|holder|legal|birth|customer|patient|contact|employee|recipient"
                r"|sender|beneficiary|author)[_ -]?names?|emergency[_ -]?contact|nationality|religion|ethnicity|gender|salary|bio|registration|plate|apellidos?|sobrenome"
                r"|cognome|achternaam|voornaam|efternamn|nazwisko|anschrift|e_?mail|name_on_card|vorname|nachname|cardholder|xpauthor|dc:creator|by-line|log(?:name|in)|to[_-]name|diagnosis|naissance|birth"
                r"|birth[_ -]?(?:date|day|place)|geburtsdatum|dob|addr|(?:address|addr|line)[ _-]?\d|address|street|strasse|post(?:al)?[_ -]?code|zip"
                r"|zip[_ -]?code|postleitzahl|plz)",
                r"(?:__[a-z_]{2,20})?[\\\"'`\])\s]{0,8}(?:[=:]|%3d|i?like)",
            ),
        ),
    ),
    Rule(
        "person",
        "The same as pairs: [('first_name', '…')].",
        r"(?:name|birth|address|phone|mobile)(?:__[a-z_]{2,20})?['\"],",
        matches(
            rf"(?i)(?P<label>[(\[]\s?['\"](?:{_PERSON_KEYS}|phone|mobile)(?:__[a-z_]{{2,20}})?['\"],\s?)(?P<quote>['\"])(?P<value>[^'\"\n]{{1,200}})(?P=quote)(?=\s?[)\]])",
            lambda match: match[0] if key_class(match["value"]) else _pair(match),
        ),
        needs=",",
        least=10,
        sketch=(Anchored(r"['\"],", before=r"(?:name|birth|address|phone|mobile)(?:__[a-z_]{2,20})?"),),
    ),
    Rule(
        "person",
        "What people say of themselves.",
        r"my name is|born|geboren|birth|\bdob",
        matches(
            r"(?P<label>\b(?i:my name is) )(?:[A-Z][\w'-]{1,30} ?){1,3}(?<=\w)"
            r"|(?P<born>\b(?i:born|geboren|née?|date of birth|birth ?da(?:te|y))(?: (?i:on|am|le|is))? |\b(?i:dob)[: ]{1,2})(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2} [A-Z][a-z]{2,8} \d{4})",
            lambda match: (match["label"] or match["born"]) + policy.REDACTED,
        ),
        needs=" ",
        least=10,
        sketch=(
            r"my name is ",
            r"(?:born|geboren|date of birth|birth ?da(?:te|y))(?: (?:on|am|le|is))? \d",
            r"dob[: ]{1,2}\d",
        ),
    ),
    Rule(
        "person",
        "<User: jane.doe> and user 'jane.doe': models show themselves by name.",
        r"<\w{0,30}(?:user|customer|person|profile|member|patient|employee): |user ?(?:name)?[ '\"]|login ",
        matches(
            r"(?P<label><\w{0,30}(?:User|Customer|Person|Profile|Member|Patient|Employee): )(?!\w+ object|\d+>|[0-9a-f-]{36}>|AnonymousUser)[^>\n]{1,80}(?=>)"
            r"|(?P<named>\b(?i:(?:with|for|by) user ?name) ['\"])[^'\"\n]{2,80}(?=['\"])|(?P<dotted>(?i:\buser(?:name)?|\blogin) ['\"]|(?i:\busername) )[a-z]{2,20}\.[a-z]{2,20}(?=['\"]?(?:[\s,;.)]|$))",
            lambda match: (
                match[0]
                if "REDACTED" in match[0]
                else (match["label"] or match["named"] or match["dotted"]) + policy.REDACTED
            ),
        ),
        needs=" ",
        least=8,
        sketch=(
            r"<\w+: ",
            r"(?:with|for|by) user ?name ['\"]",
            Anchored(r"(?:user|username|login) ['\"]", r"[a-z]{2,20}\.[a-z]{2}"),
            Anchored(r"username ", r"[a-z]{2,20}\.[a-z]{2}"),
        ),
    ),
    Rule(
        "person",
        "The same as elements: <first_name>…</first_name>.",
        r"name>|birth\w{0,6}>|latitude>|longitude>|creator>|phone>|rdf:li>",
        matches(
            r"(?i)(?P<label><(?:\w{1,12}:)?(?:(?:first|last|full|sur|given|family)_?-?name|birth_?-?(?:date|day)|gpslatitude|gpslongitude|phone|li)>)(?P<value>[^<>\n]{1,200})(?=</)",
            lambda match: match[0] if "REDACTED" in match["value"] else match["label"] + policy.REDACTED,
        ),
        needs=">",
        least=14,
        sketch=(r"(?:name|birth_?-?(?:date|day)|latitude|longitude|creator|phone|rdf:li)>",),
    ),
    Rule(
        "person",
        "A server's log of who came in.",
        r"(?:password|publickey) for",
        matches(
            r"(?P<label>\b(?:[Pp]assword|publickey) for (?:invalid user )?)(?!(?:root|deploy|git|ubuntu|admin|ec2-user|www-data|vagrant)\b)[\w.-]{2,64}(?= from )",
            keeping(rf"\g<label>{policy.REDACTED}"),
        ),
        needs=" ",
        least=20,
        sketch=(Anchored(r"(?:password|publickey) for ", r"[\w. -]+ from "),),
    ),
    Rule(
        "person",
        "Directories and shells name people: uid=jane,ou=people; uid=1000(jane); sudo: jane : TTY=….",
        r"uid=|cn=|gid=|groups=|sudo: |with user ['\"]",
        matches(
            r"(?P<label>\buid=(?=[^,=\s]{1,80},\s?(?:ou|dc|cn)=)|(?i:\bcn=)(?=[^,=\n]{1,80},\s?(?i:ou=(?:people|users|persons|accounts|staff|members|employees))\b)|\b(?:uid|gid|groups)=\d{4,8}\((?=[^()\s]{1,40}\))|\bsudo: {1,4}(?=[\w.-]{1,40} : )"
            r"|\b(?:using \w{1,20} )with user ['\"](?=[^'\"\n]{1,80}['\"]))(?!root\b|\[)[^,()\s'\"]{1,80}",
            keeping(rf"\g<label>{policy.REDACTED}"),
        ),
        needs="=:'\"",
        least=8,
    ),
    Rule(
        "person",
        "Access logs name who signed in.",
        r" - [\w.@-]+ \[\d\d/",
        matches(r"(?P<label> - )(?!-)[\w.@-]{1,80}(?= \[\d{2}/)", keeping(rf"\g<label>{policy.REDACTED}")),
        needs=" ",
        least=10,
        sketch=(Anchored(r" \[\d\d/", before=r" - [\w.@-]+"),),
    ),
)
