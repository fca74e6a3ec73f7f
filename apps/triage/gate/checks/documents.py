"""The documentation: each topic has its page, links lead somewhere, and its commands are ones that exist."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from django.core.management import CommandError, get_commands, load_command_class

from apps.triage.words import counted

from ..item import Check, Finding, failed, held, unknown
from ..scope import Scope

# What must be written, and where: a page and a heading on it, empty for the page as a whole.
TOPICS: dict[str, tuple[tuple[str, str], ...]] = {
    "alert configuration": (("docs/deployment/alerts.md", ""),),
    "operational procedures": (("docs/triage.md", ""), ("docs/deployment/runbook.md", "")),
    "search and filtering": (("docs/triage.md", "An alert fires at night"),),
    "performance impact": (("docs/performance.md", ""),),
    "security considerations": (("docs/deployment/security.md", ""), ("docs/privacy.md", "")),
    "GDPR": (("docs/deployment/security.md", "GDPR"),),
    "the choice of a tracker": (("docs/deployment/choosing.md", ""),),
    "what is where": (("README.md", ""), ("docs/error-tracking.md", ""), ("docs/deployment/checklist.md", "")),
}
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
# As it is typed, or in code of its own: prose and pictures name commands too.
_COMMAND = re.compile(r"(?:python |`)manage\.py (sentry_\w+)([^`\n]*)")
_REST_OF_LINE = re.compile(r"\s[|<>#].*")  # a pipe, a file, a remark


def written(*topics: str) -> Check:
    """Return the check that these topics have what they need."""

    def check(scope: Scope) -> Finding:
        pages = [page for topic in topics for page in TOPICS[topic]]
        if not (scope.root / "docs").is_dir():
            return unknown("The documentation is not here: run the gate where the checkout is.")
        if missing := [_place(page) for page in pages if not _is_there(scope.root, *page)]:
            return failed(f"Not written: {', '.join(missing)}.")
        return held(f"Written: {', '.join(_place(page) for page in pages)}.")

    return check


def hold(scope: Scope) -> Finding:
    """Every topic is written, every link of every page leads somewhere, every command is one that can be typed."""
    finding = written(*TOPICS)(scope)
    if finding.state != "held":
        return finding
    pages = [scope.root / "README.md", *sorted((scope.root / "docs").rglob("*.md"))]
    problems = [f"{page.relative_to(scope.root)}: {problem}" for page in pages for problem in _problems(page)]
    if problems:
        return failed(f"{counted(len(problems), 'mistake')} in the documentation: {'; '.join(problems[:3])}.")
    texts = [page.read_text(encoding="utf-8") for page in pages]
    links, commands = (sum(len(sign.findall(text)) for text in texts) for sign in (_LINK, _COMMAND))
    said = f"{counted(links, 'link')} and {counted(commands, 'command line')} on {counted(len(pages), 'page')}"
    return held(f"{said}: each leads somewhere, and each is one that its command takes.")


def _place(page: tuple[str, str]) -> str:
    return " # ".join(filter(None, page))


def _is_there(root: Path, name: str, heading: str) -> bool:
    page = root / name
    if not page.is_file() or not page.read_text(encoding="utf-8").strip():
        return False
    return not heading or heading in _HEADING.findall(page.read_text(encoding="utf-8"))


def _problems(page: Path) -> Iterator[str]:
    text = page.read_text(encoding="utf-8")
    for target in _LINK.findall(_FENCE.sub("", text)):
        if "://" not in target and not target.startswith("mailto:") and not _leads_somewhere(page, target):
            yield f"{target} leads nowhere"
    for name, rest in _COMMAND.findall(text):
        arguments = _REST_OF_LINE.sub("", rest)
        if "…" not in arguments and (problem := _not_taken(name, arguments)):
            yield f"{name}{arguments.rstrip()}: {problem}"


def _leads_somewhere(page: Path, target: str) -> bool:
    name, _, anchor = unquote(target).partition("#")
    there = (page.parent / name) if name else page
    if not there.exists():
        return False
    return not anchor or there.suffix != ".md" or anchor in _anchors(there.read_text(encoding="utf-8"))


def _anchors(text: str) -> set[str]:
    """Return what headings are linked by: https://docs.github.com/get-started/writing-on-github (section links)."""
    plain = [
        re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in _HEADING.findall(_FENCE.sub("", text))
    ]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in plain}


def _not_taken(name: str, rest: str) -> str:
    """Return why a command does not take these arguments, empty when it does. Nothing of it is run."""
    app = get_commands().get(name)
    if not isinstance(app, str):
        return "there is no such command"
    try:
        load_command_class(app, name).create_parser("manage.py", name).parse_args(shlex.split(rest))
    except (CommandError, ValueError) as error:
        return str(error)
    return ""
