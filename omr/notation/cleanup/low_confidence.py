"""Confirm low-confidence symbols by the symbols and staves around them.

A score says how a symbol looks by itself. A short beam may look like little, but between the tips of two
stems there is hardly anything else that it could be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from omr.notation.layout.coverage import crossed_staves
from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import CleanupLimits, Limits
from omr.page import Box


def confirm_low_confidence(layout: PageLayout, *, limits: Limits = Limits()) -> PageLayout:
    """Add the low-confidence beams, brackets and barlines that the detected symbols confirm.

    Parameters
    ----------
    layout : PageLayout
        As it was placed, with every symbol that was detected.
    limits : Limits, optional

    Returns
    -------
    PageLayout
        With the confirmed symbols after all others, in their own order; they are low-confidence no more.
    """
    stems = SymbolsByX(layout.by_name.get("stem", ()))
    confirmed = [
        symbol
        for symbol in _candidates(layout, limits.cleanup)
        if _is_confirmed(symbol, layout, stems, limits)
    ]
    left = tuple(symbol for symbol in layout.low_confidence if symbol not in confirmed)
    return replace(layout, symbols=(*layout.symbols, *confirmed), low_confidence=left)


def _candidates(layout: PageLayout, limits: CleanupLimits) -> Iterator[PlacedSymbol]:
    """List the low-confidence symbols that may be confirmed and are no second guess at a detected symbol."""
    min_scores = {
        "beam": limits.min_beam_score,
        "barline": limits.min_barline_score,
        "bracket": limits.min_bracket_score,
        "clefF": limits.min_clef_score_with_dots,
    }
    page = layout.page
    boxes = [symbol.box for symbol in (*page.symbols, *page.low_confidence)]
    detected = np.array([boxes[symbol.index] for symbol in layout.symbols]).reshape(-1, 4)
    for symbol in layout.low_confidence:
        if symbol.name in min_scores and symbol.score >= min_scores[symbol.name]:
            box = boxes[symbol.index]
            meeting = (detected[:, 0] < box.x1) & (detected[:, 2] > box.x0)
            if not any(box.iou(Box(*other)) > limits.max_iou_with_detected for other in detected[meeting]):
                yield symbol


def _is_confirmed(symbol: PlacedSymbol, layout: PageLayout, stems: SymbolsByX, limits: Limits) -> bool:
    if symbol.name == "beam":
        return _joins_stems(symbol, stems, layout.space, limits.cleanup)
    if symbol.name == "bracket":
        return _opens_staves(symbol, layout, limits)
    if symbol.name == "clefF":
        return _has_dots(symbol, layout, limits.cleanup)
    return _is_in_line(symbol, layout, limits) or _joins_staves(symbol, layout, limits)


# --- beams ---


def _joins_stems(beam: PlacedSymbol, stems: SymbolsByX, space: float, limits: CleanupLimits) -> bool:
    """Tell whether a beam begins at the tip of one stem and ends at the tip of another."""
    reach = limits.beam_end_distance * space
    left, right = (
        {stem for stem in stems.between(x - reach, x + reach) if _is_at_tip(beam, stem, space, limits)}
        for x in (beam.box.x0, beam.box.x1)
    )
    return bool(left and right) and len(left | right) > 1


def _is_at_tip(beam: PlacedSymbol, stem: PlacedSymbol, space: float, limits: CleanupLimits) -> bool:
    """Tell whether a beam lies at either end of a stem."""
    overshoot = limits.beam_tip_overshoot * space
    if beam.box.y1 <= stem.box.y0 - overshoot or beam.box.y0 >= stem.box.y1 + overshoot:
        return False
    depth = min(beam.box.y0 - stem.box.y0, stem.box.y1 - beam.box.y1)
    return depth < limits.beam_tip_depth * space


# --- brackets ---


def _opens_staves(bracket: PlacedSymbol, layout: PageLayout, limits: Limits) -> bool:
    """Tell whether a bracket stands at the left ends of two staves or more and runs along them."""
    staves = crossed_staves(layout, bracket, limits.layout.crossing_coverage)
    distances = [(layout.span(staff)[0] - bracket.x) / layout.space for staff in staves]
    nearest, furthest = -limits.cleanup.bracket_overlap, limits.cleanup.bracket_distance
    return len(staves) > 1 and all(nearest < distance < furthest for distance in distances)


# --- F clefs ---


def _has_dots(clef: PlacedSymbol, layout: PageLayout, limits: CleanupLimits) -> bool:
    """Tell whether two dots stand at the right of an F clef, above and below the line that it names."""
    right = clef.box.x1 + limits.clef_dots_reach * layout.space
    dots = [
        dot
        for dot in layout.named("repeatDot", "augmentationDot", "articStaccato")
        if dot.staff == clef.staff and clef.x < dot.x < right
    ]
    return any(
        abs((a.position + b.position) / 2 - _F_LINE) < limits.clef_dots_off
        and 1 < abs(a.position - b.position) < 3
        for a, b in combinations(dots, 2)
    )


_F_LINE = 2.0
"""Position of the fourth line, which an F clef names, in half staff spaces below the top line."""


# --- barlines ---


def _is_in_line(barline: PlacedSymbol, layout: PageLayout, limits: Limits) -> bool:
    """Tell whether a barline crosses a staff without one there, in line with one of a neighbouring staff."""
    taken = _staves_with_barline(_beside(barline, layout, limits), layout, limits)
    crossed = crossed_staves(layout, barline, limits.cleanup.confirmed_barline_coverage)
    return any(staff not in taken and taken & {staff - 1, staff + 1} for staff in crossed)


def _joins_staves(barline: PlacedSymbol, layout: PageLayout, limits: Limits) -> bool:
    """Tell whether a barline reaches from the top line of a staff to the bottom line of another one."""
    crossed = crossed_staves(layout, barline, limits.cleanup.confirmed_barline_coverage)
    taken = _staves_with_barline(_beside(barline, layout, limits), layout, limits)
    if len(crossed) < 2 or not taken.isdisjoint(crossed):
        return False
    top, bottom = layout.edges(crossed[0], barline.x)[0], layout.edges(crossed[-1], barline.x)[1]
    off = max(abs(barline.box.y0 - top), abs(barline.box.y1 - bottom))
    return off < limits.cleanup.barline_end_tolerance * layout.space


def _beside(barline: PlacedSymbol, layout: PageLayout, limits: Limits) -> list[PlacedSymbol]:
    """List the detected barlines of the page in line with a barline."""
    tolerance = limits.layout.in_line_tolerance * layout.space
    return [other for other in layout.named("barline") if abs(other.x - barline.x) < tolerance]


def _staves_with_barline(barlines: Sequence[PlacedSymbol], layout: PageLayout, limits: Limits) -> set[int]:
    """Collect the staves that some barlines cross."""
    min_coverage = limits.layout.crossing_coverage
    return {staff for barline in barlines for staff in crossed_staves(layout, barline, min_coverage)}
