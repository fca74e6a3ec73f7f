"""The linters of what docker/ holds; each that is not installed is named."""

import shutil

from scripts import processes
from scripts.containers.engine import run


def _all(*patterns: str) -> list[str]:
    found = (path for pattern in patterns for path in processes.ROOT.glob(pattern))
    return sorted(str(path.relative_to(processes.ROOT)) for path in found)


COMPOSE = _all("docker/*compose*.yml")
LINTERS = (
    ("hadolint", *_all("docker/Dockerfile*")),
    ("check-jsonschema", "--builtin-schema", "vendor.compose-spec", *COMPOSE),
    ("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *_all(".github/workflows/*.yml")),
    ("compose-lint", *COMPOSE),
    ("promtool", "check", "rules", *_all("docker/prometheus/rules/*.yml")),
    ("shellcheck", *_all("docker/**/*.sh")),
    ("zizmor", "--offline", "--quiet", ".github/workflows"),
)


def lint() -> None:
    """Raise Problem with what a linter says."""
    for name, *arguments in LINTERS:
        if not shutil.which(name):
            processes.say(f"SKIPPED: {name} is not installed.")
            continue
        run([name, *arguments])
        processes.say(f"ok  {name}")
