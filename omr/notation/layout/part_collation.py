"""Which player each staff of each system belongs to, where systems hide the staves of those who rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from omr.notation.layout.systems import System
from omr.notation.linking.linked_page import LinkedPage


@dataclass(frozen=True)
class PartCollation:
    """The parts of a piece and who plays which staff.

    Attributes
    ----------
    sizes : tuple of int
        Staves of each part.
    lines : dict of (page, system) to tuple of int
        For each staff of a system, its number among all staves of the piece.
    """

    sizes: tuple[int, ...]
    lines: dict[tuple[int, int], tuple[int, ...]]

    def part_of(self, line: int) -> tuple[int, int]:
        """The part that a staff of the piece belongs to, and its number there, from 1."""
        for part, size in enumerate(self.sizes):
            if line < size:
                return part, line + 1
            line -= size
        raise IndexError(line)


def collate_parts(readings: Sequence[LinkedPage]) -> PartCollation:
    """Take the fullest system as the list of parts, and match the others to it by braces and clefs."""
    systems = [(p, s, system) for p, r in enumerate(readings) for s, system in enumerate(r.systems)]
    if not systems:
        return PartCollation((), {})
    page, _, full = max(systems, key=lambda item: len(item[2].staves))
    wanted = _looks(readings[page], full)
    lines = {(p, s): _match(_looks(readings[p], system), wanted) for p, s, system in systems}
    return PartCollation(tuple(map(len, full.parts)), lines)


@dataclass(frozen=True)
class Look:
    """What a staff is known by: its first clef, its number in its part and that part's size, any bracket."""

    clef: str
    number: int
    size: int
    bracketed: bool

    def unlike(self, other: Look) -> float:
        """How much tells against two staves being the same."""
        return (
            float(self.clef != other.clef)
            + 2 * ((self.number, self.size) != (other.number, other.size))
            + 0.5 * (self.bracketed != other.bracketed)
        )


def _looks(reading: LinkedPage, system: System) -> tuple[Look, ...]:
    layout = reading.layout
    clefs = layout.named("clefG", "clefF", "clefC", "clefPercussion")
    brackets = layout.named("bracket")
    looks = []
    for part in system.parts:
        for number, staff in enumerate(part):
            first = next((c.name for c in clefs if c.staff == staff), "")
            y = sum(layout.edges(staff, system.x0)) / 2
            bracketed = any(b.box.y0 < y < b.box.y1 for b in brackets)
            looks.append(Look(first, number, len(part), bracketed))
    return tuple(looks)


def _match(looks: tuple[Look, ...], wanted: tuple[Look, ...]) -> tuple[int, ...]:
    """Put the staves of a system, in order, on those of the piece they look most like."""
    if len(looks) == len(wanted):
        return tuple(range(len(wanted)))

    @cache
    def cheapest(i: int, j: int) -> tuple[float, tuple[int, ...]]:
        """Staves from `i` on, matched to those from `j` on."""
        if i == len(looks):
            return 0.0, ()
        if len(wanted) - j < len(looks) - i:
            return 1e9, ()
        cost, rest = cheapest(i + 1, j + 1)
        here = cost + looks[i].unlike(wanted[j]), (j, *rest)
        return min(here, cheapest(i, j + 1), key=lambda found: found[0])

    return cheapest(0, 0)[1]
