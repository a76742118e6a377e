"""Assign strokes through stems: the slash of an acciaccatura, the strokes of a tremolo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import StrokeLimits
from omr.notation.linking.chords import Chord


def with_strokes(layout: PageLayout, chords: Sequence[Chord], limits: StrokeLimits) -> tuple[Chord, ...]:
    """Return the chords with the strokes through their stems.

    Parameters
    ----------
    layout : PageLayout
    chords : sequence of Chord
    limits : StrokeLimits

    Returns
    -------
    tuple of Chord
        In the order given.
    """
    strokes = assign_strokes(layout, chords, limits)
    return tuple(replace(chord, strokes=strokes.get(chord, ())) for chord in chords)


def assign_strokes(
    layout: PageLayout, chords: Sequence[Chord], limits: StrokeLimits
) -> dict[Chord, tuple[PlacedSymbol, ...]]:
    """Assign each stroke to the nearest stem at its height; that of a grace note to small notes only.

    Parameters
    ----------
    layout : PageLayout
    chords : sequence of Chord
    limits : StrokeLimits

    Returns
    -------
    dict of Chord to tuple of PlacedSymbol
        The strokes of each chord that has any.
    """
    aside, beyond = limits.aside * layout.space, limits.beyond * layout.space
    owner = {chord.stem: chord for chord in chords if chord.stem}
    stems = SymbolsByX(owner)
    found: dict[Chord, list[PlacedSymbol]] = defaultdict(list)
    for stroke in layout.named("graceNoteAcciaccatura", "tremolo"):
        near = [
            stem
            for stem in stems.between(stroke.x - aside, stroke.x + aside)
            if stem.box.y0 - beyond < stroke.y < stem.box.y1 + beyond
            if owner[stem].small or stroke.name.startswith("tremolo")
        ]
        if near:
            found[owner[min(near, key=lambda stem: abs(stem.x - stroke.x))]].append(stroke)
    return {chord: tuple(strokes) for chord, strokes in found.items()}
