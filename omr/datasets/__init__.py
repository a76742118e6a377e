"""Datasets, read as they were published."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from omr.datasets.deepscores import DeepScores
from omr.errors import InputError
from omr.page import Page
from omr.vocabulary import Names


class Dataset(Protocol):
    """A sequence of pages with their images and their truth.

    Attributes
    ----------
    path : Path
        Where it was read from.
    names : {"core", "deepscores", "muscima"}
        The vocabulary of its symbols' names.
    categories : frozenset of str
        All the names its annotators could have used.
    """

    path: Path
    names: Names
    categories: frozenset[str]

    def __len__(self) -> int: ...

    def __getitem__(self, i: int) -> Page:
        """Page `i` with its symbols, named as published, without its image."""

    def image(self, i: int) -> NDArray[np.uint8]:
        """The grey image (height, width) of page `i`; 0 is black."""

    def staff_space(self, i: int) -> float | None:
        """Of page `i`, in pixels, where it can be told."""


@runtime_checkable
class WithMasks(Protocol):
    """What a dataset that knows which pixels are a symbol's can also do."""

    def instances(self, i: int) -> NDArray[np.int32] | None:
        """A map (height, width) of page `i`, or None where its masks are missing.

        A pixel has the number, from 1, of the symbol it belongs to, or 0.
        """


READERS = (DeepScores,)
"""Every reader: a class with `finds(path) -> bool`, which tells whether its format lies there."""


def open_dataset(path: str | Path, split: str | None = None) -> Dataset:
    """Read the dataset that lies at `path`, whatever its format.

    Parameters
    ----------
    path : str or Path
        Its folder, or its annotation file.
    split : str, optional
        Which part of it, by the name it was published under ("train", "test").

    Raises
    ------
    InputError
        When nothing known lies there; the message says what was looked for.
    """
    path = Path(path)
    if not path.exists():
        raise InputError(f"{path}: no such file or folder; give the folder of a dataset")
    for reader in READERS:
        if reader.finds(path):
            return reader(path, split)
    looked = "; ".join(reader.looks_like for reader in READERS)
    raise InputError(f"{path}: no dataset of a known kind here; looked for {looked}")


__all__ = ["READERS", "Dataset", "DeepScores", "WithMasks", "open_dataset"]
