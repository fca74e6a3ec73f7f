"""What goes wrong with a tracker, said in one sentence."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.triage import config
from apps.triage.trackers.sentry import Sentry
from tests.triage import sentry_double

HTML = (200, "text/html", b"<!doctype html><title>Sign in</title>")


@pytest.mark.parametrize(
    "words", [["list"], ["show", "r-1"], ["resolve", "--query", "is:unresolved", "--yes"], ["digest"]]
)
@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ({"token": "wrong" * 8}, "Check TRACKER_TOKEN"),
        ({"org": "nobody"}, "Sentry has no organisation nobody"),
        ({"url": "http://127.0.0.1:9"}, "cannot be reached"),
        ({"answer": HTML}, "did not answer JSON"),
        ({"answer": (502, "text/html", b"Bad gateway")}, "answered 502"),
    ],
)
def test_whatever_is_wrong_with_the_tracker_is_one_sentence(
    words: list[str],
    trouble: dict[str, Any],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with sentry_double.running() as double:
        double.answer = trouble.get("answer")
        token = trouble.get("token", sentry_double.TOKEN)
        tracker = Sentry(trouble.get("url", double.url), trouble.get("org", "acme"), "goimg", token)
        monkeypatch.setattr(config, "tracker", lambda: tracker)

        with pytest.raises(CommandError) as refused:
            call_command("sentry_triage", *words)

    said = str(refused.value)
    assert refused.value.returncode == 1

    assert sentence in said
    assert token not in said
    assert len(said.strip().splitlines()) == 1
