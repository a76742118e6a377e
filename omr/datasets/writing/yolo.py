"""Datasets written as YOLO text."""

from __future__ import annotations

import json

from omr.datasets.writing.job import Job, write_text
from omr.page import Page, Symbol


def write_yolo(job: Job) -> None:
    """Write ``labels/<split>``, ``images/<split>`` and ``data.yaml``.

    Parameters
    ----------
    job : Job
    """
    number = {name: i for i, name in enumerate(job.categories)}
    for split, part in job.parts.items():
        for i, stem in enumerate(job.stems(part)):
            job.write_image(part, i, job.folder / "images" / split / f"{stem}.png")
            page = job.page(part, i)
            lines = (f"{number[symbol.name]} {_yolo_box(symbol, page)}\n" for symbol in page.symbols)
            write_text(job.folder / "labels" / split / f"{stem}.txt", "".join(lines))
    splits = "".join(f"{split}: images/{split}\n" for split in job.parts)
    names = "".join(f"  {i}: {json.dumps(name)}\n" for name, i in number.items())
    write_text(job.folder / "data.yaml", f"path: .\n{splits}names:\n{names}")


def _yolo_box(symbol: Symbol, page: Page) -> str:
    """Write centre, width and height of a box as fractions of the page."""
    (x, y), box = symbol.box.centre, symbol.box
    fractions = (x / page.width, y / page.height, box.width / page.width, box.height / page.height)
    return " ".join(f"{fraction:.8f}" for fraction in fractions)
