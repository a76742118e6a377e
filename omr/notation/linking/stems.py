"""Assign noteheads to stems by the distance from where an engraver attaches them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import StemLimits


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
    return StemmedHeads(_with_shared(chosen, refused, space, limits), tuple(stemless))


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
    return max(aside / limits.aside, outside / limits.outside) + limits.diagonal * min(aside, outside)


def _in_one_place(a: PlacedSymbol, b: PlacedSymbol, space: float, limits: StemLimits) -> bool:
    return max(abs(a.x - b.x), abs(a.y - b.y)) < limits.unison * space


def _on_usual_side(stem: PlacedSymbol, head: PlacedSymbol) -> bool:
    """Whether a stem that goes up stands to the right of a head, or one that goes down to the left."""
    return stem.x > head.x if stem.y < head.y else stem.x < head.x
