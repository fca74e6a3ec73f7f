"""Expressions that are compiled when they are first used."""

import re

import pytest

from apps.error_tracking.scrubbing.lazy import lazy, prepare


def test_it_does_what_the_expression_does() -> None:
    number = lazy(r"(?P<number>\d+)x", re.IGNORECASE)

    assert [match["number"] for match in number.finditer("1x 22X 3y")] == ["1", "22"]
    assert number.sub("-", "1x 22X") == "- -"
    assert number.fullmatch("7x")
    assert number.fullmatch("7y") is None
    assert number.pattern == r"(?P<number>\d+)x"


def test_it_is_compiled_once_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_ = re.compile
    monkeypatch.setattr(re, "compile", lambda *args: compiled.append(args[0]) or compile_(*args))

    expression = lazy("a+")
    assert compiled == []

    for _ in range(3):
        assert expression.search("baa")
    assert compiled == ["a+"]


def test_a_server_has_them_all_compiled_before_its_first_request(monkeypatch: pytest.MonkeyPatch) -> None:
    expression = lazy("b+")
    prepare()
    monkeypatch.setattr(re, "compile", None)

    assert expression.search("abb")
