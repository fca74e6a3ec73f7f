"""The adapter on a project of a real Bugsink."""

import pytest

from apps.triage.trackers import Bugsink
from tests.triage.real_bugsink import Project


@pytest.fixture
def adapter(project: Project) -> Bugsink:
    return Bugsink(project.url, project.project, project.token)
