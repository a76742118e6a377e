"""Slurs of a whole piece: the halves of a slur that a system break cuts joined, and a number for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.linking.slurs import Slur
from omr.score import Spanner


@dataclass(frozen=True)
class Arc:
    """A slur from one chord to another, whether or not a system break cuts it."""

    left: Chord
    right: Chord
    above: bool


def join_slurs(pages: Sequence[LinkedPage]) -> Iterator[Arc]:
    """Join the two halves of each slur that a system break cuts.

    Parameters
    ----------
    pages : sequence of LinkedPage
        In the order of the piece.

    Yields
    ------
    Arc
        Every slur of the piece with chords at both ends.
    """
    waiting: dict[int, list[Slur]] = defaultdict(list)
    for page in pages:
        for system in page.systems:
            opening: dict[int, list[Slur]] = defaultdict(list)
            going_on: dict[int, list[Slur]] = defaultdict(list)
            for slur in page.slurs:
                if slur.curve.staff not in system.staves:
                    continue
                chord = slur.chords[0]
                line = system.staves.index(chord.staff) if chord.staff in system.staves else 0
                if slur.left and slur.right:
                    yield Arc(slur.left, slur.right, slur.above)
                elif slur.cut == "end":
                    going_on[line].append(slur)
                elif slur.cut == "start":
                    opening[line].append(slur)
            for line, halves in opening.items():
                for first, second in zip(waiting[line], halves, strict=False):
                    if first.left and second.right:
                        yield Arc(first.left, second.right, first.above)
            waiting = going_on


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
