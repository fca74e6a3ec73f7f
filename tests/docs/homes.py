"""Where each command of the pages is run: typed as it is written by a step or a test, or in another form by a test."""

import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from scripts.containers import shell
from tests.docs.pages import ROOT

# Where commands are typed: literal arguments of `typed` and `running`.
TYPED_IN = ("scripts/containers/steps.py", "scripts/containers/development.py", "scripts/containers/glitchtip.py")
TYPED_BY_TESTS = ("tests/live/test_readme.py", "tests/triage/watch/test_page.py")
# What runs in another form: the command, the file that runs it, and the words there that do.
ELSEWHERE = {
    "make run": ("tests/live/conftest.py", '["make", "run", f"PORT={port}", f"TRACKER_PORT={tracker_port}"]'),
    "make run PORT=9000 TRACKER_PORT=9010": (
        "tests/live/conftest.py",
        '["make", "run", f"PORT={port}", f"TRACKER_PORT={tracker_port}"]',
    ),
    "SENTRY_DSN=https://…@tracker.example.com/1 make run": (
        "tests/live/test_make_run_lifecycle.py",
        "make_run(SENTRY_DSN=sink.dsn)",
    ),
    "make test": (".ci/run", "step make test"),
    "make env": ("Makefile", "verify-containers: env"),
    "make secrets HOST=images.example.com": ("tests/docker/test_secrets.py", 'secrets.make("images.example.com"'),
    "manage.py check --deploy": ("scripts/check-production", "manage.py check --deploy"),
    "manage.py check --tag error_tracking": (
        "tests/error_tracking/test_checks.py",
        'run_checks(tags=["error_tracking"]',
    ),
    ".venv/bin/python manage.py sentry_verify --checklist": ("tests/triage/gate/test_report.py", "checklist.md"),
    "celery -A goimg worker": ("tests/celery_worker.py", '"celery", "-A", "goimg"'),
    'test -n "$(find .local/watch/heartbeat -mmin -10)"': (
        "docker/docker-compose.prod.yml",
        "find /var/lib/goimg/watch/heartbeat -mmin -10 | grep -q .",
    ),
    'curl -H "Authorization: Bearer $METRICS_TOKEN" http://127.0.0.1:8000/metrics': (
        "tests/observability/stack.py",
        '{"Authorization": f"Bearer {TOKEN}"}',
    ),
    "make bench": ("Makefile", "-m bench.overhead"),
    "make verify-containers": (".github/workflows/containers.yml", "make verify-containers"),
}


# Not in a container: there it must be typed. Before it, what cron takes.
_MANAGEMENT = re.compile(r"(?:[*/0-9 ]+ cd \S+ && )?(?:\.venv/bin/python )?(?:manage\.py )?(sentry_\w+)((?: [^|>]*)?)")


def is_tested(command: str) -> bool:
    """Return whether a test calls the management command of a line with its subcommand and its options.

    That is a file that has these words as literals, in a folder where the command's name is one. Values may be others.
    """
    found = _MANAGEMENT.match(command)
    if not found:
        return False
    name, words = found[1], shlex.split(found[2])
    literals = {word for word in words if word.startswith("--")} | set(words[:1])
    return any(name in near and literals <= own for own, near in _literals_of_tests())


@cache
def _literals_of_tests() -> tuple[tuple[set[str], set[str]], ...]:
    """Return, for each file of tests, its literals and those of its folder; a sentence counts as its words."""
    files = [file for file in (ROOT / "tests").rglob("*.py") if "docs" not in file.parts]
    own = {file: {word for text in _texts(file) for word in text.split()} for file in files}
    near: dict[Path, set[str]] = {}
    for file, words in own.items():
        near.setdefault(file.parent, set()).update(words)
    return tuple((words, near[file.parent]) for file, words in own.items())


def _texts(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def canonical(command: str) -> str:
    """Return the command with what the pages define written out, so that both ways of writing it are the same."""
    for definition in shell.DEFINITIONS:
        name, body = definition.split("() { ")
        if command.startswith(f"{name} "):
            return body.removesuffix(' "$@"; }') + command.removeprefix(name)
    return command


def typed() -> set[str]:
    """Return the commands that steps and tests type, and the definitions that they type them after."""
    found = {literal for name in (*TYPED_IN, *TYPED_BY_TESTS) for literal in _literals(ROOT / name)}
    return {canonical(literal) for literal in found} | set(shell.DEFINITIONS)


def _literals(file: Path) -> set[str]:
    return {
        argument.value
        for node in ast.walk(ast.parse(file.read_text()))
        for argument in _arguments(node)
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def _arguments(node: ast.AST) -> list[ast.expr]:
    """Return the arguments of a call that types something, and what is assigned to `line` for one."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return node.args if name in ("typed", "running") else []
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "line":
        return [node.value]
    return []
