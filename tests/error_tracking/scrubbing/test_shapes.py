"""shape_of: type and size, and none of the content."""

import datetime
import enum
import uuid
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.functional import SimpleLazyObject

from apps.error_tracking.scrubbing import shape_of
from apps.error_tracking.scrubbing.shapes import safe_name, shape_of_text


class Colour(enum.Enum):
    RED = "secret"


class Label(enum.StrEnum):
    NEW = "secret"


class Form:
    def __repr__(self) -> str:
        return "secret"


class Model:
    _meta = SimpleNamespace(pk=SimpleNamespace(attname="id"))

    def __init__(self, pk: Any) -> None:
        self.id = pk


class Hostile(dict[str, int]):
    def __iter__(self) -> Any:
        raise AssertionError("the class's own code ran")

    __len__ = __iter__


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (3, 3),
        (0.5, 0.5),
        (True, True),
        (None, None),
        (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (datetime.date(2026, 1, 2), "2026-01-02"),
        (Colour.RED, "<Colour.RED>"),
        (Label.NEW, "<Label.NEW>"),
        ("secret", "str[6]"),
        (b"secret", "bytes[6]"),
        (["secret"], "list[1]"),
        (("secret",), "tuple[1]"),
        ({"secret"}, "set[1]"),
        ({"email": "secret", 7: 1, "a secret key": 2}, "dict{email, <int>, key[12]}"),
        (dict.fromkeys("abcdefghijkl"), "dict{a, b, c, d, e, f, g, h, i, j, …}"),
        (Form(), "<Form>"),
        (Model(42), "<Model pk=42>"),
        (Model("jane"), "<Model>"),
        (Hostile(), "Hostile{}"),
        (Counter(["jane", "doe"]), "Counter[2]"),
    ],
)
def test_a_value_becomes_its_shape(value: object, shape: object) -> None:
    assert shape_of(value) == shape


def test_a_lazy_object_stays_unevaluated() -> None:
    def evaluate() -> object:
        raise AssertionError("it was evaluated")

    assert shape_of(SimpleLazyObject(evaluate)) == "<SimpleLazyObject>"


@pytest.mark.parametrize(
    "value", [Colour.RED, "x", {"email": 1}, Model(3), Form(), datetime.datetime(2026, 1, 2, 3, 4)]
)
def test_the_shape_of_a_shape_is_itself(value: object) -> None:
    assert shape_of_text(shape_of(value)) == shape_of(value)


@pytest.mark.parametrize("text", ["hunter2", "jane.doe", "'str[3]'", "4111111111111111", "a sentence"])
def test_any_other_text_becomes_its_length(text: str) -> None:
    assert shape_of_text(text) == f"str[{len(text)}]"


@pytest.mark.parametrize(("name", "safe"), [("user_id", "user_id"), ("jane@example.com", "key[16]"), ("", "key[0]")])
def test_a_name_that_may_be_data_becomes_its_length(name: str, safe: str) -> None:
    assert safe_name(name) == safe
