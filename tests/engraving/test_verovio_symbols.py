from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("skia")
pytest.importorskip("verovio")

from omr.engraving.check import WrongBoxError, check_edges, check_page, complaints
from omr.engraving.labels import UnknownMusicError
from omr.engraving.layout import Layout
from omr.engraving.random_music import random_mei
from omr.engraving.verovio_symbols import label
from omr.page import Box
from tests.builders.music import FONTS, count, note, page, score


def named(engraved, name):
    return [symbol for symbol in engraved.symbols if symbol.name == name]


def test_staves_lines_and_barlines_are_joined_over_measures_and_staves():
    engraved = page(score(note("b4", 1), note("b4", 1), note("b4", 1)))
    names = count(engraved)
    assert (names["staff"], names["staffLine"], names["brace"]) == (2, 10, 1)
    assert names["barline"] == 4  # at the start of the system and after each measure, through both staves
    top, bottom = named(engraved, "staff")
    for barline in named(engraved, "barline"):
        assert barline.box.y0 == pytest.approx(top.box.y0, abs=1.5)
        assert barline.box.y1 == pytest.approx(bottom.box.y1, abs=1.5)
    assert bottom.box.height == pytest.approx(0.7 * top.box.height, rel=0.05)


def test_noteheads_are_on_lines_or_in_spaces_and_small_by_their_own_staff():
    names = count(
        page(score(note("b4", 4) + note("a4", 2) + note("c6", 8, grace="acc") + note("d5", 4, accid="f")))
    )
    assert names["noteheadBlackOnLine"] == 2
    assert names["noteheadHalfInSpace"] == 1
    assert names["noteheadBlackOnLineSmall"] == 1
    assert names["flag8thUpSmall"] == names["graceNoteAppoggiaturaStemUp"] == 1
    assert names["legerLine"] == 2
    assert (names["keySharp"], names["accidentalFlat"], names["accidentalFlatSmall"]) == (4, 1, 0)
    assert names["restWhole"] == 1  # of the smaller staff


def test_the_stroke_of_an_acciaccatura_is_a_symbol():
    names = count(page(score(note("c5", 8, grace="unacc") + note("d5", 1))))
    assert names["graceNoteAcciaccaturaStemUp"] == 1
    assert names["graceNoteAppoggiaturaStemUp"] == 0
    assert names["stem"] == 1


def test_a_beam_is_one_symbol_a_stroke():
    notes = note("c5", 16) + note("d5", 16) + note("e5", 16) + note("f5", 8) + note("g5", 16)
    engraved = page(score(f"<beam>{notes}</beam>" + note("c5", 2)))
    beams = sorted(named(engraved, "beam"), key=lambda beam: -beam.box.width)
    assert len(beams) == 3  # the long one, the three sixteenths', the stub of the last
    assert len(beams[1].primitives) == 2


def test_hairpins_are_told_apart_by_where_they_open():
    hairpins = "".join(
        f'<hairpin staff="1" form="{form}" tstamp="{start}" tstamp2="0m+{start + 2}"/>'
        for form, start in (("cres", 1), ("dim", 3))
    )
    first, second = sorted(
        (s for s in page(score(note("c5", 2) * 2 + f"|{hairpins}")).symbols if "Hairpin" in s.name),
        key=lambda s: s.box.x0,
    )
    assert (first.name, second.name) == ("dynamicCrescendoHairpin", "dynamicDiminuendoHairpin")


def test_words_are_drawn_but_no_symbols():
    marks = '<dir staff="1" tstamp="1">dolce</dir><dynam staff="1" tstamp="2">pp sempre</dynam>'
    engraved = page(score(note("c5", 1) + f"|{marks}"))
    assert count(engraved)["dynamicP"] == 2
    letters = [i for i, p in enumerate(engraved.primitives) if p.text]
    assert len(letters) >= len("dolcesempre")
    assert not set(letters) & {i for s in engraved.symbols for i in s.primitives}


def test_octave_signs_of_clefs_and_lines():
    clef = '<clef shape="G" line="2" dis="8" dis.place="below"/>'
    octave = '<octave staff="1" tstamp="1" tstamp2="0m+4" dis="8" dis.place="above"/>'
    names = count(page(score(note("c5", 2) + clef + note("c5", 2) + f"|{octave}")))
    assert (names["clefG"], names["clef8"], names["ottavaBracket"]) == (2, 1, 1)


def test_an_unknown_glyph_fails_the_page():
    engraved = page(score(note("b4", 1)))
    strange = [replace(p, code=0xE0B1) if p.code == 0xE0A2 else p for p in engraved.primitives]
    with pytest.raises(UnknownMusicError, match="E0B1"):
        label(strange, engraved.space)


@pytest.mark.parametrize("font", FONTS)
def test_boxes_lie_on_their_ink(font):

    rng = np.random.default_rng(FONTS.index(font))
    drawn = Layout.random(rng)
    engraved = page(random_mei(rng), font, Layout(1500, 2000, 14.0, drawn.settings))
    assert len(engraved.symbols) > 100
    assert list(complaints(engraved)) == []


def test_a_notehead_may_cross_to_the_other_staff():
    crossing = '<note pname="d" oct="3" dur="1" staff="2"/>'  # the middle line of the lower staff
    names = count(page(score(crossing)))
    assert names["noteheadWholeOnLine"] == 1


def test_a_symbol_beyond_the_edge_is_found():
    engraved = page(score(note("b4", 1)))
    check_edges(engraved)
    with pytest.raises(WrongBoxError, match="edge"):
        check_edges(replace(engraved, width=300))


def test_a_box_beside_its_ink_is_found():
    engraved = page(score(note("b4", 1)))
    check_page(engraved)
    moved = [
        replace(symbol, box=Box(*(edge + 1.6 for edge in symbol.box))) if symbol.name == "clefG" else symbol
        for symbol in engraved.symbols
    ]
    with pytest.raises(WrongBoxError, match="clefG"):
        check_page(replace(engraved, symbols=moved))
