"""Escapes and disguises are read through, and stay where they are not part of a secret."""

import pytest

from apps.error_tracking.scrubbing import scrub_string
from apps.error_tracking.scrubbing.disguise import in_original, reading, readings, undisguised


def test_a_plain_text_has_one_reading() -> None:
    assert list(readings("GET /photos/7 HTTP/1.1")) == [(0, "GET /photos/7 HTTP/1.1")]


@pytest.mark.parametrize(
    ("text", "depth", "expected"),
    [
        ("a%20b", 1, "a b"),
        ("a%2520b", 2, "a b"),
        ("&quot;a&#x27;b&#39;", 1, "\"a'b'"),
        (r"\"a\\n\u0020\x20", 1, '"a\\n  '),
        (r"{\\\"a\\\"}", 2, '{"a"}'),
        ("%zz &unknown; \\q", 3, "%zz &unknown; \\q"),
    ],
)
def test_each_reading_undoes_one_layer_of_escapes(text: str, depth: int, expected: str) -> None:
    assert reading(text, depth) == expected


@pytest.mark.parametrize(
    "text",
    ["\uff50\uff41\uff53\uff53word", "p\u0430ssword", "pass\u00adword", "p%61ssword", r"p\u0061ssword", "p&#97;ssword"],
)
def test_a_disguised_word_reads_as_the_word(text: str) -> None:
    assert undisguised(text) == "password"


def test_a_hit_in_a_reading_is_put_where_it_is_in_the_original() -> None:
    assert in_original("x%3D%22secret%22", 1, [(3, 9, "[REDACTED]")]) == [(7, 13, "[REDACTED]")]


def test_what_a_replacement_repeats_stays_as_it_was_escaped() -> None:
    assert in_original("a%20b%20c", 1, [(0, 5, "a [X] c")]) == [(4, 5, "[X]")]


def test_half_of_a_character_that_reads_as_two_takes_all_of_it() -> None:
    assert in_original("\ufb01x", 0, [(0, 1, "[X]")]) == [(0, 1, "[X]")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GET /x/SSN%20536-07-1238%20on%20file", "GET /x/SSN%20[ID_REDACTED]%20on%20file"),
        ("?m=from%2093.184.216.34%20again", "?m=from%2093.184.216.0%20again"),
        ("?m=postgres%3A//jane%3Ahunter2x%40db%3A5432/a", "?m=postgres%3A//jane%3A[REDACTED]%40db%3A5432/a"),
        ("{&#x27;api_key&#x27;: &#x27;abc12345&#x27;}", "{&#x27;api_key&#x27;: &#x27;[REDACTED]&#x27;}"),
        ("%257B%2522api_key%2522%253A%2520%2522abc12345%2522", "%257B%2522api_key%2522%253A%2520%2522[REDACTED]%2522"),
        (r"line1\njane.doe@example.com\nline3", r"line1\n[EMAIL_REDACTED]\nline3"),
    ],
)
def test_a_secret_below_escapes_is_replaced_and_the_escapes_around_it_stay(text: str, expected: str) -> None:
    assert scrub_string(text) == expected


@pytest.mark.parametrize(
    "text", ["100%25 done", r"C:\new\table", "a &amp; b", "?q=caf%C3%A9%20au%20lait", "LIKE '%abc%'"]
)
def test_escapes_of_a_harmless_text_stay(text: str) -> None:
    assert scrub_string(text) == text
