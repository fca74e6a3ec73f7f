"""What waits in memory: in which order, and what makes room."""

import pytest

from apps.error_tracking.delivery import memory as module
from apps.error_tracking.delivery.memory import Memory, Parcel

NOW = 100.0


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    monkeypatch.setattr(module, "monotonic", lambda: NOW)
    return Memory()


def parcel(name: str, kind: str = "event") -> Parcel:
    return Parcel(kind, name, b"x" * 10)


def taken(memory: Memory) -> list[str | None]:
    names = []
    while one := memory.take():
        names.append(one.event_id)
    return names


def test_the_oldest_is_taken_first_and_the_newest_on_request(memory: Memory) -> None:
    for name in "abc":
        memory.add(parcel(name))

    newest = memory.take(newest=True)

    assert newest is not None
    assert newest.event_id == "c"
    memory.give_back(newest, newest=True)
    assert taken(memory) == ["a", "b", "c"]


def test_what_is_given_back_is_the_next_again(memory: Memory) -> None:
    memory.add(parcel("a"))
    memory.add(parcel("b"))
    first = memory.take()
    assert first is not None

    memory.give_back(first)

    assert taken(memory) == ["a", "b"]


def test_what_was_refused_comes_last_and_when_it_is_due(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.put_off(parcel("later"), 30)
    memory.put_off(parcel("soon"), 10)
    memory.add(parcel("fresh"))
    assert (len(memory), memory.fresh, memory.wait()) == (3, 1, 10)
    assert taken(memory) == ["fresh"]

    monkeypatch.setattr(module, "monotonic", lambda: NOW + 10)
    soon = memory.take()

    assert soon is not None
    assert (soon.event_id, soon.tries) == ("soon", 1)
    assert memory.take() is None
    assert memory.wait() == 20
    memory.give_back(soon)
    assert taken(memory) == ["soon"]


def test_with_nothing_refused_there_is_nothing_to_wait_for(memory: Memory) -> None:
    memory.add(parcel("a"))

    assert memory.wait() is None


@pytest.mark.parametrize(("name", "most"), [("MOST", 4), ("MOST_BYTES", 45)])
def test_when_it_is_full_transactions_go_first_then_what_was_refused_then_the_oldest(
    memory: Memory, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(module, name, most)
    memory.put_off(parcel("refused"), 0)
    memory.add(parcel("a"))
    memory.add(parcel("trace", "transaction"))
    memory.add(parcel("b"))

    memory.add(parcel("c"))
    assert memory.wait() == 0
    memory.add(parcel("d"))
    assert memory.wait() is None
    memory.add(parcel("e"))

    assert taken(memory) == ["b", "c", "d", "e"]


def test_a_parcel_that_is_larger_than_the_memory_is_the_one_that_goes(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 15)
    memory.add(parcel("a"))

    memory.add(Parcel("event", "large", b"x" * 16))
    memory.put_off(Parcel("event", "refused", b"x" * 16), 0)

    assert taken(memory) == ["a"]
