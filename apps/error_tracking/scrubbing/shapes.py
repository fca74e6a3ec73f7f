"""The shape of a value: its type and size, which is what helps in debugging, and none of its content."""

import datetime
import enum
import re
import uuid
from collections import Counter
from typing import Any

_MAX_KEYS = 10
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,40}|key\[\d{1,7}\]")
# What shape_of returns, so that taking the shape of a shape changes nothing.
_SHAPE = re.compile(
    r"""(?x)
    [A-Za-z_]\w{0,60}\[\d{1,12}\]                               # str[24], list[3]
    | [A-Za-z_]\w{0,60}\{[\w.,\ \-\[\]…]{0,460}\}                # dict{email, password}
    | <[A-Za-z_]\w{0,60}(\.[A-Za-z_]\w{0,60}|\ pk=[\da-fA-F-]{1,40})?>  # <Form>, <Visibility.PUBLIC>, <User pk=42>
    | [\da-fA-F]{8}(-[\da-fA-F]{4}){3}-[\da-fA-F]{12}            # a UUID
    | \d{4}-\d\d-\d\d([T\ ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?   # a date or time
    """
)
_PLAIN = (bool, int, float, type(None))
_TIMES = (datetime.date, datetime.time, datetime.timedelta)
_SIZED = (str, bytes, bytearray, list, tuple, set, frozenset)


def shape_of(value: object) -> Any:
    """Return numbers, booleans, None, UUIDs, dates and enum members as they are, models by class and pk.

    Everything else becomes its type and size: `str[24]`, `list[3]`, `dict{email, password}`, `<Form>`.
    Never raises and never calls code of the value's class: a lazy object stays unevaluated.
    """
    kind = type(value)
    if issubclass(kind, enum.Enum):
        return f"<{kind.__name__}.{value._name_}>"  # type: ignore[attr-defined]
    if kind in _PLAIN:
        return value
    if kind is uuid.UUID or kind in _TIMES or kind is datetime.datetime:
        return str(value)
    if issubclass(kind, dict):
        return _shape_of_dict(value)  # type: ignore[arg-type]
    for base in _SIZED:
        if issubclass(kind, base):
            return f"{kind.__name__}[{base.__len__(value)}]"  # type: ignore[arg-type]
    return _shape_of_model(value)


def shape_of_text(text: str) -> str:
    """Return the shape of a value that is known by its text; a UUID, a date or a shape stays as it is."""
    return text if _SHAPE.fullmatch(text) else f"str[{len(text)}]"


def safe_name(name: object) -> str:
    """Return a key that looks like a name in code; any other key may be data itself and becomes its shape."""
    text = name if isinstance(name, str) else str(name)
    return text if _NAME.fullmatch(text) else f"key[{len(text)}]"


def _shape_of_dict(value: dict[Any, Any]) -> str:
    if issubclass(type(value), Counter):
        return f"{type(value).__name__}[{dict.__len__(value)}]"  # what was counted is data
    names = [safe_name(key) if type(key) is str else f"<{type(key).__name__}>" for key in _first_keys(value)]
    more = ", …" if dict.__len__(value) > _MAX_KEYS else ""
    return f"{type(value).__name__}{{{', '.join(names)}{more}}}"


def _first_keys(value: dict[Any, Any]) -> list[Any]:
    return [key for key, _ in zip(dict.__iter__(value), range(_MAX_KEYS), strict=False)]


def _shape_of_model(value: object) -> str:
    # A Django model, without importing Django: its class has _meta, and its primary key is a number or a UUID.
    kind = type(value)
    primary_key = getattr(getattr(kind, "_meta", None), "pk", None)
    name = getattr(primary_key, "attname", None)
    if isinstance(name, str):
        key = object.__getattribute__(value, "__dict__").get(name)
        if type(key) in (int, uuid.UUID):
            return f"<{kind.__name__} pk={key}>"
    return f"<{kind.__name__}>"
