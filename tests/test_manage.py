"""`manage.py` itself: how it ends."""

import pytest
from django.core import management

import manage


def test_an_interrupted_start_is_one_line_and_exit_code_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(arguments: list[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(management, "execute_from_command_line", interrupted)

    with pytest.raises(SystemExit) as ended:
        manage.main()

    assert ended.value.code == 130
    assert capsys.readouterr().err == "goimg: Interrupted.\n"
