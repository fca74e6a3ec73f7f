"""The stack that the tests here look at."""

from collections.abc import Iterator

import pytest

from tests.observability.stack import Stack, used


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with used(tmp_path_factory.mktemp("stack")) as stack:
        yield stack
