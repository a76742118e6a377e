import numpy as np
import pytest

pytest.importorskip("skia")
pytest.importorskip("verovio")

from omr.engraving.glyphs import MusicFont
from omr.engraving.verovio_svg import parse

PAGE = """<svg width="200px" height="100px" xmlns="http://www.w3.org/2000/svg"
 xmlns:xlink="http://www.w3.org/1999/xlink"><defs><g id="E0A4-x"><path transform="scale(1,-1)"
 d="M0 0v100h300v-100z"/></g></defs><svg class="definition-scale" viewBox="0 0 2000 1000">
 <g class="page-margin" transform="translate(100, 50)">{}</g></svg></svg>"""


def read(content, zoom=1.0):
    return parse(PAGE.format(content), zoom, MusicFont("Leipzig"))


def test_matrices_multiply_down_to_the_page():
    (glyph,) = read('<use xlink:href="#E0A4-x" transform="translate(200, 300) scale(0.5, 0.5)"/>')
    assert glyph.code == 0xE0A4
    assert glyph.box == pytest.approx((30, 30, 45, 35))
    assert glyph.scale == pytest.approx(50)


def test_zoom_scales_the_page():
    (glyph,) = read('<use xlink:href="#E0A4-x" transform="translate(200, 300) scale(0.5, 0.5)"/>', zoom=2)
    assert glyph.box == pytest.approx((60, 60, 90, 70))


def test_a_rotated_group_turns_what_is_in_it():
    (glyph,) = read(
        '<g class="arpeg" transform="rotate(-90 200,300)"><use xlink:href="#E0A4-x" '
        'transform="translate(200, 300)"/></g>'
    )
    assert glyph.box == pytest.approx((20, 5, 30, 35), abs=1e-3)


def test_a_half_turn_leaves_a_box_the_right_way_round():
    (glyph,) = read(
        '<g transform="rotate(180 200,300)"><use xlink:href="#E0A4-x" transform="translate(200, 300)"/></g>'
    )
    assert glyph.box == pytest.approx((0, 35, 30, 45), abs=1e-3)


def test_a_primitive_knows_its_groups():
    (line,) = read('<g id="a" class="staff"><g class="ledgerLines below cue"><path d="M0 0 L50 0" '
                   'stroke-width="20"/></g></g>')  # fmt: skip
    assert line.group.classes == {"ledgerLines", "below", "cue"}
    assert line.group.inside("staff").id == "a"
    assert line.stroke == pytest.approx(2)
    assert np.allclose(line.points, [(10, 5), (15, 5)])


def test_placeholders_are_not_drawn():
    assert read('<g class="pb placeholder"><ellipse cx="0" cy="0" rx="9" ry="9"/></g>') == []


def test_a_stroke_of_no_length_is_not_drawn():
    assert read('<path d="M5 5 L5 5" stroke-width="20"/>') == []


@pytest.mark.parametrize(("anchor", "left"), [("start", 0.0), ("middle", 0.5), ("end", 1.0)])
def test_text_is_aligned_at_its_anchor(anchor, left):
    letters = read(
        f'<g class="dir"><text x="900" y="500" text-anchor="{anchor}" font-size="0px">'
        '<tspan font-size="400px">mmmm</tspan></text></g>'
    )
    assert "".join(letter.text for letter in letters) == "mmmm"
    width = letters[-1].box.x1 - letters[0].box.x0
    assert letters[0].box.x0 == pytest.approx(100 - left * width, abs=3)


def test_music_glyphs_in_a_text_are_outlines_of_the_music_font():
    piano, dolce = read(
        '<g class="dynam"><text x="0" y="500" font-size="0px"><tspan font-size="720px">\ue520</tspan>'
        '<tspan font-size="400px">d</tspan></text></g>'
    )
    assert (piano.code, dolce.code, dolce.text) == (0xE520, 0, "d")
    assert dolce.box.x0 > piano.box.x0


def test_an_unknown_element_is_refused():
    with pytest.raises(ValueError, match="image"):
        read('<image href="x.png"/>')
