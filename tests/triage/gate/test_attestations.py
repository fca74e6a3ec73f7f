"""gate/attestations.toml: who said what, and every mistake on its line."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.triage.gate.attestations import Attestation, AttestationError, load, parse, write

KNOWN = {"training": 366, "on-call": 92}
GOOD = """# kept by hand
[training]
by = "Jane Doe"
date = 2026-11-24
expires = 2027-05-31
note = "Half a day with docs/triage.md"  # in the afternoon
"""


def said(**changes: object) -> Attestation:
    fields = {"item": "on-call", "by": "Joe", "date": date(2026, 11, 24), "expires": date(2026, 12, 31)}
    return Attestation(**(fields | changes))  # type: ignore[arg-type]


def test_what_was_said_is_read() -> None:
    assert parse(GOOD, KNOWN) == {
        "training": Attestation(
            item="training",
            by="Jane Doe",
            date=date(2026, 11, 24),
            expires=date(2027, 5, 31),
            note="Half a day with docs/triage.md",
        )
    }


def test_a_file_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert load(tmp_path / "attestations.toml", KNOWN) == {}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[training]", "[trainig]", "2: trainig is no item that a person can attest; did you mean training?"),
        ('by = "Jane Doe"', 'by = ""', "3: by must be a text"),
        ('by = "Jane Doe"', 'by = "jane@example.com"', "3: by must be the name of a person, without an address"),
        ('by = "Jane Doe"\n', "", "2: by must be the name of a person, without an address"),
        ("date = 2026-11-24", 'date = "today"', "4: date must be a day, such as 2026-11-24"),
        ("date = 2026-11-24", "date = 2026-11-24T10:00:00", "4: date must be a day, such as 2026-11-24"),
        ("expires = 2027-05-31", "expires = 2026-11-23", "5: expires must not be before date"),
        (
            "expires = 2027-05-31",
            "expires = 2099-01-01",
            "5: a word about training is good for 366 days at most; expires is later",
        ),
        ("expires =", "expire =", "5: expire is not a key of training; did you mean expires?"),
        (
            'note = "Half a day',
            'note = "password=hunter2',
            "6: note looks like a secret or like personal data, which does not belong here",
        ),
        ('note = "Half', 'note = "\\u001b[2J', "6: note must be one line of at most 200 characters"),
        ("[training]", "[training", "2: this is not TOML: "),
        ("[training]", "training = 3\n[other]", "2: training must be a table"),
    ],
)
def test_a_mistake_is_a_sentence_with_its_line(old: str, new: str, sentence: str) -> None:
    with pytest.raises(AttestationError) as refused:
        parse(GOOD.replace(old, new), KNOWN)

    assert f"attestations.toml:{sentence}" in str(refused.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "attestations.toml"
    path.write_bytes(b"\xff")

    with pytest.raises(AttestationError, match=r"attestations\.toml:1: the file cannot be read"):
        load(path, KNOWN)


def test_writing_keeps_comments_and_what_others_said(tmp_path: Path) -> None:
    path = tmp_path / "gate" / "attestations.toml"
    path.parent.mkdir()
    path.write_text(GOOD)

    write(path, said(reference="https://wiki.example.com/rota"), KNOWN)

    assert path.read_text().startswith(GOOD)
    assert load(path, KNOWN)["on-call"] == said(reference="https://wiki.example.com/rota")


def test_a_new_word_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "attestations.toml"
    path.write_text(GOOD)

    write(path, said(item="training", by="Joe"), KNOWN)

    assert load(path, KNOWN) == {"training": said(item="training", by="Joe")}
    assert path.read_text().startswith("# kept by hand\n[training]\n")


def test_the_first_word_makes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "gate" / "attestations.toml"

    write(path, said(), KNOWN)

    assert load(path, KNOWN) == {"on-call": said()}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"expires": date(2027, 11, 24)}, "a word about on-call is good for 92 days at most; expires is later"),
        ({"by": "joe@example.com"}, "by must be the name of a person, without an address"),
        ({"note": "x" * 201}, "note must be one line of at most 200 characters"),
    ],
)
def test_what_would_not_be_read_is_not_written(tmp_path: Path, changes: dict[str, object], sentence: str) -> None:
    path = tmp_path / "attestations.toml"
    path.write_text(GOOD)

    with pytest.raises(AttestationError) as refused:
        write(path, said(**changes), KNOWN)

    assert (str(refused.value), path.read_text()) == (sentence, GOOD)


def test_a_file_with_a_mistake_is_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "attestations.toml"
    path.write_text("[nonsense]\n")

    with pytest.raises(AttestationError, match=r"attestations\.toml:1: nonsense is no item"):
        write(path, said(), KNOWN)

    assert path.read_text() == "[nonsense]\n"


def test_a_word_counts_from_its_day_to_its_last_one() -> None:
    assert said().problem(date(2026, 11, 24)) == said().problem(date(2026, 12, 31)) == ""
    assert said().problem(date(2026, 11, 23)) == "it is dated 2026-11-24, which is yet to come"
    assert said().problem(date(2027, 1, 1)) == "it ended on 2026-12-31"


_PIECES = st.sampled_from([*GOOD.splitlines(), "[on-call]", "by = 3", "[[training]]", "training.by = 'x'", "\x00"])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(), st.lists(_PIECES).map("\n".join)))
def test_any_text_is_read_or_refused_in_lines(text: str) -> None:
    try:
        found = parse(text, KNOWN)
    except AttestationError as refused:
        assert all(line.startswith("attestations.toml:") for line in str(refused).split("\n"))
    else:
        assert set(found) <= set(KNOWN)
