"""What names a person, where something in front of it says so: names, birth dates, places, files, folders."""

import re
from collections.abc import Iterator

from .. import policy
from ..keys import KeyClass, key_class
from ..lazy import lazy
from .keyvalue import is_sentence
from .rule import DIGITS, Hit, Rule, always, keeping, matches

_Q = r"\\{0,3}[\"'`]?"
_SEP = rf"{_Q}\]?\s{{0,3}}(?:=>|[=:]|%3[dD]|\b(?i:i?like)\b)(?:[ \t]{{1,3}}|\s{{1,3}}(?=[(\[\"'`\\]))?[(\[]?[ \t]?"
_PERSON_KEYS = (
    r"(?:(?:billing|shipping|customer|user|contact|owner|sender|recipient|patient|employee|card_?holder|account_?holder|guest|legal|display)[_ -]?)?"
    r"(?:first|last|middle|given|family|full|maiden|sur|user|display|nick|real|holder|legal|birth|customer|patient|card_?holder|account_?holder|contact|employee|recipient|sender|beneficiary)[_ -]?names?"
    r"|name_on_card|surname|vorname|nachname|cardholder|xpauthor|dc:creator|by-line|logname|(?<![a-z_])login(?=\\{0,3}[\"'`]|\s?=|\s?:\s?\\{0,3}[\"'])|address(?=['\"]?\s?[:=]\s?['\"\d])|date de naissance|date[_ -]?of[_ -]?birth|birth[_ -]?(?:date|day|place)|geburtsdatum|dob"
    r"|(?:street|postal|home|mailing|billing|shipping|delivery)[_ -]?(?:address|addr)(?:[_ -]?(?:line)?[_ -]?\d)?|address[_ -]?(?:line)?[_ -]?\d|street|stra(?:ss|ß)e"
    r"|post(?:al)?[_ -]?code|zip(?:[_ -]?code)?|postleitzahl|plz|mother'?s?[_ -]?maiden[_ -]?name|mothers_maiden_name"
)
_VALUE = (
    r"(?:(?P<made>datetime\.date(?:time)?\()(?P<date>[\d, ]{6,40})(?=\))|(?P<quote>\\{0,3}[\"'`])(?P<quoted>(?:(?!(?P=quote))[^\n]){1,200})(?P=quote)?"
    r"|(?P<bare>(?!None\b|null\b|True\b|False\b|str\b|this\b|is\b)[^\s,;&\"'<>(){}\[\]|]{1,80}(?:,? [A-Z0-9][\w'-]{0,30}(?![\w'-]*\s?[=:])){0,5}))"
)


def _person(match: re.Match[str]) -> str:
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


_NOBODY = lazy(
    r"datetime\.\w{1,20}|%s|%\(\w{1,60}\)s|\?|\$\d{1,3}|\{\{?[\w. |!]{0,80}\}?\}|\$\{?\w{1,60}\}?|<[\w -]{1,60}>|\*+|[a-z]{1,20}\[\d{1,12}\]"
    r"|(?i:none|null|true|false|required|optional|unknown|anonymous|string|str|invalid|missing|varchar.*|charfield.*|models\..*|forms\..*"
    r"|serializers\..*|self\..*|request\..*|user\..*|data\..*|this|that|is|field|must|may|and|or|too|already|exists|not|ensure|enter|invalid|value|string|valueerror|[A-Z]\w{2,30}Error|[\w.]{1,60}\(.*|[\w.]{1,60}\[.*)"
)
_LAT_LON = r"[-+]?\d{1,3}\.\d{3,15}"


_LONGEST_DETAIL = 4096


def _key_detail(match: re.Match[str]) -> str:
    columns, values = match["columns"], match["values"]
    if columns and "REDACTED" in values:
        return match[0]
    if _HARMLESS_VALUES.fullmatch(values) and not _NUMBER_COLUMNS.search(columns or ""):
        return match[0]
    if columns and not _PERSONAL_COLUMNS.search(columns):
        return match[0]
    kept = policy.REDACTED if columns else ",".join(map(_row_value, values.split(",")))
    return f"{match['label']}{kept}{match['end']}"


