from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from apps.api import counters
from apps.api.models import Counter
from tests.processes import new_database, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock."""

    def set_clock(second: float) -> None:
        monkeypatch.setattr("apps.api.counters.time.time", lambda: second)

    set_clock(1000)
    return set_clock


def test_hits_add_up_until_the_window_ends(at: Callable[[float], None]) -> None:
    assert counters.hit("login", "ada", 60) == (1, 60)
    at(1030.9)
    assert counters.hit("login", "ada", 60) == (2, 30)
    at(1060)
    assert counters.hit("login", "ada", 60) == (1, 60)


def test_purposes_and_identities_are_counted_apart() -> None:
    counters.hit("login", "ada", 60)
    assert counters.hit("login", "bob", 60).hits == 1
    assert counters.hit("upload", "ada", 60).hits == 1


def test_the_first_renewing_hits_start_the_time_again_and_later_ones_do_not(at: Callable[[float], None]) -> None:
    for second in (1000, 1010):
        at(second)
        assert counters.hit("login", "ada", 60, renewing=2).seconds_left == 60
    at(1020)
    assert counters.hit("login", "ada", 60, renewing=2) == (3, 50)


def test_a_reset_forgets_one_identity() -> None:
    counters.hit("login", "ada", 60)
    counters.hit("login", "bob", 60)
    counters.reset("login", "ada")
    assert counters.hit("login", "ada", 60).hits == 1
    assert counters.hit("login", "bob", 60).hits == 2


def test_the_table_does_not_say_whom_it_counts() -> None:
    counters.hit("login", "203.0.113.77", 60)
    key = Counter.objects.get().key
    assert len(key) == 64
    assert "203" not in str(Counter.objects.values("hits", "expires_at").get())


def test_old_rows_go_away_by_themselves(at: Callable[[float], None]) -> None:
    counters.hit("login", "ada", 60)
    at(1000 + 60 + 24 * 60 * 60 + 1)
    counters.hit("login", "bob", 60)
    assert Counter.objects.count() == 1


def test_no_hit_is_lost_when_processes_count_at_once(tmp_path: Path) -> None:
    database = new_database(tmp_path)
    code = (
        "from apps.api import counters\nfor _ in range(50): hits = counters.hit('login', 'ada', 3600).hits\nprint(hits)"
    )
    with ThreadPoolExecutor(2) as pool:
        last = list(pool.map(lambda _: int(run(database, code)), range(2)))
    assert max(last) == 100
