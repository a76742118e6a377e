"""Remove parts of clefs that were taken for notes: the ball of a G clef's tail is no notehead."""

from __future__ import annotations

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import CleanupLimits
from omr.page import Box

_CLEFS = ("clefG", "clefF", "clefC", "clefPercussion")

_PARTS = ("notehead", "augmentationDot", "repeatDot", "stem", "flag", "artic")
"""Classes that a part of a clef may be taken for: prefixes of their names."""

_TRUTH = 1.0
"""Score of ground truth, which has no false symbols."""


def remove_clef_parts(layout: PageLayout, *, limits: CleanupLimits = CleanupLimits()) -> PageLayout:
    """Remove the noteheads, stems, flags, dots and articulations that lie within a clef.

    Nothing is printed on top of a clef, so whatever lies within one is a part of it.

    Parameters
    ----------
    layout : PageLayout
    limits : CleanupLimits, optional

    Returns
    -------
    PageLayout
        The other symbols, in the same order.
    """
    parts = SymbolsByX(s for s in layout.symbols if s.name.startswith(_PARTS) and s.score < _TRUTH)
    within = {
        part
        for clef in layout.named(*_CLEFS)
        if clef.score >= limits.min_clef_score or clef.index >= len(layout.page.symbols)
        for part in parts.between(clef.box.x0, clef.box.x1 + layout.space)
        if _share_within(part.box, _whole(clef, layout, limits)) > limits.clef_part_overlap
    }
    return layout.with_symbols(s for s in layout.symbols if s not in within) if within else layout


def _whole(clef: PlacedSymbol, layout: PageLayout, limits: CleanupLimits) -> Box:
    """Give the box of a clef; that of an F clef which was hardly recognised may lack its dots."""
    confirmed = clef.name == "clefF" and clef.index >= len(layout.page.symbols)
    return (
        clef.box._replace(x1=clef.box.x1 + limits.clef_dots_reach * layout.space) if confirmed else clef.box
    )


def _share_within(part: Box, whole: Box) -> float:
    """Measure the share (0 to 1) of a box that lies in another."""
    width = min(part.x1, whole.x1) - max(part.x0, whole.x0)
    height = min(part.y1, whole.y1) - max(part.y0, whole.y0)
    return width * height / max(part.width * part.height, 1e-6) if width > 0 and height > 0 else 0.0
