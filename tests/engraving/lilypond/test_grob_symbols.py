"""Tagged SVG to labelled symbols, with a font of rectangles so that every box is known."""

from collections import Counter

import pytest

pytest.importorskip("skia")
pytest.importorskip("lxml")
pytest.importorskip("fontTools")

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen

from omr.engraving.labels import UnknownMusicError
from omr.engraving.lilypond.fonts import LilyPondFont
from omr.engraving.lilypond.grob_symbols import label
from omr.engraving.lilypond.svg import parse

SPACE = 10.0
GLYPHS = {  # x0, y0, x1, y1 in thousandths of an em, y upwards
    "noteheads.s2": (0, -125, 330, 125),
    "noteheads.s0diamond": (0, -125, 330, 125),
    "flags.u3": (0, -800, 200, 0),
    "dots.dot": (0, -50, 100, 50),
    "accidentals.flat": (0, -150, 200, 450),
    "accidentals.leftparen": (0, -150, 100, 450),
    "scripts.staccato": (-50, -50, 50, 50),
    "clefs.C": (0, -500, 600, 500),
    "p": (0, -100, 300, 200),
    "eight": (0, 0, 200, 500),
}


@pytest.fixture(scope="module")
def font(tmp_path_factory):
    """A music font whose glyphs are rectangles; "eight" has a mark of no area above it, as some fonts do."""
    folder = tmp_path_factory.mktemp("font")
    charstrings = {".notdef": T2CharStringPen(0, None).getCharString()}
    for name, (x0, y0, x1, y1) in GLYPHS.items():
        pen = T2CharStringPen(x1, None)
        contours = [[(x0, y0), (x1, y0), (x1, y1), (x0, y1)]]
        if name == "eight":
            contours.append([(90, 900), (110, 900), (100, 900)])
        for first, *others in contours:
            pen.moveTo(first)
            for point in others:
                pen.lineTo(point)
            pen.closePath()
        charstrings[name] = pen.getCharString()
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(list(charstrings))
    builder.setupCharacterMap({})
    builder.setupCFF("Boxes", {}, charstrings, {})
    builder.setupHorizontalMetrics(dict.fromkeys(charstrings, (300, 0)))
    builder.setupHorizontalHeader()
    builder.setupPost()
    builder.save(folder / "boxes-20.otf")
    return LilyPondFont("boxes", folder)


def glyph(name, x, y, size=4.0, file="boxes-20"):
    return f'<g transform="translate({x}, {y})"><use href="{file}#{name}" width="{size}" x="0" y="0"/></g>'


def rect(x, y, width, height):
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" ry="0.0" fill="currentColor"/>'


def grob(name, *content, **attributes):
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<g class="{name}"{written}>{"".join(content)}</g>'


def staff(top, number):
    """Five lines from x = 1 to 41, a staff space apart, drawn as LilyPond draws them."""
    line = (
        '<line stroke-linecap="round" stroke-width="0.1" stroke="currentColor" x1="0" y1="0" x2="40" y2="0"/>'
    )
    return grob(
        "StaffSymbol", *(f'<g transform="translate(1, {top + n})">{line}</g>' for n in range(5)), id=number
    )


def labelled(font, *grobs):
    page = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 60">{"".join(grobs)}</svg>'
    return label(parse(page, SPACE, font), SPACE)


def named(font, *grobs):
    """Names without those of the staff itself."""
    return [s.name for s in labelled(font, *grobs) if not s.name.startswith("staff")]


def test_a_note_on_a_staff_has_exact_boxes(font):
    symbols = labelled(
        font,
        staff(5, 1),
        grob("NoteHead", glyph("noteheads.s2", 8, 7), id=2, staff=1, stem=3, position=0),
        grob("Stem", rect(9.2, 3.5, 0.12, 3.5), id=3, staff=1),
        grob("Flag", glyph("flags.u3", 9.32, 3.5), id=4, staff=1, stem=3),
    )
    boxes = {s.name: s.box for s in symbols}
    assert boxes["noteheadBlackOnLine"] == pytest.approx((80, 65, 93.2, 75), abs=0.01)
    assert boxes["stem"] == pytest.approx((92, 35, 93.2, 70), abs=0.01)
    assert boxes["flag8thUp"] == pytest.approx((93.2, 35, 101.2, 67), abs=0.01)
    assert boxes["staff"] == pytest.approx(
        (9.5, 49.5, 410.5, 90.5), abs=0.01
    )  # the pen's round ends belong to it
    assert Counter(s.name for s in symbols)["staffLine"] == 5
    assert {s.staff for s in symbols} == {0}


