"""The published pages of MUSCIMA++: the sizes of their images and the splits that they are in."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources
from typing import NamedTuple

_LISTS = {"independent": "", "dependent": "dependent/", "84-28-28": "84-28-28/"}
"""The columns of `muscima_pages.tsv` and how their splits are named."""

SPLITS = (
    "train", "val", "test",
    "dependent/train", "dependent/test",
    "84-28-28/train", "84-28-28/val", "84-28-28/test",
)  # fmt: skip
"""All splits, in the order in which they are named to people."""


class PublishedPage(NamedTuple):
    """What is published about a page of MUSCIMA++.

    Attributes
    ----------
    width, height : int
        Pixels of its image.
    splits : frozenset of str
        The splits that it is in.
    """

    width: int
    height: int
    splits: frozenset[str]


def published_page(document: str) -> PublishedPage | None:
    """Look up a page by its name.

    Parameters
    ----------
    document : str
        Such as ``CVC-MUSCIMA_W-01_N-10_D-ideal``.

    Returns
    -------
    PublishedPage or None
        None for a page that is not of MUSCIMA++.
    """
    return _table().get(writer_and_piece(document))


def writer_and_piece(document: str) -> tuple[str, str] | None:
    """Read the numbers of writer and piece from a page's name.

    Parameters
    ----------
    document : str

    Returns
    -------
    writer, piece : str
        Two digits each; None instead of both where the name has none.
    """
    found = re.search(r"W-(\d\d)_N-(\d\d)", document)
    return (found[1], found[2]) if found else None


@cache
def _table() -> dict[tuple[str, str] | None, PublishedPage]:
    """Read the table of all pages, by writer and piece."""
    text = resources.files("omr.datasets").joinpath("muscima_pages.tsv").read_text(encoding="utf-8")
    return {
        writer_and_piece(row["page"]): PublishedPage(
            int(row["width"]),
            int(row["height"]),
            frozenset(prefix + row[column] for column, prefix in _LISTS.items()),
        )
        for row in csv.DictReader(text.splitlines(), delimiter="\t")
    }
