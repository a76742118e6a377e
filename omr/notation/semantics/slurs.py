"""Slurs of a whole piece: the halves of a slur that a system break cuts joined, and a number for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from omr.notation.layout.placement import PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.score import Spanner


@dataclass(frozen=True)
class Arc:
    """A slur from one chord to another, whether or not a system break cuts it."""

    left: Chord
    right: Chord
    above: bool


def find_slurs(readings: Sequence[LinkedPage]) -> Iterator[Arc]:
    """The chords that each slur joins; the two halves of one that a system break cuts are put together."""
    waiting: dict[int, list[tuple[Chord, bool, PlacedSymbol]]] = defaultdict(list)
    for reading in readings:
        layout, space = reading.layout, reading.layout.space
        row = SymbolsByX(chord.symbols[0] for chord in reading.chords)
        owner = {id(chord.symbols[0]): chord for chord in reading.chords if chord.heads}
        for system in reading.systems:
            opening: dict[int, list[tuple[Chord, bool, PlacedSymbol]]] = defaultdict(list)
            going_on: dict[int, list[tuple[Chord, bool, PlacedSymbol]]] = defaultdict(list)
            for curve in layout.by_name.get("slur", ()):
                if curve.staff not in system.staves:
                    continue
                ends = []
                for x in (curve.box.x0, curve.box.x1):
                    near = row.between(x - 2 * space, x + 2 * space)
                    chords = [owner[id(p)] for p in near if id(p) in owner]
                    ends.append(
                        min(
                            ((_end_cost(curve, x, c, space), n, c) for n, c in enumerate(chords)),
                            default=None,
                        )
                    )
                left, right = (end[2] if end and end[0] < 4 else None for end in ends)
                some = left or right
                if some is None:
                    continue
                above = curve.y < sum(some.box_y) / 2
                line = system.staves.index(some.staff) if some.staff in system.staves else 0
                if left and right and left is not right:
                    yield Arc(left, right, above)
                elif left and curve.box.x1 > system.x1 - 3 * space:
                    going_on[line].append((left, above, curve))
                elif right and curve.box.x0 < system.x0 + 20 * space:
                    opening[line].append((right, above, curve))
            for line, rights in opening.items():
                for (left, above, _), (right, _, _) in zip(waiting[line], rights, strict=False):
                    yield Arc(left, right, above)
            waiting = going_on


def _end_cost(curve: PlacedSymbol, x: float, chord: Chord, space: float) -> float:
    """How far the end of a curve at `x` is from a chord: from its heads or the tip of its stem."""
    ys = [head.y for head in (chord.heads[0], chord.heads[-1])]
    aside = abs(chord.x - x)
    if chord.stem:
        ys.append(chord.tip)
        aside = min(aside, abs(chord.stem.x - x))
    away = min(abs(y - edge) for y in ys for edge in (curve.box.y0, curve.box.y1))
    return (aside + 0.7 * max(0.0, away - space)) / space


def number_spans(spans: Sequence[tuple[tuple[float, ...], tuple[float, ...]]]) -> list[int]:
    """Numbers from 1 for spans given by their start and end, such that those which overlap differ."""
    order = sorted(range(len(spans)), key=lambda i: spans[i])
    numbers = [0] * len(spans)
    busy: dict[int, tuple[float, ...]] = {}
    for i in order:
        start, end = spans[i]
        number = next(n for n in range(1, len(spans) + 2) if n not in busy or busy[n] < start)
        numbers[i], busy[number] = number, end
    return numbers


def slur_ends(
    arcs: Sequence[Arc], when: dict[int, tuple[float, ...]], part_of: dict[int, int]
) -> dict[int, list[Spanner]]:
    """The ends of slurs at each chord, by the chord's id.

    Parameters
    ----------
    arcs : sequence of Arc
    when : dict of int to tuple of float
        Measure and onset of each chord, by id; slurs between others are dropped.
    part_of : dict of int to int
        The part of each chord, by id.
    """
    found: dict[int, list[Spanner]] = defaultdict(list)
    kept = [a for a in arcs if id(a.left) in when and id(a.right) in when]
    kept = [
        a
        for a in kept
        if when[id(a.left)] < when[id(a.right)] and part_of[id(a.left)] == part_of[id(a.right)]
    ]
    for part in sorted({part_of[id(arc.left)] for arc in kept}):
        mine = [arc for arc in kept if part_of[id(arc.left)] == part]
        numbers = number_spans([(when[id(arc.left)], when[id(arc.right)]) for arc in mine])
        for arc, number in zip(mine, numbers, strict=True):
            if number <= 16:  # MusicXML has no more
                side = "above" if arc.above else "below"
                found[id(arc.left)].append(Spanner("start", number, side))
                found[id(arc.right)].append(Spanner("stop", number))
    return found
