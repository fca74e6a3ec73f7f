"""What databases quote: the values of a statement, of a key that was violated, of a row that failed."""

import re
from collections.abc import Iterator

from .. import policy
from ..keys import KeyClass, key_class
from ..lazy import lazy
from .rule import Anchored, Hit, Rule, matches

_PLAIN_VALUE = lazy(r"\d[\d.:+ -]{0,40}|null|[tf]|[0-9a-f-]{36}|[a-z_-]{1,30}|\.\.\.")
_NUMBER_COLUMNS = lazy(r"(?i)tax|ssn|phone|mobile|iban|card|passport|national|personal|birth|insurance")
_PERSONAL_COLUMNS = lazy(
    r"(?i)name|mail|phone|mobile|address|birth|ssn|iban|card|token|password|secret|key|session|login|code|ip\b|nick|tax|passport|\bdob|zip|postal|street"
)
_HARMLESS_VALUES = lazy(
    r"(?:\d{1,12}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?:, ?(?:\d{1,12}|[0-9a-fA-F-]{36}))*"
)

_LONGEST_DETAIL = 4096
_END = r"\)(?= already| is | conflicts|\.|\\n|\n|$)"
_STOP = lazy(rf"\n|{_END}")
# A column may be an expression: lower(email::text).
_LABEL = lazy(r"Key \([^=\n]{1,400}\)=\(|Failing row contains \(")
_DETAIL = lazy(
    rf"(?P<label>Key \((?P<columns>[^=\n]{{1,400}})\)=\(|Failing row contains \()(?P<values>[^\n]{{1,{_LONGEST_DETAIL}}}?)(?P<end>{_END})"
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
        "PostgreSQL quotes the values of the unique key that was violated, and all values of a failing row.",
        r"key \([^=\n]{1,400}\)=\(|row contains \(",
        _key_details,
        needs="(",
        least=10,
        sketch=(
            Anchored(r"key \(", r"[^=\x00]+\)=\("),
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
)
