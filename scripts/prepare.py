"""Migrates the database and makes demo data, in one process because each start of Django takes a second.

Run by the application's own Python; prints the demo users as JSON and nothing else.
"""

import os
import runpy
import sys

import manage

COMMANDS = (["migrate", "--no-input", "--verbosity", "0"], ["demo_data", "--json"])


def main() -> None:
    """Run both as `manage.py` would, which makes one sentence of a configuration error.

    What the server would refuse afterwards is refused before anything is written.
    """
    os.umask(0o077)  # the database is for this user's eyes only
    runpy.run_path("docker/gunicorn.conf.py")
    for command in COMMANDS:
        sys.argv = ["manage.py", *command]
        manage.main()


if __name__ == "__main__":
    main()
