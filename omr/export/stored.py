"""Stored detections with everything that music is read from, whichever program wrote them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from omr.errors import InputError
from omr.export.coco import read_stored, select
from omr.images import load_pages, reduce_ink
from omr.page import Page, Staff
from omr.staves import find_staves, median_space


def load_detections(path: str | Path, images: str | Path | None = None, min_score: float = 0.0) -> list[Page]:
    """Read a COCO file for the music on its pages.

    Pages that this program wrote are complete. On others, the staves are those stored beside the size,
    else those found on the image, else the boxes of symbols named `staff`.

    Parameters
    ----------
    path : str or Path
    images : str or Path, optional
        Folder of the page images; by default that of `path`.
    min_score : float
        As for `omr.export.load_coco`.

    Returns
    -------
    list of Page
        In the order of the file's images.

    Raises
    ------
    InputError
        When the file can't be used, or a page has neither staves nor an image.
    """
    folder = Path(path).parent if images is None else Path(images)
    stored = read_stored(path)
    return select(
        [(p if ours else _with_staves(p, folder, Path(path)), ours) for p, ours in stored], min_score
    )


def _with_staves(page: Page, folder: Path, path: Path) -> Page:
    """Complete a page of another program."""
    if page.staves:
        return page
    file = folder / page.source
    if file.is_file():
        for image in load_pages(file):
            if image.number == page.number:
                staves = tuple(find_staves(image.grey))
                space = median_space(staves)
                ink = reduce_ink(image.grey, space) if space else None
                return replace(page, staves=staves, image=image.grey, ink=ink)
    staves = _annotated_staves(page)
    if staves:
        return replace(page, staves=staves)
    raise InputError(f"{path}: has no staves for {page.source}, and {file} isn't there; give --images FOLDER")


def _annotated_staves(page: Page) -> tuple[Staff, ...]:
    """Level staves of five lines in the boxes of symbols named `staff`."""
    boxes = sorted((s.box for s in page.symbols if s.name == "staff"), key=lambda box: box.y0)
    return tuple(
        Staff(np.array([box.x0, box.x1]), np.array([[y, y] for y in np.linspace(box.y0, box.y1, 5)]))
        for box in boxes
        if box.width > 0 and box.height > 0
    )
