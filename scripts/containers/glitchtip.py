"""The steps of docker/docker-compose.glitchtip.yml beside the production stack; they need GlitchTip's image."""

import functools
import json
from collections.abc import Callable

from scripts import Problem, secrets
from scripts.containers.names import FOLDER, HOST, HTTP, HTTPS, MAIL, TRACKER
from scripts.containers.stack import Skipped, Stack, client, wait

_IMAGE = "glitchtip/glitchtip:5.2.0"
_OWNER = "you@example.com"
_PRINTED = FOLDER / "first_project.json"


def _needs_image(step: Callable[[Stack], None]) -> Callable[[Stack], None]:
    @functools.wraps(step)
    def run_or_skip(stack: Stack) -> None:
        if not stack.has_image(f"docker.io/{_IMAGE}"):
            raise Skipped(f"the image {_IMAGE} is not here; the Compose file was checked only.")
        step(stack)

    return run_or_skip


@_needs_image
def glitchtip(stack: Stack) -> None:
    """GlitchTip comes up with its first project, takes the API's test errors, and the commands read them back."""
    names = {"HOST": HOST, "GLITCHTIP_NAME": TRACKER}
    stack.typed(
        r'sed "s/errors\.example\.com/$GLITCHTIP_NAME/" docker/.env.glitchtip.example >docker/.env.glitchtip', env=names
    )
    stack.typed('sed -i "s/^#GLITCHTIP_NAME=.*/GLITCHTIP_NAME=$GLITCHTIP_NAME/" docker/.env.prod', env=names)
    stack.typed("rm docker/secrets/tls.crt")
    stack.typed('make secrets HOST="$HOST,$GLITCHTIP_NAME"', env=names)
    _prepare_mail(stack)
    stack.typed("tracker up -d --wait", stack="glitchtip")
    stack.typed("prod up -d --no-deps --wait nginx")
    said = stack.typed(
        "tracker exec -T -e OWNER=you@example.com glitchtip-web ./manage.py shell <docker/glitchtip/first_project.py",
        stack="glitchtip",
    )
    printed = dict(line.split("=", 1) for line in said.splitlines() if line.startswith(("SENTRY_", "TRACKER_")))
    _PRINTED.write_text(json.dumps(printed))
    (FOLDER / "docker" / "secrets" / "sentry_dsn").write_text(printed["SENTRY_DSN"])
    stack.set_variables({name: value for name, value in printed.items() if name.startswith("TRACKER_")})
    stack.typed("prod up -d --force-recreate --wait api worker scheduler")
    stack.typed("prod exec api python manage.py sentry_test")
    wait("GlitchTip has the test errors", lambda: _issues(stack) > 5)
    said = stack.typed("prod exec api python manage.py sentry_audit --since 90d")
    _want("events that GlitchTip 5.2 took in", said)
    before = _issues(stack)
    stack.compose("exec", "-T", "api", "python", "-", stdin=_LEAK)
    wait("GlitchTip has what left without the scrubber", lambda: _issues(stack) == before + 1)
    said = stack.typed("prod exec api python manage.py sentry_audit --since 90d", codes=(1,))
    _want("Found something in 1 of ", said)
    stack.typed("prod exec api python manage.py check --deploy")


@_needs_image
def tracker_tls(stack: Stack) -> None:
    """GlitchTip answers at its own name over TLS, takes events there, and lets nobody register."""
    printed = json.loads(_PRINTED.read_text())
    key, _, project = printed["SENTRY_DSN"].removeprefix("http://").partition("@")
    arguments = (TRACKER, str(HTTPS), str(HTTP), key, project.rpartition("/")[2], printed["TRACKER_TOKEN"])
    client(stack, "scripts.containers.tracker_client", *arguments)


@_needs_image
def mail(stack: Stack) -> None:
    """An alert reaches the mail server, over STARTTLS and with the password from its file."""
    certificate, key = (f"{FOLDER}/mail/{name}:/run/{name}:ro" for name in ("tls.crt", "tls.key"))
    options = ("-v", certificate, "-v", key, "-e", f"MAIL_PASSWORD={_password()}")
    stack.run_here(MAIL, "goimg-verify-glitchtip_out", "mail.py", *options)
    _in_glitchtip(stack, _ALERT)
    _fire(stack, "unhandled")
    wait("The alert's mail arrives", lambda: len(_mails(stack)) == 1)
    (taken,) = _mails(stack)
    if _OWNER not in taken["to"] or f"https://{TRACKER}/goimg/issues/" not in taken["text"].replace("=\r\n", ""):
        raise Problem(f"The mail is not to the project's owner, or has no link: {taken}")


@_needs_image
def beat(stack: Stack) -> None:
    """GlitchTip's scheduler comes back when it is killed and when it hangs, and alerts go on."""
    _restarts(stack, "kill -KILL $(cat /proc/1/task/1/children)")
    hang = "kill -STOP $(cat /proc/1/task/1/children); touch -d '20 minutes ago' /tmp/celerybeat-schedule*"
    _restarts(stack, hang)
    _fire(stack, "unhandled-in-api")
    wait("An alert's mail arrives", lambda: len(_mails(stack)) == 2)
    stack.typed("tracker restart glitchtip-beat", stack="glitchtip")
    stack.typed("tracker logs glitchtip-web", stack="glitchtip")
    stack.typed("tracker logs glitchtip-worker", stack="glitchtip")
    if "beat: Starting" not in stack.typed("tracker logs glitchtip-beat", stack="glitchtip"):
        raise Problem("`tracker logs glitchtip-beat` does not show that it starts.")
    stack.typed("tracker ps", stack="glitchtip")


