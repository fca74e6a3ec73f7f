"""The scrubber against the corpus. What it gets wrong is printed case by case."""

import pytest

from apps.error_tracking.scrubbing import scrub_map, scrub_string
from tests.error_tracking.scrubbing.corpus import harmless, leaks
from tests.error_tracking.scrubbing.corpus.evaluate import Result, evaluate, listed


@pytest.fixture(scope="module")
def result() -> Result:
    return evaluate(scrub_string, scrub_map)


def test_the_corpus_is_large_and_has_as_many_harmless_cases_as_leaks(result: Result) -> None:
    assert result.leaks >= 3000
    assert result.harmless >= 3000


def test_of_every_leak_that_has_a_secret_the_input_holds_it() -> None:
    assert [case.origin for case in leaks() if not case.gone or case.caught(case.given)] == []


def test_no_case_is_both_a_leak_and_harmless() -> None:
    known = {repr(case.given) for case in leaks()}

    assert [case.origin for case in harmless() if repr(case.given) in known] == []


def test_at_least_99_percent_of_the_leaks_are_caught(result: Result) -> None:
    assert result.recall >= 0.99, f"{result}\n{listed(result.misses)}"


def test_at_least_98_5_percent_are_caught_with_the_context_kept(result: Result) -> None:
    assert result.with_context >= 0.985, f"{result}\n{listed((*result.without_context, *result.misses))}"


def test_at_least_99_5_percent_of_the_harmless_cases_come_out_as_they_went_in(result: Result) -> None:
    assert result.kept >= 0.995, f"{result}\n{listed(result.mangled)}"


def test_a_scrubber_that_does_nothing_catches_nothing_and_keeps_all() -> None:
    idle = evaluate(lambda text: text, dict)

    assert (idle.recall, idle.with_context, idle.kept) == (0, 0, 1)


def test_a_scrubber_that_blanks_all_catches_all_and_keeps_nothing() -> None:
    eager = evaluate(lambda text: "", lambda mapping: {"v": 0})

    assert eager.recall == 1
    assert eager.kept == 0
