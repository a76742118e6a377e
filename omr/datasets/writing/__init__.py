"""Datasets written in other formats: the inverse of the readers.

Every writer makes a folder that the reader of its format reads back: images as grey PNG and
annotations, with one page in memory at a time. To add a writer, give it a module and an entry
in `WRITERS`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from omr.datasets.base import Dataset
from omr.datasets.writing.coco import write_coco
from omr.datasets.writing.deepscores import write_deepscores
from omr.datasets.writing.job import Job
from omr.datasets.writing.mung import write_mung_folder
from omr.datasets.writing.voc import write_deepscores_v1, write_voc
from omr.datasets.writing.yolo import write_yolo
from omr.errors import InputError


class Writer(NamedTuple):
    """A format that datasets can be written in.

    Attributes
    ----------
    write : callable
        Writes a `Job`.
    about : str
        One line about the format and its files.
    """

    write: Callable[[Job], None]
    about: str


WRITERS: dict[str, Writer] = {
    "coco": Writer(write_coco, "COCO: annotations/instances_<split>.json, images"),
    "deepscores": Writer(write_deepscores, "DeepScoresV2: deepscores_<split>.json, images"),
    "deepscores-v1": Writer(write_deepscores_v1, "DeepScores V1: xml_annotations, images_png"),
    "mung": Writer(write_mung_folder, "MuNG, as MUSCIMA++: data/annotations, data/images"),
    "voc": Writer(write_voc, "Pascal VOC: Annotations, JPEGImages, ImageSets/Main"),
    "yolo": Writer(write_yolo, "YOLO text: labels, images, data.yaml"),
}
"""Every format that `write` knows."""


def write(dataset: Dataset, folder: str | Path, form: str, core: bool = False) -> Path:
    """Write a dataset in another format; ignore regions are kept by COCO alone.

    Parameters
    ----------
    dataset : Dataset
        One split, or a whole one, whose splits then stay apart; of several
        ways to split it, the first.
    folder : str or Path
        Must not be there, or be empty.
    form : str
        One of `WRITERS`.
    core : bool
        Write core names; otherwise names as published.

    Returns
    -------
    Path
        The folder, whole; nothing is left where writing fails.

    Raises
    ------
    InputError
        When the format is unknown, the folder is not empty or can't be written, or a page can't be read.
    """
    folder = Path(folder)
    if form not in WRITERS:
        raise InputError(f"{form}: no such format; there are {', '.join(WRITERS)}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: is there already; give a new folder")
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        part.mkdir(parents=True)
        WRITERS[form].write(Job(_parts(dataset), part, core))
        if folder.exists():
            folder.rmdir()
        part.replace(folder)
    except OSError as error:
        raise InputError(f"{folder}: can't be written ({error.strerror or error})") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def _parts(dataset: Dataset) -> dict[str, Dataset]:
    """Name the splits; a name with a slash is another way to split the same pages and is left out."""
    if dataset.split is not None:
        return {dataset.split.replace("/", "-"): dataset}
    primary = [split for split in dataset.splits if "/" not in split]
    return {split: dataset.part(split) for split in primary} or {"all": dataset}
