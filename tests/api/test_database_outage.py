import sqlite3
from pathlib import Path

from tests.processes import new_database, run

CREDENTIALS = "{'email': 'ada@example.com', 'password': 'Wrong-horse-7-battery'}"
LOG_IN = f"response = post(Client(), LOGIN, {CREDENTIALS})\nprint(response.status_code, response['Retry-After'])"


def test_a_locked_database_is_a_503_that_says_when_to_try_again(tmp_path: Path) -> None:
    database = new_database(tmp_path)
    other = sqlite3.connect(tmp_path / "test.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    impatient = "connection.settings_dict['OPTIONS']['timeout'] = 0.05\n"
    try:
        assert run(database, impatient + LOG_IN) == "503 5"
    finally:
        other.close()


def test_a_missing_database_is_a_503_too(tmp_path: Path) -> None:
    assert run(f"sqlite:///{tmp_path}/missing/db.sqlite3", LOG_IN) == "503 5"


def test_a_file_that_is_no_database_is_a_503_too(tmp_path: Path) -> None:
    (tmp_path / "broken.sqlite3").write_text("no database " * 1000)
    assert run(f"sqlite:///{tmp_path}/broken.sqlite3", LOG_IN) == "503 5"
