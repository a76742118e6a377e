"""Data so small that every row takes a few seconds: whether all of it works, not how well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from omr.benchmark.setup import Setup
from omr.datasets import Dataset, open_dataset
from omr.datasets.writing import write
from omr.errors import InputError
from omr.evaluation.detection.parts import Part, parts_of
from omr.page import Page

PAGES: Mapping[str, int] = {"train": 2, "val": 1, "test": 1}
"""Crops of one staff in each split."""

QUICK: Mapping[str, Any] = {
    "steps": 2,
    "minutes": None,
    "pages": 1,
    "batch": 2,
    "size": 96,
    "validations": 1,
    "validation_pages": 1,
}
"""What `--quick` changes in a `Setup`."""


class Cuts(Dataset):
    """Crops of the pages of datasets as pages of their own, by splits."""

    def __init__(self, parts: Mapping[str, Sequence[Part]], split: str | None = None) -> None:
        super().__init__("cuts", split)
        self.parts = parts
        self.splits = tuple(parts)
        self.own = [part for name in parts if split in (None, name) for part in parts[name]]
        one = self.own[0].dataset
        self.names, self.categories = one.names, one.categories

    def part(self, split: str) -> Cuts:
        return Cuts(self.parts, split)

    def __len__(self) -> int:
        return len(self.own)

    def __getitem__(self, i: int) -> Page:
        return self.own[i].truth

    def image(self, i: int) -> NDArray[np.uint8]:
        return self.own[i].image()


def tiny(dataset: Path | None, folder: Path) -> Path:
    """A tiny dataset, made once, in `folder`.

    Parameters
    ----------
    dataset : Path or None
        To cut it from; without one, pages are engraved.

    Raises
    ------
    InputError
        When the dataset has too few staves.
    """
    small = folder / "tiny"
    if small.exists():
        return small
    whole = dataset or _engraved(folder / "engraved")
    parts: dict[str, list[Part]] = {}
    for split, count in PAGES.items():
        data = open_dataset(whole).preferably(split)
        staves = [part for part in parts_of(data, min(count, len(data)), 1) if part.truth.symbols]
        if not staves:
            raise InputError(f"{whole}: no staff with symbols on its first page; give another dataset")
        parts[split] = staves[:count]
    return write(Cuts(parts), small, "deepscores")


def _engraved(folder: Path) -> Path:
    from omr.engraving.dataset import build

    for split in ("train", "test"):
        build(folder, 1, split, seed=1, processes=1)
    return folder


def quick(setup: Setup, small: Path) -> Setup:
    """The setup on tiny data."""
    return replace(setup, dataset=str(small), validate=None, test=None, **QUICK)
