"""Confirm low-confidence rests by the rhythm: a measure adds up with them that does not without.

A rest between the staves or over a chord of another voice looks unlike others and gets a low score. Where a
measure does not add up as printed, its low-confidence rests are tried; they are confirmed where the printed
values then explain the measure better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from omr.notation.layout.part_collation import PartCollation
from omr.notation.layout.placement import PlacedSymbol
from omr.notation.limits import ConfirmedRestLimits, SemanticsLimits
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.rhythm import time_measure
from omr.notation.semantics.sounding import sound_of

_RESTS = frozenset({"restHalf", "restQuarter", "rest8th", "rest16th", "rest32nd"})
"""Rests that may be confirmed; whole rests fill their measure and explain nothing."""


def confirm_rests(
    drafts: Sequence[MeasureDraft],
    pages: Sequence[LinkedPage],
    collation: PartCollation,
    *,
    limits: SemanticsLimits = SemanticsLimits(),
) -> tuple[tuple[MeasureDraft, ...], tuple[LinkedPage, ...]]:
    """Confirm the low-confidence rests that complete a measure.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        In the order of the piece, with their timing.
    pages : sequence of LinkedPage
        The pages of the piece.
    collation : PartCollation
    limits : SemanticsLimits, optional
        Those of `confirmed_rests`, and of `rhythm` for the search.

    Returns
    -------
    drafts : tuple of MeasureDraft
        With the confirmed rests among their sounds.
    pages : tuple of LinkedPage
        With the confirmed rests among their symbols and chords.
    """
    linked = list(pages)
    found = []
    for draft in drafts:
        confirmed, timed = _confirmed(draft, linked[draft.page], collation, limits)
        found.append(timed)
        if confirmed:
            page = linked[draft.page]
            symbols = (*page.layout.symbols, *(chord.rest for chord in confirmed if chord.rest))
            linked[draft.page] = replace(
                page, layout=page.layout.with_symbols(symbols), chords=(*page.chords, *confirmed)
            )
    return tuple(found), tuple(linked)


def _confirmed(
    draft: MeasureDraft, page: LinkedPage, collation: PartCollation, limits: SemanticsLimits
) -> tuple[tuple[Chord, ...], MeasureDraft]:
    """Find the rests with which a measure adds up best, and the measure with them."""
    if draft.wanted is None or draft.timing.cost <= limits.rhythm.max_cost_as_printed:
        return (), draft
    most = draft.timing.cost - limits.confirmed_rests.min_gain
    best: tuple[tuple[Chord, ...], MeasureDraft] = (), draft
    for chosen in _choices(_candidates(draft, page, limits.confirmed_rests), limits.confirmed_rests):
        chords = tuple(
            Chord(len(page.chords) + n, (), rest.staff, rest.x, rest=rest) for n, rest in enumerate(chosen)
        )
        sounds = tuple((chord, sound_of(chord, draft, page, collation)) for chord in chords)
        longer = replace(draft, sounds=(*draft.sounds, *sounds))
        timing = time_measure(longer, draft.wanted, limits.rhythm)
        if timing.cost < most:
            most, best = timing.cost, (chords, replace(longer, timing=timing))
    return best


def _candidates(
    draft: MeasureDraft, page: LinkedPage, limits: ConfirmedRestLimits
) -> list[list[PlacedSymbol]]:
    """List the low-confidence rests of a measure by place, the likeliest first; one place has one rest."""
    taken = [part for chord, _ in draft.sounds for part in (*chord.heads, chord.rest) if part]
    rests = [
        symbol
        for symbol in page.layout.low_confidence
        if symbol.name in _RESTS
        and symbol.score >= limits.min_score
        and symbol.staff in draft.staves
        and draft.region.x0 <= symbol.x < draft.region.x1
        and not any(symbol.box.iou(other.box) > limits.max_iou for other in taken)
    ]
    places: list[list[PlacedSymbol]] = []
    for rest in sorted(rests, key=lambda symbol: -symbol.score):
        same = [place for place in places if rest.box.iou(place[0].box) > limits.max_iou]
        if same:
            same[0].append(rest)
        else:
            places.append([rest])
    return places[: limits.max_places]


def _choices(
    places: Sequence[Sequence[PlacedSymbol]], limits: ConfirmedRestLimits
) -> Iterator[tuple[PlacedSymbol, ...]]:
    """Go through the choices of one rest at each of some places, fewer places first."""
    for count in range(1, len(places) + 1):
        for chosen in combinations(places, count):
            yield tuple(place[0] for place in chosen)
            if count == 1:
                yield from ((rest,) for rest in chosen[0][1 : limits.max_classes])