_END = r"\)(?= already| is | conflicts|\.|\\n|\n|$)"
_STOP = lazy(rf"\n|{_END}")
_LABEL = lazy(r"Key \([^)]{1,400}\)=\(|Failing row contains \(")
_DETAIL = lazy(
    rf"(?P<label>Key \((?P<columns>[^)]{{1,400}})\)=\(|Failing row contains \()(?P<values>[^\n]{{1,{_LONGEST_DETAIL}}}?)(?P<end>{_END})"
)


def _key_details(text: str) -> Iterator[Hit]:
    # Where the next end is, is looked up once, not behind each label that may come before it. Of one sort of labels the
    # ends come in the order of the beginnings.
    position, stops = 0, {"K": -1, "F": -1}
    while label := _LABEL.search(text, position):
        sort = label[0][0]
        if stops[sort] <= label.end():
            found = _STOP.search(text, label.end() + 1)
            stops[sort] = found.start() if found else len(text) + _LONGEST_DETAIL + 1
        within = stops[sort] - label.end() <= _LONGEST_DETAIL and text[stops[sort]] == ")"
        match = _DETAIL.match(text, label.start()) if within else None
        position = match.end() if match else label.start() + 1
        if match and (replacement := _key_detail(match)) != match[0]:
            yield Hit(match.start(), match.end(), replacement)


def _row_value(value: str) -> str:
    # Numbers and words of a program stay, and so does what is replaced already.
    known = "REDACTED" in value or _PLAIN_VALUE.fullmatch(value.strip())
    return value if known else value[: len(value) - len(value.lstrip())] + policy.REDACTED


def _mysql_entry(match: re.Match[str]) -> str:
    value = match["value"]
    harmless = _HARMLESS_VALUES.fullmatch(value) or (value.islower() and not _PERSONAL_COLUMNS.search(match["key"]))
    if "REDACTED" in value or harmless:
        return match[0]
    return f"{match['label']}'{policy.REDACTED}'{match['for']}"


def _inserted(match: re.Match[str]) -> str:
    columns = [column.strip(' "') for column in match["columns"].split(",")]
    if all(key_class(column) is KeyClass.HARMLESS for column in columns):
        return match[0]
    return match["label"] + re.sub(r"'(?!\[[A-Z_]*REDACTED\])(?:[^']|'')*'", f"'{policy.REDACTED}'", match["values"])


