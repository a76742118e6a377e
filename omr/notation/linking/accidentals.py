"""Assign accidentals to the noteheads on their right."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import AccidentalLimits
from omr.notation.linking.chords import Chord
from omr.notation.linking.matching import cheapest_pairs


def match_accidentals(
    layout: PageLayout,
    chords: Sequence[Chord],
    of_key_signatures: Collection[PlacedSymbol],
    limits: AccidentalLimits,
) -> dict[PlacedSymbol, PlacedSymbol]:
    """Match each accidental that is in no key signature with a head on its right.

    Parameters
    ----------
    layout : PageLayout
    chords : sequence of Chord
    of_key_signatures : collection of PlacedSymbol
        Accidentals that alter no single note.
    limits : AccidentalLimits

    Returns
    -------
    dict of PlacedSymbol to PlacedSymbol
        The accidental of each head that has one.
    """
    single = [a for a in layout.named("accidental") if a not in of_key_signatures]
    heads = SymbolsByX(head for chord in chords for head in chord.heads)
    pairs = cheapest_pairs(_pairs(single, heads, layout.space, limits))
    return {head: accidental for accidental, head in pairs}


def _pairs(
    accidentals: Sequence[PlacedSymbol], heads: SymbolsByX, space: float, limits: AccidentalLimits
) -> Iterator[tuple[float, PlacedSymbol, PlacedSymbol]]:
    """Each accidental with every head that it may alter, and what that would cost."""
    for accidental in accidentals:
        near = [
            (head, gap)
            for head in heads.between(accidental.x, accidental.x + limits.reach * space)
            if -limits.overlap < (gap := (head.box.x0 - accidental.box.x1) / space) < limits.gap
        ]
        next_x = min((head.x for head, _ in near if head.staff == accidental.staff), default=0.0)
        for head, gap in near:
            off = abs(head.y - accidental.anchor_y) / space
            if off < limits.off:
                cost = limits.gap_weight * max(gap, 0) + limits.height_weight * off
                passes = head.x > next_x + limits.chord_width * space
                yield cost + limits.passing_cost * passes, accidental, head
