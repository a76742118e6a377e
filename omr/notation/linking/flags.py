"""Assign flags to stems by the distance from the free end of the stem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import FlagLimits
from omr.notation.linking.chords import Chord
from omr.notation.linking.matching import cheapest_pairs


def with_flags(layout: PageLayout, chords: Sequence[Chord], limits: FlagLimits) -> tuple[Chord, ...]:
    """Return the chords with their flags.

    Parameters
    ----------
    layout : PageLayout
    chords : sequence of Chord
    limits : FlagLimits

    Returns
    -------
    tuple of Chord
        In the order given.
    """
    flags = assign_flags(layout, chords, limits)
    return tuple(replace(chord, flags=flags.get(chord, ())) for chord in chords)


def assign_flags(
    layout: PageLayout, chords: Sequence[Chord], limits: FlagLimits
) -> dict[Chord, tuple[PlacedSymbol, ...]]:
    """Assign each flag to the nearest stem tip; no stem has two flags of one class.

    Parameters
    ----------
    layout : PageLayout
    chords : sequence of Chord
    limits : FlagLimits

    Returns
    -------
    dict of Chord to tuple of PlacedSymbol
        The flags of each chord that has any, the cheapest first.
    """
    found: dict[Chord, list[PlacedSymbol]] = defaultdict(list)
    for flag, (chord, _) in cheapest_pairs(_pairs(layout, chords, limits)):
        found[chord].append(flag)
    return {chord: tuple(flags) for chord, flags in found.items()}


def _pairs(
    layout: PageLayout, chords: Sequence[Chord], limits: FlagLimits
) -> Iterator[tuple[float, PlacedSymbol, tuple[Chord, str]]]:
    """Each flag with every place it may take: one for each class of flag at each stem."""
    space = layout.space
    stems = SymbolsByX(chord.stem for chord in chords if chord.stem)
    owner = {chord.stem: chord for chord in chords if chord.stem}
    reach = limits.reach * space
    for flag in layout.named("flag"):
        up = "Up" in flag.name
        start = flag.box.y0 if up else flag.box.y1
        for stem in stems.between(flag.box.x0 - reach, flag.box.x0 + reach):
            chord = owner[stem]
            beside = max(stem.box.x0 - flag.box.x0, flag.box.x0 - stem.box.x1, 0.0) / space
            from_tip = abs(chord.tip - start) / space
            turned = (chord.direction == "up") != up
            cost = beside + limits.tip_weight * from_tip + limits.turned_cost * turned
            if beside < limits.beside and cost < limits.max_cost:
                yield cost, flag, (chord, flag.name)
