from __future__ import annotations

import io
import re

import pytest

pytest.importorskip("verovio")
pytest.importorskip("skia")
pytest.importorskip("fontTools")

import verovio
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen

from omr.engraving.fonts import MORE_FONTS, Font, convert, fonts
from omr.engraving.glyphs import MusicFont
from omr.engraving.outlines import bounds

NOTE = """<mei xmlns="http://www.music-encoding.org/ns/mei"><music><body><mdiv><score>
<scoreDef><staffGrp><staffDef n="1" lines="5"><clef shape="G" line="2"/></staffDef></staffGrp></scoreDef>
<section><measure><staff n="1"><layer n="1"><note pname="f" oct="4" dur="4"/></layer></staff>
</measure></section></score></mdiv></body></mei>"""


@pytest.fixture(scope="module")
def square(tmp_path_factory):
    """A font whose only glyph is a black notehead: a rectangle of 300 by 250 units."""
    pen = T2CharStringPen(400, None)
    pen.moveTo((50, -125))
    for point in ((350, -125), (350, 125), (50, 125)):
        pen.lineTo(point)
    pen.closePath()
    empty = T2CharStringPen(500, None).getCharString()
    font = FontBuilder(1000, isTTF=False)
    font.setupGlyphOrder([".notdef", "head"])
    font.setupCharacterMap({0xE0A4: "head"})
    font.setupCFF("Square", {}, {".notdef": empty, "head": pen.getCharString()}, {})
    font.setupHorizontalMetrics({".notdef": (500, 0), "head": (400, 50)})
    font.setupHorizontalHeader()
    font.setupNameTable({"familyName": "Square"})
    font.setupPost()
    data = io.BytesIO()
    font.save(data)
    path = tmp_path_factory.mktemp("fonts") / "Square.zip"
    path.write_bytes(convert("Square", data.getvalue(), {}, "free"))
    return Font("Square", path)


def test_the_font_of_the_test_is_used_nowhere_else(tmp_path):
    assert [font.name for font in fonts("test")] == ["Leland"]
    for split in ("train", "val"):
        assert [font.name for font in fonts(split, tmp_path)] == [
            "Leipzig",
            "Bravura",
            "Petaluma",
            "Gootville",
        ]


def test_fetched_fonts_are_found(tmp_path):
    for name in MORE_FONTS:
        (tmp_path / f"{name}.zip").touch()
    assert {font.name for font in fonts("train", tmp_path)} >= MORE_FONTS.keys()
    assert len(fonts("train", tmp_path)) == 8


def test_a_converted_glyph_keeps_its_outline(square):
    outline, advance = MusicFont(square.name, square.archive)(0xE0A4)
    assert tuple(bounds(outline)) == pytest.approx((50, -125, 350, 125))
    assert advance == 400


def test_verovio_engraves_in_a_converted_font(square):
    toolkit = verovio.toolkit()
    toolkit.setOptions({"fontAddCustom": [str(square.archive)]})
    toolkit.setOptions({"font": square.name})
    assert toolkit.loadData(NOTE)
    head = re.search(r'<g id="E0A4[^>]*>.*?</g>', toolkit.renderToSVG(1), re.DOTALL)
    assert head
    numbers = [float(n) for n in re.findall(r"-?\d+", head.group().split(' d="')[1])]
    assert {50.0, 350.0, -125.0, 125.0} == set(numbers)
