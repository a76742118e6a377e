"""Draw the mistakes on a page: missed, false and confused symbols."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from omr.evaluation.detection.matching import Pair, Verdict
from omr.evaluation.detection.size_groups import is_thin
from omr.page import Box, Page

Colour = tuple[int, int, int]
"""Red, green and blue, from 0 to 255."""

Font = ImageFont.ImageFont | ImageFont.FreeTypeFont
"""A font that Pillow loaded."""

# Colours of boxes, which colour-blind people can tell apart: M. Okabe and K. Ito, "Color Universal
# Design", 2008
RIGHT: Colour = (150, 205, 185)
"""Box of a right symbol."""

MISSED: Colour = (213, 94, 0)
"""Box of a true symbol that was not found."""

FALSE: Colour = (0, 114, 178)
"""Box of a detection without a true symbol."""

CONFUSED: Colour = (170, 50, 140)
"""Box of a detection of another class."""

PAGE_SPACES = 120
"""Staff spaces across a page whose staff space is unknown. Release 0.1.0."""

LINE_WIDTH = 1 / 8
"""Width of a box's line, in staff spaces."""

FONT_SIZE = 0.85
"""Size of names, in staff spaces."""

LEAST_FONT_SIZE = 10.0
"""Size of names in pixels, at least."""


class Mark(NamedTuple):
    """A box to draw.

    Attributes
    ----------
    box : Box
        In page pixels.
    name : str
        Written at the box.
    colour : Colour
    """

    box: Box
    name: str
    colour: Colour


def draw(
    image: NDArray[np.uint8], truth: Page, found: Page, verdict: Verdict, space: float | None
) -> Image.Image:
    """Draw a box for each symbol and a name for each mistake on a paled page.

    Parameters
    ----------
    image : array (height, width) of uint8
        Grey page.
    truth, found : Page
    verdict : Verdict
        On the two pages.
    space : float or None
        Staff space in pixels, which sets the size of names and lines; None where it is unknown.

    Returns
    -------
    Image
        The page in colour below a legend.
    """
    space = space or truth.width / PAGE_SPACES
    width = max(1, round(LINE_WIDTH * space))
    font = ImageFont.load_default(max(LEAST_FONT_SIZE, FONT_SIZE * space))
    picture = Image.fromarray((image // 2 + 127).astype(np.uint8)).convert("RGB")
    pen = ImageDraw.Draw(picture)
    for _, f in verdict.right:
        pen.rectangle(found.symbols[f].box, outline=RIGHT, width=max(1, width // 2))
    marks = [_confused(pair, truth, found) for pair in verdict.confused]
    marks += [Mark(found.symbols[f].box, found.symbols[f].name, FALSE) for f in verdict.false]
    marks += [Mark(truth.symbols[t].box, truth.symbols[t].name, MISSED) for t in verdict.missed]
    for mark in marks:
        pen.rectangle(_around(mark.box, width), outline=mark.colour, width=width)
    _write_names(picture, marks, font, width)
    return _with_legend(picture, truth, verdict, font)


def _confused(pair: Pair, truth: Page, found: Page) -> Mark:
    """Mark a confusion with both class names."""
    meant, taken = truth.symbols[pair[0]], found.symbols[pair[1]]
    return Mark(taken.box, f"{meant.name} > {taken.name}", CONFUSED)


def _write_names(picture: Image.Image, marks: Sequence[Mark], font: Font, width: int) -> None:
    """Write each name above or below its box; a name that would cover an earlier one is left out."""
    pen = ImageDraw.Draw(picture)
    written: list[Box] = []
    for mark in marks:
        if mark.colour != CONFUSED and is_thin(mark.box):
            continue  # the shape of a stem or a ledger line needs no name
        around = _around(mark.box, 2 * width)
        x = max(0.0, min(around.x0, picture.width - pen.textlength(mark.name, font)))
        for anchor, y in (("ls", around.y0), ("lt", around.y1)):
            place = Box(*pen.textbbox((x, y), mark.name, font, anchor))
            on_page = place.y0 >= 0 and place.y1 <= picture.height
            if on_page and not any(_touch(place, other) for other in written):
                pen.text(
                    (x, y), mark.name, mark.colour, font, anchor, stroke_width=width, stroke_fill="white"
                )
                written.append(place)
                break


def _touch(a: Box, b: Box) -> bool:
    """Tell whether two boxes overlap."""
    return a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1


def _around(box: Box, width: int) -> Box:
    """Enlarge a box by the width of its line, so that the line does not hide thin symbols."""
    return Box(box.x0 - width, box.y0 - width, box.x1 + width, box.y1 + width)


def _with_legend(picture: Image.Image, truth: Page, verdict: Verdict, font: Font) -> Image.Image:
    """Add a strip above the page with the meaning and the number of each colour."""
    words = (
        (f"{truth.source}, page {truth.number}: {len(truth.symbols)} symbols", (0, 0, 0)),
        (f"{len(verdict.right)} right", tuple(c * 3 // 4 for c in RIGHT)),
        (f"{len(verdict.missed)} missed", MISSED),
        (f"{len(verdict.false)} false", FALSE),
        (f"{len(verdict.confused)} confused (truth > found)", CONFUSED),
    )
    line = font.getbbox("Xg")[3]
    strip = round(1.8 * line)
    whole = Image.new("RGB", (picture.width, picture.height + strip), "white")
    whole.paste(picture, (0, strip))
    pen, x = ImageDraw.Draw(whole), float(line)
    for text, colour in words:
        pen.text((x, strip / 2), text, colour, font, "lm")
        x += font.getlength(text) + 1.5 * line
    return whole
