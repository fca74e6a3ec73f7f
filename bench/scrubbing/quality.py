"""What a candidate catches and what it leaves alone, on the tests' corpus."""

from tests.error_tracking.scrubbing import corpus
from tests.error_tracking.scrubbing.corpus.evaluate import Result, evaluate

from .candidate import Candidate


def of(candidate: Candidate) -> Result:
    """Run the whole corpus through a candidate."""
    return evaluate(candidate.text, candidate.mapping)


def texts() -> list[str]:
    """Return every text of the corpus."""
    return [case.given for case in (*corpus.leaks(), *corpus.harmless()) if isinstance(case.given, str)]
