"""What outages cost and lose, in the document that says so."""

from pathlib import Path

import pytest

from bench.delivery import report
from scripts import Problem


def test_what_was_measured_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    document = tmp_path / "delivery.md"
    document.write_text("# Delivery\n\ntext\n\n## Measured\n\nold\n\n| old |\n", encoding="utf-8")

    report.write(document, ["new", "", "| new |"])

    assert document.read_text(encoding="utf-8") == "# Delivery\n\ntext\n\n## Measured\n\nnew\n\n| new |\n"


@pytest.mark.parametrize("text", ["# Delivery\n", "# Delivery\n\n## Measured\n\nold\n\n## More\n"])
def test_a_document_without_such_a_last_section_is_left_alone(tmp_path: Path, text: str) -> None:
    document = tmp_path / "delivery.md"
    document.write_text(text, encoding="utf-8")

    with pytest.raises(Problem, match="must end with the section ## Measured"):
        report.write(document, ["new"])
    assert document.read_text(encoding="utf-8") == text
