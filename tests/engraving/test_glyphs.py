import pytest

pytest.importorskip("skia")
pytest.importorskip("verovio")

from omr.engraving.glyphs import ACCIDENTALS, FLAGS, NOTEHEADS, OCTAVE_CLEFS, PLAIN, MusicFont
from omr.engraving.names import DEEPSCORES, NOT_DRAWN, NUMBERS
from omr.engraving.outlines import bounds, placed
from omr.vocabulary import CORE, to_core
from tests.builders.music import FONTS


def test_names_and_numbers_are_those_of_deepscores_and_the_core():
    assert len(DEEPSCORES) == len(set(DEEPSCORES)) == 136
    assert max(NUMBERS.values()) < 256
    without_core = {"staff", "staffLine", "graceNoteAppoggiaturaStemUp", "graceNoteAppoggiaturaStemDown"}
    assert {to_core(name, "deepscores") for name in set(NUMBERS) - without_core} == set(CORE) - NOT_DRAWN


def test_every_glyph_name_has_a_number():
    assert {*PLAIN.values(), *FLAGS.values()} <= set(NUMBERS)
    assert {f"key{kind}" for kind in ACCIDENTALS.values()} <= set(NUMBERS)
    assert {f"notehead{kind}OnLineSmall" for kind in NOTEHEADS.values()} <= set(NUMBERS)


@pytest.mark.parametrize("name", FONTS)
def test_an_octave_clef_is_a_clef_and_a_number(name):
    font = MusicFont(name)
    for code, (plain, number_class) in OCTAVE_CLEFS.items():
        whole = bounds(font(code)[0])
        (clef_code, clef), (number_code, number) = font.split(code, font(code)[0])
        box = bounds(number)
        assert (clef_code, number_code) == (plain, code)
        assert 150 < box.height < 420
        assert 0.3 < box.width / box.height < (0.9 if number_class == "clef8" else 1.6)
        assert min(box.y0, bounds(clef).y0) == pytest.approx(whole.y0, abs=8)
        assert max(box.y1, bounds(clef).y1) == pytest.approx(whole.y1, abs=8)


def test_a_borrowed_octave_clef_is_taken_apart_by_the_clef_of_the_font_it_is_from():
    class WithoutOctaves(MusicFont):
        def has(self, code):
            return code not in OCTAVE_CLEFS and super().has(code)

    font, leipzig = WithoutOctaves("Petaluma"), MusicFont("Leipzig")
    for code in OCTAVE_CLEFS:
        (_, clef), (_, number) = font.split(code, font(code)[0])
        assert [bounds(clef), bounds(number)] == [bounds(p) for _, p in leipzig.split(code, leipzig(code)[0])]


def test_a_clef_that_is_drawn_a_little_differently_with_its_number_leaves_none_of_itself():
    import skia

    class Uneven(MusicFont):
        def __call__(self, code):
            path, advance = super().__call__(code)
            if code in {plain for plain, _ in OCTAVE_CLEFS.values()}:
                path = placed(path, skia.Matrix.Translate(12, 9))
            return path, advance

    even, uneven = MusicFont("Bravura"), Uneven("Bravura")
    for code in OCTAVE_CLEFS:
        numbers = [bounds(font.split(code, font(code)[0])[1][1]) for font in (even, uneven)]
        assert numbers[1] == pytest.approx(numbers[0], abs=15)


def test_a_font_without_a_glyph_borrows_it():
    gootville = MusicFont("Gootville")
    assert not gootville.has(0xE220)
    assert bounds(gootville(0xE220)[0]) == bounds(MusicFont("Leipzig")(0xE220)[0])
    with pytest.raises(ValueError, match="E8FF"):
        gootville(0xE8FF)


def test_fingering_digits_stand_on_the_baseline():
    box = bounds(MusicFont("Bravura")(0xED13)[0])
    assert box.y1 == pytest.approx(0, abs=30)
    assert 500 < box.height < 760
