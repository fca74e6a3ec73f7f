"""The doubles, answering as another version of the tracker might: the same thing said in another way, or not at all."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.triage.http_double import JSON, Asked, HttpDouble, Reply

type Change = Callable[[Any], Any]
_NO_PATH = "$^"
PAGE, NOT_FOUND = Reply(200, b"<!doctype html>", "text/html"), Reply(404, b'{"detail": "Not found"}')


def answers_otherwise(
    monkeypatch: pytest.MonkeyPatch,
    double: HttpDouble,
    change: Change = lambda said: said,
    unknown: str = _NO_PATH,
    instead: Reply = PAGE,
) -> None:
    """Let `change` make another answer of each, and be a path that matches `unknown` one that it does not know."""
    respond = double.respond

    def otherwise(asked: Asked) -> Reply | None:
        if re.search(unknown, asked.path):
            return instead
        reply = respond(asked)
        if reply is None or reply.content_type != JSON or not isinstance(reply.body, bytes) or not reply.body:
            return reply
        return replace(reply, body=json.dumps(change(json.loads(reply.body))).encode())

    monkeypatch.setattr(double, "respond", otherwise)


def each(change: Change) -> Change:
    """Return a change of every object in an answer, the inner ones first."""

    def deep(said: Any) -> Any:
        if isinstance(said, list):
            return [deep(one) for one in said]
        return change({key: deep(inner) for key, inner in said.items()}) if isinstance(said, dict) else said

    return deep


def without(*names: str) -> Change:
    """Return a change that leaves fields out."""
    return each(lambda said: {key: inner for key, inner in said.items() if key not in names})


def as_null(*names: str) -> Change:
    """Return a change that makes fields null."""
    return each(lambda said: said | {key: None for key in names if key in said})


def numbers_as_numbers(said: Any) -> Any:
    """Be an ID or a count a number, not a text of digits."""
    names = ("id", "count", "groupID", "group_id", "userCount")
    return each(lambda one: one | {key: int(one[key]) for key in names if str(one.get(key)).isdecimal()})(said)


def without_zone(said: Any) -> Any:
    """Be moments without the zone, which is UTC."""
    moment = re.compile(r"(\d{4}-\d\d-\d\dT[\d:.]+)(Z|\+00:00)")
    return each(lambda one: {key: moment.sub(r"\1", it) if isinstance(it, str) else it for key, it in one.items()})(
        said
    )
