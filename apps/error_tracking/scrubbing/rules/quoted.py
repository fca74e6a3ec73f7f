"""What databases and libraries quote of the value that they were given, or of the person that they were told."""

import re

from .. import policy
from ..lazy import lazy
from .rule import Anchored, Rule, keeping, matches

# A word, a number or an expression says why it was refused; of what a person wrote, the fact that it was text is enough.
_WRITTEN = lazy(r"[^\W\d_]{2}[^\n]{0,200}?[\s,;][\"'(]?[^\W\d_]{2}|[^\W\d_]\S{0,200}@")


def _refused(match: re.Match[str]) -> str:
    if "REDACTED" in match["value"] or not _WRITTEN.search(match["value"]):
        return match[0]
    return match["label"] + policy.REDACTED


def _input(match: re.Match[str]) -> str:
    value = match["value"]
    is_text = value[0] in "'\""
    if "REDACTED" in value or not (_WRITTEN.search(value) if is_text else "'" in value):
        return match[0]
    return match["label"] + policy.REDACTED


RULES = (
    Rule(
        "person",
        "What could not be read as a number, a date or JSON is what somebody typed.",
        r"invalid literal for|string to float|invalid input (?:syntax|value) for|incorrect \w+ value: '|detail:  token \"|json data, line|“|, line \d+(?:, column \w+)?: \"",
        matches(
            r"(?P<label>\binvalid literal for int\(\) with base \d{1,2}: ['\"]|\bcould not convert string to float: ['\"]"
            r"|\binvalid input (?:syntax|value) for (?:type|enum) [\w ]{1,60}: \"|\bIncorrect \w{1,20} value: '|\bDETAIL:  Token \""
            r"|\bCOPY [\w.\"]{1,130}, line \d{1,12}(?:, column \w{1,64})?: \"|“(?=[^”\n]{1,512}” (?:is not a valid|value (?:has|must)))"
            r"|\bJSON data, line \d{1,9}: (?=(?P<json>[^\n]{1,512})))(?P<value>(?(json)[^\n]{1,512}|[^\n\"'”]{1,512}))",
            _refused,
        ),
        needs="'\"“:",
        least=20,
    ),
    Rule(
        "file_name",
        "Django shows what was uploaded with its name and type, whatever its ending is.",
        r"uploadedfile: ",
        matches(
            r"(?P<label>UploadedFile: )(?!upload\.)[^\n<>]{1,255}?(?P<ending>\.\w{1,8})?(?= \([\w.+-]{1,40}/[\w.+-]{1,80}\))",
            lambda match: f"{match['label']}upload{match['ending'] or ''}",
        ),
        needs="(",
        least=20,
    ),
    Rule(
        "person",
        "pydantic shows the whole of an object in which one field is wrong.",
        r"input_value=",
        matches(
            r"(?P<label>\binput_value=)(?P<value>[{\['\"][^\n]{1,1024}?)(?=, input_type=)",
            _input,
        ),
        needs="=",
        least=24,
    ),
    Rule(
        "key_value",
        "libpq quotes the part of a connection string that it could not read: often the end of the password.",
        r"missing \"=\" after \"",
        matches(
            r"(?P<label>missing \"=\" after \")(?!\[REDACTED\]\")(?=[^\"\n]{0,512}\w)[^\"\n]{1,512}(?=\")",
            keeping(rf"\g<label>{policy.REDACTED}"),
        ),
        needs='"',
        least=20,
    ),
    Rule(
        "spoken",
        "A wallet's or an account's recovery phrase: twelve words or more.",
        r"(?:mnemonic|seed|phrase)[\w ]{0,20}['\"]?\s?[:=]",
        matches(
            r"(?i)(?P<label>\b(?:\w{1,20}[_ ])?(?:mnemonic|seed|phrase)(?:[_ ](?:phrase|words))?['\"]?\s?[:=]\s?['\"]?)(?-i:(?:[a-z]{3,8}[ ,]{1,2}){11,23}[a-z]{3,8}\b)",
            keeping(rf"\g<label>{policy.REDACTED}"),
        ),
        needs=":=",
        least=50,
        sketch=(
            Anchored(r"(?:mnemonic|seed|phrase|words)['\"]?\s?[:=]", r"\s?['\"]?[a-z]{3,8}[ ,]{1,2}[a-z]{3,8}[ ,]"),
        ),
    ),
    Rule(
        "person",
        'A mail\'s header says whose the address is: "Jane Doe" <…>.',
        r"@|%40|email_redacted",
        matches(
            r"(?:\"(?!\[)[^\"<>\n\\]{3,80}\"|\b[^\W\d_a-z][\w'’.-]{1,30}(?: [^\W\d_a-z][\w'’.-]{0,30}){1,3}) (?=<\[EMAIL_REDACTED\]>)",
            lambda match: f"{policy.NAME} " if " " in match[0].strip() else match[0],
        ),
        needs="<",
        least=12,
        sketch=(r"[\w\"] <\[email_redacted\]>",),
    ),
    Rule(
        "email",
        "Gravatar's links hold the hash of an address, which can be guessed.",
        r"gravatar\.com/avatar/",
        matches(
            r"(?P<label>gravatar\.com/avatar/)(?:[0-9a-f]{64}|[0-9a-f]{32})\b", keeping(rf"\g<label>{policy.EMAIL}")
        ),
        needs="/",
        least=40,
    ),
)
