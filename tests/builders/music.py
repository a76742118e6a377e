"""MEI of small pieces, their engraved pages, and what a detector without fault finds on them."""

from __future__ import annotations

from collections import Counter

import numpy as np

from omr.engraving.engraved_page import EngravedPage
from omr.engraving.glyphs import MusicFont
from omr.engraving.layout import Layout
from omr.engraving.verovio import engrave
from omr.page import Page, Staff, Symbol
from omr.vocabulary.translation import to_core_page

FONTS = ("Leipzig", "Bravura", "Leland", "Petaluma", "Gootville")

PIANO = """<mei xmlns="http://www.music-encoding.org/ns/mei" meiversion="5.0"><music><body><mdiv><score>
<scoreDef meter.count="4" meter.unit="4" keysig="2s"><staffGrp symbol="brace" bar.thru="true">
<staffDef n="1" lines="5" clef.shape="G" clef.line="2"/>
<staffDef n="2" lines="5" clef.shape="F" clef.line="4" scale="70%"/></staffGrp></scoreDef>
<section>{measures}</section></score></mdiv></body></music></mei>"""


ALONE = PIANO[: PIANO.index("<staffGrp")] + (
    '<staffGrp><staffDef n="1" lines="5" clef.shape="G" clef.line="2"/></staffGrp></scoreDef>'
    "<section>{measures}</section></score></mdiv></body></music></mei>"
)
"""MEI of a piece for one instrument, to be filled with `bar`s."""


def score(*measures: str) -> str:
    """MEI of a piano piece; a measure is what the right hand's layer holds, a '|', what the measure holds."""
    written = []
    for number, measure in enumerate(measures, start=1):
        layer, _, marks = measure.partition("|")
        written.append(
            f'<measure n="{number}"><staff n="1"><layer n="1">{layer}</layer></staff>'
            f'<staff n="2"><layer n="1"><mRest/></layer></staff>{marks}</measure>'
        )
    return PIANO.format(measures="".join(written))


def note(pitch: str, duration: int, **attributes: str) -> str:
    """One MEI note, ``note("c5", 4)``."""
    extra = "".join(f' {name.replace("_", ".")}="{value}"' for name, value in attributes.items())
    return f'<note pname="{pitch[0]}" oct="{pitch[1]}" dur="{duration}"{extra}/>'


def page(text: str, font: str = "Leipzig", layout: Layout | None = None) -> EngravedPage:
    """The first page of a score."""
    return next(engrave(text, MusicFont(font), layout or Layout(1200, 800, 16.0)))


def count(engraved: EngravedPage) -> Counter[str]:
    """How often each class occurs."""
    return Counter(symbol.name for symbol in engraved.symbols)


def bar(layer: str, right: str = "") -> str:
    """One measure of `ALONE`; `right` is its barline."""
    return f'<measure right="{right}"><staff n="1"><layer n="1">{layer}</layer></staff></measure>'


def as_page(engraved: EngravedPage) -> Page:
    """The page as a detector without fault would see it."""
    lines = [symbol for symbol in engraved.symbols if symbol.name == "staffLine"]
    staves = []
    for number in sorted({line.staff for line in lines}):
        boxes = sorted((s.box for s in lines if s.staff == number), key=lambda box: box.y0)
        xs = np.array([boxes[0].x0, boxes[0].x1])
        staves.append(Staff(xs, np.array([[box.centre[1]] * 2 for box in boxes])))
    symbols = tuple(Symbol(s.name, s.box) for s in engraved.symbols)
    return to_core_page(Page(engraved.width, engraved.height, symbols, tuple(staves)), "deepscores")


FOUR = "".join(note(p, 4) for p in ("c5", "d5", "e5", "f5"))
"""Four quarter notes, a measure of `score` or `bar`."""
