"""Pitches of one staff of one measure, from what holds to what holds after it."""

from __future__ import annotations

from omr.notation.layout.placement import PlacedSymbol
from omr.notation.semantics.pitch import PrintedHead, StaffState, read_pitches
from omr.notation.semantics.signatures import Signatures
from omr.page import Box
from omr.score import Clef, Pitch


def symbol(x: float, position: float, name: str = "noteheadBlack") -> PlacedSymbol:
    return PlacedSymbol(0, name, Box(x, 0, x + 10, 10), 0.9, 0, position)


def read(
    heads: list[PrintedHead], signatures: Signatures, state: StaffState
) -> tuple[list[Pitch], StaffState]:
    found, after = read_pitches(heads, signatures, state)
    return [found[head.symbol].pitch for head in heads], after


def test_read_pitches_leaves_the_state_before_as_it_is() -> None:
    before = StaffState(key=1)
    sharp = PrintedHead(symbol(100, 2), 100, symbol(90, 2, "accidentalSharp"))
    pitches, after = read([sharp], Signatures(), before)
    assert pitches == [Pitch("D", 5, 1)] and before == StaffState(key=1)
    assert after.key == 1 and dict(after.alterations) == {5 * 7 + 1: 1}


def test_read_pitches_follows_clefs_and_keys() -> None:
    heads = [PrintedHead(symbol(x, 0), x) for x in (100.0, 300.0)]
    pitches, after = read(heads, Signatures(((200.0, Clef("F", 4)),), 1), StaffState())
    assert pitches == [Pitch("F", 5, 1), Pitch("A", 3)] and after.clef == Clef("F", 4) and after.key == 1


def test_tied_head_from_another_system_sounds_as_the_step_did_last() -> None:
    tied = PrintedHead(symbol(100, 1), 100, tied=True)
    assert read([tied], Signatures(), StaffState(alterations={5 * 7 + 2: -1}))[0] == [Pitch("E", 5, -1)]


def test_octave_line_shifts_a_head() -> None:
    assert read([PrintedHead(symbol(100, 0), 100, octaves=1)], Signatures(), StaffState())[0] == [
        Pitch("F", 6)
    ]
