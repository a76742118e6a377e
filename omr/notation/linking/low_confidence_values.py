"""Say which notes a low-confidence dot, flag or beam may belong to: the rhythm may need it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from omr.notation.layout.placement import PageLayout
from omr.notation.limits import LinkingLimits
from omr.notation.linking.beams import assign_beams
from omr.notation.linking.chords import Chord
from omr.notation.linking.dots import assign_dots
from omr.notation.linking.flags import assign_flags


def with_low_confidence_values(
    layout: PageLayout, chords: Sequence[Chord], limits: LinkingLimits
) -> tuple[Chord, ...]:
    """Give each chord the scores of the low-confidence dots, flags and beams at their places.

    Parameters
    ----------
    layout : PageLayout
    chords : sequence of Chord
        With their dots, flags and beams.
    limits : LinkingLimits

    Returns
    -------
    tuple of Chord
        In the order given.
    """
    low = layout.with_symbols(layout.low_confidence)
    dots = {
        chord: max(dot.score for dot in dots) for chord, dots in assign_dots(low, chords, limits.dots).items()
    }
    flags = assign_flags(low, chords, limits.flags)
    beams = assign_beams(low, chords, limits.beams)
    scores: dict[Chord, float] = {}
    for chord in chords:
        found = [*flags.get(chord, ()), *(beam for level in beams.get(chord, ()) for beam in level)]
        scores[chord] = max((symbol.score for symbol in found), default=0.0)
    return tuple(
        replace(chord, low_dot=dots.get(chord, 0.0), low_flag=scores[chord])
        if chord in dots or scores[chord]
        else chord
        for chord in chords
    )
