"""Assign digits to the volta brackets whose numbers they are."""

from __future__ import annotations

from dataclasses import dataclass

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.limits import SpanLimits


@dataclass(frozen=True)
class VoltaSign:
    """A volta bracket and the digits under its start.

    Attributes
    ----------
    bracket : PlacedSymbol
    digits : tuple of PlacedSymbol
        One for each time that the volta is played, from left to right.
    """

    bracket: PlacedSymbol
    digits: tuple[PlacedSymbol, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers as printed, ascending; empty where no digit stands, or the digits don't ascend."""
        numbers = tuple(int(digit.name[-1]) for digit in self.digits)
        return numbers if min(numbers, default=0) > 0 and sorted(set(numbers)) == list(numbers) else ()


def find_volta_signs(layout: PageLayout, limits: SpanLimits) -> tuple[VoltaSign, ...]:
    """Find the volta brackets of a page with their digits, whatever class a detector took these for.

    Parameters
    ----------
    layout : PageLayout
    limits : SpanLimits

    Returns
    -------
    tuple of VoltaSign
        From left to right.
    """
    digits = [p for p in layout.named("fingering", "tuplet", "timeSig") if p.name[-1].isdigit()]
    return tuple(
        VoltaSign(bracket, tuple(d for d in digits if _is_under_start(d, bracket, layout.space, limits)))
        for bracket in layout.by_name.get("voltaBracket", ())
    )


def _is_under_start(digit: PlacedSymbol, bracket: PlacedSymbol, space: float, limits: SpanLimits) -> bool:
    beside = bracket.box.x0 < digit.x < bracket.box.x0 + limits.volta_digit_reach * space
    top, bottom = bracket.box.y0 - limits.volta_digit_above * space, limits.volta_digit_below * space
    return beside and top < digit.y < bracket.box.y0 + bottom
