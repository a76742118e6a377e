"""Assign noteheads to stems by the distance from where an engraver attaches them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

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
    stems = SymbolsByX(layout.by_name.get("stem", ()))
    chosen: dict[PlacedSymbol, list[PlacedSymbol]] = defaultdict(list)
    refused: dict[PlacedSymbol, list[tuple[float, PlacedSymbol]]] = defaultdict(list)
    stemless = []
    for head in layout.named("notehead"):
        reach = head.box.width / 2 + limits.reach * space
        costs = (
            (_cost(head, stem, space, limits), stem) for stem in stems.between(head.x - reach, head.x + reach)
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
            if _on_usual_side(stem, head):
                others[head].append((cost, stem))
    found = {stem: list(heads) for stem, heads in chosen.items()}
    for stem, heads in chosen.items():
        if len({_is_open(head) for head in heads}) < 2:
            continue
        leaving = [head for head in heads if others.get(head)]
        unusual = [head for head in leaving if not _on_usual_side(stem, head)]
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
    fits = _on_usual_side(stem, head) and _cost(head, stem, space, limits) < limits.whole_on_stem
    if not fits or stem.box.height < limits.min_stem * space:
        return False
    inside = stem.box.y0 - limits.end_at_whole * space <= head.y <= stem.box.y1 + limits.end_at_whole * space
    mates = [
        other
        for other, near in ((other, _stems_of(other, stems, space, limits)) for other in others)
        if near and near[0] is stem and not any(_on_usual_side(s, other) for s in near[1:])
    ]
    return not mates or (inside and all(_is_open(other) for other in mates))


def _stems_of(head: PlacedSymbol, stems: SymbolsByX, space: float, limits: StemLimits) -> list[PlacedSymbol]:
    """List the stems that a head may be on, the cheapest first."""
    reach = head.box.width / 2 + limits.reach * space
    costs = ((_cost(head, s, space, limits), s) for s in stems.between(head.x - reach, head.x + reach))
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
        if twins or _on_usual_side(stem, head):
            found[stem] = [head]
    return {stem: tuple(heads) for stem, heads in found.items()}


def _cost(head: PlacedSymbol, stem: PlacedSymbol, space: float, limits: StemLimits) -> float:
    """From 0, where an engraver attaches stem and head, to 1, where they can't belong together.

    A handwritten stem leans along either diagonal of its box, and may end short of its head.
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


def _in_one_place(a: PlacedSymbol, b: PlacedSymbol, space: float, limits: StemLimits) -> bool:
    return max(abs(a.x - b.x), abs(a.y - b.y)) < limits.unison * space


def _on_usual_side(stem: PlacedSymbol, head: PlacedSymbol) -> bool:
    """Whether a stem that goes up stands to the right of a head, or one that goes down to the left."""
    return stem.x > head.x if stem.y < head.y else stem.x < head.x
