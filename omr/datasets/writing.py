"""Datasets written in other formats: the inverse of the readers.

Every writer makes a folder that the reader of its format reads back: images as
grey PNG and annotations, one page in memory at a time.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import ceil, floor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from lxml import etree
from numpy.typing import NDArray
from PIL import Image

from omr.datasets.base import Dataset
from omr.datasets.deepscores import DeepScores
from omr.datasets.mung import Node, Notation, encode_mask, write_mung
from omr.datasets.muscima import Muscima
from omr.errors import InputError
from omr.page import Page, Symbol
from omr.vocabulary import Names
from omr.vocabulary.translation import classes_of

INK = 128
"""Pixels darker than this are a symbol's ink where its dataset has no masks."""


_EXACT = 1e-3  # of a pixel; a smaller part comes from fractions of a page


class Job(NamedTuple):
    """What to write.

    Attributes
    ----------
    parts : dict of str to Dataset
        By the names of their splits.
    folder : Path
        An empty folder for all of it.
    core : bool
        Write core names; otherwise names as published.
    """

    parts: dict[str, Dataset]
    folder: Path
    core: bool = False

    @property
    def names(self) -> Names:
        return "core" if self.core else next(iter(self.parts.values())).names

    @property
    def categories(self) -> list[str]:
        """Every class that can be written, in the order of its number."""
        if self.core:
            return list(classes_of("core"))
        return sorted({name for part in self.parts.values() for name in part.categories})

    def page(self, part: Dataset, i: int) -> Page:
        return part.core(i) if self.core else part[i]

    def stems(self, part: Dataset) -> list[str]:
        """A file name without suffix for each page, each another."""
        seen: dict[str, int] = {}
        stems = []
        for page in part:
            stem = Path(page.source).stem or "page"
            seen[stem] = seen.get(stem, 0) + 1
            stems.append(stem if seen[stem] == 1 else f"{stem}-{seen[stem]}")
        return stems

    def write_image(self, part: Dataset, i: int, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(part.image(i)).save(path)


def write(dataset: Dataset, folder: str | Path, form: str, core: bool = False) -> Path:
    """Write a dataset in another format; crowds are kept by COCO alone.

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
        When the format is unknown, the folder is in use, or a page can't be read.
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
    """The splits by name; those that a slash sets apart are other ways to split the same pages."""
    if dataset.split is not None:
        return {dataset.split.replace("/", "-"): dataset}
    primary = [split for split in dataset.splits if "/" not in split]
    return {split: dataset.part(split) for split in primary} or {"all": dataset}


# --- JSON -------------------------------------------------------------------------------------------


def write_coco(job: Job) -> None:
    """``annotations/instances_<split>.json`` and ``images``."""
    number = {name: i for i, name in enumerate(job.categories, start=1)}
    header = {
        "info": {"description": "Converted by omr", "version": "1.0"},
        "licenses": [],
        "categories": [{"id": i, "name": name, "supercategory": ""} for name, i in number.items()],
    }
    for split, part in job.parts.items():
        stems = job.stems(part)
        for i, stem in enumerate(stems):
            job.write_image(part, i, job.folder / "images" / split / f"{stem}.png")
        images = (
            {"id": i + 1, "file_name": f"{split}/{stem}.png", "width": page.width, "height": page.height}
            for i, (stem, page) in enumerate(zip(stems, part, strict=True))
        )
        annotations = (
            {
                "id": identity,
                "image_id": i + 1,
                "category_id": number[symbol.name],
                "bbox": [symbol.box.x0, symbol.box.y0, symbol.box.width, symbol.box.height],
                "area": symbol.box.width * symbol.box.height,
                "iscrowd": crowd,
            }
            for identity, (i, symbol, crowd) in enumerate(_symbols_and_crowds(job, part), start=1)
        )
        file = job.folder / "annotations" / f"instances_{split}.json"
        _write_json(file, header, {"images": images, "annotations": annotations})


def write_deepscores(job: Job) -> None:
    """``deepscores_<split>.json`` and ``images``; oriented boxes are kept where there are any."""
    number = {name: i for i, name in enumerate(job.categories, start=1)}
    own = {"deepscores": "deepscores", "muscima": "muscima++", "core": "core"}[job.names]
    header = {
        "info": {"description": "Converted by omr, in the format of DeepScoresV2", "version": "2.0"},
        "annotation_sets": [own],
        "categories": {
            str(i): {"name": name, "annotation_set": own, "color": i} for name, i in number.items()
        },
    }
    for split, part in job.parts.items():
        file = job.folder / f"deepscores_{split}.json"
        for i, stem in enumerate(job.stems(part)):
            job.write_image(part, i, job.folder / "images" / f"{stem}.png")
        images = _deepscores_images(job, part)
        annotations = _deepscores_annotations(job, part, number)
        _write_json(file, header, {"images": images}, {"annotations": annotations})


def _deepscores_images(job: Job, part: Dataset) -> Iterator[dict[str, Any]]:
    key = 1
    for i, stem in enumerate(job.stems(part)):
        page = job.page(part, i)
        keys = [str(key + k) for k in range(len(page.symbols))]
        key += len(keys)
        name = f"{stem}.png"
        yield {"id": i + 1, "filename": name, "width": page.width, "height": page.height, "ann_ids": keys}


def _deepscores_annotations(
    job: Job, part: Dataset, number: dict[str, int]
) -> Iterator[tuple[str, dict[str, Any]]]:
    key = 0
    for i in range(len(part)):
        page = job.page(part, i)
        corners = part.oriented(i) if isinstance(part, DeepScores) and not job.core else None
        for k, symbol in enumerate(page.symbols):
            key += 1
            x0, y0, x1, y1 = symbol.box
            oriented = [x1, y1, x1, y0, x0, y0, x0, y1] if corners is None else corners[k].ravel().tolist()
            yield (
                str(key),
                {
                    "a_bbox": [x0, y0, x1, y1],
                    "o_bbox": oriented,
                    "cat_id": [str(number[symbol.name])],
                    "area": symbol.box.width * symbol.box.height,
                    "img_id": str(i + 1),
                    "comments": "",
                },
            )


def _symbols_and_crowds(job: Job, part: Dataset) -> Iterator[tuple[int, Symbol, int]]:
    """The page, the symbol, and 1 for a crowd."""
    for i in range(len(part)):
        page = job.page(part, i)
        yield from ((i, symbol, 0) for symbol in page.symbols)
        yield from ((i, crowd, 1) for crowd in page.crowds)


def _write_json(
    file: Path,
    header: dict[str, Any],
    lists: dict[str, Iterable[Any]],
    objects: dict[str, Iterable[tuple[str, Any]]] | None = None,
) -> None:
    """Write an object of which some members are too long to hold, one entry at a time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as out:
        out.write(json.dumps(header)[:-1])
        for key, entries in lists.items():
            out.write(f", {json.dumps(key)}: [")
            out.writelines(_separated(map(json.dumps, entries)))
            out.write("]")
        for key, members in (objects or {}).items():
            out.write(f", {json.dumps(key)}: {{")
            out.writelines(_separated(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in members))
            out.write("}")
        out.write("}\n")


def _separated(entries: Iterable[str]) -> Iterator[str]:
    for i, entry in enumerate(entries):
        yield f",\n{entry}" if i else entry


# --- XML --------------------------------------------------------------------------------------------


def write_voc(job: Job) -> None:
    """``Annotations``, ``JPEGImages`` (of PNG, which keeps thin lines) and ``ImageSets/Main``."""
    _write_voc(job, "Annotations", "JPEGImages", "ImageSets/Main", _pixels)


def write_deepscores_v1(job: Job) -> None:
    """``xml_annotations``, ``images_png`` and ``train_val_test``."""
    _write_voc(job, "xml_annotations", "images_png", "train_val_test", _fractions)


Corners = Callable[[Symbol, Page], Sequence[float]]


def _write_voc(job: Job, annotations: str, images: str, lists: str, corners: Corners) -> None:
    taken: set[str] = set()
    for split, part in job.parts.items():
        stems = [stem if stem not in taken else f"{stem}-{split}" for stem in job.stems(part)]
        taken.update(stems)
        for i, stem in enumerate(stems):
            job.write_image(part, i, job.folder / images / f"{stem}.png")
            page = job.page(part, i)
            root = _voc_element(page, images, f"{stem}.png", corners)
            _write_text(
                job.folder / annotations / f"{stem}.xml", etree.tostring(root, pretty_print=True).decode()
            )
        _write_text(job.folder / lists / f"{split}.txt", "".join(f"{stem}\n" for stem in stems))


def _voc_element(page: Page, images: str, name: str, corners: Corners) -> etree._Element:
    root = etree.Element("annotation")
    _child(root, "folder", images)
    _child(root, "filename", name)
    size = _child(root, "size")
    for key, value in (("width", page.width), ("height", page.height), ("depth", 1)):
        _child(size, key, value)
    _child(root, "segmented", 0)
    for symbol in page.symbols:
        thing = _child(root, "object")
        for key, text in (("name", symbol.name), ("pose", "Unspecified"), ("truncated", 0), ("difficult", 0)):
            _child(thing, key, text)
        box = _child(thing, "bndbox")
        for key, corner in zip(("xmin", "ymin", "xmax", "ymax"), corners(symbol, page), strict=True):
            _child(box, key, f"{corner:.10g}")
    return root


def _child(parent: etree._Element, name: str, text: object = None) -> etree._Element:
    child = etree.SubElement(parent, name)
    if text is not None:
        child.text = str(text)
    return child


def _pixels(symbol: Symbol, page: Page) -> Sequence[float]:
    """VOC counts pixels from 1 and includes the last."""
    x0, y0, x1, y1 = symbol.box
    return x0 + 1, y0 + 1, x1, y1


def _fractions(symbol: Symbol, page: Page) -> Sequence[float]:
    x0, y0, x1, y1 = symbol.box
    return x0 / page.width, y0 / page.height, x1 / page.width, y1 / page.height


def write_mung_folder(job: Job) -> None:
    """``data/annotations`` and ``data/images``; masks and edges are kept, else a mask is the ink in its box.

    Boxes are widened to whole pixels. The format has no splits.
    """
    for part in job.parts.values():
        for i, stem in enumerate(job.stems(part)):
            image = part.image(i)
            if isinstance(part, Muscima) and not job.core:
                notation = replace(part.notation(i), document=stem)
            else:
                notation = _notation(job.page(part, i), image, stem)
            annotation = job.folder / "data" / "annotations" / f"{stem}.xml"
            annotation.parent.mkdir(parents=True, exist_ok=True)
            write_mung(notation, annotation)
            job.write_image(part, i, job.folder / "data" / "images" / f"{stem}.png")


def _notation(page: Page, image: NDArray[np.uint8], stem: str) -> Notation:
    height, width = image.shape
    nodes = []
    for number, symbol in enumerate(page.symbols):
        x0, y0 = (max(0, floor(v + _EXACT)) for v in symbol.box[:2])
        x1, y1 = min(width, ceil(symbol.box.x1 - _EXACT)), min(height, ceil(symbol.box.y1 - _EXACT))
        if x1 > x0 and y1 > y0:
            runs = encode_mask(image[y0:y1, x0:x1] < INK)
            nodes.append(Node(number, symbol.name, x0, y0, x1 - x0, y1 - y0, runs))
    return Notation(stem, "", tuple(nodes))


# --- text -------------------------------------------------------------------------------------------


def write_yolo(job: Job) -> None:
    """``labels/<split>``, ``images/<split>`` and ``data.yaml``."""
    number = {name: i for i, name in enumerate(job.categories)}
    for split, part in job.parts.items():
        for i, stem in enumerate(job.stems(part)):
            job.write_image(part, i, job.folder / "images" / split / f"{stem}.png")
            page = job.page(part, i)
            lines = (f"{number[symbol.name]} {_yolo_box(symbol, page)}\n" for symbol in page.symbols)
            _write_text(job.folder / "labels" / split / f"{stem}.txt", "".join(lines))
    splits = "".join(f"{split}: images/{split}\n" for split in job.parts)
    names = "".join(f"  {i}: {json.dumps(name)}\n" for name, i in number.items())
    _write_text(job.folder / "data.yaml", f"path: .\n{splits}names:\n{names}")


def _yolo_box(symbol: Symbol, page: Page) -> str:
    (x, y), box = symbol.box.centre, symbol.box
    fractions = (x / page.width, y / page.height, box.width / page.width, box.height / page.height)
    return " ".join(f"{fraction:.8f}" for fraction in fractions)


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class Writer(NamedTuple):
    """A format that datasets can be written in."""

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