@pytest.mark.parametrize(
    ("position", "size", "name"),
    [
        (0, 4.0, "noteheadBlackOnLine"),
        (-3, 4.0, "noteheadBlackInSpace"),
        (6, 2.8, "noteheadBlackOnLineSmall"),
        (7, 2.8, "noteheadBlackInSpaceSmall"),
    ],
)
def test_a_notehead_is_named_by_its_position_and_size(font, position, size, name):
    head = grob(
        "NoteHead", glyph("noteheads.s2", 8, 7 - position / 2, size), id=2, staff=1, position=position
    )
    assert named(font, staff(5, 1), head) == [name]


def test_a_small_flagged_note_is_boxed_whole_as_well(font):
    symbols = labelled(
        font,
        staff(5, 1),
        grob("NoteHead", glyph("noteheads.s2", 8, 7, 2.8), id=2, staff=1, stem=3, position=0),
        grob("Stem", rect(8.8, 4, 0.1, 3), id=3, staff=1),
        grob("Flag", glyph("flags.u3", 8.9, 4, 2.8), id=4, staff=1, stem=3),
    )
    boxes = {s.name: s.box for s in symbols}
    whole = boxes["graceNoteAppoggiaturaStemUp"]
    for part in ("noteheadBlackOnLineSmall", "stem", "flag8thUpSmall"):
        assert whole.x0 <= boxes[part].x0 and boxes[part].x1 <= whole.x1
        assert whole.y0 <= boxes[part].y0 and boxes[part].y1 <= whole.y1


def test_a_repeat_is_taken_apart_and_joined_across_staves(font):
    def sign(top, number):
        thin, thick = rect(20, top, 0.2, 4), rect(20.5, top, 0.6, 4)
        dots = glyph("dots.dot", 19, top + 1.5), glyph("dots.dot", 19, top + 2.5)
        return grob("BarLine", thin, thick, *dots, id=number, staff=number - 10)

    gap = grob("SpanBar", rect(20, 9, 0.2, 6), rect(20.5, 9, 0.6, 6), id=20)
    symbols = [
        s for s in labelled(font, staff(5, 1), staff(15, 2), sign(5, 11), sign(15, 12), gap)
        if not s.name.startswith("staff")
    ]  # fmt: skip
    assert Counter(s.name for s in symbols) == {"barline": 1, "barlineHeavy": 1, "repeatDot": 4}
    thin = next(s.box for s in symbols if s.name == "barline")
    assert thin == pytest.approx((200, 50, 202, 190), abs=0.01)


def test_on_a_small_staff_thin_barlines_are_as_thick_as_they_come_and_thin_all_the_same(font):
    symbols = labelled(
        font, staff(5, 1), *(grob("BarLine", rect(x, 5, w, 4), id=x) for x, w in ((20, 0.3), (30, 0.5)))
    )
    assert [s.name for s in symbols if s.name.startswith("bar")] == ["barline", "barlineHeavy"]


def test_dashes_and_dots_are_one_dashed_barline(font):
    dashes = (
        '<g transform="translate(20, 9)"><line stroke-width="0.2" stroke="currentColor" '
        'x1="0" y1="0" x2="0" y2="-4" stroke-dasharray="0.4,0.6"/></g>'
    )
    dots = [glyph("dots.dot", 30, 5.5 + n) for n in range(4)]
    names = named(font, staff(5, 1), grob("BarLine", dashes, staff=1), grob("BarLine", *dots, staff=1))
    assert names == ["barlineDashed", "barlineDashed"]


