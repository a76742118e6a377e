"""Music engraved and read back from its true symbols is the same music."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

pytest.importorskip("verovio")
pytest.importorskip("skia")

from omr.engraving.truth import true_measures
from omr.evaluation.music.comparison import Sounding, compare, notes_by_measure
from omr.notation import pipeline
from omr.page import Page, Staff, Symbol
from omr.score import Event, Measure, Pitch, Score, Spanner, Tuplet
from tests.builders.music import FOUR, as_page, note, page, score


def read(*measures: str) -> Score:
    return pipeline.read([as_page(page(score(*measures)))])


def right_hand(music: Score, number: int = 1) -> list[Event]:
    return sorted(music.parts[0].measures[number - 1].events(staff=1), key=lambda e: (e.onset, e.duration))


def measure(music: Score, number: int = 1) -> Measure:
    return music.parts[0].measures[number - 1]


EIGHTHS = "<beam>" + "".join(note("g4", 8) for _ in range(4)) + "</beam>"
TRIPLET = '<tuplet num="3" numbase="2"><beam>' + "".join(note("a4", 8) for _ in range(3)) + "</beam></tuplet>"
CASES = [
    FOUR,
    EIGHTHS * 2,
    TRIPLET * 4,
    note("b4", 2, dots="1") + note("b4", 4),
    note("c4", 8, grace="unacc") + FOUR,
    note("c4", 1),
    "<mRest/>",
    f'{note("c5", 4)}<rest dur="4"/><rest dur="2"/>',
    f'<chord dur="2">{note("c5", 2)}{note("d5", 2)}{note("a5", 2)}</chord>{note("b3", 2)}',
    f"<beam>{note('c5', 8, dots='1')}{note('c5', 16)}</beam>" * 4,
    f"<beam>{note('c5', 16)}{note('d5', 8)}{note('e5', 16)}</beam>" * 4,
]


@pytest.mark.parametrize("text", CASES)
@pytest.mark.parametrize("times", [1, 3])
def test_notes_come_back(text: str, times: int) -> None:
    engraved = page(score(*[text] * times))
    truth = true_measures(engraved.mei)
    notes = [
        Counter(Sounding(n.staff, n.onset, n.duration, Pitch(n.step, n.octave, n.alter)) for n in those)
        for those in truth.values()
    ]
    music = pipeline.read([as_page(engraved)])
    agreement = compare(notes_by_measure(music), notes)
    assert agreement.measures.right == agreement.measures.true == agreement.measures.found == times
    assert all(m.problem == "" and m.length == 4 for m in music.parts[0].measures)


def test_a_brace_is_one_part_of_two_staves() -> None:
    music = read(FOUR)
    assert [part.staves for part in music.parts] == [2]
    first = measure(music)
    assert first.keys == ((1, 2), (2, 2)) and first.time is not None and first.time.length == 4
    assert {c.staff: c.clef.sign for c in first.clefs} == {1: "G", 2: "F"}


def test_accidentals_hold_through_the_measure_and_ties_beyond() -> None:
    """The key has F and C sharp."""
    sharp = '<note pname="g" oct="4" dur="4" accid="s"/>'
    music = read(
        sharp + note("g4", 4) + note("g5", 4) + '<note xml:id="a" pname="g" oct="4" dur="4"/>',
        '<note xml:id="b" pname="g" oct="4" dur="4"/>' + note("g4", 4) + note("f4", 2),
    )
    assert [e.notes[0].pitch.alter for e in right_hand(music)] == [1, 1, 0, 1]
    tied = read(
        note("c5", 2) + '<note xml:id="a" pname="g" oct="4" dur="2" accid="s"/>|'
        '<tie startid="#a" endid="#b"/>',
        '<note xml:id="b" pname="g" oct="4" dur="2"/>' + note("g4", 2),
    )
    assert [e.notes[0].pitch.alter for e in right_hand(tied, 2)] == [1, 0]
    assert right_hand(tied)[1].notes[0].ties == ("start",) and right_hand(tied, 2)[0].notes[0].ties == (
        "stop",
    )


def test_tuplets_beams_and_stems_are_kept() -> None:
    events = right_hand(read(TRIPLET + EIGHTHS + note("c5", 4)))
    assert [e.tuplet for e in events[:4]] == [Tuplet(3, 2)] * 3 + [None]
    assert [e.tuplet_ends for e in events[:3]] == [("start",), (), ("stop",)]
    assert [e.beams for e in events[3:7]] == [("begin",), ("continue",), ("continue",), ("end",)]
    assert [e.stem for e in events[3:]] == ["up"] * 4 + ["down"]


def test_two_voices_are_told_apart() -> None:
    upper = note("e5", 2) + note("d5", 2)
    lower = "".join(note(p, 4) for p in ("c4", "d4", "e4", "c4"))
    text = score("@").replace(
        '<layer n="1">@</layer>', f'<layer n="1">{upper}</layer><layer n="2">{lower}</layer>'
    )
    first = pipeline.read([as_page(page(text))]).parts[0].measures[0]
    voices = [[e.duration for e in voice.events] for voice in first.voices if voice.events[0].staff == 1]
    assert sorted(voices) == [[1, 1, 1, 1], [2, 2]]


def test_marks_slurs_and_directions() -> None:
    notes = "".join(
        f'<note xml:id="n{i}" pname="c" oct="5" dur="4" {extra}/>'
        for i, extra in enumerate(['artic="stacc"', 'artic="acc"', "", ""])
    )
    music = read(
        notes + '|<slur startid="#n0" endid="#n3"/><fermata startid="#n3" staff="1"/>'
        '<dynam startid="#n0" staff="1">mf</dynam>'
        '<hairpin startid="#n1" endid="#n3" form="cres" staff="1"/>',
        FOUR,
    )
    events = right_hand(music)
    assert [e.marks for e in events] == [("staccato",), ("accent",), (), ("fermata",)]
    assert [s.end for s in events[0].slurs] == ["start"] and [s.end for s in events[3].slurs] == ["stop"]
    assert all(isinstance(s, Spanner) and s.number == 1 for e in events for s in e.slurs)
    assert {(m.kind, m.text, m.end, m.onset) for m in measure(music).marks} == {
        ("dynamics", "mf", "", 0),
        ("crescendo", "", "start", 1),
        ("crescendo", "", "stop", 3),
    }


def test_repeats() -> None:
    text = score(FOUR, FOUR).replace('<measure n="1">', '<measure n="1" right="rptend">')
    music = pipeline.read([as_page(page(text))])
    assert measure(music).right.repeat == "backward" and measure(music, 2).right.repeat == ""


def test_several_pages_make_one_score() -> None:
    first = as_page(page(score(FOUR)))
    music = pipeline.read([first, first])
    assert len(music.parts) == 1 and [m.new_page for m in music.parts[0].measures] == [False, True]
    assert [m.number for m in music.parts[0].measures] == [1, 2]
    assert music.parts[0].measures[1].keys == () and music.parts[0].measures[1].clefs == ()


def test_skewed_pages_read_alike() -> None:
    """The same page, turned by a degree: boxes grow, staves fall."""
    straight = as_page(page(score(FOUR, EIGHTHS * 2)))
    slope = 0.0175

    def turned(symbol: Symbol) -> Symbol:
        x, y = symbol.box.centre
        width = symbol.box.width + slope * symbol.box.height
        height = symbol.box.height + slope * min(symbol.box.width, 0)
        cx, cy = x - slope * y, y + slope * x
        box = (cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2)
        return Symbol(symbol.name, type(symbol.box)(*box))

    staves = tuple(Staff(s.xs - slope * s.ys.mean(), s.ys + slope * s.xs) for s in straight.staves)
    skewed = Page(straight.width, straight.height, tuple(map(turned, straight.symbols)), staves)
    assert notes_by_measure(pipeline.read([skewed])) == notes_by_measure(pipeline.read([straight]))


def test_a_note_in_the_air_is_no_music() -> None:
    """Such as the one in a metronome mark."""
    clean = as_page(page(score(FOUR)))
    space, top = clean.staves[0].space, float(clean.staves[0].ys[0, 0])
    head = next(s for s in clean.symbols if s.name == "noteheadBlack")
    box = type(head.box)(head.box.x0, top - 3 * space, head.box.x1, top - 2 * space)
    odd = clean.with_symbols([*clean.symbols, Symbol("noteheadBlack", box, 0.9)])
    assert notes_by_measure(pipeline.read([odd])) == notes_by_measure(pipeline.read([clean]))


def test_what_is_missing_costs_one_measure_only() -> None:
    """Without one beam the others read on, and the measure is repaired or marked."""
    clean = as_page(page(score(EIGHTHS * 2, FOUR, EIGHTHS * 2)))
    beam = next(s for s in clean.symbols if s.name == "beam")
    music = pipeline.read([clean.only(lambda s: s is not beam)])
    agreement = compare(notes_by_measure(music), notes_by_measure(pipeline.read([clean])))
    assert agreement.pitch.f1 == 1 and agreement.measures.right >= 2


def sextuplets(numbered: bool) -> str:
    """Four, each opened by a rest."""
    notes = "".join(note(p, 16) for p in ("c5", "e5", "g5", "e5", "c5"))
    shown = "" if numbered else 'num.visible="false" bracket.visible="false"'
    return f'<tuplet num="6" numbase="4" {shown}><rest dur="16"/><beam>{notes}</beam></tuplet>' * 4


def test_tuplets_whose_number_is_left_out_are_like_those_before() -> None:
    music = read(sextuplets(True), sextuplets(False))
    assert [measure(music, n).problem for n in (1, 2)] == ["", ""]
    for number in (1, 2):
        sounding = [e for e in right_hand(music, number) if e.duration < 1]
        assert {e.duration for e in sounding} == {Fraction(1, 6)} and len(sounding) == 24
        assert {e.tuplet for e in sounding} == {Tuplet(6, 4)}
    assert any(e.tuplet_ends for e in right_hand(music, 1))
    assert not any(e.tuplet_ends for e in right_hand(music, 2))  # as printed: no number


def test_what_adds_up_is_no_tuplet_for_having_been_one_before() -> None:
    plain = "<beam>" + "".join(note("c5", 16) for _ in range(6)) + "</beam>"
    music = read(sextuplets(True), f'{plain}{plain}<rest dur="4"/>')
    assert {e.duration for e in right_hand(music, 2)} == {Fraction(1, 4), Fraction(1)}


def test_a_short_first_measure_is_a_pickup() -> None:
    music = read(note("c5", 4), FOUR, FOUR)
    assert [m.number for m in music.parts[0].measures] == [0, 1, 2] and measure(music).pickup
    assert not any(m.problem for m in music.parts[0].measures)
    assert [m.number for m in read(FOUR, FOUR).parts[0].measures] == [1, 2]
