"""The benchmarks' environment, .local/bench: what the application needs, and what it is compared with.

`python -m bench.environment` makes or renews it, like scripts.environment does .venv.
"""

from scripts import environment, processes

VENV = environment.ROOT / ".local" / "bench"
REQUIREMENTS = environment.ROOT / "bench" / "requirements.txt"


def main() -> None:
    """Make or renew the environment, from the command line."""
    processes.stop_on_signals()
    environment.ensure(VENV, REQUIREMENTS)


if __name__ == "__main__":
    processes.exit_with(main)
