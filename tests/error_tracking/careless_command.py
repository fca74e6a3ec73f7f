"""Run as a script, from anywhere: a management command that fails. TOLD in the environment says how."""

import json
import os
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn


def start(mode: str, dsn: str) -> None:
    """Start the SDK as this project does, or as it comes."""
    import sentry_sdk

    from apps.error_tracking import sdk
    from apps.error_tracking.config import Config

    if mode == "ours":
        sdk.start(Config(dsn=dsn, project_root=str(Path(__file__).parent)))
    else:
        sentry_sdk.init(dsn=dsn, send_default_pii=mode == "telling")


def main(mode: str, dsn: str, texts: dict[str, str]) -> NoReturn:
    """Start as the mode says, run the command."""
    import django

    django.setup()
    start(mode, dsn)
    from django.core.management import BaseCommand

    class Command(BaseCommand):
        def add_arguments(self, parser: Any) -> None:
            parser.add_argument("--to")

        def handle(self, *args: Any, **options: Any) -> None:
            local = texts["command_local"]
            read = sys.stdin.read()
            lines = read.splitlines()
            error = RuntimeError(f"cannot reach {texts['command_error']}", len(local + read), len(lines))
            error.add_note(texts["command_note"])
            raise error

    Command().run_from_argv(["manage.py", *sys.argv])
    raise SystemExit(3)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings.test"
    host = os.environ.pop("PRETENDED_HOST")
    socket.gethostname = lambda: host
    told = json.loads(os.environ.pop("TOLD"))
    main(told["mode"], told["dsn"], told["texts"])
