"""Check arguments before anything is imported that takes time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from omr.errors import InputError
from omr.weights import find_weights

NO_PLAIN_FILE = re.compile(r"^-$|^\w+://|[*?\[\]]")
"""Inputs that name no file: standard input, addresses, patterns, files with page numbers."""


def check_arguments(inputs: Sequence[str | Path], outputs: Iterable[str], weights: str | None = None) -> None:
    """Refuse inputs of which none exists, outputs of no known format, and weights that do not exist.

    Parameters
    ----------
    inputs : sequence of str or Path
        Files to read; patterns and addresses are not looked at.
    outputs : iterable of str
        Files or folders to write to.
    weights : str, optional
        Name of shipped weights, or a file.

    Raises
    ------
    InputError
        For the first argument that can't be used.
    """
    from omr.formats import check

    for path in outputs:
        check(path)
    if weights is not None:
        find_weights(weights)
    plain = [path for path in inputs if not NO_PLAIN_FILE.search(str(path))]
    if plain and len(plain) == len(inputs) and not any(Path(path).exists() for path in plain):
        raise InputError(f"{plain[0]}: no such file; check the name")
