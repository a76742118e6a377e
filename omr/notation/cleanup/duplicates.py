"""Suppress duplicates: of two symbols that cannot both be in one place, remove the one with the lower score.

This is greedy non-maximum suppression over families of classes, with two differences: the overlap of two
boxes is the share of the smaller one within the larger, not their IoU, since a part of a symbol is a
duplicate of the whole; and two symbols with nearly the same score may both stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import CleanupLimits
from omr.page import Box

_FAMILIES = (
    ("clefG", "clefF", "clefC", "clefPercussion"),
    ("clef8", "clef15"),
    ("rest",),
    ("timeSig",),
    ("notehead",),
    ("accidental",),
    ("flag",),
    ("brace", "bracket"),
    ("fermata",),
    ("dynamic",),
    ("augmentationDot", "repeatDot", "articStaccato"),
    ("stem",),
    ("barline",),
    ("beam",),
    ("tuplet",),
    ("slur", "tie"),
)
"""Families of classes that exclude each other in one place: prefixes of their names."""

_TRUTH = 1.0
"""Score of ground truth, which has no duplicates."""


def suppress_duplicates(layout: PageLayout, *, limits: CleanupLimits = CleanupLimits()) -> PageLayout:
    """Remove every symbol that lies on another one of its family with a higher score.

    Parameters
    ----------
    layout : PageLayout
    limits : CleanupLimits, optional

    Returns
    -------
    PageLayout
        The other symbols, in the same order.
    """
    members: dict[tuple[str, ...], list[PlacedSymbol]] = defaultdict(list)
    for symbol in layout.symbols:
        family = next((family for family in _FAMILIES if symbol.name.startswith(family)), None)
        if family:
            members[family].append(symbol)
    suppressed = {
        duplicate
        for family, symbols in members.items()
        for duplicate in _duplicates(symbols, *_overlap_and_ratio(family[0], limits))
    }
    return layout.with_symbols(symbol for symbol in layout.symbols if symbol not in suppressed)


def _overlap_and_ratio(first: str, limits: CleanupLimits) -> tuple[float, float]:
    """Give the overlap above which, and the score ratio up to which, a symbol of a family is a duplicate."""
    if first == "notehead":
        return limits.notehead_overlap, limits.notehead_score_ratio
    if first == "slur":
        return limits.curve_overlap, limits.curve_score_ratio
    if first == "beam":
        return limits.beam_overlap, limits.beam_score_ratio
    return limits.duplicate_overlap, limits.duplicate_score_ratio


def _duplicates(symbols: Sequence[PlacedSymbol], min_overlap: float, max_ratio: float) -> set[PlacedSymbol]:
    """Find the symbols of one family that lie on one with a higher score which is no duplicate itself."""
    by_x = SymbolsByX(symbols)
    widest = max(symbol.box.width for symbol in symbols)
    found: set[PlacedSymbol] = set()
    for symbol in sorted(symbols, key=_rank, reverse=True):
        if symbol not in found:
            weaker = _weaker(symbol, by_x.between(symbol.x - widest, symbol.x + widest), max_ratio)
            found.update(other for other in weaker if _overlap(symbol.box, other.box) > min_overlap)
    return found


def _weaker(symbol: PlacedSymbol, others: Sequence[PlacedSymbol], max_ratio: float) -> Iterator[PlacedSymbol]:
    """List the symbols that may be duplicates of a symbol by their scores."""
    for other in others:
        ranks_below = _rank(other) < _rank(symbol)
        if ranks_below and other.score <= max_ratio * symbol.score and other.score < _TRUTH:
            yield other


def _rank(symbol: PlacedSymbol) -> tuple[float, int]:
    """Order symbols by score; of equal ones, the first detected ranks higher."""
    return symbol.score, -symbol.index


def _overlap(a: Box, b: Box) -> float:
    """Measure the share (0 to 1) of the smaller of two boxes that lies in the larger."""
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / min(a.width * a.height, b.width * b.height)
