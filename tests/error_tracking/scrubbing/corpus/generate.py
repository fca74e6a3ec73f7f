"""Cases by multiplication: every notation with every key, every spelling in every sentence.

`@K@` stands for a key, `@V@` for a value. What is neither, in words of three letters and more, is context to keep.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import cycle, product
from typing import Any
from urllib.parse import quote

from . import material as m
from .fakes import expand

Row = dict[str, Any]
_WORD = re.compile(r"[A-Za-z]{3,}")


def leaks() -> Iterator[Row]:
    """Cases with something to remove."""
    yield from _keyed_leaks()
    yield from _nested_leaks()
    yield from _url_leaks()
    for category, spellings, sentences in m.FOUND_BY_SHAPE:
        yield from (_leak(category, sentence, value) for value, sentence in product(spellings, sentences))
    for category, secret in m.IN_EVENTS:
        yield from (_placed(category, place, secret) for place in m.PLACES)


def harmless() -> Iterator[Row]:
    """Cases that have to come out as they went in."""
    yield from _keyed_harmless()
    yield from (_row("code", code.replace("@K@", key)) for code, key in product(m.CODE, m.NAMES))
    yield from (_row("sentence", text.replace("@K@", key)) for text, key in product(m.SENTENCES, m.FIELDS))
    yield from (_row("identifier", text.replace("@V@", value)) for text, value in product(m.ID_TEXTS, m.IDENTIFIERS))
    yield from (_row("number", text.replace("@V@", value)) for text, value in product(m.NUMBER_TEXTS, _no_cards()))
    yield from (_row("version", text.replace("@V@", value)) for text, value in product(m.VERSION_TEXTS, m.VERSIONS))
    for text in m.HARMLESS_TEXTS:
        yield from (
            _row("event", json.loads(json.dumps(place).replace('"@V@"', json.dumps(text)))) for place in m.PLACES
        )


def _row(category: str, given: Any) -> Row:
    return {"c": category, "in": given}


def _leak(category: str, template: str, secret: str, key: str = "", gone: Iterable[str] = ()) -> Row:
    """One text; the key and the template's own words are what has to stay."""
    words = [key, *_WORD.findall(template.replace("@K@", " ").replace("@V@", " "))]
    keep = [word for word in dict.fromkeys(words) if word and word not in secret]
    given = template.replace("@K@", key).replace("@V@", secret)
    return {"c": category, "in": given, "gone": [secret, *gone], "keep": keep}


def _keyed_leaks() -> Iterator[Row]:
    """Every notation with every sensitive key; the values take turns, as many as the notation can hold."""
    for kind, notations in m.NOTATIONS.items():
        values = cycle(m.VALUES[kind])
        yield from (_leak("keyed_" + kind, form, next(values), key) for form, key in product(notations, m.KEYS))


def _nested_leaks() -> Iterator[Row]:
    """JSON in JSON, one to three levels deep, and mappings nine levels deep."""
    for key, value in zip(m.KEYS, cycle(m.VALUES["json"]), strict=False):
        secret = expand(value)
        longest = max(re.findall(r"\w+", secret), key=len)
        inner = json.dumps({key: secret, "page": 3}, ensure_ascii=False)
        for level in range(3):
            inner = json.dumps({"body": inner, "level": level}, ensure_ascii=False)
            yield {"c": "nested_json", "in": inner, "gone": [longest], "keep": [key, "page", "level"]}
        yield {"c": "nested_map", "in": _deep({key: value, "page": 3}, 9), "gone": [value], "keep": [key, "page"]}
        yield {"c": "nested_list", "in": {"a": [[[{key: value}]], "page"]}, "gone": [value], "keep": [key, "page"]}


def _deep(value: Any, levels: int) -> Any:
    return value if not levels else {f"level{levels}": _deep(value, levels - 1)}


def _url_leaks() -> Iterator[Row]:
    for scheme, password, sentence in product(m.SCHEMES, m.URL_PASSWORDS, m.URL_SENTENCES):
        url = f"{scheme}://app:{password}@db.internal:5432/main"
        row = _leak("url_credentials", sentence, url)
        yield row | {"gone": [password], "keep": [*row["keep"], "db.internal:5432/main"]}
    for key, sentence in product(m.QUERY_KEYS, m.URL_SENTENCES):
        value = quote(m.QUERY_VALUES[len(key) % len(m.QUERY_VALUES)], safe="${}")
        row = _leak("url_query", sentence, f"https://api.example.com/v1/photos?size=3&{key}={value}&page=2")
        yield row | {"gone": [value], "keep": [*row["keep"], "https://api.example.com/v1/photos?size=3&", "page=2"]}


def _placed(category: str, place: Any, text: tuple[str, str, str]) -> Row:
    """The same sentence wherever an event can hold one."""
    before, secret, after = text
    given = json.loads(json.dumps(place).replace("@V@", json.dumps(before + secret + after)[1:-1]))
    return {"c": "event_" + category, "in": given, "gone": [secret], "keep": [part.strip() for part in (before, after)]}


def _keyed_harmless() -> Iterator[Row]:
    for kind, notations in m.NOTATIONS.items():
        for form, (key, value) in product(notations, m.INNOCENT_PAIRS):
            if kind != "text" or " " not in value:
                yield _row("innocent_" + kind, form.replace("@K@", key).replace("@V@", value))
    yield from (
        _row("emptied", form.replace("@K@", key).replace("@V@", empty))
        for form, key, empty in product(m.BARE_NOTATIONS, m.KEYS, m.EMPTY)
    )


def _no_cards() -> list[str]:
    """Numbers of 9 to 19 digits, none of which passes for a payment card."""
    return [number for number in m.NUMBERS if not _luhn(number)]


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0
