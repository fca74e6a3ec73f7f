"""The environment's stamp: real environments, with requirements that need no index."""

from pathlib import Path

import pytest

from scripts import Problem, environment


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with two requirements files."""
    (tmp_path / "requirements.txt").write_text("# runtime\n")
    (tmp_path / "requirements-dev.txt").write_text("# tools\n")
    return tmp_path


@pytest.fixture
def without_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.shutil, "which", lambda name: None)


def ensure(root: Path) -> Path:
    environment.ensure(root / ".venv", root / "requirements.txt")
    return root / ".venv"


def test_an_environment_is_made_and_then_left_alone(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    venv = ensure(root)
    assert environment.python(venv).exists()
    capfd.readouterr()
    ensure(root)
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("without_uv")
def test_without_uv_the_environment_is_made_with_pip(root: Path) -> None:
    venv = ensure(root)
    assert environment.is_current(venv, root / "requirements.txt")
    assert (venv / "bin" / "pip").exists()


def test_an_interrupted_install_is_made_again_from_nothing(root: Path) -> None:
    venv = ensure(root)
    (venv / environment.STAMP).unlink()
    (venv / "left-behind").touch()
    ensure(root)
    assert environment.is_current(venv, root / "requirements.txt")
    assert not (venv / "left-behind").exists()


def test_changed_requirements_are_installed_into_the_environment_there_is(root: Path) -> None:
    venv = ensure(root)
    (venv / "mine").touch()
    (root / "requirements.txt").write_text("# runtime, changed\n")
    assert not environment.is_current(venv, root / "requirements.txt")
    ensure(root)
    assert environment.is_current(venv, root / "requirements.txt")
    assert (venv / "mine").exists()


def test_the_tools_environment_serves_the_application_too(root: Path) -> None:
    venv = ensure(root)
    environment.ensure(venv, root / "requirements-dev.txt", root / "requirements.txt")
    assert environment.is_current(venv, root / "requirements.txt")
    assert environment.is_current(venv, root / "requirements-dev.txt")


def test_an_environment_whose_python_was_removed_is_made_again(root: Path) -> None:
    venv = ensure(root)
    environment.python(venv).unlink()
    environment.python(venv).symlink_to(root / "uninstalled-python")
    ensure(root)
    assert environment.python(venv).exists()


def test_a_failed_install_leaves_no_stamp(root: Path) -> None:
    (root / "requirements.txt").write_text("./no-such-folder\n")
    with pytest.raises(Problem, match=r"^Installing .*requirements.txt failed"):
        ensure(root)
    assert not environment.is_current(root / ".venv", root / "requirements.txt")


@pytest.mark.usefixtures("without_uv")
def test_a_python_without_ensurepip_and_no_uv_is_one_sentence(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Problem, match=r"install its venv package .* or uv"):
        ensure(root)
