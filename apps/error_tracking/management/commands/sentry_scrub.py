"""`manage.py sentry_scrub`: a text or an event in, scrubbed out."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...detection import detect, detect_in_event
from ...documents import Document, NotUtf8Error, documents
from ...printing import read_in_part
from ...scrubbing import Finding, clean_item, scrub_map, scrub_string

_HELP = (
    "Scrubs a text or JSON objects: standard input or FILE in, scrubbed out. Works line by line, so it can follow a "
    "log (tail -f app.log | manage.py sentry_scrub). Of what spans lines, only key blocks (-----BEGIN …) are seen as a "
    "whole; a password on the line after its name is not. What is harmless stays byte for byte."
)


class Command(BaseCommand):
    """Exit codes: 0 done, 1 found something (with --check) or the scrubber failed, 2 usage."""

    help = _HELP
    # A filter for texts needs no database and no configuration that is right.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        parser.add_argument("files", nargs="*", metavar="FILE", help="in place of standard input")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--text", action="store_true", help="take JSON for text too")
        form.add_argument("--event", action="store_true", help="take JSON objects for events: as a tracker gets them")
        parser.add_argument("--explain", action="store_true", help="show which rule hit where, and never the value")
        parser.add_argument("--json", action="store_true", help="with --explain: one JSON document")
        parser.add_argument("--check", action="store_true", help="exit with 1 if anything was found")

    def handle(self, **options: Any) -> None:
        """Scrub or explain, exit."""
        if options["json"] and not options["explain"]:
            raise CommandError("--json needs --explain: what is scrubbed keeps its own form.", returncode=2)
        found = 0
        try:
            with read_in_part():
                found = self._explain(options) if options["explain"] else self._scrub(options)
        except KeyboardInterrupt:  # the way to end `tail -f`
            sys.exit(130)
        if options["check"] and found:
            sys.exit(1)

    def _scrub(self, options: dict[str, Any]) -> int:
        found = 0
        for _, document in _read(options):
            self.stdout.write(_scrubbed(document, as_event=options["event"]), ending="")
            self.stdout.flush()
            if options["check"]:
                found += len(list(_findings(document, as_event=options["event"])))
        if found:
            self.stderr.write(f"{found} found; --explain says where.")
        return found

    def _explain(self, options: dict[str, Any]) -> int:
        rows = _rows(options)
        if options["json"]:
            return self._explain_as_json(list(rows))
        if self.stdout.isatty():
            return self._explain_as_table(list(rows))
        return self._explain_as_lines(rows)

    def _explain_as_json(self, rows: list[dict[str, str]]) -> int:
        document = {"found": len(rows), "kinds": Counter(row["kind"] for row in rows), "findings": rows}
        self.stdout.write(json.dumps(document, indent=2, ensure_ascii=False))
        return len(rows)

    def _explain_as_table(self, rows: list[dict[str, str]]) -> int:
        titled = [{name: name for name in rows[0]}, *rows] if rows else []
        widths = {name: max(len(row[name]) for row in titled) for name in (rows[0] if rows else ())}
        for row in titled:
            self.stdout.write("  ".join(text.ljust(widths[name]) for name, text in row.items()).rstrip())
        self.stdout.write(f"{len(rows)} found.")
        return len(rows)

    def _explain_as_lines(self, rows: Iterable[dict[str, str]]) -> int:
        count = 0
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last one is returned
            self.stdout.write("\t".join(row.values()))
            self.stdout.flush()
        return count


def _read(options: dict[str, Any]) -> Iterator[tuple[str, Document]]:
    """Yield each document with the name of where it came from."""
    for name in options["files"] or ["-"]:
        where = "standard input" if name == "-" else name
        try:
            with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as stream:
                for document in documents(stream, as_text=options["text"]):
                    yield where, _expected(document, where, as_event=options["event"])
        except NotUtf8Error as error:
            raise CommandError(f"{where}: {error}; only UTF-8 can be scrubbed.", returncode=2) from error
        except OSError as error:
            raise CommandError(f"{where} cannot be read ({type(error).__name__}).", returncode=2) from error


def _expected(document: Document, where: str, *, as_event: bool) -> Document:
    if as_event and document.value is None and document.text.strip():
        raise CommandError(f"{where}: line {document.line} is no JSON object; --event needs events.", returncode=2)
    return document


def _scrubbed(document: Document, *, as_event: bool) -> str:
    if document.value is None:
        return scrub_string(document.text)
    if not as_event:
        return document.with_value(scrub_map(document.value))
    cleaned = clean_item("event", document.value)
    if cleaned.failed or cleaned.payload is None:
        raise CommandError(f"Line {document.line} is not built like an event: only a skeleton of it would leave.")
    return document.with_value(cleaned.payload)


def _findings(document: Document, *, as_event: bool) -> Iterator[Finding]:
    if document.value is None:
        return detect(document.text)
    return detect_in_event(document.value) if as_event else detect(document.value)


def _rows(options: dict[str, Any]) -> Iterator[dict[str, str]]:
    for where, document in _read(options):
        for finding in _findings(document, as_event=options["event"]):
            place = f"{where}:{document.line}"
            yield {"place": place, "path": finding.path, "kind": finding.kind, "why": finding.why}
