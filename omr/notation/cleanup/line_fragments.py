"""Join the fragments of barlines and stems that were detected in several boxes.

A detector looks at a limited part of a page at a time, and a long line may reach beyond it. Its fragments
overlap or meet end to end in one column. Two barlines never stand so and two stems never overlap, so such
fragments are one line. Fragments of a stem that do not overlap are one where the ink goes on between them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from omr.images import ink_mask
from omr.notation.layout.ink_column import inked_share
from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.limits import CleanupLimits
from omr.page import Box

_LINES = ("barline", "stem")

_MIN_STRIP = 1.0
"""Pixels of the strips by which fragments of one line are looked up, at least."""


def join_line_fragments(layout: PageLayout, *, limits: CleanupLimits = CleanupLimits()) -> PageLayout:
    """Join the fragments of each barline and of each stem.

    Parameters
    ----------
    layout : PageLayout
    limits : CleanupLimits, optional

    Returns
    -------
    PageLayout
        All other symbols, then the lines. A joined line reaches from the top of its fragments to their
        bottom, has the highest of their scores, and is the longest fragment in everything else.
    """
    others = [symbol for symbol in layout.symbols if not symbol.name.startswith(_LINES)]
    fragments = [symbol for symbol in layout.symbols if symbol.name.startswith(_LINES)]
    ink = ink_mask(layout.ink.grey) if layout.ink else None
    lines: list[list[PlacedSymbol]] = []
    strips: dict[int, list[int]] = defaultdict(list)  # indices of the lines whose last fragment is there
    width = max(limits.fragment_distance * layout.space, _MIN_STRIP)
    for fragment in sorted(fragments, key=lambda symbol: symbol.box.y0):
        strip = int(fragment.x // width)
        near = sorted(n for there in range(strip - 1, strip + 2) for n in strips.get(there, ()))
        continued = [n for n in near if _continues(fragment, lines[n], layout, ink, limits)]
        if continued:
            number = min(continued, key=lambda n: abs(lines[n][-1].x - fragment.x))
            strips[int(lines[number][-1].x // width)].remove(number)
            lines[number].append(fragment)
        else:
            number = len(lines)
            lines.append([fragment])
        strips[strip].append(number)
    return layout.with_symbols([*others, *map(_joined, lines)])


def _continues(
    fragment: PlacedSymbol,
    line: Sequence[PlacedSymbol],
    layout: PageLayout,
    ink: NDArray[np.uint8] | None,
    limits: CleanupLimits,
) -> bool:
    """Tell whether a fragment continues a line whose fragments begin higher, the last one nearest."""
    last = line[-1]
    if fragment.name != last.name or abs(last.x - fragment.x) >= limits.fragment_distance * layout.space:
        return False
    lowest = max(line, key=lambda part: part.box.y1)
    gap = (fragment.box.y0 - lowest.box.y1) / layout.space
    if fragment.name != "stem":
        return gap < limits.max_barline_gap
    if gap < -limits.min_stem_overlap or ink is None:
        return gap < -limits.min_stem_overlap
    y0, y1 = sorted((lowest.box.y1, fragment.box.y0))
    x = (lowest.x + fragment.x) / 2
    is_inked = inked_share(layout, ink, x, y0, max(y1, y0 + 1), lowest.box.width) >= limits.stem_gap_ink
    return gap < limits.max_stem_gap and is_inked


def _joined(line: Sequence[PlacedSymbol]) -> PlacedSymbol:
    """Join the fragments of one line."""
    longest = max(line, key=lambda symbol: symbol.box.height)
    if len(line) == 1:
        return longest
    top, bottom = min(symbol.box.y0 for symbol in line), max(symbol.box.y1 for symbol in line)
    box = Box(longest.box.x0, top, longest.box.x1, bottom)
    return replace(longest, box=box, score=max(symbol.score for symbol in line))
