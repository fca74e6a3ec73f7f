"""What must hold across threads and processes."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.processes import new_database, run


@pytest.fixture
def database(tmp_path: Path) -> str:
    return new_database(tmp_path)


def test_of_many_refreshes_with_one_token_at_once_one_succeeds(database: str) -> None:
    output = run(
        database,
        "pair = factories.tokens_of(Client(), factories.make_user())\n"
        "print(*at_once(REFRESH, {'refresh_token': pair['refresh_token']}, 8))",
    )
    assert output == " ".join(["200"] + ["401"] * 7)


def test_wrong_passwords_count_together_across_processes(database: str) -> None:
    wrong = "print(*at_once(LOGIN, {'email': 'ada@example.com', 'password': 'Wrong-horse-7-battery'}, 3))"
    right = "print(status(LOGIN, {'email': 'ada@example.com', 'password': factories.PASSWORD}))"
    run(database, "factories.make_user(email='ada@example.com')")
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _: run(database, wrong), range(2))) == ["401 401 401"] * 2
    assert run(database, right) == "401"


def test_an_email_registered_many_times_at_once_is_registered_once(database: str) -> None:
    output = run(database, "print(*at_once(REGISTER, REGISTRATION, 6))")
    assert output == " ".join(["201"] + ["409"] * 5)
