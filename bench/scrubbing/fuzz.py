"""Coverage-guided fuzzing of the scrubber: a bounded run, seeded with the corpus.

    python -m bench.scrubbing.fuzz --seconds 60

For any bytes: scrubbing never raises, scrubbing twice changes nothing more, and a secret that was put between them is
gone. What breaks one of these is kept as .local/fuzz/crash-*, and the process ends with a code other than 0; run it
again on such a file with --input. atheris (https://github.com/google/atheris) comes with the group "bench".
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["apps.error_tracking.scrubbing"]):
    from apps.error_tracking.scrubbing import clean_item, policy, scrub_map, scrub_string

from tests.error_tracking.places import KINDS
from tests.error_tracking.scrubbing.corpus import harmless, leaks

FOLDER = Path(__file__).parents[2] / ".local" / "fuzz"
LONGEST = 2048  # bytes; longer inputs are slower and find nothing that these do not
SEED_STEP = 8  # every eighth case: all of them would take the first minute
WORD = "canary0a1b2c3d4e"
# Kinds that no text around them can explain away.
PLANTED = [KINDS[kind](WORD) for kind in ("email", "vendor_key", "jwt")]


def check(data: bytes) -> None:
    """Fail with an AssertionError, or whatever the scrubber raises, if a promise is broken for these bytes."""
    text = data.decode("utf-8", "replace")
    once = scrub_string(text)
    assert scrub_string(once) == once, "scrubbing twice changed something more"
    _check_mapping(text)
    _check_planted(text)
    _check_event(text)


def _check_mapping(text: str) -> None:
    key, _, value = text.partition("=")
    once = scrub_map({key: value, "listed": [key, {"inner": text}]})
    assert scrub_map(once) == once, "scrubbing a mapping twice changed something more"


def _check_planted(text: str) -> None:
    before, after = text[: len(text) // 2], text[len(text) // 2 :]
    if WORD in text:
        return
    for canary in PLANTED:
        scrubbed = scrub_string(f"{before}\n{canary.text}\n{after}")
        assert WORD not in scrubbed, f"a secret survived: {canary.text}"


def _check_event(text: str) -> None:
    try:
        payload: Any = json.loads(text)
    except (ValueError, RecursionError):
        payload = {"message": text, "request": {"url": text, "query_string": text, "headers": [[text, text]]}}
    for item_type in policy.ALLOWED_ITEM_TYPES:
        clean_item(item_type, payload)


def main() -> None:
    """Fuzz for as long as the command line says. Does not return: the fuzzer ends the process."""
    parser = argparse.ArgumentParser(description="Fuzz the scrubber.")
    parser.add_argument("--seconds", type=int, default=60, help="how long to fuzz")
    parser.add_argument("--runs", type=int, default=-1, help="stop after this many inputs")
    parser.add_argument("--input", type=Path, help="check one file, such as one that broke a promise before")
    options = parser.parse_args()
    if options.input:
        check(options.input.read_bytes())
        return
    limits = [f"-max_total_time={options.seconds}", f"-runs={options.runs}", f"-max_len={LONGEST}"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={FOLDER}/", str(_folder("found")), str(_seeds())], check)
    atheris.Fuzz()


def _folder(name: str) -> Path:
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _seeds() -> Path:
    """Write a part of the corpus to one file a case; return the folder."""
    folder = _folder("seeds")
    for number, case in enumerate((*leaks()[::SEED_STEP], *harmless()[::SEED_STEP])):
        text = case.given if isinstance(case.given, str) else json.dumps(case.given)
        (folder / f"{number:05}").write_bytes(text.encode("utf-8", "replace")[:LONGEST])
    return folder


if __name__ == "__main__":
    main()
