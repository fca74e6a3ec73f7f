"""What the linters are given."""

from pathlib import Path

from scripts.containers import lint

ROOT = Path(__file__).parents[3]


def test_every_compose_file_is_checked() -> None:
    files = {str(file.relative_to(ROOT)) for file in (ROOT / "docker").glob("*.yml")}
    assert set(lint.COMPOSE) == files
    assert all(set(lint.COMPOSE) <= given for given in _given("vendor.compose-spec", "compose-lint"))


def test_every_shell_script_is_checked() -> None:
    [given] = _given("shellcheck")
    assert given - {"shellcheck"} == {str(file.relative_to(ROOT)) for file in ROOT.glob("docker/**/*.sh")}


def test_every_workflow_is_held_against_the_schema() -> None:
    [given] = _given("vendor.github-workflows")
    assert given >= {str(file.relative_to(ROOT)) for file in (ROOT / ".github" / "workflows").iterdir()}


def _given(*words: str) -> list[set[str]]:
    return [set(command) for command in lint.LINTERS if set(words) & set(command)]
