"""Assign directions (dynamics, hairpins, pedals, segno and coda) to staves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.systems import System
from omr.notation.limits import DynamicsLimits


@dataclass(frozen=True)
class StaffSign:
    """A sign that belongs to a staff as a whole, such as a segno.

    Attributes
    ----------
    symbol : PlacedSymbol
    staff : int
        Index of the staff within the page.
    """

    symbol: PlacedSymbol
    staff: int


def assign_signs(
    layout: PageLayout, systems: Sequence[System], limits: DynamicsLimits
) -> tuple[StaffSign, ...]:
    """Assign each segno and coda to its staff.

    Parameters
    ----------
    layout : PageLayout
    systems : sequence of System
    limits : DynamicsLimits

    Returns
    -------
    tuple of StaffSign
        From left to right.
    """
    signs = layout.named("segno", "coda")
    return tuple(StaffSign(sign, direction_staff(sign, layout, systems, limits)) for sign in signs)


def direction_staff(
    symbol: PlacedSymbol, layout: PageLayout, systems: Iterable[System], limits: DynamicsLimits
) -> int:
    """Find the staff that a direction belongs to.

    Between two staves it belongs to the upper, unless it is much nearer to the lower. Directions other than
    dynamics that stand above a system belong to that system.

    Parameters
    ----------
    symbol : PlacedSymbol
    layout : PageLayout
    systems : iterable of System
    limits : DynamicsLimits

    Returns
    -------
    int
        Index of the staff within the page.
    """
    staff, upper = symbol.staff, symbol.staff - 1
    top, _ = layout.edges(staff, symbol.x)
    joined = any({staff, upper} <= set(system.staves) for system in systems)
    if upper < 0 or symbol.y >= top or not (joined or symbol.name.startswith("dynamic")):
        return staff
    left, right = layout.span(upper)
    below = symbol.y - layout.edges(upper, symbol.x)[1]
    near = left <= symbol.x <= right and 0 < below < limits.lower_ratio * (top - symbol.y)
    return upper if near else staff
