"""Slurs of a whole piece: the halves of a slur that a system break cuts are joined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from omr.notation.layout.placement import PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage


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
