"""The whole way through LilyPond; needs the package `lilypond`."""

import pickle
from collections import Counter

import numpy as np
import pytest

pytest.importorskip("skia")
pytest.importorskip("lilypond")

from omr.engraving.check import complaints
from omr.engraving.engravers import engraver
from omr.engraving.layout import Layout
from omr.engraving.lilypond import program
from omr.engraving.lilypond.fonts import find_fonts
from omr.engraving.lilypond.lilypond import engrave
from omr.engraving.lilypond.musicxml import Score
from omr.engraving.lilypond.paper import Paper
from omr.errors import InputError
from tests.builders.musicxml import HEAD, note, score

pytestmark = pytest.mark.slow
"""Every test here runs LilyPond."""


PAPER = Paper(Layout(1000, 600, 14.0))


def test_a_score_comes_out_with_every_box_on_its_ink():
    pieces = HEAD.replace("<sign>G</sign><line>2</line>", "<sign>C</sign><line>4</line>")
    fermata = note("D", "<fermata/><articulations><staccato/></articulations>")
    end = (
        '<barline location="right"><bar-style>light-heavy</bar-style><repeat direction="backward"/></barline>'
    )
    (page,) = engrave(score(pieces + note("C"), fermata + end), find_fonts(None)[0], PAPER)
    assert Counter(symbol.name for symbol in page.symbols) == {
        "staff": 1, "staffLine": 5, "clefCTenor": 1, "keySharp": 2, "timeSig4": 2, "accidentalNatural": 1,
        "noteheadWholeOnLine": 1, "noteheadWholeInSpace": 1, "fermataAbove": 1, "articStaccatoAbove": 1,
        "barline": 2, "barlineHeavy": 1, "repeatDot": 2,
    }  # fmt: skip
    assert not list(complaints(page))
    assert page.draw().min() == 0


def test_a_score_that_takes_too_long_is_an_error(monkeypatch):
    monkeypatch.setattr(program, "_ENGRAVING", 0.01)
    with pytest.raises(program.LilyPondError, match="took longer"):
        list(engrave(score(HEAD + note("C")), find_fonts(None)[0], PAPER))


def test_a_score_that_lilypond_refuses_is_an_error_that_says_why():
    with pytest.raises(program.LilyPondError, match="syntax error"):
        program.compile_pages(
            Score(score(HEAD + note("C"))).excerpt(0, 1), "\\paper { ( }", find_fonts(None)[0].folder
        )


def test_the_same_seed_draws_the_same_style():
    lilypond = engraver("lilypond")
    font = lilypond.fonts[0]
    papers = [Paper.random(np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert papers[0].preamble(font) == papers[1].preamble(font) != papers[2].preamble(font)
    assert pickle.loads(pickle.dumps(lilypond)) == lilypond


def test_fonts_are_found_by_their_files(tmp_path):
    with pytest.raises(InputError, match=r"gonville-20\.otf"):
        find_fonts(tmp_path)
    (tmp_path / "some" / "otf").mkdir(parents=True)
    (tmp_path / "some" / "otf" / "gonville-20.otf").touch()
    assert [font.name for font in find_fonts(tmp_path)] == ["emmentaler", "gonville"]


def test_fonts_for_verovio_are_refused(tmp_path):
    with pytest.raises(InputError, match="make fonts"):
        engraver("verovio", tmp_path)
