"""What an optional part of the package needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from omr.errors import InputError


@contextmanager
def needing(extra: str) -> Iterator[None]:
    """Imports that an extra brings: say which to install where one is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("omr"):
            raise
        raise InputError(f"this needs {error.name}: run `pip install 'omr[{extra}]'`") from error
