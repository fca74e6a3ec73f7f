"""The first look at texts, which must miss nothing and change nothing."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.error_tracking.scrubbing import engine, prepare, scrub_map, scrub_string, text
from apps.error_tracking.scrubbing.candidates import Candidates
from apps.error_tracking.scrubbing.disguise import readings
from apps.error_tracking.scrubbing.rules import RULES
from tests.error_tracking.scrubbing.corpus import harmless, leaks

pytest.importorskip("re2")

PIECES = (
    "password|token|=|: |\"|'|\\|@|a|.com|%40|Bearer |://|4111111111111111|::1|\0|\n|\x1c|é|\uff20|\ud800|-| ".split(
        "|"
    )
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@pytest.fixture(autouse=True, scope="module")
def _prepared() -> None:
    prepare()
    engine.suspicion("x")


@pytest.fixture(autouse=True)
def _nothing_seen() -> Iterator[None]:
    forget()
    yield
    forget()


def forget() -> None:
    text.seen_harmless.clear()
    text._scrubbed.clear()


def corpus_texts() -> list[str]:
    return [case.given for case in (*leaks(), *harmless()) if isinstance(case.given, str)]


def without_the_engine(given: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_engine", lambda: None)
        forget()
        return scrub_string(given)


def test_each_rule_that_hits_a_text_of_the_corpus_is_suspected() -> None:
    for given_text in corpus_texts():
        for read in {read for _, read in readings(given_text)}:
            suspected = engine.suspicion(read)
            if suspected is None or engine.CONTROL in suspected:
                continue
            missed = [
                RULES[rule].why
                for rule in Candidates(read).all()
                if rule not in suspected and any(RULES[rule].find(read))
            ]
            assert not missed, read


def test_what_comes_out_is_the_same_without_the_engine() -> None:
    for given_text in corpus_texts()[::9]:
        forget()
        assert scrub_string(given_text) == without_the_engine(given_text)


@given(st.lists(TEXTS, max_size=8))
def test_texts_come_out_of_an_event_as_they_come_out_one_by_one(texts: list[str]) -> None:
    expected = [without_the_engine(each) for each in texts]
    forget()

    more = {f"more{number}": f"text {number}" for number in range(8)}
    assert scrub_map({f"n{index}": each for index, each in enumerate(texts)} | more) == (
        {f"n{index}": each for index, each in enumerate(expected)} | more
    )


@pytest.mark.parametrize("odd", ["a\0b", "jürgen", "\ud800", "٣"])
def test_it_says_nothing_about_texts_that_it_cannot_look_at(odd: str) -> None:
    assert engine.suspicion(odd) is None


@pytest.mark.parametrize("odd", ["a\0b", "jürgen", "\ud800", "tab\x0b", "%41", "\\n"])
def test_an_odd_text_does_not_hide_the_ones_beside_it(odd: str) -> None:
    scrubbed = scrub_map({"a": [odd, "jane@example.com", f"{odd} jane@example.com {odd}", "x"]})["a"]

    assert scrubbed == [odd, "[EMAIL_REDACTED]", f"{odd} [EMAIL_REDACTED] {odd}", "x"]


def test_very_many_and_very_long_texts_are_scrubbed_as_well() -> None:
    many = [f"t{number}" for number in range(100_000)]
    long = "word " * 200_000

    scrubbed = scrub_map({"many": [*many, "jane@example.com"], "long": f"{long}jane@example.com"})

    assert scrubbed == {"many": [*many, "[EMAIL_REDACTED]"], "long": f"{long}[EMAIL_REDACTED]"}
    assert len(text.seen_harmless) <= text._MOST_TEXTS


def test_a_mapping_that_holds_itself_comes_to_an_end() -> None:
    mapping: dict[str, Any] = {"text": "jane@example.com"}
    mapping["self"] = mapping

    assert scrub_map(mapping)["self"]["self"]["text"] == "[EMAIL_REDACTED]"


def test_what_a_sensitive_key_holds_is_not_kept_in_memory() -> None:
    scrub_map(
        {
            "note": "harmless note",
            "more": [f"note {n}" for n in range(9)],
            "password": "hunter-two",
            "session": {"id": "abc-def"},
        }
    )

    assert "harmless note" in text.seen_harmless
    assert not text.seen_harmless & {"hunter-two", "abc-def"}


def test_threads_do_not_disturb_each_other() -> None:
    texts = [f"mail {number}@example.com" if number % 3 else f"number {number}" for number in range(3_000)]
    expected = [bool(number % 3) for number in range(3_000)]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: [bool(engine.suspicion(each)) for each in texts], range(8)))

    assert all(suspected == expected for suspected in found)


def test_a_text_in_which_it_finds_nothing_is_harmless() -> None:
    assert engine.suspicion("The quick brown fox.") == set()


def test_little_memory_makes_it_slower_and_blind_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_MOST_MEMORY", 8 * 1024 * 1024)
    small = engine._engine.__wrapped__()
    known = engine._engine()
    assert small is not None
    assert known is not None

    for given_text in (each for each in corpus_texts() if each.isascii() and "\0" not in each):
        assert small.matching(given_text) == known.matching(given_text)


def test_where_it_is_not_installed_the_rules_look_for_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    monkeypatch.setattr(engine, "_engine", engine._engine.__wrapped__)

    assert engine.suspicion("jane@example.com") is None
    assert scrub_string("to jane@example.com") == "to [EMAIL_REDACTED]"


@pytest.mark.parametrize("word", ["password", "passwd", "passphrase", "passcode", "secret", "token", "pin"])
@pytest.mark.parametrize("change", ["from", "was from", "changed from", "was reset from"])
def test_that_a_secret_was_changed_is_seen_wherever_it_stands(word: str, change: str) -> None:
    for before in range(0, 200, 7):
        said = scrub_string(f"{'x' * before} {word} {change} Hunter22x to Winter33y")

        assert "Hunter22x" not in said
        assert "Winter33y" not in said


@pytest.mark.parametrize(
    ("suspicious", "harmless"),
    [
        ("curl -u jane:hunter2 https://x.example", "curl fetches the page"),
        ("from 203.0.113.77 again", "Django 6.1.3 and 2.75"),
        ("password = x", "password of somebody else"),
    ],
)
def test_the_anchor_of_an_expression_alone_is_no_suspicion(suspicious: str, harmless: str) -> None:
    kinds = [{RULES[rule].kind for rule in engine.suspicion(each) or ()} for each in (suspicious, harmless)]

    assert kinds[0] > kinds[1]
