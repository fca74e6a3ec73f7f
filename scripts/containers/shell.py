"""A line of docs/ as a command: what the pages take for granted is defined, what is somebody else's is replaced."""

import sys

from scripts.containers.engine import Engine
from scripts.containers.names import ADDRESS, CERTIFICATE, DEVELOPMENT, HOST, IMAGE, SINK, TRACKER, files, project

# What the pages say for the reader's own: ours instead, in this order.
_OURS = {
    "https://images.example.com": ADDRESS,
    "https://KEY@tracker.example.com/1": f"http://{'0' * 32}@{SINK}:9000/1",
    "images.example.com": HOST,
    "errors.example.com": TRACKER,
    "http://127.0.0.1:8000": f"http://127.0.0.1:{DEVELOPMENT}",
    "goimg:1.0.0": IMAGE,
    "\"$(git describe --always --dirty --exclude '*')\"": "abc1234",
    "/srv/backup/": "backup/",
}
# What the pages define for the reader, as they do it.
DEFINITIONS = (
    'prod() { docker compose --env-file docker/.env.prod -f docker/docker-compose.prod.yml "$@"; }',
    'tracker() { docker compose --env-file docker/.env.glitchtip -f docker/docker-compose.glitchtip.yml "$@"; }',
)
_DOCKER = """
docker() {{
    case $1 in
    compose) shift; {compose} "$@" ;;
    build) shift; {build} "$@" ;;
    *) {docker} "$@" ;;
    esac
}}
"""
# With it, the certificate that the stack signed itself is believed.
PYTHON = ["env", f"SSL_CERT_FILE={CERTIFICATE}", sys.executable]


def command(engine: Engine, line: str, stack: str, variables: dict[str, str]) -> list[str]:
    """Return the command line that runs the line."""
    words = {"compose": engine.compose, "build": engine.build, "docker": engine.docker}
    docker = _DOCKER.format(**{name: " ".join(command) for name, command in words.items()})
    text = "\n".join((docker, *DEFINITIONS, ours(line)))
    # What only the verification adds.
    text = text.replace(" ".join(files("glitchtip")[:4]), " ".join(files("glitchtip")))
    environment = {"COMPOSE_PROJECT_NAME": project(stack)} | variables
    return ["env", *(f"{name}={value}" for name, value in environment.items()), "sh", "-euc", text]


def ours(line: str) -> str:
    """Return the line with names, ports and images of the stack that is verified."""
    for theirs, own in _OURS.items():
        line = line.replace(theirs, own)
    return line
