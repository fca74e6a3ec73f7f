"""docs/triage.md says what each tracker lacks, in the words of its adapter."""

from tests.conftest import ROOT
from tests.triage.capabilities import table

BEGIN, END = "<!-- capabilities -->\n", "<!-- /capabilities -->\n"


def test_the_table_in_the_documentation_is_what_the_adapters_say() -> None:
    text = (ROOT / "docs" / "triage.md").read_text(encoding="utf-8")

    assert text.partition(BEGIN)[2].partition(END)[0] == table()
