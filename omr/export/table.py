"""Pages as a table of comma-separated values: a row for each symbol."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from omr.page import Page

COLUMNS = ("source", "page", "name", "score", "x0", "y0", "x1", "y1")


def write(pages: Sequence[Page], path: Path) -> None:
    """Write all pages to one table; boxes are in pixels of each page's image."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for page in pages:
            for symbol in page.symbols:
                box = [round(v, 2) for v in symbol.box]
                rows.writerow([page.source, page.number, symbol.name, round(symbol.score, 4), *box])
