"""Make the dataset of `omr benchmark --quick`: so small that every row takes a few seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from omr.benchmark.settings import Settings
from omr.datasets import Dataset, open_dataset
from omr.datasets.writing import write
from omr.errors import InputError
from omr.evaluation.detection.regions import Region, regions_of
from omr.page import Page

PAGES: Mapping[str, int] = {"train": 2, "val": 1, "test": 1}
"""Number of crops, of one staff each, in each split."""

QUICK: Mapping[str, Any] = {
    "steps": 2,
    "minutes": None,
    "pages": 1,
    "batch": 2,
    "size": 96,
    "validations": 1,
    "validation_pages": 1,
    "selection_pages": 1,
    "workers": 0,
}
"""Fields of `Settings` that `--quick` sets: the least that still trains, validates and measures."""


class StaffCrops(Dataset):
    """A dataset whose pages are crops of the pages of another dataset.

    Parameters
    ----------
    parts : mapping of str to sequence of Region
        The crops of each split.
    split : str, optional
        Only this split.
    """

    def __init__(self, parts: Mapping[str, Sequence[Region]], split: str | None = None) -> None:
        super().__init__("staff crops", split)
        self.parts = parts
        self.splits = tuple(parts)
        self.crops = [part for name in parts if split in (None, name) for part in parts[name]]
        source = self.crops[0].dataset
        self.names, self.categories = source.names, source.categories

    def part(self, split: str) -> StaffCrops:
        """Return the crops of one split.

        Parameters
        ----------
        split : str

        Returns
        -------
        StaffCrops
        """
        return StaffCrops(self.parts, split)

    def __len__(self) -> int:
        return len(self.crops)

    def __getitem__(self, i: int) -> Page:
        return self.crops[i].truth

    def image(self, i: int) -> NDArray[np.uint8]:
        """Return the grey image of a crop.

        Parameters
        ----------
        i : int
            Index of the crop, from 0.

        Returns
        -------
        array (height, width) of uint8
        """
        return self.crops[i].image()


def make_tiny_dataset(dataset: Path | None, folder: Path) -> Path:
    """Write a dataset of a few staff crops, unless it exists.

    Parameters
    ----------
    dataset : Path or None
        The dataset to cut the crops from; None engraves pages.
    folder : Path
        Receives the dataset in its folder "tiny".

    Returns
    -------
    Path
        The folder of the dataset, in DeepScoresV2's format.

    Raises
    ------
    InputError
        When the dataset has too few staves.
    """
    small = folder / "tiny"
    if small.exists():
        return small
    whole = dataset or _engraved(folder / "engraved")
    parts: dict[str, list[Region]] = {}
    for split, count in PAGES.items():
        data = open_dataset(whole).preferably(split)
        staves = [part for part in regions_of(data, min(count, len(data)), 1) if part.truth.symbols]
        if not staves:
            raise InputError(f"{whole}: no staff with symbols on its first page; give another dataset")
        parts[split] = staves[:count]
    return write(StaffCrops(parts), small, "deepscores")


def _engraved(folder: Path) -> Path:
    """Engrave one page to learn from and one to measure on."""
    from omr.engraving.dataset import build

    for split in ("train", "test"):
        build(folder, 1, split, seed=1, processes=1)
    return folder


def quick_settings(settings: Settings, tiny: Path) -> Settings:
    """Return settings with the `QUICK` budget on a tiny dataset.

    Parameters
    ----------
    settings : Settings
    tiny : Path
        The dataset that `make_tiny_dataset` made.

    Returns
    -------
    Settings
    """
    return replace(settings, dataset=str(tiny), validate=None, test=None, **QUICK)
