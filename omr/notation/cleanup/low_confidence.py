"""Symbols that a detector was not sure of, kept where the symbols around them say that they are there.

A score says how a symbol looks by itself. A short beam may look like little, but
between the tips of two stems there is hardly anything else that it could be.
"""

from __future__ import annotations

from collections.abc import Callable

from omr.notation.cleanup.false_staves import without_false_staves
from omr.notation.layout.placement import PageLayout, PlacedSymbol, Row
from omr.notation.layout.systems import spans
from omr.page import Page

_LIKELY = {"barline": 0.1, "beam": 0.1, "bracket": 0.05}
"""Classes that others can confirm, and the score that they need even so."""

_SAME = 0.5
"""IoU with a symbol that is sure from which a doubtful one is only another guess at what that is."""

_AT_END = 0.6
"""How far from an end of a beam its stem may stand, in staff spaces."""

_INWARDS = 2.9
"""How far from the tips of their stems the innermost of four beams may lie, likewise."""

_BEFORE = 2.0
"""How far before a staff its bracket may stand, likewise."""

_WHOLE = 0.75
"""Part of a staff that a barline must go through."""

_FITS = 0.8
"""How far the ends of a barline may be from the outer lines of the staves that it joins, in staff spaces."""

_IN_LINE = 0.4
"""How far a barline may stand from that of the next staff, likewise."""


def with_confirmed(page: Page) -> Page:
    """The page with those of its doubtful symbols that others confirm; they come after all others.

    Parameters
    ----------
    page : Page
        In core names, with its staves.
    """
    doubtful = [
        doubt
        for doubt in page.low_confidence
        if doubt.score >= _LIKELY.get(doubt.name, 2.0)
        and not any(doubt.box.iou(sure.box) > _SAME for sure in page.symbols)
    ]
    if not doubtful:
        return page
    page = without_false_staves(page)
    layout = PageLayout(page)
    stems = Row(layout.by_name.get("stem", ()))
    seen = PageLayout(page.with_symbols(doubtful)).symbols
    confirms: dict[str, Callable[[PlacedSymbol], bool]] = {
        "beam": lambda place: _between_stems(place, stems, layout.space),
        "bracket": lambda place: _before_staves(place, layout),
        "barline": lambda place: _in_line(place, layout) or _through_staves(place, layout),
    }
    confirmed = [doubtful[place.index] for place in seen if confirms[place.name](place)]
    return page.with_symbols((*page.symbols, *confirmed))


def _between_stems(beam: PlacedSymbol, stems: Row, space: float) -> bool:
    """Whether a beam begins at the tip of one stem and ends at the tip of another."""
    left, right = (
        {
            stem
            for stem in stems.between(x - _AT_END * space, x + _AT_END * space)
            if _at_tip(beam, stem, space)
        }
        for x in (beam.box.x0, beam.box.x1)
    )
    return bool(left and right) and len(left | right) > 1


def _at_tip(beam: PlacedSymbol, stem: PlacedSymbol, space: float) -> bool:
    """Whether a beam lies at either end of a stem, no further beyond it than a beam is thick."""
    if not stem.box.y0 - space / 2 < beam.box.y1 or not beam.box.y0 < stem.box.y1 + space / 2:
        return False
    return min(beam.box.y0 - stem.box.y0, stem.box.y1 - beam.box.y1) < _INWARDS * space


def _before_staves(bracket: PlacedSymbol, layout: PageLayout) -> bool:
    """Whether a bracket stands where two staves begin, and along both."""
    staves = [n for n in range(len(layout.staves)) if spans(layout, bracket, n)]
    gaps = [layout.span(n)[0] - bracket.x for n in staves]
    return len(staves) > 1 and all(-0.5 < gap / layout.space < _BEFORE for gap in gaps)


def _in_line(barline: PlacedSymbol, layout: PageLayout) -> bool:
    """Whether a barline goes through a staff that has none there, and that of the next staff is in line."""
    near = [b for b in layout.named("barline") if abs(b.x - barline.x) < _IN_LINE * layout.space]
    taken = {n for n in range(len(layout.staves)) if any(spans(layout, b, n) for b in near)}
    return any(
        n not in taken and taken & {n - 1, n + 1}
        for n in range(len(layout.staves))
        if spans(layout, barline, n, _WHOLE)
    )


def _through_staves(barline: PlacedSymbol, layout: PageLayout) -> bool:
    """Whether a barline goes from the top line of one staff to the bottom line of another: no stem does."""
    through = [n for n in range(len(layout.staves)) if spans(layout, barline, n, _WHOLE)]
    if len(through) < 2:
        return False
    top, bottom = layout.edges(through[0], barline.x)[0], layout.edges(through[-1], barline.x)[1]
    off = max(abs(barline.box.y0 - top), abs(barline.box.y1 - bottom))
    near = [b for b in layout.named("barline") if abs(b.x - barline.x) < _IN_LINE * layout.space]
    there = any(spans(layout, b, n) for b in near for n in through)
    return off < _FITS * layout.space and not there
