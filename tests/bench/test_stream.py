"""The stream of events that the scrubber's speed is measured on."""

from itertools import islice
from uuid import UUID

from bench.scrubbing.stream import novelty
from bench.scrubbing.visitors import Visit, visits

IMAGES = [UUID(int=number) for number in range(3)]


def some(seed: int) -> list[Visit]:
    return list(islice(visits(IMAGES, ["a-token"], 60, seed), 60))


def test_the_same_seed_makes_the_same_requests_and_another_one_others() -> None:
    assert some(seed=1) == some(seed=1)
    assert some(seed=1) != some(seed=2)


def test_visitors_go_to_what_works_and_to_what_fails() -> None:
    paths = [visit.path for visit in some(seed=1)]

    assert any(path.startswith("/api/v1/") for path in paths)
    assert any(path.startswith("/shop/") for path in paths)


def test_a_text_is_new_where_it_stands_first() -> None:
    found = novelty([{"a": "xyz"}, {"a": ["xyz", "abc"]}])

    assert found.texts == 60
    assert found.size == 100 * 7 / 11


def test_what_is_new_is_told_in_words() -> None:
    assert str(novelty([{"a": "a"}])) == "50 % of the texts (50 % of their characters)"
