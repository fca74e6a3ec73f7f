"""The fixtures of the watch: each tracker in turn, rules in a file, receivers on loopback."""

from tests.triage.watch.conftest import dsn, folder, local

__all__ = ["dsn", "folder", "local"]
