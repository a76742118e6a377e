"""Heads whose stem ends before it reaches them: the page shows that it goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from omr.images import ink_mask
from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX

_FAR = 6.0
"""Staff spaces by which a stem may be found too short: a chord may span more than an octave."""

_ASIDE = 0.35
"""Staff spaces between a head's side and a stem."""

_INKED = 0.9
"""Part of the rows between them that must have ink in the stem's course."""


def longer_stems(
    layout: PageLayout,
    on_stems: Mapping[PlacedSymbol, Sequence[PlacedSymbol]],
    stemless: Sequence[PlacedSymbol],
) -> dict[PlacedSymbol, PlacedSymbol]:
    """The stem that goes on to each of some black heads, which none are without.

    Parameters
    ----------
    layout : PageLayout
        With its image, or nothing is found.
    on_stems : mapping of PlacedSymbol to sequence of PlacedSymbol
        The heads of each stem.
    stemless : sequence of PlacedSymbol

    Returns
    -------
    dict of PlacedSymbol to PlacedSymbol
        By head.
    """
    black = [head for head in stemless if "Black" in head.name]
    if layout.image is None or not black:
        return {}
    ink, stems = ink_mask(layout.image), SymbolsByX(on_stems)
    found = {}
    for head in black:
        reach = head.box.width / 2 + _ASIDE * layout.space
        near = [stem for stem in stems.between(head.x - reach, head.x + reach) if _beside(stem, head, layout)]
        near = [stem for stem in near if _goes_on(stem, head, ink, layout)]
        if near:
            found[head] = min(near, key=lambda stem: abs(stem.y - head.y))
    return found


def _beside(stem: PlacedSymbol, head: PlacedSymbol, layout: PageLayout) -> bool:
    """Whether a stem above a head stands at its right side, or one below it at its left, and not too far."""
    above = stem.y < head.y
    side = head.box.x1 if above else head.box.x0
    apart = head.box.y0 - stem.box.y1 if above else stem.box.y0 - head.box.y1
    return abs(stem.x - side) < _ASIDE * layout.space and apart < _FAR * layout.space


def _goes_on(stem: PlacedSymbol, head: PlacedSymbol, ink: NDArray[np.uint8], layout: PageLayout) -> bool:
    """Whether there is ink from the stem's end to the head's middle."""
    above = stem.y < head.y
    start, end = sorted((stem.box.y1, head.y)) if above else sorted((head.y, stem.box.y0))
    x = layout.on_image(stem.x, (start + end) / 2)
    half = max(1.0, stem.box.width / 2)
    left, top = max(0, round(x - half)), max(0, round(start))
    rows = ink[top : max(round(end), top), left : max(round(x + half), left + 1)]
    return bool(rows.size) and rows.any(1).mean() >= _INKED
