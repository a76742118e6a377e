"""Assign noteheads to stems by the distance from where an engraver attaches them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from omr.images import ink_mask
from omr.notation.layout.ink_column import inked_share
from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import StemLimits

_HALF_OF = {"noteheadWhole": "noteheadHalf", "noteheadWholeSmall": "noteheadHalfSmall"}
"""The half of each kind of whole head."""


@dataclass(frozen=True)
class StemmedHeads:
    """Noteheads by the stem they are on.

    Attributes
    ----------
    on_stems : mapping of PlacedSymbol to tuple of PlacedSymbol
        The heads of each stem that has any. A head that two voices share is on two stems.
    stemless : tuple of PlacedSymbol
        The heads without a stem.
    """

    on_stems: Mapping[PlacedSymbol, tuple[PlacedSymbol, ...]]
    stemless: tuple[PlacedSymbol, ...]

    def on_their_staves(self, seen: Mapping[PlacedSymbol, PlacedSymbol]) -> StemmedHeads:
        """Replace each head by the same head seen from its own staff; drop heads that `seen` lacks.

        Parameters
        ----------
        seen : mapping of PlacedSymbol to PlacedSymbol
            By head, from `omr.notation.linking.staff_assignment.assign_staves`.

        Returns
        -------
        StemmedHeads
        """
        kept = {
            stem: tuple(seen[head] for head in heads if head in seen) for stem, heads in self.on_stems.items()
        }
        return StemmedHeads(
            {stem: heads for stem, heads in kept.items() if heads},
            tuple(seen[head] for head in self.stemless if head in seen),
        )


def goes_up(stem: PlacedSymbol, heads: Iterable[PlacedSymbol]) -> bool:
    """Tell whether a stem goes up: more of it lies above its heads than below.

    Parameters
    ----------
    stem : PlacedSymbol
    heads : iterable of PlacedSymbol
        On the stem, at least one.

    Returns
    -------
    bool
    """
    ys = [head.y for head in heads]
    return min(ys) - stem.box.y0 > stem.box.y1 - max(ys)


def assign_stems(layout: PageLayout, limits: StemLimits) -> StemmedHeads:
    """Assign each notehead to the stem at its side that costs least.

    A stem left without a head shares one with another stem: two voices in unison.

    Parameters
    ----------
    layout : PageLayout
    limits : StemLimits

    Returns
    -------
    StemmedHeads
        Heads as seen from their nearest staff.
    """
    space = layout.space
    ink = ink_mask(layout.ink.grey) if layout.ink else None
    stems = SymbolsByX(layout.by_name.get("stem", ()))
    chosen: dict[PlacedSymbol, list[PlacedSymbol]] = defaultdict(list)
    refused: dict[PlacedSymbol, list[tuple[float, PlacedSymbol]]] = defaultdict(list)
    stemless = []
    for head in layout.named("notehead"):
        reach = head.box.width / 2 + limits.reach * space
        costs = (
            (_inked_cost(head, stem, layout, ink, limits), stem)
            for stem in stems.between(head.x - reach, head.x + reach)
        )
        near = sorted((pair for pair in costs if pair[0] < 1), key=lambda pair: pair[0])
        if "Whole" in head.name or not near:
            stemless.append(head)
            continue
        chosen[near[0][1]].append(head)
        for cost, stem in near[1:]:
            refused[stem].append((cost, head))
    chosen = _of_one_kind(chosen, refused)
    return StemmedHeads(_with_shared(chosen, refused, space, limits), tuple(stemless))


def _of_one_kind(
    chosen: Mapping[PlacedSymbol, list[PlacedSymbol]],
    refused: Mapping[PlacedSymbol, list[tuple[float, PlacedSymbol]]],
) -> dict[PlacedSymbol, list[PlacedSymbol]]:
    """Move heads from stems with black and open heads to the other stem that they may be on.

    Two voices that stand close: one stem carries the black heads, the other the open ones.
    """
    others: dict[PlacedSymbol, list[tuple[float, PlacedSymbol]]] = defaultdict(list)
    for stem, candidates in refused.items():
        for cost, head in candidates:
            if on_usual_side(stem, head):
                others[head].append((cost, stem))
    found = {stem: list(heads) for stem, heads in chosen.items()}
    for stem, heads in chosen.items():
        if len({_is_open(head) for head in heads}) < 2:
            continue
        leaving = [head for head in heads if others.get(head)]
        unusual = [head for head in leaving if not on_usual_side(stem, head)]
        leaving = unusual or leaving
        if len({_is_open(head) for head in leaving}) == 1:
            for head in leaving:
                found[stem].remove(head)
                found.setdefault(min(others[head], key=lambda pair: pair[0])[1], []).append(head)
    return {stem: heads for stem, heads in found.items() if heads}


def _is_open(head: PlacedSymbol) -> bool:
    return "Half" in head.name


def with_stemmed_wholes(layout: PageLayout, limits: StemLimits) -> PageLayout:
    """Rename whole heads that have a stem: they are halves.

    A stem is a whole head's where no other head is on it, or where open ones are and it runs past the head.

    Parameters
    ----------
    layout : PageLayout
    limits : StemLimits

    Returns
    -------
    PageLayout
    """
    wholes = [head for head in layout.named("noteheadWhole") if head.name in _HALF_OF]
    if not wholes:
        return layout
    space = layout.space
    stems = SymbolsByX(layout.by_name.get("stem", ()))
    others = SymbolsByX(head for head in layout.named("notehead") if head not in wholes)
    stemmed = set()
    for head in wholes:
        reach = head.box.width / 2 + limits.reach * space
        for stem in stems.between(head.x - reach, head.x + reach):
            near = others.between(stem.x - 2 * reach, stem.x + 2 * reach)
            if _is_half_on(stem, head, near, stems, space, limits):
                stemmed.add(head)
    return layout.with_symbols(
        replace(symbol, name=_HALF_OF[symbol.name]) if symbol in stemmed else symbol
        for symbol in layout.symbols
    )


def _is_half_on(
    stem: PlacedSymbol,
    head: PlacedSymbol,
    others: Iterable[PlacedSymbol],
    stems: SymbolsByX,
    space: float,
    limits: StemLimits,
) -> bool:
    """Tell whether a stem is a whole head's, given the other heads near it."""
    fits = on_usual_side(stem, head) and attachment_cost(head, stem, space, limits) < limits.whole_on_stem
    if not fits or stem.box.height < limits.min_stem * space:
        return False
    inside = stem.box.y0 - limits.end_at_whole * space <= head.y <= stem.box.y1 + limits.end_at_whole * space
    mates = [
        other
        for other, near in ((other, _stems_of(other, stems, space, limits)) for other in others)
        if near and near[0] is stem and not any(on_usual_side(s, other) for s in near[1:])
    ]
    return not mates or (inside and all(_is_open(other) for other in mates))


