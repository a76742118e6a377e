"""Datasets, read as they were published."""

from __future__ import annotations

from pathlib import Path

from omr.datasets.base import Dataset
from omr.datasets.coco import Coco
from omr.datasets.deepscores import DeepScores
from omr.datasets.muscima import Muscima
from omr.datasets.voc import DeepScoresV1, PascalVoc
from omr.datasets.yolo import Yolo
from omr.errors import InputError

READERS: tuple[type[Dataset], ...] = (DeepScores, DeepScoresV1, Muscima, PascalVoc, Yolo, Coco)
"""Every reader; the first whose `finds(path)` says yes is taken."""


def reader_of(path: str | Path) -> type[Dataset]:
    """The reader that knows what lies at `path`.

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
            return reader
    looked = "; ".join(reader.looks_like for reader in READERS)
    raise InputError(f"{path}: no dataset of a known kind here; looked for {looked}")


def open_dataset(path: str | Path, split: str | None = None) -> Dataset:
    """As `Dataset(path, split)`."""
    return Dataset(path, split)


__all__ = [
    "READERS",
    "Coco",
    "Dataset",
    "DeepScores",
    "DeepScoresV1",
    "Muscima",
    "PascalVoc",
    "Yolo",
    "open_dataset",
    "reader_of",
]