@_needs_image
def watch(stack: Stack) -> None:
    """The watch starts as a service and looks at GlitchTip; its receivers are nobody's."""
    folder = FOLDER / "docker" / "secrets"
    values = {
        "tracker_token": json.loads(_PRINTED.read_text())["TRACKER_TOKEN"],
        "alert_smtp_url": "smtp+plain://mail.example.com:25",
        "alert_slack_url": "https://hooks.example.com/services/nobody",
        "alert_pagerduty_key": "0" * 32,
    }
    for name, value in values.items():
        (folder / name).write_text(value)
    stack.set_variables({"ALERT_MAIL_FROM": "alerts@example.com"})
    stack.typed("prod --profile watch up -d --wait watch")
    stack.compose("exec", "-T", "watch", "sh", "-c", "test -s /var/lib/goimg/watch/heartbeat")


@_needs_image
def tracker_backup(stack: Stack) -> None:
    """GlitchTip's database can be restored."""
    before = _issues(stack)
    stack.typed("STACK=glitchtip docker/backup.sh save /srv/backup/glitchtip-2026-11-24", stack="glitchtip")
    _in_glitchtip(stack, b"from apps.issue_events.models import Issue; Issue.objects.all().delete()")
    stack.typed("STACK=glitchtip docker/backup.sh restore /srv/backup/glitchtip-2026-11-24", stack="glitchtip")
    wait("The issues are back", lambda: _issues(stack) == before)


# What an application without error_tracking would send.
_LEAK = b"""
import pathlib, sentry_sdk
sentry_sdk.init(pathlib.Path("/run/secrets/sentry_dsn").read_text().strip(), default_integrations=False)
sentry_sdk.capture_message("no mail to jane@example.com")
sentry_sdk.flush(10)
"""
_ALERT = b"""
from apps.projects.models import Project
alert = Project.objects.get(slug="goimg-api").projectalert_set.create(name="verify", timespan_minutes=1, quantity=1)
alert.alertrecipient_set.create(recipient_type="email")
"""


def _prepare_mail(stack: Stack) -> None:
    """Let GlitchTip send to our mail server, whose certificate its worker has to be told to trust."""
    folder = FOLDER / "mail"
    folder.mkdir()
    secrets.certificate(folder, [MAIL])
    values = {"EMAIL_HOST": MAIL, "EMAIL_PORT": "1587", "EMAIL_HOST_USER": "alerts"}
    stack.set_variables(values, "glitchtip")
    (FOLDER / "docker" / "secrets" / "glitchtip_smtp_password").write_text("only for this")
    worker = {"environment": {"SSL_CERT_FILE": "/run/mail.crt"}, "volumes": ["../mail/tls.crt:/run/mail.crt:ro"]}
    (FOLDER / "docker" / "trust.yml").write_text(json.dumps({"services": {"glitchtip-worker": worker}}))


def _password() -> str:
    return (FOLDER / "docker" / "secrets" / "glitchtip_smtp_password").read_text()


def _fire(stack: Stack, case: str) -> None:
    """Make the API report an issue that is new: what was there is deleted first."""
    _in_glitchtip(stack, b"from apps.issue_events.models import Issue; Issue.objects.all().delete()")
    stack.compose("exec", "-T", "api", "python", "manage.py", "sentry_test", "--only", case)


def _mails(stack: Stack) -> list[dict[str, str]]:
    taken: list[dict[str, str]] = json.loads(stack.ask(MAIL, "http://127.0.0.1:8025/"))
    return taken


def _restarts(stack: Stack, what: str) -> None:
    """Do something to the scheduler; raise unless it was started anew and is healthy."""
    before = _started(stack)
    stack.compose("exec", "-T", "glitchtip-beat", "sh", "-c", what, stack="glitchtip")
    again = f"The scheduler is back after `{what}`"
    wait(again, lambda: _started(stack) != before and _started(stack).endswith(" healthy"), 300)


def _started(stack: Stack) -> str:
    name = stack.compose("ps", "-a", "--format", "{{.Name}}", "glitchtip-beat", stack="glitchtip").strip()
    return stack.docker("inspect", "-f", "{{.State.StartedAt}} {{.State.Health.Status}}", name).strip()


def _want(words: str, said: str) -> None:
    if words not in said:
        raise Problem(f"The audit said: {said[-500:]}")


def _issues(stack: Stack) -> int:
    code = b"from apps.issue_events.models import Issue; print('issues', Issue.objects.count())"
    return int(_in_glitchtip(stack, code).split("issues ")[1].split()[0])


def _in_glitchtip(stack: Stack, code: bytes) -> str:
    return stack.compose("exec", "-T", "glitchtip-web", "./manage.py", "shell", stack="glitchtip", stdin=code)
