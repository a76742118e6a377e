"""Datasets written as Pascal VOC and as DeepScores V1."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lxml import etree

from omr.datasets.writing.job import Job, write_text
from omr.page import Page, Symbol


def write_voc(job: Job) -> None:
    """Write Pascal VOC: ``Annotations``, ``JPEGImages`` and ``ImageSets/Main``.

    The images are PNG, which keeps thin lines.

    Parameters
    ----------
    job : Job
    """
    _write_voc(job, "Annotations", "JPEGImages", "ImageSets/Main", _pixels)


def write_deepscores_v1(job: Job) -> None:
    """Write DeepScores V1: ``xml_annotations``, ``images_png`` and ``train_val_test``.

    Parameters
    ----------
    job : Job
    """
    _write_voc(job, "xml_annotations", "images_png", "train_val_test", _fractions)


Corners = Callable[[Symbol, Page], Sequence[float]]
"""Gives x0, y0, x1, y1 of a symbol's box as the format counts them."""


def _write_voc(job: Job, annotations: str, images: str, lists: str, corners: Corners) -> None:
    """Write annotations, images and lists of images to the folders of those names."""
    taken: set[str] = set()
    for split, part in job.parts.items():
        stems = [stem if stem not in taken else f"{stem}-{split}" for stem in job.stems(part)]
        taken.update(stems)
        for i, stem in enumerate(stems):
            job.write_image(part, i, job.folder / images / f"{stem}.png")
            page = job.page(part, i)
            root = _voc_element(page, images, f"{stem}.png", corners)
            write_text(
                job.folder / annotations / f"{stem}.xml", etree.tostring(root, pretty_print=True).decode()
            )
        write_text(job.folder / lists / f"{split}.txt", "".join(f"{stem}\n" for stem in stems))


def _voc_element(page: Page, images: str, name: str, corners: Corners) -> etree._Element:
    """Make the XML of a page whose image is `name` in the folder `images`."""
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
    """Append a child."""
    child = etree.SubElement(parent, name)
    if text is not None:
        child.text = str(text)
    return child


def _pixels(symbol: Symbol, page: Page) -> Sequence[float]:
    """Count as VOC does: pixels from 1, the last one included."""
    x0, y0, x1, y1 = symbol.box
    return x0 + 1, y0 + 1, x1, y1


def _fractions(symbol: Symbol, page: Page) -> Sequence[float]:
    """Count in fractions of the page, as DeepScores V1 does."""
    x0, y0, x1, y1 = symbol.box
    return x0 / page.width, y0 / page.height, x1 / page.width, y1 / page.height
