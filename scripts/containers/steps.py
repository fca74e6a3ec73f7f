"""The steps of the production stack, in their order; each raises Problem with what does not hold."""

import json
import subprocess
from pathlib import Path

from scripts import Problem, processes
from scripts.containers.names import ADDRESS, CERTIFICATE, FOLDER, HOST, HTTP, IMAGE, NEXT_IMAGE, SINK
from scripts.containers.stack import Stack, answer, client, client_command, wait

_HOST = {"HOST": HOST}
_TRUST = {"CURL_CA_BUNDLE": str(CERTIFICATE)}
_NOTE = str(FOLDER / "kept.json")


def build(stack: Stack) -> None:
    """The image is built; it has no root, no pip and no compiler."""
    stack.typed(
        "docker build -f docker/Dockerfile"
        " --build-arg COMMIT=\"$(git describe --always --dirty --exclude '*')\" -t goimg:1.0.0 .",
    )
    stack.docker("tag", IMAGE, NEXT_IMAGE)
    tools = stack.docker("run", "--rm", IMAGE, "sh", "-c", "id -u; command -v pip gcc cc make curl || true")
    if tools.split() != ["10001"]:
        raise Problem(f"The image has what it must not have: {tools}")


def start(stack: Stack) -> None:
    """Everything comes up healthy, with a root file system that cannot be written."""
    stack.typed("make secrets", env=_HOST)
    stack.typed(r'sed "s/images\.example\.com/$HOST/" docker/.env.prod.example >docker/.env.prod', env=_HOST)
    stack.typed("echo 'https://KEY@tracker.example.com/1' >docker/secrets/sentry_dsn")
    stack.set_ports()
    stack.typed("prod up -d --wait")
    stack.start_sink()
    stack.compose("exec", "-T", "nginx", "nginx", "-t", "-q")
    if _secret("postgres_password") in stack.typed("prod config"):
        raise Problem("`prod config` prints a secret.")
    for service in ("api", "worker", "scheduler", "nginx", "postgres", "redis"):
        said = stack.compose("exec", "-T", service, "sh", "-c", "touch /written 2>&1 || id -u")
        if "Read-only" not in said or said.split()[-1] == "0":
            raise Problem(f"{service} can write to its root file system, or is root: {said}")


def smoke(stack: Stack) -> None:
    """A user's life passes, through nginx, API, worker, database, broker."""
    line = "SSL_CERT_FILE=docker/secrets/tls.crt .venv/bin/python -m scripts.smoke https://$HOST"
    stack.typed(line, inside=True, env={"HOST": ADDRESS.removeprefix("https://")})
    ready = stack.typed("curl -s https://images.example.com/api/v1/health/ready", inside=True, env=_TRUST)
    if '"database"' not in ready:
        raise Problem(f"/health/ready says: {ready}")


def edge(stack: Stack) -> None:
    """What nginx promises holds."""
    client(stack, "scripts.containers.client", "edge", ADDRESS, str(HTTP))


def errors(stack: Stack) -> None:
    """The test errors arrive, with release and environment; the commands that ask after them know."""
    stack.typed("prod exec api python manage.py check --deploy")
    stack.typed("prod exec api python manage.py sentry_test")
    wait("The test errors arrive", lambda: len(stack.events()) > 5)
    found = {(event.get("release"), event.get("environment")) for event in stack.events()}
    if found != {("goimg-api@1.0.0+abc1234", "staging")}:
        raise Problem(f"Events have another release or environment: {found}")
    stack.typed("prod exec api python manage.py sentry_outbox status")
    (FOLDER / "text").write_text("password=hunter2")
    scrubbed = stack.typed("prod exec -T api python manage.py sentry_scrub --explain <text")
    if "hunter2" in scrubbed:
        raise Problem(f"sentry_scrub left a password: {scrubbed}")


def silence(stack: Stack) -> None:
    """Emptying the DSN's file and one command stop all that leaves."""
    stack.typed(": >docker/secrets/sentry_dsn")
    stack.typed("prod up -d --force-recreate --wait api worker scheduler")
    no_dsn = "python manage.py check --deploy 2>&1 | grep 'SENTRY_DSN is not set'"
    for service in ("api", "worker", "scheduler"):
        stack.compose("exec", "-T", service, "sh", "-c", no_dsn)
    stack.typed("echo 'https://KEY@tracker.example.com/1' >docker/secrets/sentry_dsn")
    stack.typed("prod up -d --force-recreate --wait api worker scheduler")
    stack.typed("prod exec api python manage.py sentry_test")


