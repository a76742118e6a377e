"""Collate parts: find which staff of the piece each staff of a system is, though systems hide resting parts.

The system with most staves lists the parts of the piece. The staves of every other system are matched to that
list, in order, by an optimal alignment in the manner of S. Needleman and C. Wunsch ("A general method
applicable to the search for similarities in the amino acid sequence of two proteins", 1970): any staff of the
list may be skipped, every staff of the system is matched, and the sum of the costs is as small as possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from omr.notation.layout.placement import PageLayout
from omr.notation.layout.systems import System
from omr.notation.limits import LayoutLimits


@dataclass(frozen=True)
class PartCollation:
    """The parts of a piece, and which of their staves each system shows.

    Attributes
    ----------
    sizes : tuple of int
        Number of staves of each part.
    staves : dict of (int, int) to tuple of int
        By page and system of the page, both from 0: for each staff of that system, its number among all
        staves of the piece, from 0.
    """

    sizes: tuple[int, ...]
    staves: dict[tuple[int, int], tuple[int, ...]]

    def part_of(self, staff: int) -> tuple[int, int]:
        """Find the part that a staff of the piece belongs to.

        Parameters
        ----------
        staff : int
            Its number among all staves of the piece, from 0.

        Returns
        -------
        part : int
            From 0.
        number : int
            Number of the staff in that part, from 1.

        Raises
        ------
        IndexError
            If the piece has fewer staves.

        Examples
        --------
        >>> PartCollation((1, 2), {}).part_of(2)
        (1, 2)
        """
        number = staff
        for part, size in enumerate(self.sizes):
            if number < size:
                return part, number + 1
            number -= size
        raise IndexError(staff)


@dataclass(frozen=True)
class StaffTraits:
    """What a staff is recognised by from one system to another.

    Attributes
    ----------
    clef : str
        Class name of its first clef; empty if it has none.
    number : int
        Its place in its part, from 0.
    size : int
        Number of staves of that part.
    bracketed : bool
        Whether a bracket stands beside it.
    """

    clef: str
    number: int
    size: int
    bracketed: bool

    def cost(self, other: StaffTraits, *, limits: LayoutLimits = LayoutLimits()) -> float:
        """Sum up what tells against two staves being the same.

        Parameters
        ----------
        other : StaffTraits
        limits : LayoutLimits, optional

        Returns
        -------
        float
            0 for staves that look alike.
        """
        return (
            limits.clef_cost * (self.clef != other.clef)
            + limits.place_in_part_cost * ((self.number, self.size) != (other.number, other.size))
            + limits.bracket_cost * (self.bracketed != other.bracketed)
        )


def collate_parts(
    pages: Sequence[tuple[PageLayout, Sequence[System]]], *, limits: LayoutLimits = LayoutLimits()
) -> PartCollation:
    """Collate the parts of a piece.

    Parameters
    ----------
    pages : sequence of (PageLayout, sequence of System)
        Each page of the piece with its systems, in order.
    limits : LayoutLimits, optional

    Returns
    -------
    PartCollation
        Without parts where there is no system.
    """
    systems = {
        (page, number): (layout, system)
        for page, (layout, found) in enumerate(pages)
        for number, system in enumerate(found)
    }
    if not systems:
        return PartCollation((), {})
    layout, fullest = max(systems.values(), key=lambda item: len(item[1].staves))
    wanted = find_traits(layout, fullest)
    staves = {
        key: align(find_traits(layout, system), wanted, limits=limits)
        for key, (layout, system) in systems.items()
    }
    return PartCollation(tuple(map(len, fullest.parts)), staves)


def find_traits(layout: PageLayout, system: System) -> tuple[StaffTraits, ...]:
    """Find what the staves of a system are recognised by.

    Parameters
    ----------
    layout : PageLayout
    system : System

    Returns
    -------
    tuple of StaffTraits
        From top to bottom.
    """
    clefs = layout.named("clefG", "clefF", "clefC", "clefPercussion")
    brackets = layout.named("bracket")
    traits = []
    for part in system.parts:
        for number, staff in enumerate(part):
            clef = next((clef.name for clef in clefs if clef.staff == staff), "")
            y = sum(layout.edges(staff, system.x0)) / 2
            bracketed = any(bracket.box.y0 < y < bracket.box.y1 for bracket in brackets)
            traits.append(StaffTraits(clef, number, len(part), bracketed))
    return tuple(traits)


def align(
    found: Sequence[StaffTraits], wanted: Sequence[StaffTraits], *, limits: LayoutLimits = LayoutLimits()
) -> tuple[int, ...]:
    """Match the staves of a system, in order, to those staves of the piece that they resemble most.

    Parameters
    ----------
    found : sequence of StaffTraits
        Staves of the system, from top to bottom.
    wanted : sequence of StaffTraits
        Staves of the piece, from top to bottom; no fewer.
    limits : LayoutLimits, optional

    Returns
    -------
    tuple of int
        For each staff of the system, its number among those of the piece, ascending. Of equally good matches,
        the one with the upper staves of the piece.
    """
    if len(found) == len(wanted):
        return tuple(range(len(wanted)))
    # costs[i][j]: the lowest cost of matching the staves from i on to those of the piece from j on
    costs = [[inf] * (len(wanted) + 1) for _ in found]
    costs.append([0.0] * (len(wanted) + 1))
    for i in reversed(range(len(found))):
        for j in reversed(range(len(wanted))):
            costs[i][j] = min(_matched(found[i], wanted[j], costs[i + 1][j + 1], limits), costs[i][j + 1])
    matches: list[int] = []
    for i, traits in enumerate(found):
        j = matches[-1] + 1 if matches else 0
        while _matched(traits, wanted[j], costs[i + 1][j + 1], limits) > costs[i][j]:
            j += 1
        matches.append(j)
    return tuple(matches)


def _matched(found: StaffTraits, wanted: StaffTraits, following: float, limits: LayoutLimits) -> float:
    """Sum up the cost of one match and of those that follow it."""
    return following + found.cost(wanted, limits=limits)
