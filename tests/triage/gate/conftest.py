"""What a run of the gate looks at, with a tracker that can be told to be otherwise."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk

from apps.error_tracking.config import load
from apps.triage.gate.scope import Scope
from tests.daemons import free_port
from tests.triage import commands

MakeScope = Callable[..., Scope]


@pytest.fixture
def _own_client() -> Iterator[None]:
    """Leave nothing of the client that the gate starts."""
    with sentry_sdk.isolation_scope():
        yield
    sentry_sdk.get_client().close(timeout=1)
    sentry_sdk.get_global_scope().set_client(None)


@pytest.fixture
def make_scope(tmp_path: Path) -> MakeScope:
    """Makes a scope of the environment as it is then; arguments are fields of Scope, or of its configuration."""

    def make(**changes: Any) -> Scope:
        of_scope = {name: changes.pop(name) for name in [*changes] if name in Scope.__dataclass_fields__}
        config = replace(load(), **changes)
        folder = tmp_path / "gate"
        folder.mkdir(exist_ok=True)
        return Scope(**{"config": config, "now": datetime.now(UTC), "root": tmp_path, "folder": folder} | of_scope)

    return make


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names a tracker where nobody listens."""
    address = f"127.0.0.1:{free_port()}"
    commands.name(monkeypatch, "bugsink", f"http://{address}", f"http://{'0' * 32}@{address}/1")
