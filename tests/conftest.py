"""What every test runs with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of its own for the session, not the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMR_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
