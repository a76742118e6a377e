"""Extend stems that end before their heads, where the page shows ink in between."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from omr.images import ink_mask
from omr.notation.layout.ink_column import inked_share
from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import StemLimits
from omr.notation.linking.stems import StemmedHeads


def with_extended_stems(layout: PageLayout, heads: StemmedHeads, limits: StemLimits) -> StemmedHeads:
    """Add black heads without a stem to the stem that goes on to them.

    Parameters
    ----------
    layout : PageLayout
        Without its ink nothing is added.
    heads : StemmedHeads
    limits : StemLimits

    Returns
    -------
    StemmedHeads
    """
    black = [head for head in heads.stemless if "Black" in head.name]
    if layout.ink is None or not black:
        return heads
    ink, stems = ink_mask(layout.ink.grey), SymbolsByX(heads.on_stems)
    on_stems = {stem: list(members) for stem, members in heads.on_stems.items()}
    found = set()
    for head in black:
        reach = head.box.width / 2 + limits.extension_aside * layout.space
        near = [
            stem
            for stem in stems.between(head.x - reach, head.x + reach)
            if _may_reach(stem, head, layout.space, limits) and _is_inked(stem, head, ink, layout, limits)
        ]
        if near:
            on_stems[min(near, key=lambda stem: abs(stem.y - head.y))].append(head)
            found.add(head)
    return StemmedHeads(
        {stem: tuple(members) for stem, members in on_stems.items()},
        tuple(head for head in heads.stemless if head not in found),
    )


def _may_reach(stem: PlacedSymbol, head: PlacedSymbol, space: float, limits: StemLimits) -> bool:
    """Whether a stem above a head stands at its right side, or one below it at its left, and not too far."""
    above = stem.y < head.y
    side = head.box.x1 if above else head.box.x0
    apart = head.box.y0 - stem.box.y1 if above else stem.box.y0 - head.box.y1
    return abs(stem.x - side) < limits.extension_aside * space and apart < limits.extension * space


def _is_inked(
    stem: PlacedSymbol, head: PlacedSymbol, ink: NDArray[np.uint8], layout: PageLayout, limits: StemLimits
) -> bool:
    """Whether there is ink all the way from the end of a stem to the middle of a head."""
    y0, y1 = sorted((stem.box.y1 if stem.y < head.y else stem.box.y0, head.y))
    return inked_share(layout, ink, stem.x, y0, y1, stem.box.width) >= limits.extension_ink
