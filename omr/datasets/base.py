"""What a dataset is."""

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
from omr.vocabulary.context import classes_of


class Dataset:
    """A sequence of pages with their images and their truth.

    ``Dataset(path)`` recognises what lies at `path` and is then one of the
    readers in `omr.datasets.READERS`.

    Parameters
    ----------
    path : str or Path
        A folder, an annotation file or an archive.
    split : str, optional
        One of `splits`, by the name it was published under; without it the
        dataset is all of its pages.

    Attributes
    ----------
    path : Path
        Where it was read from.
    split : str or None
        Which part this is.
    splits : tuple of str
        The parts that can be asked for; empty where there is only the whole.
    names : {"core", "deepscores", "muscima"}
        The vocabulary of its symbols' names.
    categories : frozenset of str
        All the names its annotators could have used.

    Raises
    ------
    InputError
        When nothing known lies there, when it has no such split, or when
        files are missing or not what they should be.
    """

    # What readers must write raises, and is not abstract: type checkers would refuse `Dataset(path)`

    looks_like: ClassVar[str]
    """How people recognise the format, for the message when nothing is recognised."""

    path: Path
    split: str | None
    splits: tuple[str, ...] = ()
    names: Names = "core"
    categories: frozenset[str]

    def __new__(cls, *args: Any, **kwargs: Any) -> Dataset:
        """Of `Dataset` itself, make the reader that knows the format."""
        if cls is not Dataset:
            return super().__new__(cls)
        from omr.datasets import reader_of

        return super().__new__(reader_of(*args[:1], **{k: v for k, v in kwargs.items() if k == "path"}))

    def __init__(self, path: str | Path, split: str | None = None) -> None:
        self.path, self.split = Path(path), split
        self._spaces: dict[int, float | None] = {}

    @classmethod
    def finds(cls, path: Path) -> bool:
        """Whether this reader's format lies at `path`, which exists."""
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def __getitem__(self, i: int) -> Page:
        """Page `i` with its symbols, named as published, without its image."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[Page]:
        return (self[i] for i in range(len(self)))

    def image(self, i: int) -> NDArray[np.uint8]:
        """The grey image (height, width) of page `i`; 0 is black."""
        return next(load_pages(self.image_file(i))).grey

    def image_file(self, i: int) -> Path:
        """Where the image of page `i` lies.

        Raises
        ------
        InputError
            When it isn't there.
        """
        raise NotImplementedError

    def instances(self, i: int) -> NDArray[np.int32] | None:
        """A map (height, width) of page `i`, or None where its masks are missing.

        A pixel has the number, from 1, of the symbol of the page it belongs to, or 0.
        """
        return None

    def crowds(self, i: int) -> NDArray[np.float32]:
        """Boxes (n, 4) on page `i` in which symbols may be that nobody named; they teach nothing."""
        return np.array([crowd.box for crowd in self[i].crowds], np.float32).reshape(-1, 4)

    def core_names(self, i: int) -> list[str | None]:
        """The core class of each symbol of page `i`; None for what the core vocabulary has not."""
        return [to_core(symbol.name, self.names) for symbol in self[i].symbols]

    def core(self, i: int) -> Page:
        """Page `i` in core names, without the symbols that the core vocabulary has not."""
        page = self[i]
        named = zip(page.symbols, self.core_names(i), strict=True)
        symbols = (replace(symbol, name=name) for symbol, name in named if name)
        return page.named(lambda name: to_core(name, self.names)).with_symbols(symbols)

    def staff_space(self, i: int) -> float | None:
        """Of page `i`, in pixels, where it can be told; found out only once."""
        if i not in self._spaces:
            self._spaces[i] = self._staff_space(i)
        return self._spaces[i]

    def _staff_space(self, i: int) -> float | None:
        return staff_space(self.image(i))

    def part(self, split: str) -> Dataset:
        """One of its `splits`."""
        return type(self)(self.path, split)

    @property
    def several(self) -> bool:
        """Whether it was published with more than one way to split it, as ``lists/part``."""
        return any("/" in name for name in self.splits)

    def preferably(self, split: str, lists: str | None = None) -> Dataset:
        """The part of that name where this is a whole that has one; else all of this.

        So a dataset given without a split is learnt from by its training pages
        and measured on its test pages. Where it can be split in several ways,
        `lists` says in which.

        Raises
        ------
        InputError
            When it is not published with those lists.
        """
        if lists and self.several:
            return self.part(f"{lists}/{split}")
        return self.part(split) if self.split is None and split in self.splits else self

    def _no_split(self, split: str) -> InputError:
        """What to raise when it has no part of that name."""
        there = f"there are {', '.join(self.splits)}" if self.splits else "it has no splits, name none"
        return InputError(f"{self.path}: no split {split!r}; {there}")


def vocabulary_of(categories: frozenset[str]) -> Names:
    """The vocabulary that has the most of these names."""
    return max(NAMES, key=lambda names: len(categories.intersection(classes_of(names))))
