"""Extend stems that end before their beam or flag, where the page shows ink up to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from omr.images import ink_mask
from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import StemLimits
from omr.notation.linking.stems import StemmedHeads, goes_up


def with_tips_at_beams(layout: PageLayout, heads: StemmedHeads, limits: StemLimits) -> StemmedHeads:
    """Extend the free end of each stem to the beam or flag that its line of ink leads to.

    A stem of an engraver ends at the outer edge of its beam, or where its flag begins.

    Parameters
    ----------
    layout : PageLayout
        Without its ink nothing is extended.
    heads : StemmedHeads
    limits : StemLimits

    Returns
    -------
    StemmedHeads
        With the longer stems in place of the detected ones.
    """
    if layout.ink is None:
        return heads
    ink, around = ink_mask(layout.ink.grey), _Around(layout, heads)
    found = {}
    for stem, members in heads.on_stems.items():
        up = goes_up(stem, members)
        tip = _extended_tip(layout, ink, stem, up, around, limits)
        box = stem.box._replace(y0=tip) if up else stem.box._replace(y1=tip)
        found[replace(stem, box=box) if box != stem.box else stem] = members
    return StemmedHeads(found, heads.stemless)


class _Around:
    """The symbols of a page that a stem may lead to, or that are in its way."""

    def __init__(self, layout: PageLayout, heads: StemmedHeads) -> None:
        self.space = layout.space
        beams = layout.by_name.get("beam", ())
        self.beams = SymbolsByX(beams)
        self.half_width = max((beam.box.width for beam in beams), default=0.0) / 2
        self.flags = SymbolsByX(layout.named("flag"))
        self.heads = SymbolsByX(layout.named("notehead"))
        self.stems = SymbolsByX(heads.on_stems)

    def ends(self, stem: PlacedSymbol, up: bool, limits: StemLimits) -> list[tuple[float, float]]:
        """List where the tip of a stem may lie: from y to y, one interval for each beam and flag."""
        aside, slack = limits.tip_aside * self.space, limits.tip_slack * self.space
        reached = [
            (beam.box.y0 - slack, beam.box.y1 + slack)
            for beam in self.beams.between(stem.x - aside - self.half_width, stem.x + aside + self.half_width)
            if beam.box.x0 - aside < stem.x < beam.box.x1 + aside
        ]
        for flag in self.flags.between(stem.x, stem.x + limits.flag_width * self.space):
            if abs(flag.box.x0 - stem.x) < aside and ("Up" in flag.name) == up:
                start = flag.box.y0 if up else flag.box.y1
                reached.append((start - slack, start + slack))
        return reached

    def blocked(self, stem: PlacedSymbol, y0: float, y1: float, limits: StemLimits) -> bool:
        """Tell whether a head or another stem lies on the way from `y0` to `y1`."""
        aside, slack = limits.tip_aside * self.space, limits.tip_slack * self.space
        symbols = [
            *(other for other in self.stems.between(stem.x - aside, stem.x + aside) if other is not stem),
            *self.heads.between(stem.x - 2 * aside, stem.x + 2 * aside),
        ]
        return any(min(s.box.y1, y1) - max(s.box.y0, y0) > slack for s in symbols)


def _extended_tip(
    layout: PageLayout,
    ink: NDArray[np.uint8],
    stem: PlacedSymbol,
    up: bool,
    around: _Around,
    limits: StemLimits,
) -> float:
    """Find the y of the free end of a stem: that of its box where the ink leads to no beam or flag."""
    tip, space = stem.box.y0 if up else stem.box.y1, layout.space
    outwards = -1 if up else 1
    furthest = tip + outwards * limits.max_tip_extension * space
    ends = [
        (y0, y1)
        for y0, y1 in around.ends(stem, up, limits)
        if y0 <= max(tip, furthest) and y1 >= min(tip, furthest)
    ]
    if not ends:
        return tip
    end = tip + outwards * _run(layout, ink, stem.x, tip, furthest, limits)
    if abs(end - tip) < limits.tip_slack * space or not any(y0 <= end <= y1 for y0, y1 in ends):
        return tip
    return tip if around.blocked(stem, min(tip, end), max(tip, end), limits) else end


def _run(
    layout: PageLayout, ink: NDArray[np.uint8], x: float, y0: float, y1: float, limits: StemLimits
) -> float:
    """Measure in pixels of the page how far ink goes on from `y0` towards `y1`; 0 beyond the picture."""
    assert layout.ink is not None
    scale = layout.ink.scale
    middle = round(scale * layout.on_image(x, y0))
    top, bottom = sorted((round(scale * y0), round(scale * y1)))
    rows = ink[max(top, 0) : bottom + 1, max(middle - 1, 0) : middle + 2]
    if not rows.size:
        return 0.0
    inked = np.atleast_1d(rows.any(axis=1))[:: 1 if y1 > y0 else -1]
    gap = max(2, round(scale * limits.max_worn * layout.space))
    paper = np.convolve(~inked, np.ones(gap), "valid") == gap
    return (int(np.argmax(paper)) if paper.any() else len(inked)) / scale
