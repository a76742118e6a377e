"""Remove false barlines: folds and streaks of a scan, the edges and shadows of its page."""

from __future__ import annotations

from omr.notation.layout.coverage import staff_coverage
from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.system_evidence import opens_staff
from omr.notation.limits import Limits


def remove_false_barlines(layout: PageLayout, *, limits: Limits = Limits()) -> PageLayout:
    """Remove the barlines that stand beside their staves, or reach far beyond them at both ends.

    Parameters
    ----------
    layout : PageLayout
        With joined line fragments.
    limits : Limits, optional

    Returns
    -------
    PageLayout
    """
    return layout.with_symbols(
        symbol
        for symbol in layout.symbols
        if not (
            symbol.name.startswith("barline")
            and (_stands_outside(symbol, layout, limits) or _overshoots(symbol, layout, limits))
        )
    )


def _stands_outside(barline: PlacedSymbol, layout: PageLayout, limits: Limits) -> bool:
    """Tell whether a barline stands beyond the ends of every staff that it touches."""
    margin = limits.cleanup.barline_outside * layout.space
    touched = [n for n in range(len(layout.staves)) if staff_coverage(layout, barline, n) > 0]
    spans = [layout.span(staff) for staff in touched]
    return bool(spans) and not any(x0 - margin < barline.x < x1 + margin for x0, x1 in spans)


def _overshoots(barline: PlacedSymbol, layout: PageLayout, limits: Limits) -> bool:
    """Tell whether a barline that opens no system reaches far beyond its staves at both ends."""
    staves = range(len(layout.staves))
    # A barline that opens a system is long, and the longer a line, the less exactly its ends are known.
    if any(opens_staff(layout, barline, staff, limits=limits.layout) for staff in staves):
        return False
    touched = [staff for staff in staves if staff_coverage(layout, barline, staff) > 0]
    if not touched:
        return False
    top, bottom = layout.edges(touched[0], barline.x)[0], layout.edges(touched[-1], barline.x)[1]
    overshoot = min(top - barline.box.y0, barline.box.y1 - bottom)
    return overshoot > limits.cleanup.barline_overshoot * layout.space
