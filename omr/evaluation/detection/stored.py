"""Match stored detections to the pages of a dataset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath

from omr.errors import InputError
from omr.page import Page

LISTED = 3
"""Names that a message lists."""


def match_pages(pages: Sequence[Page], stored: Sequence[Page], file: Path) -> list[Page]:
    """Find the stored page of each page of a dataset, by the name of its image file.

    Parameters
    ----------
    pages : sequence of Page
        The pages of the dataset.
    stored : sequence of Page
        In any order. The folder of an image file does not matter; pages that are not in the dataset are
        ignored.
    file : Path
        The file of the stored pages, for messages.

    Returns
    -------
    list of Page
        A stored page for each page of the dataset.

    Raises
    ------
    InputError
        When a page is missing, stored twice, or stored at another size.
    """
    by_name: dict[tuple[str, int], list[Page]] = defaultdict(list)
    for page in stored:
        by_name[_key(page)].append(page)
    missing = [page.source for page in pages if _key(page) not in by_name]
    if missing:
        raise InputError(
            f"{file}: has no image {_some(missing)}, {len(missing)} of the dataset's {len(pages)} pages; "
            "detect on these too (pages without symbols are listed under images all the same)"
        )
    return [_the_one(page, by_name[_key(page)], file) for page in pages]


def _key(page: Page) -> tuple[str, int]:
    """Return the name of a page's image file and its page number."""
    return PureWindowsPath(page.source).name, page.number  # a Windows path splits at / and at \


def _some(names: Sequence[str]) -> str:
    """List the first names for a message."""
    return ", ".join(names[:LISTED]) + (", ..." if len(names) > LISTED else "")


def _the_one(page: Page, found: Sequence[Page], file: Path) -> Page:
    """Return the stored page, which must be alone and of the same size."""
    if len(found) > 1:
        raise InputError(f"{file}: lists the image {page.source} {len(found)} times; keep one of them")
    if (found[0].width, found[0].height) != (page.width, page.height):
        raise InputError(
            f"{file}: {page.source} is {found[0].width} x {found[0].height} pixels there and "
            f"{page.width} x {page.height} in the dataset; give boxes in pixels of the dataset's images"
        )
    return found[0]
