"""Assign augmentation dots to the heads and rests on their left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import DotLimits
from omr.notation.linking.chords import Chord


def with_dots(layout: PageLayout, chords: Sequence[Chord], limits: DotLimits) -> tuple[Chord, ...]:
    """Return the chords with their augmentation dots.

    Parameters
    ----------
    layout : PageLayout
    chords : sequence of Chord
    limits : DotLimits

    Returns
    -------
    tuple of Chord
        In the order given.
    """
    dots = assign_dots(layout, chords, limits)
    return tuple(
        replace(chord, dotted=dots[chord], dots=_in_a_row(dots[chord], layout.space, limits))
        if chord in dots
        else chord
        for chord in chords
    )


def assign_dots(
    layout: PageLayout, chords: Sequence[Chord], limits: DotLimits
) -> dict[Chord, dict[PlacedSymbol, PlacedSymbol]]:
    """Assign each augmentation dot to the nearest head or rest on its left.

    The dot of a head that two stems share counts on both.

    Parameters
    ----------
    layout : PageLayout
    chords : sequence of Chord
    limits : DotLimits

    Returns
    -------
    dict of Chord to dict of PlacedSymbol to PlacedSymbol
        For each chord that has dots, the head or rest of each dot.
    """
    owners: dict[PlacedSymbol, list[Chord]] = defaultdict(list)
    for chord in chords:
        for own in chord.symbols:
            owners[own].append(chord)
    row = SymbolsByX(owners)
    reach = limits.reach * layout.space
    found: dict[Chord, dict[PlacedSymbol, PlacedSymbol]] = defaultdict(dict)
    for dot in layout.by_name.get("augmentationDot", ()):
        costs = [
            (_cost(dot, symbol, layout.space, limits), symbol) for symbol in row.between(dot.x - reach, dot.x)
        ]
        cost, symbol = min(costs, key=lambda pair: pair[0], default=(limits.max_cost, None))
        if symbol and cost < limits.max_cost:
            for owner in owners[symbol]:  # a head on two stems is dotted on both
                found[owner][dot] = symbol
    return dict(found)


def _in_a_row(dots: Mapping[PlacedSymbol, PlacedSymbol], space: float, limits: DotLimits) -> int:
    """Count the dots at one height: two dots above each other are those of two heads."""
    rows = (sum(abs(other.y - dot.y) < limits.row_height * space for other in dots) for dot in dots)
    return min(limits.most, max(rows, default=0))


def _cost(dot: PlacedSymbol, symbol: PlacedSymbol, space: float, limits: DotLimits) -> float:
    """In staff spaces; a dot stands in the space of its note, or in the space above the line of its note."""
    gap = (dot.box.x0 - symbol.box.x1) / space
    if not -limits.overlap < gap < limits.gap:
        return limits.max_cost
    rise = (symbol.y - dot.y) / space
    if symbol.name.startswith("rest"):
        return limits.gap_weight * gap + max(0.0, abs(rise) - limits.rest_height)
    if round(symbol.position) % 2 == 0:  # on a line
        off = min(abs(rise - 0.5), abs(rise + 0.5) + limits.below_line_cost)
    else:
        off = min(abs(rise), abs(abs(rise) - 1) + limits.other_space_cost)
    return limits.gap_weight * gap + limits.height_weight * off
