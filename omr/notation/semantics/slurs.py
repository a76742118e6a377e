"""Slurs of a whole piece: the halves of a slur that a system break cuts are joined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.linking.slurs import Slur


@dataclass(frozen=True)
class Arc:
    """A slur from one chord to another, whether or not a system break cuts it.

    Attributes
    ----------
    left, right : Chord
    above : bool
        Whether it stands above its chords.
    """

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
