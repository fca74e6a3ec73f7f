"""A GlitchTip to ask."""

from collections.abc import Iterator

import pytest

from apps.triage.trackers.glitchtip import GlitchTip
from tests.triage.glitchtip_double import TOKEN, GlitchTipDouble, running


@pytest.fixture
def double() -> Iterator[GlitchTipDouble]:
    with running() as server:
        yield server


@pytest.fixture
def glitchtip(double: GlitchTipDouble) -> GlitchTip:
    return GlitchTip(double.url, "acme", "goimg", TOKEN)
