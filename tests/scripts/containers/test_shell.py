"""A line of the pages, as a command for the stack that is verified."""

import subprocess

from scripts.containers import shell
from scripts.containers.engine import Engine

ENGINE = Engine(build=["echo", "build"], compose=["echo", "compose"], docker=["echo", "docker"])


def printed(line: str, stack: str = "prod", **variables: str) -> str:
    command = shell.command(ENGINE, line, stack, variables)
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_docker_is_the_engine_s_build_its_compose_or_itself() -> None:
    assert printed("docker build -t goimg:1.0.0 .") == "build -t docker.io/library/goimg-verify:1 .\n"
    assert printed("docker compose ps") == "compose ps\n"
    assert printed("docker ps") == "docker ps\n"


def test_prod_and_tracker_are_what_the_pages_define() -> None:
    assert printed("prod ps") == "compose --env-file docker/.env.prod -f docker/docker-compose.prod.yml ps\n"
    assert printed("tracker ps").startswith("compose --env-file docker/.env.glitchtip -f docker/docker-compose.glit")


def test_each_stack_has_a_project_of_its_own() -> None:
    assert printed("echo $COMPOSE_PROJECT_NAME") == "goimg-verify\n"
    assert printed("echo $COMPOSE_PROJECT_NAME", "glitchtip") == "goimg-verify-glitchtip\n"


def test_the_reader_s_names_become_ours() -> None:
    assert printed("echo https://images.example.com/ /srv/backup/a") == "https://localhost:18443/ backup/a\n"
