"""Pages as a table of comma-separated values: a row for each symbol."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from omr.formats import PageFormat
from omr.page import PIXEL_DIGITS, SCORE_DIGITS, Page
from omr.vocabulary import Names
from omr.vocabulary.translation import in_names

COLUMNS = ("source", "page", "name", "score", "x0", "y0", "x1", "y1")
"""The table's first row."""


def to_csv(pages: Sequence[Page], names: Names | None = None) -> str:
    """Write all pages as one table.

    Parameters
    ----------
    pages : sequence of Page
    names : {"core", "deepscores", "muscima"}, optional
        Vocabulary of the symbols' names; by default each page's own.

    Returns
    -------
    str
        With the boxes in pixels of each page's image.
    """
    table = io.StringIO(newline="")
    rows = csv.writer(table)
    rows.writerow(COLUMNS)
    for page in pages:
        for symbol in in_names(page, names).symbols:
            box = [round(v, PIXEL_DIGITS) for v in symbol.box]
            rows.writerow([page.source, page.number, symbol.name, round(symbol.score, SCORE_DIGITS), *box])
    return table.getvalue()


FORMAT = PageFormat(
    "csv", ".csv", "a table with a row for each symbol", to_csv, mark=",".join(COLUMNS).encode()
)
