"""A page with what was found drawn on it, for people to look at."""

from __future__ import annotations

import colorsys
import io
import re
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from omr.formats import PageFormat
from omr.page import Page, Symbol
from omr.vocabulary import CORE, Names
from omr.vocabulary.translation import in_names

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]

UNLABELLED = frozenset({"stem", "ledgerLine", "legerLine", "staff", "beam", "barline"})
"""Classes whose box says enough; their labels would cover everything else."""

SHORT = {
    "notehead": "",
    "accidental": "",
    "augmentationDot": "dot",
    "articulation": "",
    "artic": "",
    "timeSig": "",
    "dynamicCrescendoHairpin": "cresc",
    "dynamicDiminuendoHairpin": "dim",
    "dynamicLetter": "",
    "dynamic": "",
    "fingering": "f",
    "numeral": "",
    "keyboardPedal": "ped",
    "ornament": "",
    "strings": "",
    "tuplet": "t",
    "graceNoteAcciaccatura": "slash",
}
"""Starts of names that are left out of or shortened in a label."""


def to_png(pages: Sequence[Page], names: Names | None = None) -> bytes:
    """Draw one page as the content of a PNG file.

    Parameters
    ----------
    pages : sequence of one Page
    names : {"core", "deepscores", "muscima"}, optional
        Vocabulary of the labels; by default the page's own.

    Returns
    -------
    bytes
    """
    from PIL.PngImagePlugin import PngInfo

    (page,) = pages
    content = io.BytesIO()
    about = PngInfo()
    about.add_text("Software", "omr")
    draw(in_names(page, names)).save(content, format="PNG", compress_level=3, pnginfo=about)
    return content.getvalue()


def draw(page: Page) -> Image.Image:
    """Draw a page, paled, with the boxes and labels of its symbols and the lines of its staves.

    Parameters
    ----------
    page : Page
        On white where it has no image.

    Returns
    -------
    PIL.Image.Image
        RGB, of the page's size.
    """
    from PIL import Image, ImageDraw, ImageFont

    grey = page.image if page.image is not None else np.full((page.height, page.width), 255, np.uint8)
    picture = Image.fromarray((grey // 2 + 127).astype(np.uint8)).convert("RGB")
    pen = ImageDraw.Draw(picture)
    level = page.staves if page.view is None else page.view.staves
    space = float(np.median([s.space for s in level])) if level else page.width / 120
    for staff in page.staves:
        for line in staff.ys:
            pen.line(list(zip(staff.xs.tolist(), line.tolist(), strict=True)), fill=(150, 190, 230))
    width = max(1, round(space / 12))
    for symbol in page.symbols:
        pen.rectangle(symbol.box, outline=colour(symbol.name), width=width)
    font = ImageFont.load_default(max(9.0, 0.75 * space))
    for symbol in page.symbols:
        _label(pen, symbol, font)
    return picture


def _label(
    pen: ImageDraw.ImageDraw, symbol: Symbol, font: ImageFont.ImageFont | ImageFont.FreeTypeFont
) -> None:
    if symbol.name not in UNLABELLED:
        place = (max(0.0, symbol.box.x0), max(0.0, symbol.box.y0 - 1))
        anchor = "ls" if symbol.box.y0 > 20 else "lt"
        pen.text(
            place, label(symbol.name), colour(symbol.name), font, anchor, stroke_width=2, stroke_fill="white"
        )


def label(name: str) -> str:
    """Shorten a class name to a few letters.

    Parameters
    ----------
    name : str
        In any vocabulary.

    Returns
    -------
    str
        Never empty.
    """
    start = next((s for s in SHORT if name.startswith(s)), "")
    rest = name.removeprefix(start)
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+[a-z]*", rest)
    return SHORT.get(start, "") + "".join(word[:5] for word in words[:3]) or name[:6]


def colour(name: str) -> Colour:
    """Choose the colour of a class: always the same, dark, unlike those of its neighbours in the vocabulary.

    Parameters
    ----------
    name : str
        In any vocabulary.

    Returns
    -------
    tuple of int
        Red, green, blue from 0 to 255.
    """
    number = CORE.index(name) if name in CORE else zlib.crc32(name.encode())
    hue = number * 0.618034 % 1  # the golden ratio keeps hues apart
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.95, (0.85, 0.65, 0.75)[number % 3])
    return round(255 * red), round(255 * green), round(255 * blue)


FORMAT = PageFormat(
    "overlay",
    ".png",
    "the page with a coloured box and a label for each symbol",
    to_png,
    many=False,
    mark=b"Software\0omr",
)
