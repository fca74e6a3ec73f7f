"""The linters of what docker/ holds; each that is not installed is named."""

import shutil

from scripts import processes
from scripts.containers.engine import run

COMPOSE = [
    "docker/compose.yml",
    *(f"docker/docker-compose.{name}.yml" for name in ("prod", "glitchtip", "observability")),
]
SHELL = ["docker/roll.sh", "docker/backup.sh", "docker/nginx/40-names.sh"]
PROMETHEUS_RULES = [f"docker/prometheus/rules/{name}.yml" for name in ("api", "error-tracking")]
LINTERS = {
    "hadolint": ["docker/Dockerfile"],
    "check-jsonschema": ["--builtin-schema", "vendor.compose-spec", *COMPOSE],
    "compose-lint": COMPOSE,
    "promtool": ["check", "rules", *PROMETHEUS_RULES],
    "shellcheck": SHELL,
    "zizmor": ["--offline", "--quiet", ".github/workflows"],
}


def lint() -> None:
    """Raise Problem with what a linter says."""
    for name, arguments in LINTERS.items():
        if not shutil.which(name):
            processes.say(f"SKIPPED: {name} is not installed.")
            continue
        run([name, *arguments])
        processes.say(f"ok  {name}")
