"""What every test runs with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.builders.browser import launched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Every run draws the same examples; with OMR_HYPOTHESIS=random each run draws others.
settings.register_profile("repeatable", derandomize=True)
settings.register_profile("random", print_blob=True)
settings.load_profile(os.environ.get("OMR_HYPOTHESIS", "repeatable"))


@pytest.fixture(autouse=True, scope="session")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of its own for the session, not the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMR_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with launched() as browser:
        yield browser


@pytest.fixture(autouse=True)
def no_words(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read no words, whatever is installed, except in tests of words."""
    if not request.node.get_closest_marker("words"):
        monkeypatch.setattr("omr.text.load_recogniser", lambda: None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests of published data where the data is not at hand."""
    if item.get_closest_marker("data") and not os.environ.get("OMR_DATA"):
        pytest.skip("OMR_DATA names no folder")
