"""Detections that somebody stored, matched to the pages of a dataset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath

from omr.errors import InputError
from omr.page import Page


def match_pages(pages: Sequence[Page], stored: Sequence[Page], file: Path) -> list[Page]:
    """The stored page of each page of a dataset, by the name of its image file.

    Parameters
    ----------
    pages : sequence of Page
        Of the dataset.
    stored : sequence of Page
        In any order; folders before a file's name do not matter, pages that
        the dataset has not are left aside.
    file : Path
        Where they were stored, for the message.

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
    return PureWindowsPath(page.source).name, page.number  # takes both kinds of slashes


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")


def _the_one(page: Page, found: Sequence[Page], file: Path) -> Page:
    if len(found) > 1:
        raise InputError(f"{file}: lists the image {page.source} {len(found)} times; keep one of them")
    if (found[0].width, found[0].height) != (page.width, page.height):
        raise InputError(
            f"{file}: {page.source} is {found[0].width} x {found[0].height} pixels there and "
            f"{page.width} x {page.height} in the dataset; give boxes in pixels of the dataset's images"
        )
    return found[0]