def outage(stack: Stack) -> None:
    """What fails while the tracker is away arrives when it is back, also when the API was restarted meanwhile."""
    stack.remove(SINK)
    stack.compose("stop", "postgres")
    status = answer(stack, f"{ADDRESS}/api/v1/images")
    stack.compose("start", "postgres")
    stack.compose("restart", "api")
    stack.start_sink()
    wait(f"The error that was answered {status} arrives", lambda: bool(stack.events()), 240)


def kill(stack: Stack) -> None:
    """A replica that is killed is not missed; workers that are killed come back."""
    first = stack.replicas()[0]
    stack.docker("kill", first)
    for _ in range(10):
        if (status := answer(stack, f"{ADDRESS}/api/v1/health")) != "200":
            raise Problem(f"With one replica killed, the API answered {status}.")
    stack.docker("start", first)
    for service in ("worker", "redis"):
        stack.compose("kill", service)
        stack.compose("start", service)
    stack.typed("prod restart worker")
    stack.typed("prod restart scheduler")
    wait("Everything is healthy again", lambda: _healthy(stack))
    if "Up" not in stack.typed("prod ps scheduler") or "Up" not in stack.typed("prod ps"):
        raise Problem("`prod ps` does not show what runs.")
    for said in (stack.typed("prod logs api"), stack.typed("prod logs --since 15m api")):
        if "request_id" not in said:
            raise Problem(f"The API's log has no request: {said[-500:]}")
    if "ready." not in stack.typed("prod logs api worker"):
        raise Problem("The worker's log does not say that it is ready.")
    smoke(stack)


def rotate(stack: Stack) -> None:
    """Every secret is replaced, as docs/deployment/security.md has it."""
    names = ("secret_key", "postgres_password", "redis_password", "tls.crt")
    before = [_secret(name) for name in names]
    stack.typed("rm docker/secrets/secret_key docker/secrets/postgres_password docker/secrets/database_url")
    stack.typed("rm docker/secrets/redis_password docker/secrets/broker_url docker/secrets/tls.crt")
    stack.typed("make secrets", env=_HOST)
    stack.typed(
        """echo "ALTER ROLE goimg PASSWORD '$(cat docker/secrets/postgres_password)'" |"""
        " prod exec -T postgres psql --username=goimg"
    )
    stack.typed("prod up -d --force-recreate --wait")
    if any(old == _secret(name) for old, name in zip(before, names, strict=True)):
        raise Problem("A secret is the old one.")
    smoke(stack)
    stack.typed("prod exec nginx nginx -s reload")
    stack.typed("prod up -d --force-recreate --wait api")


def roll(stack: Stack) -> None:
    """docker/roll.sh replaces every replica, and no request of four busy clients is lost."""
    client(stack, "scripts.containers.client", "keep", ADDRESS, _NOTE)
    before = stack.replicas()
    stack.set_variables({"GOIMG_IMAGE": NEXT_IMAGE})
    command = client_command(stack, "scripts.containers.client", "load", ADDRESS, _NOTE)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=processes.ROOT) as clients:
        stack.typed("docker/roll.sh")
        answers = json.loads(clients.communicate()[0])
    processes.say(f"Answers while it rolled: {answers}.")
    if set(answers) != {"GET 200", "PUT 200"} or set(before) & set(stack.replicas()) or len(stack.replicas()) != 2:
        raise Problem(f"Rolling lost requests, or replaced not all: {answers}, {before}, {stack.replicas()}.")


def backup(stack: Stack) -> None:
    """What was deleted after a backup is there again after it was restored."""
    client(stack, "scripts.containers.client", "keep", ADDRESS, _NOTE)
    stack.typed("docker/backup.sh save /srv/backup/2026-11-24")
    client(stack, "scripts.containers.client", "remove", ADDRESS, _NOTE)
    stack.typed("docker/backup.sh restore /srv/backup/2026-11-24")
    wait("Everything is healthy again", lambda: _healthy(stack))
    client(stack, "scripts.containers.client", "kept", ADDRESS, _NOTE)


def _secret(name: str) -> str:
    return Path(FOLDER / "docker" / "secrets" / name).read_text()


def _healthy(stack: Stack) -> bool:
    health = stack.compose("ps", "--format", "{{.Health}}", "api", "worker", "scheduler", "nginx", "redis", "postgres")
    return set(health.split()) == {"healthy"} and len(health.split()) == 7