def test_context_that_only_the_grob_knows(font):
    clef, flat = glyph("clefs.C", 2, 6), glyph("accidentals.flat", 4, 6)
    assert named(font, staff(5, 1), grob("Clef", clef, staff=1, position=2)) == ["clefCTenor"]
    assert named(font, staff(5, 1), grob("Clef", clef, staff=1, position=0)) == ["clefCAlto"]
    assert named(font, staff(5, 1), grob("KeySignature", flat, staff=1)) == ["keyFlat"]
    cautionary = grob("AccidentalCautionary", glyph("accidentals.leftparen", 3, 6), flat, staff=1)
    assert named(font, staff(5, 1), cautionary) == ["accidentalFlat"]
    dot = glyph("scripts.staccato", 4, 3)
    assert named(font, staff(5, 1), grob("Script", dot, staff=1, direction=1)) == ["articStaccatoAbove"]
    assert named(font, staff(5, 1), grob("Script", dot, staff=1, direction=-1)) == ["articStaccatoBelow"]
    lines = '<line stroke-width="0.1" stroke="currentColor" x1="2" y1="12" x2="9" y2="11"/>'
    assert named(font, staff(5, 1), grob("Hairpin", lines, growth=-1)) == ["dynamicDiminuendoHairpin"]


def test_digits_are_named_by_what_they_count(font):
    eight = glyph("eight", 4, 7)
    for name, expected in (
        ("TimeSignature", ["timeSig8"]),
        ("TupletNumber", ["tuplet8"]),
        ("ClefModifier", ["clef8"]),
        ("MultiMeasureRestNumber", ["restHNr"]),
        ("BarNumber", []),
        ("Fingering", []),
    ):
        assert named(font, staff(5, 1), grob(name, eight, staff=1)) == expected


def test_a_mark_of_no_area_is_no_ink(font):
    digit = next(
        s for s in labelled(font, staff(5, 1), grob("TimeSignature", glyph("eight", 4, 7), staff=1))
        if s.name == "timeSig8"
    )  # fmt: skip
    assert digit.box == pytest.approx((40, 50, 48, 70), abs=0.01)


def test_letters_of_words_are_no_dynamics(font, tmp_path):
    words = tmp_path / "Words-Roman.otf"
    words.write_bytes((font.folder / "boxes-20.otf").read_bytes())
    text = grob("TextScript", glyph("p", 4, 3), glyph("p", 6, 3, file=words))
    assert named(font, staff(5, 1), text) == ["dynamicP"]
    assert named(font, staff(5, 1), grob("DynamicText", glyph("p", 4, 3))) == ["dynamicP"]


def test_strokes_of_a_tremolo_are_counted(font):
    def stroke(y):
        points = f"4 {y + 0.4} 5.4 {y} 5.4 {y + 0.4} 4 {y + 0.8}"
        return f'<polygon stroke-width="0.1" fill="currentColor" stroke="currentColor" points="{points}"/>'

    assert named(font, staff(5, 1), grob("StemTremolo", stroke(6), stroke(7), staff=1)) == ["tremolo2"]
    with pytest.raises(UnknownMusicError, match="tremolo6"):
        named(font, staff(5, 1), grob("StemTremolo", *map(stroke, range(6)), staff=1))


def test_what_has_no_name_is_refused(font):
    with pytest.raises(UnknownMusicError, match="s0diamond"):
        named(font, staff(5, 1), grob("NoteHead", glyph("noteheads.s0diamond", 8, 7), staff=1, position=0))
    with pytest.raises(UnknownMusicError, match="staff isn't drawn"):
        named(font, staff(5, 1), grob("NoteHead", glyph("noteheads.s2", 8, 7), staff=2, position=0))
    with pytest.raises(UnknownMusicError, match="ClusterSpanner"):
        named(font, staff(5, 1), grob("ClusterSpanner", rect(3, 4, 2, 2), staff=1))
    with pytest.raises(ValueError, match=r"clefs\.G"):
        named(font, staff(5, 1), grob("Clef", glyph("clefs.G", 2, 8), staff=1))
