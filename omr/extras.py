"""Name the extra to install where an optional dependency is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from omr.errors import InputError

DISTRIBUTION = "omr-music"
"""Name of the package for pip: `omr` belongs to another project there."""


@contextmanager
def needing(extra: str) -> Iterator[None]:
    """Turn a missing module into a message that names the extra to install.

    Parameters
    ----------
    extra : str
        Extra of the package, such as "train", that brings the modules imported in the block.

    Yields
    ------
    None

    Raises
    ------
    InputError
        When a module is missing that is not ours.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("omr"):
            raise
        raise InputError(f"this needs {error.name}: run `pip install '{DISTRIBUTION}[{extra}]'`") from error
