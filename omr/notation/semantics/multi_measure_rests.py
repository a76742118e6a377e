"""Rests of several measures: the heavy bar on the staff, and how many measures the number over it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.semantics.digits import read_number
from omr.page import Box, Page

_LONGEST = 999
"""Measures that anybody rests for at a time."""


@dataclass(frozen=True)
class MultiMeasureRest:
    """A rest of several measures; `measures` is 0 where no number could be read."""

    bar: PlacedSymbol
    measures: int


def find_multi_measure_rests(layout: PageLayout, page: Page) -> list[MultiMeasureRest]:
    """The rests of several measures on a page.

    Digits may be there as symbols; what is only known to be a number is read off the page's image.
    """
    numbers = [p for p in layout.named("restHNr", "timeSig", "tuplet", "fingering") if p.name[-1:].isalnum()]
    return [
        MultiMeasureRest(bar, _measures([n for n in numbers if _over(n, bar, layout)], layout, page))
        for bar in layout.by_name.get("restHBar", ())
    ]


def _over(number: PlacedSymbol, bar: PlacedSymbol, layout: PageLayout) -> bool:
    """Whether a number stands above a bar, or below it as some engravers have it, outside of the staff."""
    centred = abs(number.x - bar.x) < 3 * layout.space
    return centred and number.staff == bar.staff and not -0.5 < number.position < 8.5


def _measures(numbers: Sequence[PlacedSymbol], layout: PageLayout, page: Page) -> int:
    """How many measures numbers over one bar say."""
    digits = [number for number in numbers if number.name[-1].isdigit()]
    unread = [number for number in numbers if number.name == "restHNr"]
    if unread and page.image is not None:
        found = read_number(page.image, _around(unread, layout, page), layout.space)
    else:
        found = int("".join(digit.name[-1] for digit in digits)[:4] or 0) if not unread else 0
    return found if 0 < found <= _LONGEST else 0


def _around(numbers: Sequence[PlacedSymbol], layout: PageLayout, page: Page) -> Box:
    """Where to look for the digits of a number: all around it, but not on the staff lines."""
    boxes = [page.symbols[number.index].box for number in numbers]
    margin = 0.4 * layout.space
    top, bottom = layout.edges(numbers[0].staff, numbers[0].x)
    y0, y1 = min(b.y0 for b in boxes) - margin, max(b.y1 for b in boxes) + margin
    y0, y1 = (
        (y0, min(y1, top - 0.15 * layout.space)) if y0 < top else (max(y0, bottom + 0.15 * layout.space), y1)
    )
    return Box(min(b.x0 for b in boxes) - margin, y0, max(b.x1 for b in boxes) + margin, y1)
