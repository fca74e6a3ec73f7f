"""fired.json: the last time of each rule, environment and kind of receiver."""

import json
from pathlib import Path
from typing import Any

import pytest

from apps.triage.trial.record import RecordError, write


def entry(rule: str, at: str, **fields: Any) -> dict[str, Any]:
    return {"rule": rule, "environment": "production", "receiver": "real", "at": at, **fields}


def test_an_entry_takes_the_place_of_the_one_before_it(tmp_path: Path) -> None:
    path = tmp_path / "gate" / "fired.json"
    write(path, [entry("spike", "2026-11-01"), entry("new issue", "2026-11-01")])
    write(path, [entry("spike", "2026-11-02"), entry("spike", "2026-11-03", environment="staging")])

    kept = [(one["rule"], one["environment"], one["at"]) for one in json.loads(path.read_text())["fired"]]
    assert kept == [
        ("new issue", "production", "2026-11-01"),
        ("spike", "production", "2026-11-02"),
        ("spike", "staging", "2026-11-03"),
    ]


@pytest.mark.parametrize("text", ["{", "[]", '{"fired": 3}', '{"fired": [{}]}', '{"fired": ["x"]}'])
def test_a_file_that_is_no_record_is_not_overwritten(tmp_path: Path, text: str) -> None:
    path = tmp_path / "fired.json"
    path.write_text(text)

    with pytest.raises(RecordError, match="no record that can be read; move it away"):
        write(path, [entry("spike", "2026-11-01")])
    assert path.read_text() == text


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "gate").write_text("")

    with pytest.raises(RecordError, match=r"fired.json cannot be read \(NotADirectoryError\)"):
        write(tmp_path / "gate" / "fired.json", [entry("spike", "2026-11-01")])
