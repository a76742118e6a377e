"""A tiny piece for the tests of engraving, and engraving it."""

from __future__ import annotations

from collections import Counter

from omr.engraving.engraved_page import EngravedPage
from omr.engraving.glyphs import MusicFont
from omr.engraving.layout import Layout
from omr.engraving.verovio import engrave

FONTS = ("Leipzig", "Bravura", "Leland", "Petaluma", "Gootville")

_SCORE = """<mei xmlns="http://www.music-encoding.org/ns/mei" meiversion="5.0"><music><body><mdiv><score>
<scoreDef meter.count="4" meter.unit="4" keysig="2s"><staffGrp symbol="brace" bar.thru="true">
<staffDef n="1" lines="5" clef.shape="G" clef.line="2"/>
<staffDef n="2" lines="5" clef.shape="F" clef.line="4" scale="70%"/></staffGrp></scoreDef>
<section>{measures}</section></score></mdiv></body></music></mei>"""


def score(*measures: str) -> str:
    """MEI of a piano piece; a measure is what the right hand's layer holds, a '|', what the measure holds."""
    written = []
    for number, measure in enumerate(measures, start=1):
        layer, _, marks = measure.partition("|")
        written.append(
            f'<measure n="{number}"><staff n="1"><layer n="1">{layer}</layer></staff>'
            f'<staff n="2"><layer n="1"><mRest/></layer></staff>{marks}</measure>'
        )
    return _SCORE.format(measures="".join(written))


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
