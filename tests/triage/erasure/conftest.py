"""A tracker in memory of which a person is erased."""

from pathlib import Path

import pytest

from apps.triage import config, erasure
from tests.triage.memory_tracker import MemoryTracker


@pytest.fixture(params=[False, True], ids=["searched here", "searched by the tracker"])
def tracker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MemoryTracker:
    found = MemoryTracker(exact=request.param)
    monkeypatch.setattr(config, "tracker", lambda: found)
    monkeypatch.setattr(erasure, "_PAUSE", 0)
    monkeypatch.chdir(tmp_path)
    return found
