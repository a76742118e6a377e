"""Datasets written as MuNG."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from omr.datasets.mung import Node, Notation, encode_mask, write_mung
from omr.datasets.muscima import Muscima
from omr.datasets.writing.job import Job
from omr.page import Page

INK = 128
"""Grey level (0 to 255) below which a pixel is a symbol's ink where its dataset has no masks."""

_EXACT = 1e-3
"""Pixels by which a box may pass a whole pixel without being widened: the rounding of fractions of a page."""


def write_mung_folder(job: Job) -> None:
    """Write MuNG: ``data/annotations`` and ``data/images``.

    Masks and edges are kept. Where a dataset has no masks, the mask of a symbol is the ink in
    its box. Boxes are widened to whole pixels. The format has no splits.

    Parameters
    ----------
    job : Job
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
    """Make a graph without edges of a page; masks are the ink in the boxes."""
    height, width = image.shape
    nodes = []
    for number, symbol in enumerate(page.symbols):
        x0, y0 = (max(0, floor(v + _EXACT)) for v in symbol.box[:2])
        x1, y1 = min(width, ceil(symbol.box.x1 - _EXACT)), min(height, ceil(symbol.box.y1 - _EXACT))
        if x1 > x0 and y1 > y0:
            runs = encode_mask(image[y0:y1, x0:x1] < INK)
            nodes.append(Node(number, symbol.name, x0, y0, x1 - x0, y1 - y0, runs))
    return Notation(stem, "", tuple(nodes))
