"""Every command of README.md and docs/deployment is run by a test, or the page says that it needs the outside."""

import ast

import pytest

from scripts.containers.__main__ import STEPS
from tests.docs.homes import ELSEWHERE, TYPED_IN, canonical, is_tested, typed
from tests.docs.pages import ROOT, Command, commands, read

COMMANDS = commands()
TYPED = typed()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"{command.page}: {command.text}")
def test_a_command_is_run_somewhere_or_marked(command: Command) -> None:
    at_home = canonical(command.text) in TYPED or command.text in ELSEWHERE or is_tested(command.text)
    assert at_home != command.outside, (
        f"{command.page} has the command {command.text!r}. Type it in a step of scripts/containers or in a test "
        "(tests/docs/homes.py), or mark it: `command` (outside)."
        if not command.outside
        else f"{command.page} marks {command.text!r} as one that needs the outside, but a test runs it."
    )


@pytest.mark.parametrize(("file", "words"), ELSEWHERE.values())
def test_what_runs_it_elsewhere_still_does(file: str, words: str) -> None:
    assert words in (ROOT / file).read_text()


def test_no_home_is_left_of_a_command_that_is_gone() -> None:
    assert set(ELSEWHERE) <= {command.text for command in COMMANDS}


def test_the_pages_have_commands() -> None:
    assert {command.page for command in COMMANDS} >= {"README.md", "docs/deployment/runbook.md"}


def test_every_line_of_a_block_is_a_command_unless_its_fence_names_a_language() -> None:
    page = "    prod ps\n\n```\nkubectl get pods  # outside: a cluster\n```\n\n```text\nThis was printed.\n```\n"
    assert read(page, "") == [Command("prod ps", ""), Command("kubectl get pods", "", outside=True)]


def test_where_a_block_shows_what_is_printed_its_commands_have_a_prompt() -> None:
    assert read("```\n$ one \\\n  more\nprinted\n```\n", "") == [Command("one more", "")]


def test_code_in_a_sentence_or_a_table_is_a_command_when_it_begins_with_a_program() -> None:
    table = "| a |\n|---|\n| `tracker ps` (outside) |\n"
    page = f"`docker/roll.sh` and `X=1 make run`, not `sentry_test` nor `a b`.\n\n{table}"
    assert read(page, "") == [
        Command("docker/roll.sh", ""),
        Command("X=1 make run", ""),
        Command("tracker ps", "", outside=True),
    ]


@pytest.mark.parametrize("file", TYPED_IN)
def test_what_types_is_a_step(file: str) -> None:
    typing = {
        function.name
        for function in ast.walk(ast.parse((ROOT / file).read_text()))
        if isinstance(function, ast.FunctionDef) and "typed(" in ast.unparse(function)
    }
    assert typing <= {step.__name__ for step in STEPS}
