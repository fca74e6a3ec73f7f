"""What the linters are given."""

from pathlib import Path

from scripts.containers import lint

ROOT = Path(__file__).parents[3]


def test_every_compose_file_is_checked() -> None:
    files = {str(file.relative_to(ROOT)) for file in (ROOT / "docker").glob("*.yml")}
    assert set(lint.COMPOSE) == files
    assert set(lint.COMPOSE) <= set(lint.LINTERS["check-jsonschema"])


def test_every_shell_script_is_checked() -> None:
    assert set(lint.LINTERS["shellcheck"]) == {str(file.relative_to(ROOT)) for file in ROOT.glob("docker/**/*.sh")}
