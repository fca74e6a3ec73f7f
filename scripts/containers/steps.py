"""The steps of `make verify-containers`, in their order; each raises Problem with what does not hold."""

import json
import subprocess
import sys

from scripts import Problem, processes
from scripts.containers import stack as stacks
from scripts.containers.engine import run
from scripts.containers.stack import ADDRESS, FOLDER, HTTP, Stack, ca_file, wait

_NOTE = str(FOLDER / "kept.json")
_GLITCHTIP = "glitchtip/glitchtip:5.2.0"


def build(stack: Stack) -> None:
    """The image is built; it has no root, no pip and no compiler."""
    image = stack.engine.build
    tag = f"docker.io/library/{stacks.PROJECT}:1"
    run([*image, "-t", tag, "-f", "docker/Dockerfile", "--build-arg", "COMMIT=abc1234", "."], seconds=1200)
    stack.docker("tag", tag, tag.replace(":1", ":2"))
    tools = stack.docker("run", "--rm", tag, "sh", "-c", "id -u; command -v pip gcc cc make curl || true")
    if tools.split() != ["10001"]:
        raise Problem(f"The image has what it must not have: {tools}")


def start(stack: Stack) -> None:
    """Everything comes up healthy, with a root file system that cannot be written."""
    stack.up()
    stack.start_sink()
    stack.compose("exec", "-T", "nginx", "nginx", "-t", "-q")
    for service in ("api", "worker", "scheduler", "nginx", "postgres", "redis"):
        said = stack.compose("exec", "-T", service, "sh", "-c", "touch /written 2>&1 || id -u")
        if "Read-only" not in said or said.split()[-1] == "0":
            raise Problem(f"{service} can write to its root file system, or is root: {said}")


def smoke(stack: Stack) -> None:
    """A user's life passes, through nginx, API, worker, database, broker."""
    _client(stack, "scripts.smoke", ADDRESS)


def edge(stack: Stack) -> None:
    """What nginx promises holds."""
    _client(stack, "scripts.containers.client", "edge", ADDRESS, str(HTTP))


def errors(stack: Stack) -> None:
    """The test errors arrive, with release and environment."""
    stack.compose("exec", "-T", "api", "python", "manage.py", "sentry_test")
    wait("The test errors arrive", lambda: len(stack.events()) > 5)
    found = {(event.get("release"), event.get("environment")) for event in stack.events()}
    if found != {("goimg-api@1.0.0+abc1234", "staging")}:
        raise Problem(f"Events have another release or environment: {found}")


def outage(stack: Stack) -> None:
    """What fails while the tracker is away arrives when it is back, also when the API was restarted meanwhile."""
    stack.stop_sink()
    stack.compose("stop", "postgres")
    status = _answer(stack, "/api/v1/images")
    stack.compose("start", "postgres")
    stack.compose("restart", "api")
    stack.start_sink()
    wait(f"The error that was answered {status} arrives", lambda: bool(stack.events()), 240)


def kill(stack: Stack) -> None:
    """A replica that is killed is not missed; workers that are killed come back."""
    first = stack.replicas()[0]
    stack.docker("kill", first)
    for _ in range(10):
        if (status := _answer(stack, "/api/v1/health")) != "200":
            raise Problem(f"With one replica killed, the API answered {status}.")
    stack.docker("start", first)
    for service in ("worker", "redis"):
        stack.compose("kill", service)
        stack.compose("start", service)
    wait("Everything is healthy again", lambda: _healthy(stack))
    smoke(stack)


def roll(stack: Stack) -> None:
    """docker/roll.sh replaces every replica, and no request of four busy clients is lost."""
    _client(stack, "scripts.containers.client", "keep", ADDRESS, _NOTE)
    before = stack.replicas()
    stack.set_variables({"GOIMG_IMAGE": f"docker.io/library/{stacks.PROJECT}:2"})
    command = _command(stack, "scripts.containers.client", "load", ADDRESS, _NOTE)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=processes.ROOT) as clients:
        stack.script("docker/roll.sh")
        answers = json.loads(clients.communicate()[0])
    processes.say(f"Answers while it rolled: {answers}.")
    if set(answers) != {"GET 200", "PUT 200"} or set(before) & set(stack.replicas()) or len(stack.replicas()) != 2:
        raise Problem(f"Rolling lost requests, or replaced not all: {answers}, {before}, {stack.replicas()}.")


