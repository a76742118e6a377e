"""A page with its mistakes drawn on it: what was missed, what is false, what is taken for something else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from omr.evaluation.detection.groups import is_thin
from omr.evaluation.detection.matching import Pair, Verdict
from omr.page import Box, Page

Colour = tuple[int, int, int]
Font = ImageFont.ImageFont | ImageFont.FreeTypeFont

RIGHT: Colour = (150, 205, 185)
MISSED: Colour = (213, 94, 0)
FALSE: Colour = (0, 114, 178)
CONFUSED: Colour = (170, 50, 140)
"""After M. Okabe and K. Ito, "Color Universal Design", 2008: told apart by colour-blind people too."""


class Mark(NamedTuple):
    """A mistake on the page."""

    box: Box
    name: str
    colour: Colour


def draw(
    image: NDArray[np.uint8], truth: Page, found: Page, verdict: Verdict, space: float | None
) -> Image.Image:
    """The page, paled, with a box for each symbol and a name for each mistake.

    Parameters
    ----------
    image : array (height, width) of uint8
    truth, found : Page
    verdict : Verdict
        On the two.
    space : float or None
        Staff space in pixels, which sets the size of the writing.
    """
    space = space or truth.width / 120
    width, font = max(1, round(space / 8)), ImageFont.load_default(max(10.0, 0.85 * space))
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
    meant, taken = truth.symbols[pair[0]], found.symbols[pair[1]]
    return Mark(taken.box, f"{meant.name} > {taken.name}", CONFUSED)


def _write_names(picture: Image.Image, marks: Sequence[Mark], font: Font, width: int) -> None:
    """Name the marks above or below them, the first ones first; what would cover a name is left out."""
    pen = ImageDraw.Draw(picture)
    written: list[Box] = []
    for mark in marks:
        if mark.colour != CONFUSED and is_thin(mark.box):
            continue  # the box of a stem or a ledger line says what it is
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
    return a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1


def _around(box: Box, width: int) -> Box:
    """The box drawn so that the line lies outside of it and thin symbols stay visible."""
    return Box(box.x0 - width, box.y0 - width, box.x1 + width, box.y1 + width)


def _with_legend(picture: Image.Image, truth: Page, verdict: Verdict, font: Font) -> Image.Image:
    """A strip above the page that says what the colours mean and how often each occurs."""
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
