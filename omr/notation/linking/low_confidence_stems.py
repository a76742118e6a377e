"""Confirm low-confidence stems at black and open heads without a stem: every such head has one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import StemLimits
from omr.notation.linking.stems import StemmedHeads, attachment_cost, on_usual_side


def with_confirmed_stems(layout: PageLayout, heads: StemmedHeads, limits: StemLimits) -> StemmedHeads:
    """Give heads without a stem the low-confidence stem that fits them.

    Parameters
    ----------
    layout : PageLayout
    heads : StemmedHeads
    limits : StemLimits

    Returns
    -------
    StemmedHeads
    """
    stems = SymbolsByX(
        symbol
        for symbol in layout.low_confidence
        if symbol.name == "stem" and symbol.score >= limits.min_confirmed
    )
    chosen: dict[PlacedSymbol, list[PlacedSymbol]] = defaultdict(list)
    stemless = []
    for head in heads.stemless:
        bare = "Black" in head.name or "Half" in head.name
        fitting = list(_fitting(head, stems, layout.space, limits)) if bare else []
        if fitting:
            chosen[min(fitting, key=lambda pair: pair[0])[1]].append(head)
        else:
            stemless.append(head)
    on_stems = {**heads.on_stems, **{stem: tuple(members) for stem, members in chosen.items()}}
    return StemmedHeads(on_stems, tuple(stemless))


def _fitting(
    head: PlacedSymbol, stems: SymbolsByX, space: float, limits: StemLimits
) -> Iterator[tuple[float, PlacedSymbol]]:
    """List the stems at a head's side that go on beyond it, each with its cost."""
    reach = head.box.width / 2 + limits.reach * space
    for stem in stems.between(head.x - reach, head.x + reach):
        cost = attachment_cost(head, stem, space, limits)
        beyond = max(head.box.y0 - stem.box.y0, stem.box.y1 - head.box.y1) / space
        if cost < limits.max_cost_confirmed and beyond > limits.min_beyond and on_usual_side(stem, head):
            yield cost, stem
