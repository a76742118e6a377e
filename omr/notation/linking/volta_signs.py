"""The brackets over first and second endings, and the numbers under them."""

from __future__ import annotations

from dataclasses import dataclass

from omr.notation.layout.placement import PageLayout, PlacedSymbol


@dataclass(frozen=True)
class VoltaSign:
    """A volta's bracket and the digits under its beginning: one for each time that it is played."""

    bracket: PlacedSymbol
    digits: tuple[PlacedSymbol, ...] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """As printed, from left to right; none where there is no digit, or they can't be meant."""
        numbers = tuple(int(digit.name[-1]) for digit in self.digits)
        return numbers if min(numbers, default=0) > 0 and sorted(set(numbers)) == list(numbers) else ()


def find_volta_signs(layout: PageLayout) -> list[VoltaSign]:
    """The volta brackets of a page with their digits, of whatever kind a detector took those for."""
    digits = [p for p in layout.named("fingering", "tuplet", "timeSig") if p.name[-1].isdigit()]
    return [
        VoltaSign(bracket, tuple(digit for digit in digits if _at_its_start(digit, bracket, layout.space)))
        for bracket in layout.by_name.get("voltaBracket", ())
    ]


def _at_its_start(digit: PlacedSymbol, bracket: PlacedSymbol, space: float) -> bool:
    beside = bracket.box.x0 < digit.x < bracket.box.x0 + 5 * space
    return beside and bracket.box.y0 - 0.3 * space < digit.y < bracket.box.y0 + 2.5 * space
