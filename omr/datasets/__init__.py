"""Datasets, read as they were published.

``base``
    what a dataset is;
``coco``, ``deepscores``, ``dota``, ``muscima``, ``voc``, ``yolo``
    a reader for each format;
``writing``
    datasets written in other formats;
``crops``, ``degrade``
    training crops, and the effects of paper, printing and scanning;
``mung``, ``mung_ink``, ``muscima_pages``, ``annotation_index``, ``xmlfile``, ``archive``, ``cache``
    what the readers share.

To add a reader, derive it from `Dataset` and add it to `READERS`.
"""

from __future__ import annotations

from pathlib import Path

from omr.datasets.base import Dataset, reader_of
from omr.datasets.coco import Coco
from omr.datasets.deepscores import DeepScores
from omr.datasets.dota import Dota
from omr.datasets.muscima import Muscima
from omr.datasets.voc import DeepScoresV1, PascalVoc
from omr.datasets.yolo import Yolo

READERS: tuple[type[Dataset], ...] = (DeepScores, DeepScoresV1, Muscima, PascalVoc, Yolo, Coco, Dota)
"""Every reader; the first whose `finds(path)` says yes is taken."""

Dataset.readers = READERS


def open_dataset(path: str | Path, split: str | None = None) -> Dataset:
    """Open a dataset; the same as ``Dataset(path, split)``.

    Parameters
    ----------
    path : str or Path
        A folder, an annotation file or an archive.
    split : str, optional
        One of the splits that it was published with.

    Returns
    -------
    Dataset

    Raises
    ------
    InputError
        When no known format lies there, or there is no such split.
    """
    return Dataset(path, split)


__all__ = [
    "READERS",
    "Coco",
    "Dataset",
    "DeepScores",
    "DeepScoresV1",
    "Dota",
    "Muscima",
    "PascalVoc",
    "Yolo",
    "open_dataset",
    "reader_of",
]
