"""Build measures by hand: chords and rests with their sounds, and drafts that hold them."""

from __future__ import annotations

from typing import Literal

from omr.notation.layout.measures import MeasureRegion
from omr.notation.layout.placement import PlacedSymbol
from omr.notation.linking.chords import Chord
from omr.notation.linking.tuplets import TupletSign
from omr.notation.semantics.measure_draft import MeasureDraft, TupletGroup
from omr.notation.semantics.sounds import SILENCE, Sound, Timing, TupletRatio
from omr.page import Box
from omr.score import Barline

Pair = tuple[Chord, Sound]


def placed(name: str, x: float = 0.0, y: float = 0.0, staff: int = 0) -> PlacedSymbol:
    """A symbol of 10 x 10 pixels around a point."""
    return PlacedSymbol(0, name, Box(x - 5, y - 5, x + 5, y + 5), 0.9, staff, 0.0)


def note(
    x: float,
    value: str = "eighth",
    *,
    staff: int = 1,
    direction: Literal["up", "down", ""] = "",
    beam: int | None = None,
    tuplet: int | None = None,
    head: str = "noteheadBlack",
    marks: tuple[str, ...] = (),
) -> Pair:
    """A note of one head on a staff of the first part, counted from 1."""
    chord = Chord(
        int(x), (placed(head, x, staff=staff - 1),), staff - 1, x, direction=direction,
        marks=tuple(placed(name, x) for name in marks),
    )  # fmt: skip
    return chord, Sound(x, 0, staff, value, direction=direction, beam=beam, tuplet=tuplet)


def rest(x: float, value: str = "eighth", *, staff: int = 1, tuplet: int | None = None) -> Pair:
    """A rest on a staff of the first part, counted from 1."""
    chord = Chord(int(x), (), staff - 1, x, rest=placed(f"rest{value}", x, staff=staff - 1))
    return chord, Sound(x, 0, staff, value, tuplet=tuplet, rest=True)


def tuplet(number: int, pairs: list[Pair], *ratios: TupletRatio, signed: bool = True) -> TupletGroup:
    """A tuplet of some notes and rests."""
    sign = TupletSign(number, 0.0, 0.0, None, ()) if signed else None
    return TupletGroup(tuple(chord for chord, _ in pairs), ratios, sign)


def draft(
    pairs: list[Pair],
    *tuplets: TupletGroup,
    graces: tuple[Chord, ...] = (),
    filling: tuple[Chord, ...] = (),
    timing: Timing = SILENCE,
) -> MeasureDraft:
    """A measure on a page with two staves, of one part."""
    region = MeasureRegion(0.0, 100.0, Barline(), Barline())
    return MeasureDraft(
        0, 0, region, (0, 1), (0, 1), sounds=tuple(pairs), tuplets=tuplets, graces=graces, filling=filling,
        timing=timing,
    )  # fmt: skip
