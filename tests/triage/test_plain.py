"""What somebody else wrote drives neither a terminal nor a spreadsheet."""

import csv
import io
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.triage.plain import csv_of, one_line, write_whole


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\nb", "a\tb", "a\u202eb", "a\x07b", "a\u2028b", "a\x9bb"])
def test_what_drives_a_terminal_is_a_space(text: str) -> None:
    assert one_line(text).startswith("a ")
    assert one_line(text).endswith("b")


@pytest.mark.parametrize("text", ["KeyError: 'poster'", "größer 日本", "[red]", "😀"])
def test_what_is_harmless_stays(text: str) -> None:
    assert one_line(text) == text


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert len((one_line(text) or " ").splitlines()) == 1


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)"]
)
def test_a_formula_is_a_text(text: str) -> None:
    (_, row) = csv.reader(io.StringIO(csv_of([{"a": text}], ["a"]), newline=""))

    assert row == [f"'{one_line(text)}"]


def test_a_formula_behind_a_semicolon_is_a_text() -> None:
    (_, row) = csv.reader(io.StringIO(csv_of([{"a": "x;=1+1; @A1;y"}], ["a"]), newline=""))

    assert row == ["x;'=1+1;' @A1;y"]


def test_half_a_character_can_be_written() -> None:
    assert csv_of([{"a": "x\ud800y"}], "a").encode() == b'"a"\r\n"x y"\r\n'


def test_a_number_is_no_formula_and_nothing_is_an_empty_cell() -> None:
    assert csv_of([{"a": -5, "b": None, "c": "x,y"}], "abc") == '"a","b","c"\r\n"-5","","x,y"\r\n'


def test_a_file_is_written_with_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"

    write_whole(path, "a\r\nb", mode=0o600)

    assert path.read_bytes() == b"a\r\nb"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_cannot_be_written_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old")

    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "new \ud800")

    assert [entry.read_text() for entry in tmp_path.iterdir()] == ["old"]
