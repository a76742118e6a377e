"""Multi-measure rests: the heavy bar on the staff, and how many measures the number over it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.limits import MultiMeasureRestLimits
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.semantics.digits import read_number
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.page import Box
from omr.vocabulary.staves import BOTTOM_LINE

_NUMBERS = ("restHNr", "timeSig", "tuplet", "fingering")
"""Beginnings of the classes that detectors see in the number over a rest."""


def with_multi_measure_rests(
    drafts: Sequence[MeasureDraft],
    pages: Sequence[LinkedPage],
    *,
    limits: MultiMeasureRestLimits = MultiMeasureRestLimits(),
) -> tuple[MeasureDraft, ...]:
    """Find the measures in which every staff rests for several measures.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        With their sounds.
    pages : sequence of LinkedPage
        The pages of the piece.
    limits : MultiMeasureRestLimits, optional

    Returns
    -------
    tuple of MeasureDraft
        Each draft with its `resting`.
    """
    rests = [
        {bar: _measures(bar, page.layout, limits) for bar in page.layout.by_name.get("restHBar", ())}
        for page in pages
    ]
    return tuple(replace(draft, resting=_resting(draft, rests[draft.page])) for draft in drafts)


def _resting(draft: MeasureDraft, rests: Mapping[PlacedSymbol, int]) -> int | None:
    """Find how many measures all staves rest; None where one has notes, or no heavy bar stands."""
    here = [
        measures
        for bar, measures in rests.items()
        if bar.staff in draft.staves and draft.region.x0 <= bar.x < draft.region.x1
    ]
    return max(here) if here and not draft.sounds and not draft.graces else None


def _measures(bar: PlacedSymbol, layout: PageLayout, limits: MultiMeasureRestLimits) -> int:
    """Read how many measures the numbers over a bar say; 0 where none could be read.

    Digits may be there as symbols. A number whose class doesn't say which one it is, is read from the ink.
    """
    numbers = [
        p for p in layout.named(*_NUMBERS) if p.name[-1:].isalnum() and _is_over(p, bar, layout.space, limits)
    ]
    unread = [number for number in numbers if number.name == "restHNr"]
    if not unread:
        digits = "".join(number.name[-1] for number in numbers if number.name[-1].isdigit())
        found = int(digits[:4] or 0)
    elif layout.ink is None:
        found = 0
    else:
        scale = layout.ink.scale
        box = Box(*(scale * edge for edge in _box_around(unread, layout, limits)))
        found = read_number(layout.ink.grey, box, scale * layout.space, limits=limits)
    return found if 0 < found <= limits.longest else 0


def _is_over(number: PlacedSymbol, bar: PlacedSymbol, space: float, limits: MultiMeasureRestLimits) -> bool:
    """Tell whether a number stands above a bar, or below it, outside of the staff."""
    beyond = limits.steps_beyond_staff
    centred = abs(number.x - bar.x) < limits.number_reach * space
    return centred and number.staff == bar.staff and not -beyond < number.position < BOTTOM_LINE + beyond


def _box_around(numbers: Sequence[PlacedSymbol], layout: PageLayout, limits: MultiMeasureRestLimits) -> Box:
    """Compute the box to search for digits, in pixels of the page: around a number, without staff lines."""
    boxes = [layout.page.symbols[number.index].box for number in numbers]
    margin, line_margin = limits.margin * layout.space, limits.line_margin * layout.space
    top, bottom = layout.edges(numbers[0].staff, numbers[0].x)
    y0, y1 = min(b.y0 for b in boxes) - margin, max(b.y1 for b in boxes) + margin
    if y0 < top:
        y1 = min(y1, top - line_margin)
    else:
        y0 = max(y0, bottom + line_margin)
    return Box(min(b.x0 for b in boxes) - margin, y0, max(b.x1 for b in boxes) + margin, y1)
