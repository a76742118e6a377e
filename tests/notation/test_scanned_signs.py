"""What real pages do: keys off their symbols, measures cut by repeats, systems in line."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("verovio")
pytest.importorskip("skia")

from omr.notation import pipeline
from omr.notation.layout.placement import PlacedSymbol
from omr.notation.semantics.signatures import Signatures, agreed_time, without_lost_keys
from omr.page import Box, Symbol
from omr.score import TimeSignature
from tests.builders.music import ALONE, FOUR, PIANO, as_page, bar, note, page, score


@pytest.mark.parametrize("fifths", [*range(-7, 0), *range(1, 8)])
@pytest.mark.parametrize("which", [0, -1])
@pytest.mark.parametrize("steps", [-0.6, 0.6])
def test_an_accidental_of_a_key_may_stand_off_its_place(fifths: int, which: int, steps: float) -> None:
    sign = f"{abs(fifths)}{'s' if fifths > 0 else 'f'}"
    text = score(note("c5", 1)).replace('keysig="2s"', f'keysig="{sign}"')
    plain = as_page(page(text))
    top = plain.staves[0]
    key = [s for s in plain.symbols if s.name.startswith("accidental") and s.box.y0 < top.box.y1]
    moved = sorted(key, key=lambda s: s.box.x0)[which]
    off = steps * top.space / 2
    box = Box(moved.box.x0, moved.box.y0 + off, moved.box.x1, moved.box.y1 + off)
    symbols = [s for s in plain.symbols if s is not moved] + [replace(moved, box=box)]
    assert pipeline.read([plain.with_symbols(symbols)]).parts[0].measures[0].keys == (
        (1, fifths),
        (2, fifths),
    )


def problems(*measures: str) -> list[bool]:
    (part,) = pipeline.read([as_page(page(ALONE.format(measures="".join(measures))))]).parts
    return [bool(m.problem) for m in part.measures]


def test_a_short_measure_is_marked_where_nothing_completes_it() -> None:
    quarter, three = note("c5", 4), note("c5", 2, dots="1")
    long = three + note("c5", 8, dots="1")
    assert problems(bar(long), bar(FOUR)) == [True, False]
    assert problems(bar(FOUR), bar(three), bar(FOUR), bar(FOUR)) == [False, True, False, False]
    assert problems(bar(quarter), bar(FOUR), bar(three)) == [False, False, False]  # a pickup and the end
    assert (
        problems(bar(FOUR), bar(three, "rptend"), bar(quarter), bar(FOUR)) == [False] * 4
    )  # a repeat cuts it


def test_systems_whose_opening_lines_end_between_them_stay_apart() -> None:
    """Voice and piano, the barlines of two systems in line and the gap between them no larger than within."""
    staves = "".join(f'<staff n="{n}"><layer n="1">{FOUR}</layer></staff>' for n in (1, 2, 3))
    head, tail = PIANO.split("<staffGrp")[0], PIANO.split("</staffGrp>")[1]
    voice = '<staffGrp><staffDef n="1" lines="5" clef.shape="G" clef.line="2"/>'
    voice += '<staffGrp symbol="brace" bar.thru="true">'
    piano = "".join(f'<staffDef n="{n}" lines="5" clef.shape="G" clef.line="2"/>' for n in (2, 3))
    text = f"{head}{voice}{piano}</staffGrp></staffGrp>{tail}".format(
        measures=f"<measure>{staves}</measure>" * 3
    )
    one = as_page(page(text))
    three = one.staves[:3]
    down = three[2].box.y1 + 4 * three[0].space - three[0].box.y0

    def lower(symbol: Symbol) -> Symbol:
        x0, y0, x1, y1 = symbol.box
        return replace(symbol, box=Box(x0, y0 + down, x1, y1 + down))

    two = replace(
        one,
        height=one.height + round(down),
        staves=(*three, *(replace(s, ys=s.ys + down) for s in three)),
        symbols=(*one.symbols, *map(lower, one.symbols)),
    )
    music = pipeline.read([two])
    assert [part.staves for part in music.parts] == [1, 2]
    assert [len(part.measures) for part in music.parts] == [6, 6]


def test_of_two_metres_on_as_many_staves_the_surer_is_believed() -> None:
    three, eight = TimeSignature(3, 4), TimeSignature(8, 4)
    assert (
        agreed_time(
            [Signatures(time=eight, time_score=0.98), Signatures(time=three, time_score=0.99), Signatures()]
        )
        == three
    )
    assert (
        agreed_time(
            [
                Signatures(time=eight, time_score=0.5),
                Signatures(time=three, time_score=0.99),
                Signatures(time=eight),
            ]
        )
        == eight
    )
    assert agreed_time([Signatures()]) is None


NATURAL = PlacedSymbol(0, "accidentalNatural", Box(0, 0, 5, 15), 0.9, 0, 0.0)


def test_a_key_that_one_staff_shows_no_more_goes_on_where_others_repeat_theirs() -> None:
    lost, repeated, cancelled = (
        Signatures((), 0),
        Signatures((), 1),
        Signatures((), 0, key_accidentals=frozenset([NATURAL])),
    )
    assert [s.key for s in without_lost_keys([lost, repeated], [1, 1])] == [None, 1]
    assert [s.key for s in without_lost_keys([lost, repeated], [2, 1])] == [None, 1]  # transposing
    assert [s.key for s in without_lost_keys([cancelled, repeated], [1, 1])] == [0, 1]
    assert [s.key for s in without_lost_keys([lost, lost], [1, 1])] == [0, 0]
    assert [s.key for s in without_lost_keys([lost, repeated], [None, 1])] == [0, 1]
