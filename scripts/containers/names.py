"""What the stacks that are verified are called, and where they are."""

from scripts import processes

PROJECT = "goimg-verify"
FOLDER = processes.ROOT / ".local" / "verify"
HTTP, HTTPS, DEVELOPMENT = 18080, 18443, 18000
HOST, TRACKER = "localhost", "errors.localhost"
ADDRESS = f"https://{HOST}:{HTTPS}"
IMAGE = f"docker.io/library/{PROJECT}:1"
NEXT_IMAGE = f"docker.io/library/{PROJECT}:2"
SINK, MAIL = f"{PROJECT}-sink", f"{PROJECT}-glitchtip-mail"
CERTIFICATE = FOLDER / "docker" / "secrets" / "tls.crt"


def project(stack: str) -> str:
    """Return Compose's project name for a stack: prod, glitchtip or development."""
    return PROJECT if stack == "prod" else f"{PROJECT}-{stack}"


def files(stack: str) -> list[str]:
    """Return Compose's options that name the files of a stack, in FOLDER."""
    if stack == "development":
        return ["-f", "docker/compose.yml"]
    found = ["--env-file", f"docker/.env.{stack}", "-f", f"docker/docker-compose.{stack}.yml"]
    return [*found, "-f", "docker/trust.yml"] if stack == "glitchtip" else found