def backup(stack: Stack) -> None:
    """What was deleted after a backup is there again after it was restored."""
    stack.script("docker/backup.sh", "save", "backup")
    _client(stack, "scripts.containers.client", "remove", ADDRESS, _NOTE)
    stack.script("docker/backup.sh", "restore", "backup")
    wait("Everything is healthy again", lambda: _healthy(stack))
    _client(stack, "scripts.containers.client", "kept", ADDRESS, _NOTE)


def glitchtip(stack: Stack) -> None:
    """GlitchTip comes up, takes an event of the API's, and its database can be restored. Needs its image."""
    if not stack.docker("images", "-q", f"docker.io/{_GLITCHTIP}").strip():
        processes.say(f"SKIPPED: the image {_GLITCHTIP} is not on this machine; its Compose file was checked only.")
        return
    example = (processes.ROOT / "docker" / ".env.glitchtip.example").read_text()
    (FOLDER / "docker" / ".env.glitchtip").write_text(example.replace("errors.example.com", "errors.localhost"))
    stack.up("glitchtip")
    script = (processes.ROOT / "docker" / "glitchtip" / "first_project.py").read_bytes()
    shell = ("exec", "-T", "-e", "OWNER=owner@example.com", "glitchtip-web", "./manage.py", "shell")
    said = stack.compose(*shell, stack="glitchtip", stdin=script)
    dsn = next(line for line in said.splitlines() if line.startswith("SENTRY_DSN=")).removeprefix("SENTRY_DSN=")
    inside = dsn.replace("https://", "http://").replace("@errors.localhost", "@glitchtip-web:8000")
    test = ("exec", "-T", "-e", "SENTRY_DSN_FILE=", "-e", f"SENTRY_DSN={inside}", "api", "python", "manage.py")
    stack.compose(*test, "sentry_test", "--only", "unhandled")
    wait("GlitchTip has the event", lambda: _issues(stack) == 1)
    stack.script("docker/backup.sh", "save", "backup-glitchtip", STACK="glitchtip", COMPOSE=_glitchtip_compose(stack))
    stack.compose("exec", "-T", "glitchtip-web", "./manage.py", "shell", stack="glitchtip", stdin=_DELETE)
    stack.script(
        "docker/backup.sh", "restore", "backup-glitchtip", STACK="glitchtip", COMPOSE=_glitchtip_compose(stack)
    )
    wait("The event is back", lambda: _issues(stack) == 1)


STEPS = (build, start, smoke, edge, errors, outage, kill, roll, backup, glitchtip)

_COUNT = b"from apps.issue_events.models import Issue; print('issues', Issue.objects.count())"
_DELETE = b"from apps.issue_events.models import Issue; Issue.objects.all().delete()"


def _glitchtip_compose(stack: Stack) -> str:
    return " ".join([*stack.engine.compose, "-p", f"{stacks.PROJECT}-glitchtip"])


def _issues(stack: Stack) -> int:
    said = stack.compose("exec", "-T", "glitchtip-web", "./manage.py", "shell", stack="glitchtip", stdin=_COUNT)
    return int(said.split("issues ")[1].split()[0])


def _command(stack: Stack, module: str, *arguments: str) -> list[str]:
    certificate = ["env", f"SSL_CERT_FILE={ca_file()}"]
    return [*stack.engine.inside, *certificate, sys.executable, "-m", module, *arguments]


def _client(stack: Stack, module: str, *arguments: str) -> None:
    run(_command(stack, module, *arguments))


def _answer(stack: Stack, path: str) -> str:
    code = (
        "import sys,httpx,ssl;"
        "print(httpx.get(sys.argv[1], verify=ssl.create_default_context(), timeout=60).status_code)"
    )
    certificate = ["env", f"SSL_CERT_FILE={ca_file()}"]
    return run([*stack.engine.inside, *certificate, sys.executable, "-c", code, ADDRESS + path]).strip()


def _healthy(stack: Stack) -> bool:
    health = stack.compose("ps", "--format", "{{.Health}}", "api", "worker", "scheduler", "nginx", "redis", "postgres")
    return set(health.split()) == {"healthy"} and len(health.split()) == 7