def _stems_of(head: PlacedSymbol, stems: SymbolsByX, space: float, limits: StemLimits) -> list[PlacedSymbol]:
    """List the stems that a head may be on, the cheapest first."""
    reach = head.box.width / 2 + limits.reach * space
    costs = (
        (attachment_cost(head, s, space, limits), s) for s in stems.between(head.x - reach, head.x + reach)
    )
    return [stem for _, stem in sorted((pair for pair in costs if pair[0] < 1), key=lambda pair: pair[0])]


def _with_shared(
    chosen: Mapping[PlacedSymbol, list[PlacedSymbol]],
    refused: Mapping[PlacedSymbol, list[tuple[float, PlacedSymbol]]],
    space: float,
    limits: StemLimits,
) -> dict[PlacedSymbol, tuple[PlacedSymbol, ...]]:
    """Give every stem that no head chose the cheapest head that another stem has.

    Of two heads in one place the stem takes one away; a single head is shared.
    """
    found = {stem: list(heads) for stem, heads in chosen.items()}
    for stem, candidates in refused.items():
        if stem in found:
            continue
        _, head = min(candidates, key=lambda pair: pair[0])
        owner = next(heads for heads in found.values() if head in heads)
        twins = any(other is not head and _in_one_place(other, head, space, limits) for other in owner)
        if twins:
            owner.remove(head)
        if twins or on_usual_side(stem, head):
            found[stem] = [head]
    return {stem: tuple(heads) for stem, heads in found.items()}


