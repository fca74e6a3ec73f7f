"""What `make run` prints when everything is up."""

import json
import shlex

SENTRY_TEST = ".venv/bin/python manage.py sentry_test"


def text(api: str, tracker: str, people: list[dict[str, str]], sentry_test: str) -> str:
    """Return the panel: `api` is http://host:port, `tracker` says where errors go, `people` are the demo users'
    e-mails and passwords, `sentry_test` is the command line that fires the test errors."""
    rows = [
        ("API docs", f"{api}/api/v1/docs"),
        ("API", f"{api}/api/v1/images"),
        ("Tracker", tracker),
        *(("Demo user", f"{person['email']}   password: {person['password']}") for person in people),
    ]
    lines = ["", "  goimg is running. Ctrl-C stops everything.", ""]
    lines += [f"  {name:<10} {value}" for name, value in rows]
    lines += ["", "  Try next, in a second terminal:", ""]
    lines += [f"  {command}" for command in [*commands(api, people[0]), sentry_test]]
    return "\n".join([*lines, "", ""])


def commands(api: str, person: dict[str, str]) -> list[str]:
    """Return what to try first, each one line of a POSIX shell."""
    body = json.dumps({"email": person["email"], "password": person["password"]})
    login = f"curl -s {api}/api/v1/auth/login -H 'Content-Type: application/json' -d {shlex.quote(body)}"
    return [login, f"curl -i {api}/demo/errors/unhandled"]
