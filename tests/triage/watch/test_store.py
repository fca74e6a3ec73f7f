"""The state's file: private, one watch at a time, and never the cause of a flood."""

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from apps.triage.watch.state import State, Trouble
from apps.triage.watch.store import Store, StoreError
from tests.triage.memory_tracker import NOW

_INFINITE = json.dumps(State("here", NOW, NOW, troubles={"chat": Trouble(1, NOW)}).to_json(), default=str).replace(
    '"attempts": 1', '"attempts": Infinity'
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "watch")


def test_there_is_none_at_first(store: Store) -> None:
    with store.held():
        assert store.load("here") == (None, None, "")


def test_what_is_saved_is_loaded_and_nobody_else_can_read_it(store: Store) -> None:
    with store.held():
        store.save(State("here", NOW, NOW))
        assert store.load("here") == (State("here", NOW, NOW), None, "")

    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((store.folder / "state.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"schema": 1}',
        '{"schema": 2}',
        "[" * 100_000,
        "\x00" * 100,
        _INFINITE,
        '{"schema": 1, "place": 3}',
    ],
)
def test_one_that_cannot_be_read_is_put_aside_and_tells_since_when_nobody_looked(store: Store, content: str) -> None:
    with store.held():
        (store.folder / "state.json").write_text(content)
        os.utime(store.folder / "state.json", (NOW.timestamp(), NOW.timestamp()))

        state, since, became = store.load("here")

    assert (state, since) == (None, NOW)
    (aside,) = store.folder.glob("state-*.json")
    assert became == (
        f"{store.folder / 'state.json'} cannot be read; what waited in it is not sent: put aside as {aside.name}."
    )
    assert aside.read_text() == content


def test_one_with_a_moment_without_a_zone_is_put_aside(store: Store) -> None:
    document = State("here", NOW, NOW).to_json() | {"floor": "2026-11-24T12:00:00"}
    with store.held():
        (store.folder / "state.json").write_text(json.dumps(document))
        assert store.load("here")[0] is None


def test_one_about_another_tracker_is_put_aside_and_the_past_of_this_one_is_not_told(store: Store) -> None:
    with store.held():
        store.save(State("there", NOW, NOW))
        state, since, became = store.load("here")

    assert (state, since) == (None, None)
    assert "is about another tracker (there): put aside as state-" in became


def test_a_look_that_keeps_nothing_puts_nothing_aside(store: Store) -> None:
    with store.held():
        (store.folder / "state.json").write_text("{")
        assert store.load("here", put_aside=False)[2].endswith("cannot be read; what waited in it is not sent.")
        assert (store.folder / "state.json").read_text() == "{"


def test_two_watches_do_not_watch_at_once(store: Store) -> None:
    with store.held(), pytest.raises(StoreError) as refused, Store(store.folder).held():
        pass

    assert str(refused.value).startswith(f"{store.folder} cannot be used: process {os.getpid()} on ")


def test_a_link_in_place_of_the_file_is_not_followed(store: Store, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("{}")
    with store.held():
        (store.folder / "state.json").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(StoreError, match=r"state.json cannot be read \(OSError\)"):
            store.load("here")


def test_a_place_that_is_no_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "watch").write_text("")

    with pytest.raises(StoreError, match=r"watch cannot be made \(FileExistsError\)"), Store(tmp_path / "watch").held():
        pass


def test_a_save_that_fails_leaves_the_state_that_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    with store.held():
        store.save(State("here", NOW, NOW))
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match=r"state.json cannot be written \(OSError\)"):
            store.save(State("here", NOW, datetime.now(UTC)))
        assert store.load("here")[0] == State("here", NOW, NOW)


def test_the_sign_of_life_is_a_file_that_grows_old_by_itself(store: Store) -> None:
    with store.held():
        store.beat(NOW, "here")

    assert (store.folder / "heartbeat").read_text() == "2026-11-24T12:00:00+00:00\nhere\n"


def test_the_sign_of_life_says_how_many_problems_there_were(store: Store) -> None:
    with store.held():
        store.beat(NOW, "here", problems=2)

    assert (store.folder / "heartbeat").read_text() == "2026-11-24T12:00:00+00:00\nhere\n2\n"