def attachment_cost(head: PlacedSymbol, stem: PlacedSymbol, space: float, limits: StemLimits) -> float:
    """Compute how far a head is from where an engraver would attach it to a stem.

    A handwritten stem leans along either diagonal of its box, and may end short of its head.

    Parameters
    ----------
    head, stem : PlacedSymbol
    space : float
        Staff space in pixels.
    limits : StemLimits

    Returns
    -------
    float
        From 0, where an engraver attaches them, to 1 and more, where they can't belong together.
    """
    share = min(max((head.y - stem.box.y0) / stem.box.height, 0.0), 1.0)
    courses = (stem.box.x0 + share * stem.box.width, stem.box.x1 - share * stem.box.width)
    aside = min(abs(x - side) for x in courses for side in (head.box.x0, head.box.x1)) / space
    outside = max(stem.box.y0 - head.box.y1, head.box.y0 - stem.box.y1, 0.0) / space
    cost = max(_in_limits(aside, limits.aside), _in_limits(outside, limits.outside))
    return cost + limits.diagonal * min(aside, outside)


def _in_limits(distance: float, limit: float) -> float:
    """Measure a distance in limits; any distance is beyond a limit of 0."""
    if limit:
        return distance / limit
    return math.inf if distance else 0.0


def _inked_cost(
    head: PlacedSymbol,
    stem: PlacedSymbol,
    layout: PageLayout,
    ink: NDArray[np.uint8] | None,
    limits: StemLimits,
) -> float:
    """Compute the cost of a head on a stem: beyond the end of the stem, beams and ink tell more."""
    cost, space = attachment_cost(head, stem, layout.space, limits), layout.space
    above = head.y < stem.y
    y0, y1 = (head.box.y1, stem.box.y0) if above else (stem.box.y1, head.box.y0)
    if cost >= 1 or y1 - y0 < limits.min_beyond_end * space:
        return cost
    if _is_beyond_beam(head, stem, layout, limits):
        return 1.0
    if ink is None:
        return cost
    if inked_share(layout, ink, stem.x, y0, y1, stem.box.width) >= limits.extension_ink:
        return limits.beyond_ink * cost
    return cost + limits.beyond_paper


def _is_beyond_beam(head: PlacedSymbol, stem: PlacedSymbol, layout: PageLayout, limits: StemLimits) -> bool:
    """Tell whether a beam lies at the end of a stem towards a head: beams are at the other end."""
    aside, end = limits.tip_aside * layout.space, stem.box.y0 if head.y < stem.y else stem.box.y1
    slack = limits.tip_slack * layout.space
    y0, y1 = min(end - slack, head.y), max(end + slack, head.y)
    return any(
        beam.box.x0 - aside < stem.x < beam.box.x1 + aside and beam.box.y0 < y1 and beam.box.y1 > y0
        for beam in layout.by_name.get("beam", ())
    )


def _in_one_place(a: PlacedSymbol, b: PlacedSymbol, space: float, limits: StemLimits) -> bool:
    return max(abs(a.x - b.x), abs(a.y - b.y)) < limits.unison * space


def on_usual_side(stem: PlacedSymbol, head: PlacedSymbol) -> bool:
    """Tell whether a stem that goes up stands to the right of a head, or one that goes down to the left.

    Parameters
    ----------
    stem, head : PlacedSymbol

    Returns
    -------
    bool
    """
    return stem.x > head.x if stem.y < head.y else stem.x < head.x
