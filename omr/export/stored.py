"""Stored detections with everything that music is read from, whichever program wrote them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from omr.errors import InputError
from omr.export.coco import read_stored, select
from omr.files import inside
from omr.images import load_pages, reduce_ink
from omr.page import Page, Staff
from omr.staves import find_staves, median_space
from omr.vocabulary import NAMES
from omr.vocabulary.translation import classes_of

LOG = logging.getLogger(__name__)

SHOWN_NAMES = 5
"""Unknown names listed in a message at most."""


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
    _check_names_in_use([page for page, ours in stored if not ours], path)
    return select(
        [(p if ours else _with_staves(p, folder, Path(path)), ours) for p, ours in stored], min_score
    )


def _check_names_in_use(pages: Sequence[Page], path: str | Path) -> None:
    """Refuse pages of another program on which no name is known, and tell of names that are not."""
    used = {symbol.name for page in pages for symbol in page.symbols}
    unknown = sorted(used.difference(*map(classes_of, {page.vocabulary for page in pages})))
    if not unknown:
        return
    shown = ", ".join(unknown[:SHOWN_NAMES]) + (", ..." if len(unknown) > SHOWN_NAMES else "")
    if len(unknown) == len(used):
        raise InputError(
            f"{path}: none of its names ({shown}) is in a vocabulary ({', '.join(NAMES)}); "
            "rename its categories"
        )
    LOG.warning("%s: %d of its %d names are in no vocabulary: %s", path, len(unknown), len(used), shown)


def _with_staves(page: Page, folder: Path, path: Path) -> Page:
    """Complete a page of another program."""
    if page.staves:
        return page
    try:
        file = inside(folder, page.source)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
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
