"""`manage.py sentry_scrub`: a text or an event in, scrubbed out."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import ROOT

LINE = "mailed jane@example.com, password=hunter2\n"
EVENT = {
    "event_id": "a" * 32,
    "message": "no account for jane@example.com",
    "user": {"id": "7", "username": "jane"},
    "modules": {"django": "6.1"},
}
SECRETS = ("jane", "hunter2")
KEY = "\n".join(
    ("-----BEGIN RSA " + "PRIVATE KEY-----", "bm90IGEga2V5", "bm90IGEga2V5", "-----END RSA PRIVATE KEY-----")
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def scrub(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command over an input; return its exit code and what it printed."""

    def run(given: str | bytes, *arguments: str) -> tuple[int, str]:
        raw = given.encode() if isinstance(given, str) else given
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        code = 0
        try:
            call_command("sentry_scrub", *arguments)
        except SystemExit as stop:
            code = int(str(stop.code))
        return code, capsys.readouterr().out

    return run


def test_a_text_comes_out_scrubbed(scrub: Any) -> None:
    assert scrub(LINE) == (0, "mailed [EMAIL_REDACTED], password=[REDACTED]\n")


@pytest.mark.parametrize(
    "text", ["", "no line end", "windows\r\n\r\nends\r\n", "Grüße\x0bund\u2028mehr\n", "{ half\n{\n"]
)
def test_what_is_harmless_stays_byte_for_byte(scrub: Any, text: str) -> None:
    assert scrub(text) == (0, text)


def test_a_private_key_over_several_lines_is_seen_as_a_whole(scrub: Any) -> None:
    assert scrub(f"before\n{KEY}\nafter\n") == (0, "before\n[KEY_REDACTED]\nafter\n")


def test_a_json_object_is_scrubbed_by_its_keys_and_keeps_its_form(scrub: Any) -> None:
    value = {"password": "correct horse", "size": 3, "name": "Grüße"}

    code, out = scrub(json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    assert code == 0
    assert out == json.dumps({**value, "password": "[REDACTED]"}, indent=2, ensure_ascii=False) + "\n"


def test_harmless_json_stays_byte_for_byte(scrub: Any) -> None:
    text = '{"size":3,   "list": [1.50, "\\u00fc"]}\n'

    assert scrub(text) == (0, text)


def test_each_line_of_a_json_log_is_scrubbed_by_its_keys(scrub: Any) -> None:
    log = '{"message": "hello", "passphrase": "correct horse"}\nplain jane@example.com\n{"size": 3}\n'

    assert scrub(log)[1].splitlines() == [
        '{"message": "hello", "passphrase": "[REDACTED]"}',
        "plain [EMAIL_REDACTED]",
        '{"size": 3}',
    ]


def test_text_can_be_forced(scrub: Any) -> None:
    assert scrub('{"n": 1}\n{"to": "jane@example.com"}\n', "--text")[1] == '{"n": 1}\n{"to": "[EMAIL_REDACTED]"}\n'


def test_a_key_that_stands_there_twice_hides_nothing(scrub: Any) -> None:
    assert "jane" not in scrub('{"to": "jane@example.com", "to": null}\n')[1]


def test_half_a_surrogate_pair_is_no_crash(scrub: Any) -> None:
    assert json.loads(scrub('{"a": "\\ud800", "password": "hunter2"}\n')[1]) == {
        "a": "\ud800",
        "password": "[REDACTED]",
    }


@pytest.mark.parametrize("text", ['{"a":' * 100_000, '{"a": ' + "[" * 60 + '"jane@example.com"' + "]" * 60 + "}"])
def test_deep_nesting_is_no_crash(scrub: Any, text: str) -> None:
    code, out = scrub(text, "--check")

    assert "jane" not in out
    assert code == int("jane" in text)


def test_an_event_comes_out_as_a_tracker_would_get_it(scrub: Any) -> None:
    code, out = scrub(json.dumps(EVENT), "--event")

    assert code == 0
    assert json.loads(out) == {
        "event_id": "a" * 32,
        "message": "no account for [EMAIL_REDACTED]",
        "user": {"id": "7"},
    }


def test_without_event_only_line_2_applies(scrub: Any) -> None:
    assert json.loads(scrub(json.dumps(EVENT))[1])["modules"] == {"django": "6.1"}


def test_what_is_not_built_like_an_event_fails(scrub: Any) -> None:
    with pytest.raises(CommandError, match="Line 1 is not built like an event: only a skeleton") as refused:
        scrub('{"exception": {"values": 5}}', "--event")

    assert refused.value.returncode == 1


def test_explaining_a_text_says_line_and_rule_and_no_value(scrub: Any) -> None:
    code, out = scrub(f"hello\n{LINE}", "--explain")

    rows = [line.split("\t") for line in out.splitlines()]
    assert code == 0
    assert {(place, path, kind) for place, path, kind, _ in rows} == {
        ("standard input:2", "", "email"),
        ("standard input:2", "", "key_value"),
    }
    assert all(why for *_, why in rows)
    assert not any(secret in out for secret in SECRETS)


def test_explaining_an_event_says_what_each_line_takes_out(scrub: Any) -> None:
    _, out = scrub(json.dumps(EVENT), "--event", "--explain", "--json")

    explained = json.loads(out)
    found = {(finding["path"], finding["kind"]) for finding in explained["findings"]}
    assert {("message", "email"), ("modules", "not_allowed"), ("user.username", "not_allowed")} <= found
    assert explained["found"] == len(explained["findings"]) == sum(explained["kinds"].values())
    assert not any(secret in out for secret in SECRETS)


def test_on_a_terminal_the_explanation_is_a_table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps({"to": "jane@example.com", "password": "hunter2"}))
    terminal = Terminal()

    call_command("sentry_scrub", str(path), "--explain", stdout=terminal)

    header, *rows, last = terminal.getvalue().splitlines()
    assert header.split() == ["place", "path", "kind", "why"]
    assert [row.index(kind) for row, kind in zip(rows, ("email", "key"), strict=True)] == [header.index("kind")] * 2
    assert last == "2 found."


