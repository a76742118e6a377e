"""The rhythm of a piece: every measure's timing, with help from others where one doesn't add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any

from omr.notation.layout.part_collation import PartCollation
from omr.notation.limits import RhythmLimits
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.semantics.implicit_tuplets import TupletPatterns
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.rhythm_search import find_rhythm
from omr.notation.semantics.sounding import sound_of
from omr.notation.semantics.sounds import Sound, Timing, TupletRatio

_MEASURES_KEPT = 8192
"""Rhythms that are kept, so that a piece whose symbols were mended in one measure is read again quickly."""

_VALUES_OF = attrgetter(*(field.name for field in fields(Sound)))
"""The values of a sound, in the order of its fields."""

_NO_GRACE = ("quarter", "half", "whole")
"""Values of small notes that may take time; shorter ones are grace notes."""


def with_timing(
    drafts: Sequence[MeasureDraft],
    pages: Sequence[LinkedPage],
    collation: PartCollation,
    *,
    limits: RhythmLimits = RhythmLimits(),
) -> tuple[MeasureDraft, ...]:
    """Find the rhythm of every measure of a piece.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        In the order of the piece, with their sounds.
    pages : sequence of LinkedPage
        The pages of the piece.
    collation : PartCollation
    limits : RhythmLimits, optional

    Returns
    -------
    tuple of MeasureDraft
        With their timing; small notes that take time and implicit tuplets are among the sounds and tuplets.
    """
    patterns = TupletPatterns()
    timed = []
    for untimed in drafts:
        sounding = _with_small_notes_in_time(untimed, pages[untimed.page], collation, limits)
        draft = replace(sounding, timing=time_measure(sounding, sounding.wanted, limits))
        patterns = patterns.after(draft)
        if not draft.timing.adds_up(limits.max_cost_adding_up):
            draft = _with_implicit_tuplets(draft, patterns, limits)
        if draft.timing.cost > limits.max_cost_adding_up:
            draft = _without_false_heads(draft, limits)
        timed.append(draft)
    return _with_usual_length(timed, limits)


def time_measure(draft: MeasureDraft, wanted: int | None, limits: RhythmLimits) -> Timing:
    """Search the rhythm of one measure.

    Parameters
    ----------
    draft : MeasureDraft
        With its sounds.
    wanted : int or None
        Ticks that the measure should last, if known.
    limits : RhythmLimits

    Returns
    -------
    Timing
    """
    compound = draft.time is not None and draft.time.unit >= 8 and draft.time.beats % 3 == 0
    sounds = tuple(_VALUES_OF(sound) for _, sound in draft.sounds)
    return _search(sounds, wanted, tuple(group.ratios for group in draft.tuplets), limits, compound)


@lru_cache(_MEASURES_KEPT)
def _search(
    sounds: tuple[tuple[Any, ...], ...],
    wanted: int | None,
    ratios: tuple[tuple[TupletRatio, ...], ...],
    limits: RhythmLimits,
    compound: bool,
) -> Timing:
    """Search the rhythm of a measure of sounds, each given by its values; a repeated search costs nothing."""
    return find_rhythm(
        [Sound(*values) for values in sounds], wanted, dict(enumerate(ratios)), limits, compound=compound
    )


def _with_small_notes_in_time(
    draft: MeasureDraft, page: LinkedPage, collation: PartCollation, limits: RhythmLimits
) -> MeasureDraft:
    """Give small quarters and longer notes time where the measure adds up better so: not all are graces."""
    small = [chord for chord in draft.graces if chord.value in _NO_GRACE and not chord.slashed]
    if not small or draft.wanted is None:
        return draft
    sounds = tuple((chord, sound_of(chord, draft, page, collation)) for chord in small)
    longer = replace(
        draft,
        sounds=(*draft.sounds, *sounds),
        graces=tuple(chord for chord in draft.graces if chord not in small),
    )
    costs = [time_measure(each, draft.wanted, limits).cost for each in (longer, draft)]
    return longer if costs[0] + limits.small_note_gain < costs[1] else draft


def _with_implicit_tuplets(
    draft: MeasureDraft, patterns: TupletPatterns, limits: RhythmLimits
) -> MeasureDraft:
    """Take groups for tuplets whose number is left out where the measure adds up better so."""
    drafts = [draft]
    for decided in (True, False):
        numbered = patterns.applied(draft, decided=decided)
        if numbered is not None:
            drafts.append(replace(numbered, timing=time_measure(numbered, draft.wanted, limits)))
    return min(drafts, key=lambda each: each.timing.cost)


def _without_false_heads(draft: MeasureDraft, limits: RhythmLimits) -> MeasureDraft:
    """Leave out black heads without a stem where the measure adds up without them: they are no notes."""
    false = {
        chord
        for chord, sound in draft.sounds
        if chord.heads and not chord.stem and sound.tuplet is None and sound.value == "quarter"
    }
    if not false or len(false) > limits.max_false_heads:
        return draft
    sounds = tuple(pair for pair in draft.sounds if pair[0] not in false)
    fewer = replace(draft, sounds=sounds)
    fewer = replace(fewer, timing=time_measure(fewer, draft.wanted, limits))
    adds_up = bool(sounds) and fewer.timing.adds_up(limits.max_cost_adding_up)
    cheaper = fewer.timing.cost + limits.false_head * len(false) < draft.timing.cost
    return fewer if adds_up and cheaper and fewer.timing.end == draft.wanted else draft


def _with_usual_length(drafts: Sequence[MeasureDraft], limits: RhythmLimits) -> tuple[MeasureDraft, ...]:
    """Where no metre is known, let measures last as long as most of them do."""
    lengths = Counter(draft.timing.end for draft in drafts if draft.time is None and draft.sounds)
    if not lengths:
        return tuple(drafts)
    usual, count = lengths.most_common(1)[0]
    if count < limits.min_share_of_usual_length * lengths.total():
        return tuple(drafts)
    return tuple(
        replace(draft, timing=time_measure(draft, usual, limits))
        if draft.time is None and draft.sounds and draft.timing.end != usual
        else draft
        for draft in drafts
    )
