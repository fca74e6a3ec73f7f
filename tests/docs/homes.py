"""Where each command of the pages is run: typed as it is written by a step or a test, or in another form by a test."""

import ast
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
    "make verify-containers": (".github/workflows/containers.yml", "make verify-containers"),
}


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
