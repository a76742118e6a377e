"""Match pedal signs with the signs that lift the pedal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.systems import System
from omr.notation.limits import DynamicsLimits
from omr.notation.linking.direction_staff import direction_staff


@dataclass(frozen=True)
class Pedal:
    """A pedal that is pressed and lifted within one system.

    Attributes
    ----------
    down, up : PlacedSymbol
    staff : int
        Index of the staff within the page.
    """

    down: PlacedSymbol
    up: PlacedSymbol
    staff: int


def match_pedals(layout: PageLayout, systems: Sequence[System], limits: DynamicsLimits) -> tuple[Pedal, ...]:
    """Match each pedal sign with the next sign of its system that lifts the pedal.

    Parameters
    ----------
    layout : PageLayout
    systems : sequence of System
    limits : DynamicsLimits

    Returns
    -------
    tuple of Pedal
        By system, then from left to right; pedals that nothing lifts in their system are left out.
    """
    downs, ups = (
        [(sign, direction_staff(sign, layout, systems, limits)) for sign in layout.by_name.get(name, ())]
        for name in ("keyboardPedalPed", "keyboardPedalUp")
    )
    return tuple(
        pedal
        for system in systems
        for pedal in _matched(
            [(sign, staff) for sign, staff in downs if staff in system.staves],
            [sign for sign, staff in ups if staff in system.staves],
        )
    )


def _matched(downs: Sequence[tuple[PlacedSymbol, int]], ups: Sequence[PlacedSymbol]) -> Iterator[Pedal]:
    """Match the pedal signs of one system."""
    ends = [*(down.x for down, _ in downs[1:]), float("inf")]
    for (down, staff), end in zip(downs, ends, strict=False):
        up = next((sign for sign in ups if down.x < sign.x <= end), None)
        if up:
            yield Pedal(down, up, staff)