RULES = (
    Rule(
        "person",
        "first_name=…, 'date_of_birth': …: the key says whose it is.",
        r"name|birth|dob|geburt|naissance|address|addr|street|stra|post|zip|plz|cardholder|author|creator|login|by-line|user=",
        matches(rf"(?i)(?P<label>(?<![a-z]){_Q}(?:{_PERSON_KEYS})\b{_SEP})(?-i:{_VALUE})", _person),
        needs="=:%'",
        least=6,
        sketch=(
            r"(?:(?:first|last|middle|given|family|full|maiden|sur|user|display|nick|real|holder|legal|birth|customer|patient|contact|employee|recipient"
            r"|sender|beneficiary)[_ -]?names?|name_on_card|vorname|nachname|cardholder|xpauthor|dc:creator|by-line|log(?:name|in)|naissance|birth"
            r"|birth[_ -]?(?:date|day|place)|geburtsdatum|dob|addr|(?:address|addr|line)[ _-]?\d|address|street|strasse|post(?:al)?[_ -]?code|zip"
            r"|zip[_ -]?code|postleitzahl|plz)[\\\"'`\]\s]{0,8}(?:[=:]|%3d|i?like)",
        ),
    ),
    Rule(
        "person",
        "The same as pairs: [('first_name', '…')].",
        r"name['\"],|birth['\"],|address['\"],|phone['\"],",
        matches(
            rf"(?i)(?P<label>[(\[]\s?['\"](?:{_PERSON_KEYS}|phone|mobile)['\"],\s?)(?P<quote>['\"])(?P<value>[^'\"\n]{{1,200}})(?P=quote)(?=\s?[)\]])",
            keeping(rf"\g<label>\g<quote>{policy.REDACTED}\g<quote>"),
        ),
        needs=",",
        least=10,
    ),
    Rule(
        "person",
        "What people say of themselves.",
        r"my name is|born|geboren|birth|\bdob",
        matches(
            r"(?P<label>\b(?i:my name is) )(?:[A-Z][\w'-]{1,30} ?){1,3}(?<=\w)"
            r"|(?P<born>\b(?i:born|geboren|née?)(?: (?i:on|am|le))? |\b(?i:dob)[: ]{1,2})(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2} [A-Z][a-z]{2,8} \d{4})",
            lambda match: (match["label"] or match["born"]) + policy.REDACTED,
        ),
        needs=" ",
        least=10,
        sketch=(
            r"my name is ",
            r"(?:born|geboren)(?: (?:on|am|le))? \d",
            r"dob[: ]{1,2}\d",
        ),
    ),
    Rule(
        "person",
        "<User: jane.doe> and user 'jane.doe': models show themselves by name.",
        r"<\w{0,30}(?:user|customer|person|profile|member|patient|employee): |user(?:name)?[ '\"]|login ",
        matches(
            r"(?P<label><\w{0,30}(?:User|Customer|Person|Profile|Member|Patient|Employee): )(?!\w+ object|\d+>|[0-9a-f-]{36}>|AnonymousUser)[^>\n]{1,80}(?=>)"
            r"|(?P<dotted>(?i:\buser(?:name)?|\blogin) ['\"]|(?i:\busername) )[a-z]{2,20}\.[a-z]{2,20}(?=['\"]?(?:[\s,;.)]|$))",
            lambda match: (match["label"] or match["dotted"]) + policy.REDACTED,
        ),
        needs=" ",
        least=8,
        sketch=(
            r"<\w+: ",
            r"(?:user|username|login) ['\"][a-z]{2,20}\.[a-z]{2}",
            r"username [a-z]{2,20}\.[a-z]{2}",
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
    ),
    Rule(
        "person",
        "An INSERT that was written out with its values.",
        r"insert into[^()]{1,80}\([^()]{1,400}\) ?values",
        matches(
            r"(?i)(?P<label>\binsert into [\w.\"]{1,80} ?\((?P<columns>[^()]{1,400})\) ?values ?)(?P<values>\([^\n]{1,4096})",
            _inserted,
        ),
        needs="(",
        least=24,
        sketch=(r"insert into",),
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
        sketch=(r"(?:password|publickey) for [\w. -]+ from ",),
    ),
    Rule(
        "person",
        "Directories and shells name people: uid=jane,ou=people; uid=1000(jane); sudo: jane : TTY=….",
        r"uid=|gid=|groups=|sudo: |with user ['\"]",
        matches(
            r"(?P<label>\buid=(?=[^,=\s]{1,80},\s?(?:ou|dc|cn)=)|\b(?:uid|gid|groups)=\d{4,8}\((?=[^()\s]{1,40}\))|\bsudo: {1,4}(?=[\w.-]{1,40} : )"
            r"|\b(?:using \w{1,20} )with user ['\"](?=[^'\"\n]{1,80}['\"]))(?!root\b|\[)[^,()\s'\"]{1,80}",
            keeping(rf"\g<label>{policy.REDACTED}"),
        ),
        needs="=:'\"",
        least=8,
    ),
    Rule(
        "device",
        "EXIF by number: 315 is the artist, 42032 the owner, 42033 and 42037 the serial numbers.",
        r"\b(?:315|33432|4003\d|4203\d): ?['\"]",
        matches(
            r"(?P<label>\b(?:315|33432|40093|42032|42033|42037): ?)(?P<quote>['\"])[^'\"\n]{1,200}(?P=quote)",
            keeping(rf"\g<label>\g<quote>{policy.REDACTED}\g<quote>"),
        ),
        needs="'\"",
        least=10,
        sketch=(r"(?:315|33432|40093|42032|42033|42037): ?['\"]",),
    ),
    Rule(
        "person",
        "Access logs name who signed in.",
        r" - [\w.@-]+ \[\d\d/",
        matches(r"(?P<label> - )(?!-)[\w.@-]{1,80}(?= \[\d{2}/)", keeping(rf"\g<label>{policy.REDACTED}")),
        needs=" ",
        least=10,
    ),
    Rule(
        "person",
        "PostgreSQL quotes the values of the unique key that was violated, and all values of a failing row.",
        r"key \([^)]{1,400}\)=\(|row contains \(",
        _key_details,
        needs="(",
        least=10,
        sketch=(
            r"key \([^)\x00]+\)=\(",
            r"row contains \(",
        ),
    ),
    Rule(
        "person",
        "MySQL does the same.",
        r"duplicate entry",
        matches(
            r"(?P<label>Duplicate entry )'(?P<value>[^'\n]{1,512})'(?P<for> for key '?(?P<key>[\w.]{0,128}))",
            _mysql_entry,
        ),
        needs="'",
        least=15,
    ),
    Rule(
        "file_name",
        "People name files after people. The ending is enough.",
        r"filename|file_name|\.(?:jpe?g|png|gif|webp|heic|pdf|docx?|xlsx?|mp4|mov|zip|csv)",
        matches(
            r"(?i)(?P<label>(?<![a-z])(?:file_?name|original_?(?:file_?)?name|upload(?:ed)?_?(?:file)?(?:name)?)\*?"
            r"\\{0,3}[\"']?\]?\s{0,2}[=:]\s{0,2}(?:utf-8'[a-z]{0,5}')?)(?P<quote>\\{0,3}[\"']?)(?P<name>[^\"'\\\r\n;<>/]{1,4096}?)"
            r"(?P<ending>\.(?:jpe?g|png|gif|webp|heic|heif|tiff?|bmp|svg|pdf|docx?|xlsx?|pptx?|odt|mp4|mov|avi|mp3|wav|zip|rar))(?![\w.])",
            lambda match: (
                match[0] if match["name"] == "upload" else f"{match['label']}{match['quote']}upload{match['ending']}"
            ),
        ),
        needs="=:",
        least=10,
        sketch=(r"(?:file_?name|original_?name|original_?file_?name|upload\w*)\*?[\\\"'\]\s]{0,8}[=:]",),
    ),
    Rule(
        "file_name",
        "The same, where a library shows what was uploaded.",
        r"uploadedfile|image file|upload|traversal|bytesio|=@",
        matches(
            r"(?P<label>UploadedFile(?:: |\(name=['\"])|image file ['\"]?(?:[^'\"\s]{0,200}/)?|name='|(?i:upload(?:ed)?(?: of| file)?) ['\"]?(?:[^'\"\s]{0,200}/)?|traversal attempt in ['\"](?:[^'\"\s]{0,200}/)?|=@)"
            r"(?P<name>[^'\"/\r\n;<>()]{1,255}?)(?P<ending>\.(?i:jpe?g|png|gif|webp|heic|heif|tiff?|bmp|pdf|docx?|xlsx?|mp4|mov))(?![\w.])",
            lambda match: match[0] if match["name"] == "upload" else f"{match['label']}upload{match['ending']}",
        ),
        needs=":'\"(@=/",
        least=8,
        sketch=(
            r"(?:uploadedfile|image file|name='|upload|traversal|=@)[^\x00]*\.(?:jpe?g|png|gif|webp|heic|heif|tiff?|bmp|pdf|docx?|xlsx?|mp4|mov)",
        ),
    ),
    Rule(
        "user_folder",
        "A home folder is named after its owner.",
        r"user=|logname=|~[a-z]{2,32}/|home\$|/home/|/users/|\\users\\|\\documents and settings\\",
        matches(
            r"(?P<lead>(?<![\w.])/home/|/Users/|(?:^|(?<=[\s'\"]))~(?=[a-z]{2,32}/)|\b(?:USER|LOGNAME|SUDO_USER)=(?!root\b)|\\{1,4}home\$\\{1,4}|\b[A-Za-z]:(?:\\{1,8}|/)(?:Users|Documents and Settings)(?:\\{1,8}|/))(?P<name>[^\\/\s\"':,;<>()\[\]]{1,64})",
            lambda match: match[0] if _is_shared(match) else match["lead"] + policy.REDACTED,
        ),
        needs="/\\~=",
        least=7,
        sketch=(
            r"(?-i:/home/|/Users/)",
            r"[\s'\"\x00]~[a-z]{2,32}/",
            r"\b(?-i:USER|LOGNAME|SUDO_USER)=",
            r"home\$\\",
            r":[\\/]+(?-i:Users|Documents and Settings)[\\/]",
        ),
    ),
    Rule(
        "gps",
        "Where a photo was taken is where somebody was, or lives.",
        r"lat|lon|lng|gps|coord|geo|location|position|point",
        matches(
            rf"(?i)(?P<label>\b(?:gps[\w ]{{0,20}}|lat(?:itude)?|lon(?:g(?:itude)?)?|lng|coord(?:inate)?s?|geo(?:[_ ]?location|[_ ]?point|:)?|location|position|point|latlng|ll)"
            rf"{_Q}\]?\s{{0,2}}[=:(]?\s{{0,2}}[(\[{{]?\s?{_Q})(?P<first>{_LAT_LON})(?P<second>(?: ?[NS])?\s?[,; ]\s?{_LAT_LON}(?: ?[EW]\b)?)?(?![\w.])",
            keeping(rf"\g<label>{policy.GPS}"),
        ),
        needs=DIGITS,
        least=8,
        digits=4,
        sketch=(
            r"(?:lat|lon|lng|gps|coord|geo|location|position|point|ll)[^\d\x00]*\d{1,3}\.\d{3}",
            r"gps[^\x00]*\d\.\d{3}",
        ),
    ),
    Rule(
        "gps",
        "Maps are linked by position.",
        r"[?&@](?:\w{1,8}=)?-?\d{1,3}\.\d{4}|map=\d{1,2}/-?\d|\d{1,3}\.\d{4,15}[°º]? ?[ns],? ",
        matches(
            rf"(?P<label>[?&#]map=\d{{1,2}}/){_LAT_LON}/{_LAT_LON}|(?P<linked>[?&](?:q|ll|loc|center|daddr|saddr|cbll|query|destination|origin)=|/@){_LAT_LON},{_LAT_LON}|(?P<plain>)\b\d{{1,2}}\.\d{{4,15}}[°º]? ?[NS],? ?\d{{1,3}}\.\d{{4,15}}[°º]? ?[EW]\b",
            lambda match: (match["label"] or match["linked"] or "") + policy.GPS,
        ),
        needs=DIGITS,
        least=10,
        digits=5,
        sketch=(
            r"map=\d{1,2}/-?\d",
            r"[?&](?:q|ll|loc|center|daddr|saddr|cbll|query|destination|origin)=[-+]?\d{1,3}\.\d{3}",
            r"/@[-+]?\d{1,3}\.\d{3}",
            r"\d\.\d{4,15} ?[ns],? ?\d",
        ),
    ),
    Rule(
        "gps",
        "Plus codes are positions: eight characters of an alphabet of their own, a plus, two or three more.",
        r"[2-9cfghjmpqrvwx]{8}\+[2-9cfghjmpqrvwx]{2}",
        matches(
            r"(?<![\w+/=-])(?=[2-9]{0,7}[CFGHJMPQRVWX])(?=[CFGHJMPQRVWX]{0,7}[2-9])[2-9CFGHJMPQRVWX]{8}\+[2-9CFGHJMPQRVWX]{2,3}(?![\w+/=-])",
            always(policy.GPS),
        ),
        needs="+",
        least=11,
        sketch=(r"[^\w+/=-][2-9cfghjmpqrvwx]{8}\+[2-9cfghjmpqrvwx]{2}",),
    ),
    Rule(
        "gps",
        "The same in degrees, minutes and seconds.",
        r"[°º]|\\u00b0|\\xb0|\d deg ",
        matches(
            r"(?:[NSEW]\s?)?\d{1,3}\s?(?:°|º|deg|\\u00b0|\\xb0)\s?\d{1,2}(?:\.\d{1,6})?\s?(?:'|′|’|\\')\s?(?:\d{1,2}(?:[.,]\d{1,8})?\s?(?:\"|″|′′|''|”|\\\")?)?\s?(?:[NSEWO]\b|(?<=[\"″”′])(?=[\s,;)]|$))",
            always(policy.GPS),
        ),
        needs=DIGITS,
        least=6,
        digits=2,
        sketch=(r"\d\s?(?:deg|\\u00b0|\\xb0)\s?\d",),
    ),
    Rule(
        "gps",
        "EXIF keeps them as tuples of numbers.",
        r"gps|34853",
        matches(
            rf"(?i)(?P<label>(?:gps(?:dest)?(?:latitude|longitude|position|info|altitude)|\b34853){_Q}\]?\s{{0,2}}[=:]\s{{0,2}})(?P<value>\{{[^{{}}\n]{{1,400}}\}}|[(\[{{][^\n]{{1,400}}?[)\]}}]{{1,3}}(?=[,;}}\s]|$)|{_Q}[\d./, -]{{3,80}}{_Q})",
            lambda match: match[0] if "REDACTED" in match["value"] else match["label"] + policy.GPS,
        ),
        needs=DIGITS,
        least=8,
        digits=2,
        sketch=(r"(?:gps(?:dest)?(?:latitude|longitude|position|info|altitude)|34853)[\\\"'`\]\s]{0,8}[=:]",),
    ),
    Rule(
        "device",
        "IMEI 49…, IDFA 7F3C…: a device's number.",
        r"imei|imsi|idfa|idfv|gaid|udid",
        matches(
            r"(?i)(?P<label>\b(?:imei|imsi|idfa|idfv|gaid|udid)[:=# ]{1,3})[0-9a-f-]{10,40}\b",
            keeping(rf"\g<label>{policy.DEVICE}"),
        ),
        needs=DIGITS,
        least=12,
        digits=2,
        sketch=(r"(?:imei|imsi|idfa|idfv|gaid|udid)[:=# ]{1,3}[0-9a-f-]{10}",),
    ),
    Rule(
        "device",
        "Camera makers write the owner and the serial number into each photo.",
        r"serial|owner|artist|imei|imsi|idfa|udid|device.?id|copyright|photographer|uniqueid|android|advertising",
        matches(
            rf"(?i)(?P<label>\b(?:(?:body|lens|camera|internal|device)[_ ]?serial[_ ]?(?:number|no)?|serial[_ ]?number|(?:camera)?[_ ]?owner[_ ]?name|xpauthor|artist|imageuniqueid|android_?id|copyright(?=['\"])|imei|imsi|idfa|udid|advertising_?id|device_?id){_Q}\]?\s{{0,2}}[=:]\s{{0,2}})(?-i:{_VALUE})",
            _person,
        ),
        needs="=:",
        least=10,
        sketch=(
            r"(?:serial|serial[_ ]?(?:number|no)|owner[_ ]?name|xpauthor|artist|uniqueid|android_?id|copyright|imei|imsi|idfa|udid|advertising_?id|device_?id)[\\\"'`\]\s_]{0,8}[=:]",
        ),
    ),
)
_SHARED_FOLDERS = frozenset(
    "app runner ubuntu user circleci vsts docker node django web www www-data deploy jovyan vagrant ec2-user admin git shared public default runneradmin [redacted]".split()
)
_PLAIN_VALUE = lazy(r"\d[\d.:+ -]{0,40}|null|[tf]|[0-9a-f-]{36}|[a-z_-]{1,30}|\.\.\.")
_NUMBER_COLUMNS = lazy(r"(?i)tax|ssn|phone|mobile|iban|card|passport|national|personal|birth|insurance")
_PERSONAL_COLUMNS = lazy(
    r"(?i)name|mail|phone|mobile|address|birth|ssn|iban|card|token|password|secret|key|session|login|code|ip\b|nick|tax|passport|\bdob|zip|postal|street"
)
_HARMLESS_VALUES = lazy(
    r"(?:\d{1,12}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?:, ?(?:\d{1,12}|[0-9a-fA-F-]{36}))*"
)


def _is_shared(match: re.Match[str]) -> bool:
    # A home that is nobody's, a placeholder, or the address of a page: GET /home/photos.
    requested = re.search(
        r"(?:GET|POST|PUT|PATCH|DELETE|HEAD) $|https?://[^\s]{1,200}$",
        match.string[max(0, match.start() - 220) : match.start()],
    )
    return match["name"].lower() in _SHARED_FOLDERS or match["name"][0] in "${<%[" or requested is not None
