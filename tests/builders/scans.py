"""Engraved pages as scans in a folder, and a detector without fault for them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PIL import Image

from omr.images import PageImage
from omr.page import Page
from omr.serve.pieces import keep_read
from tests.builders.music import FOUR, as_page, page, score


def piano_page() -> Page:
    """Two measures of four quarter notes over a silent left hand, with the picture."""
    engraved = page(score(FOUR, FOUR))
    return replace(as_page(engraved), image=engraved.draw(), source="piano.png")


def write_scan(folder: Path, read: Page, *, with_symbols: bool = True) -> Path:
    """Write a page's picture into a folder and, unless it is to be read first, its symbols."""
    path = folder / read.source
    assert read.image is not None
    Image.fromarray(read.image).save(path)
    if with_symbols:
        keep_read(path, [replace(read, image=None)])
    return path


def found_on(image: PageImage) -> Page:
    """What a detector without fault finds on `piano_page`."""
    return replace(piano_page(), source=image.source, number=image.number, image=image.grey)