def test_on_a_terminal_nothing_found_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("hello\n")
    terminal = Terminal()

    call_command("sentry_scrub", str(path), "--explain", stdout=terminal)

    assert terminal.getvalue() == "0 found.\n"


@pytest.mark.parametrize("explain", [[], ["--explain"], ["--explain", "--json"]])
def test_a_check_fails_if_anything_was_found(scrub: Any, explain: list[str]) -> None:
    assert scrub(LINE, "--check", *explain)[0] == 1
    assert scrub("token_count=42\n", "--check", *explain)[0] == 0
    assert scrub(LINE, *explain)[0] == 0


def test_several_files_can_be_checked_at_once(scrub: Any, tmp_path: Path) -> None:
    clean, dirty = tmp_path / "clean.txt", tmp_path / "dirty.txt"
    clean.write_text("hello\n")
    dirty.write_text(LINE)

    code, out = scrub("", str(clean), str(dirty), "--check", "--explain")

    assert code == 1
    assert {line.split("\t")[0] for line in out.splitlines()} == {f"{dirty}:1"}


@pytest.mark.parametrize(
    ("given", "arguments", "sentence"),
    [
        (b"", ["/nowhere/a.log"], "/nowhere/a.log cannot be read (FileNotFoundError)."),
        (b"", ["/"], "/ cannot be read (IsADirectoryError)."),
        (b"fine\n\xff\xfe\n", [], "standard input: line 2 is not UTF-8; only UTF-8 can be scrubbed."),
        (b"fine\n", ["--json"], "--json needs --explain: what is scrubbed keeps its own form."),
        (b"fine\n", ["--event"], "standard input: line 1 is no JSON object; --event needs events."),
        (b"[1]\n", ["--event", "--explain"], "standard input: line 1 is no JSON object; --event needs events."),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(
    scrub: Any, given: bytes, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError) as refused:
        scrub(given, *arguments)

    assert (str(refused.value), refused.value.returncode) == (sentence, 2)


def started(*arguments: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "settings.test"}
    command = [sys.executable, "manage.py", "sentry_scrub", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.mark.parametrize("arguments", [[], ["--explain"]])
def test_a_log_can_be_followed(arguments: list[str]) -> None:
    with started(*arguments) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(LINE.encode())
        process.stdin.flush()

        assert b"password=" in process.stdout.readline()

        process.stdin.close()
        assert (process.wait(timeout=60), process.stderr.read()) == (0, b"")


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    with started() as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        process.stdin.write(LINE.encode())
        process.stdin.close()

        assert (process.wait(timeout=60), process.stderr.read()) == (0, b"")


def test_objects_over_many_lines_one_after_the_other_are_each_one(scrub: Any) -> None:
    code, out = scrub(
        '{\n "password": {"value": "correct horse"}\n}\n{\n "token": [\n  "abcdzz"]}\nand jane@example.com\n'
    )

    assert code == 0
    assert not any(secret in out for secret in ("horse", "abcdzz", "jane"))
    assert out.count("[REDACTED]") == 2
    assert out.endswith("\nand [EMAIL_REDACTED]\n")
