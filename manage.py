#!/usr/bin/env python
"""Django's command-line utility."""

import os
import sys


def main() -> None:
    """Run the command line; a configuration error or Ctrl-C is one sentence, exit code 2 or 130, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.development")
    try:
        _run()
    except KeyboardInterrupt:  # also in the second that the imports take
        sys.stderr.write("goimg: Interrupted.\n")
        sys.exit(130)


def _run() -> None:
    from django.core.management import execute_from_command_line

    from goimg.startup import one_sentence

    with one_sentence():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
