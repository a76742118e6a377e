"""The `Dataset` type: pages with their truth, and the choice of the reader for a path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from omr.errors import InputError
from omr.images import load_pages
from omr.page import Page
from omr.staves import staff_space
from omr.vocabulary import NAMES, Names, to_core
from omr.vocabulary.translation import classes_of, to_core_page


class Dataset:
    """A sequence of pages with their images and their truth.

    ``Dataset(path)`` recognises the format at `path` and makes the reader of that format, one
    of `Dataset.readers`. A reader overrides `finds`, `__len__`, `__getitem__` and, where its
    images are files, `image_file`.

    Parameters
    ----------
    path : str or Path
        A folder, an annotation file or an archive.
    split : str, optional
        One of `splits`, by the name that it was published under; without it the dataset is all
        of its pages.

    Attributes
    ----------
    path : Path
        Where it was read from.
    split : str or None
        The split that this is.
    splits : tuple of str
        The splits that can be asked for; empty where there is only the whole.
    names : {"core", "deepscores", "muscima"}
        The vocabulary of its symbols' names.
    categories : frozenset of str
        All the names that its annotators could have used.

    Raises
    ------
    InputError
        When no known format lies there, when it has no such split, or when files are missing
        or broken.
    """

    readers: ClassVar[tuple[type[Dataset], ...]] = ()
    """The reader of each format; `omr.datasets` fills it in."""

    looks_like: ClassVar[str]
    """How people recognise the format, for the message when none is recognised."""

    path: Path
    split: str | None
    splits: tuple[str, ...] = ()
    names: Names = "core"
    categories: frozenset[str]

    def __init_subclass__(cls) -> None:
        """Refuse a reader without pages; type checkers would refuse ``Dataset(path)`` were it abstract."""
        super().__init_subclass__()
        for name in ("__len__", "__getitem__"):
            if getattr(cls, name) is getattr(Dataset, name):
                raise TypeError(f"{cls.__name__} must override {name}")

    def __new__(cls, *args: Any, **kwargs: Any) -> Dataset:
        """Make a reader; of `Dataset` itself, the reader that knows the format."""
        if cls is not Dataset:
            return super().__new__(cls)
        return super().__new__(reader_of(*args[:1], **{k: v for k, v in kwargs.items() if k == "path"}))

    def __init__(self, path: str | Path, split: str | None = None) -> None:
        self.path, self.split = Path(path), split
        self._spaces: dict[int, float | None] = {}

    @classmethod
    def finds(cls, path: Path) -> bool:
        """Tell whether the reader's format lies at a path.

        Parameters
        ----------
        path : Path
            Of a file or folder that exists.

        Returns
        -------
        bool
            Always false for a dataset that is not read from files.
        """
        return False

    def __len__(self) -> int:
        """Count the pages."""
        return 0

    def __getitem__(self, i: int) -> Page:
        """Read a page.

        Parameters
        ----------
        i : int
            From 0.

        Returns
        -------
        Page
            With its symbols, named as published, without its image.

        Raises
        ------
        IndexError
            When there is no page `i`.
        InputError
            When its annotations are broken.
        """
        raise IndexError(i)

    def __iter__(self) -> Iterator[Page]:
        """Read the pages one after the other."""
        return (self[i] for i in range(len(self)))

    def image(self, i: int) -> NDArray[np.uint8]:
        """Read the image of a page.

        Parameters
        ----------
        i : int

        Returns
        -------
        array (height, width) of uint8
            0 is black.

        Raises
        ------
        InputError
            When it is missing or broken.
        """
        return next(load_pages(self.image_file(i))).grey

    def image_file(self, i: int) -> Path:
        """Find the image file of a page.

        Parameters
        ----------
        i : int

        Returns
        -------
        Path

        Raises
        ------
        InputError
            When it is missing.
        """
        raise InputError(f"{self.path}: page {i} has no image file; take its image as an array")

    def instances(self, i: int) -> NDArray[np.int32] | None:
        """Map the pixels of a page to its symbols.

        Parameters
        ----------
        i : int

        Returns
        -------
        array (height, width) of int32 or None
            The number, from 1, of the symbol of the page that a pixel belongs to, or 0; None
            where the masks are missing.
        """
        return None

    def ignore_regions(self, i: int) -> NDArray[np.float32]:
        """List the ignore regions of a page: boxes in which there may be symbols that nobody named.

        Parameters
        ----------
        i : int

        Returns
        -------
        array (n, 4) of float32
            x0, y0, x1, y1 in pixels of the page. Nothing is learnt there.
        """
        return np.array([crowd.box for crowd in self[i].crowds], np.float32).reshape(-1, 4)

    def core_names(self, i: int) -> list[str | None]:
        """Name the symbols of a page in the core vocabulary.

        Parameters
        ----------
        i : int

        Returns
        -------
        list of str or None
            One name for each symbol; None where the core vocabulary has no class for it.
        """
        return [to_core(symbol.name, self.names) for symbol in self[i].symbols]

    def core(self, i: int) -> Page:
        """Read a page in core names.

        Parameters
        ----------
        i : int

        Returns
        -------
        Page
            Without the symbols that the core vocabulary has no class for.
        """
        page = self[i]
        named = zip(page.symbols, self.core_names(i), strict=True)
        symbols = (replace(symbol, name=name) for symbol, name in named if name)
        return to_core_page(page, self.names).with_symbols(symbols)

    def piece(self, i: int) -> str:
        """Name the piece of music that a page is of.

        Parameters
        ----------
        i : int

        Returns
        -------
        str
            The name of the page's image where the dataset does not tell.
        """
        return self[i].source

    def staff_space(self, i: int) -> float | None:
        """Give the staff space of a page; it is measured once.

        Parameters
        ----------
        i : int

        Returns
        -------
        float or None
            Pixels of the page; None where no staff is found.
        """
        if i not in self._spaces:
            self._spaces[i] = self._staff_space(i)
        return self._spaces[i]

    def _staff_space(self, i: int) -> float | None:
        """Measure the staff space of page `i` on its image, unless the annotations tell it."""
        return staff_space(self.image(i))

    def part(self, split: str) -> Dataset:
        """Open one of its splits.

        Parameters
        ----------
        split : str
            One of `splits`.

        Returns
        -------
        Dataset

        Raises
        ------
        InputError
            When there is no such split.
        """
        return type(self)(self.path, split)

    @property
    def several(self) -> bool:
        """Whether it was published with more than one way to split it, as ``lists/part``."""
        return any("/" in name for name in self.splits)

    def preferably(self, split: str, lists: str | None = None) -> Dataset:
        """Open a split of a whole dataset, or keep this one where it is a split or has none of that name.

        A dataset given without a split is thus learnt from by its training pages and measured
        on its test pages.

        Parameters
        ----------
        split : str
            Such as "train".
        lists : str, optional
            The lists to split by, where the dataset can be split in several ways.

        Returns
        -------
        Dataset

        Raises
        ------
        InputError
            When it is not published with those lists.
        """
        if lists and self.several:
            return self.part(f"{lists}/{split}")
        return self.part(split) if self.split is None and split in self.splits else self

    def _no_split(self, split: str) -> InputError:
        """Make the error for a split that it does not have."""
        there = f"there are {', '.join(self.splits)}" if self.splits else "it has no splits, name none"
        return InputError(f"{self.path}: no split {split!r}; {there}")


def reader_of(path: str | Path) -> type[Dataset]:
    """Find the reader that knows the format at a path.

    Parameters
    ----------
    path : str or Path
        A folder, an annotation file or an archive.

    Returns
    -------
    type of Dataset
        The first of `Dataset.readers` that finds its format.

    Raises
    ------
    InputError
        When no known format lies there; the message says what was looked for.
    """
    path = Path(path)
    if not path.exists():
        raise InputError(f"{path}: no such file or folder; give the folder of a dataset")
    for reader in Dataset.readers:
        if reader.finds(path):
            return reader
    looked = "; ".join(reader.looks_like for reader in Dataset.readers)
    raise InputError(f"{path}: no dataset of a known kind here; looked for {looked}")


def vocabulary_of(categories: frozenset[str]) -> Names:
    """Find the vocabulary that has the most of some names.

    Parameters
    ----------
    categories : frozenset of str

    Returns
    -------
    {"core", "deepscores", "muscima"}
    """
    return max(NAMES, key=lambda names: len(categories.intersection(classes_of(names))))
