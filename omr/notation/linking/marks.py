"""Assign articulations, ornaments, fermatas and fingerings to the notes that they stand at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.limits import MarkLimits
from omr.notation.linking.chords import Chord, ChordsByX

MARK_NAMES = {
    "articAccent": "accent",
    "articStaccato": "staccato",
    "articTenuto": "tenuto",
    "articStaccatissimoAbove": "staccatissimo",
    "articStaccatissimoBelow": "staccatissimo",
    "articMarcatoAbove": "strong-accent",
    "articMarcatoBelow": "strong-accent-below",
    "fermataAbove": "fermata",
    "fermataBelow": "fermata-below",
    "caesura": "caesura",
    "breathMark": "breath-mark",
    "stringsDownBow": "down-bow",
    "stringsUpBow": "up-bow",
    "ornamentTrill": "trill-mark",
    "ornamentTurn": "turn",
    "ornamentTurnInverted": "inverted-turn",
    "ornamentMordent": "mordent",
    "ornamentShortTrill": "inverted-mordent",
    "arpeggiato": "arpeggiate",
    **{f"fingering{n}": f"fingering-{n}" for n in range(6)},
}
"""Classes of marks that belong to one note, with MusicXML's names for them (`omr.score.Event.marks`)."""

_AFTER_NOTES = ("caesura", "breathMark")
_BESIDE_NOTES = (*_AFTER_NOTES, "arpeggiato")
_ON_RESTS = ("fermataAbove", "fermataBelow", *_AFTER_NOTES)


def with_marks(layout: PageLayout, chords: Sequence[Chord], limits: MarkLimits) -> tuple[Chord, ...]:
    """Return the chords with the marks that stand at them.

    Parameters
    ----------
    layout : PageLayout
    chords : sequence of Chord
    limits : MarkLimits

    Returns
    -------
    tuple of Chord
        In the order given.
    """
    marks = assign_marks(layout, chords, limits)
    return tuple(replace(chord, marks=marks.get(chord, ())) for chord in chords)


def assign_marks(
    layout: PageLayout, chords: Sequence[Chord], limits: MarkLimits
) -> dict[Chord, tuple[PlacedSymbol, ...]]:
    """Assign each mark to the chord that it stands at; fermatas, caesuras and breath marks to rests too.

    Parameters
    ----------
    layout : PageLayout
    chords : sequence of Chord
    limits : MarkLimits

    Returns
    -------
    dict of Chord to tuple of PlacedSymbol
        The marks of each chord that has any, from left to right.
    """
    space = layout.space
    row = ChordsByX(chords)
    found: dict[Chord, list[PlacedSymbol]] = defaultdict(list)
    for mark in layout.named(*MARK_NAMES):
        if mark.name not in MARK_NAMES:
            continue
        beside = mark.name in _BESIDE_NOTES
        left = (limits.beside_left if beside else limits.reach) * space
        right = (limits.beside_right if beside else limits.reach) * space
        near = [c for c in row.between(mark.x - left, mark.x + right) if c.heads or mark.name in _ON_RESTS]
        costs = [(_cost(mark, chord, space, limits), chord) for chord in near]
        cost, chord = min(costs, key=lambda pair: pair[0], default=(limits.max_cost, None))
        if chord and cost < limits.max_cost:
            found[chord].append(mark)
    return {chord: tuple(marks) for chord, marks in found.items()}


def _cost(mark: PlacedSymbol, chord: Chord, space: float, limits: MarkLimits) -> float:
    """In staff spaces; an arpeggio stands before its chord, a caesura and a breath mark after."""
    top, bottom = chord.box_y
    away = max(top - mark.y, mark.y - bottom, 0.0) / space
    aside = abs(mark.x - chord.x) / space
    if chord.stem:
        aside = min(aside, abs(mark.x - chord.stem.x) / space + limits.at_stem_cost)
    if mark.name == "arpeggiato":
        cost = limits.beside_weight * aside + limits.arpeggio_height_weight * away
        return cost if mark.x <= chord.x else limits.max_cost
    if mark.name in _AFTER_NOTES:
        return limits.beside_weight * (aside + away) if mark.x >= chord.x else limits.max_cost
    return limits.aside_weight * aside + limits.height_weight * away
