"""What takes time in a measure: notes and rests with their tuplets, without grace notes and filling rests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from omr.notation.layout.part_collation import PartCollation
from omr.notation.limits import Limits, SoundingLimits
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.linking.tuplets import TupletSign, members
from omr.notation.semantics.measure_draft import MeasureDraft, TupletGroup
from omr.notation.semantics.sounds import Sound, TupletRatio
from omr.notation.semantics.tuplet_ratios import ratios_of
from omr.score import length

_WHOLE_RESTS = ("restWhole", "restDoubleWhole")
"""Rests that may fill a measure whatever its metre."""


def with_sounds(
    drafts: Sequence[MeasureDraft],
    pages: Sequence[LinkedPage],
    collation: PartCollation,
    *,
    limits: Limits = Limits(),
) -> tuple[MeasureDraft, ...]:
    """Sort the chords of every measure into those that take time, grace notes, and rests that fill it.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        With the metre that holds.
    pages : sequence of LinkedPage
        The pages of the piece.
    collation : PartCollation
    limits : Limits, optional
        Those of `semantics.sounding`, and of `linking.tuplets` for the members of tuplets.

    Returns
    -------
    tuple of MeasureDraft
        Each draft with its sounds, tuplets, grace notes and filling rests.
    """
    beams = [{chord: n for n, group in enumerate(page.groups) for chord in group} for page in pages]
    return tuple(
        _with_sounds(draft, pages[draft.page], beams[draft.page], collation, limits) for draft in drafts
    )


def _with_sounds(
    draft: MeasureDraft,
    page: LinkedPage,
    beams: Mapping[Chord, int],
    collation: PartCollation,
    limits: Limits,
) -> MeasureDraft:
    """Sort the chords of one measure."""
    graces: list[Chord] = []
    filling: list[Chord] = []
    staves: list[list[Chord]] = []
    for staff in draft.staves:
        here = page.chords_in(draft.region, staff)
        ornamental = [] if _is_cue(here) else [chord for chord in here if chord.small and chord.stem]
        timed = [chord for chord in here if chord not in ornamental]
        whole = [chord for chord in timed if _fills(chord, timed, draft)]
        graces += ornamental
        filling += whole
        staves.append([chord for chord in timed if chord not in whole])
    groups = _tuplets(draft, page, staves, limits)
    tuplet_of = {chord: number for number, group in enumerate(groups) for chord in group.members}
    sounds = tuple(
        (chord, sound_of(chord, draft, page, collation, beams.get(chord), tuplet_of.get(chord)))
        for chords in staves
        for chord in chords
    )
    return replace(draft, sounds=sounds, tuplets=groups, graces=tuple(graces), filling=tuple(filling))


def sound_of(
    chord: Chord,
    draft: MeasureDraft,
    page: LinkedPage,
    collation: PartCollation,
    beam: int | None = None,
    tuplet: int | None = None,
) -> Sound:
    """Describe a chord or rest for the rhythm search.

    Parameters
    ----------
    chord : Chord
    draft : MeasureDraft
        Its measure.
    page : LinkedPage
        Its page.
    collation : PartCollation
    beam : int or None
        Number of its beamed group on the page.
    tuplet : int or None
        Number of its tuplet in the measure.

    Returns
    -------
    Sound
    """
    part, staff = collation.part_of(draft.staff_number_of(chord.staff))
    return Sound(
        chord.x / page.layout.space,
        part,
        staff,
        chord.value,
        chord.dots,
        chord.direction,
        beam,
        tuplet,
        _confidence(chord),
        chord.rest is not None,
        min((dot.score for dot in chord.dotted), default=1.0),
        chord.low_dot,
        chord.low_flag,
    )


def _is_cue(chords: Sequence[Chord]) -> bool:
    """Tell whether all notes of a staff are small: a cue of another part, in time, and no grace notes."""
    return all(chord.small for chord in chords if chord.heads and chord.heads[0].name != "noteheadX")


def _fills(chord: Chord, timed: Sequence[Chord], draft: MeasureDraft) -> bool:
    """Tell whether a whole rest fills its measure: it is alone, or nothing longer than a whole would fit."""
    if not chord.rest or chord.rest.name not in _WHOLE_RESTS:
        return False
    others = [c for c in timed if c is not chord and not (c.rest and c.rest.name == chord.rest.name)]
    short = draft.time is not None and draft.time.length <= length("whole")
    return chord.dots == 0 and (not others or short)


def _confidence(chord: Chord) -> float:
    """Lowest score of the symbols that a chord's duration is read from."""
    symbols = [p for p in (*chord.heads, chord.rest, *chord.flags, *chord.beams) if p]
    return min((p.score for p in symbols), default=1.0)


def _tuplets(
    draft: MeasureDraft, page: LinkedPage, staves: Sequence[Sequence[Chord]], limits: Limits
) -> tuple[TupletGroup, ...]:
    """Find the members of every printed tuplet of a measure; no chord is in two."""
    groups: list[TupletGroup] = []
    for sign in page.tuplets:
        if not _may_count_here(sign, draft, page, limits.semantics.sounding):
            continue
        taken = {chord for group in groups for chord in group.members}
        free = [[chord for chord in chords if chord not in taken] for chords in staves]
        run = members(sign, free, page.groups, page.layout.space, limits.linking.tuplets)
        if run:
            ratios = ratios_of(sign.number, limits.semantics.sounding)
            none = TupletRatio(1, 1, limits.semantics.sounding.no_tuplet)
            groups.append(TupletGroup(tuple(run), (*ratios, none), sign))
    return tuple(groups)


def _may_count_here(sign: TupletSign, draft: MeasureDraft, page: LinkedPage, limits: SoundingLimits) -> bool:
    """Tell whether a tuplet's number stands at a measure, and nearer to its system than to any other."""
    space, edges = page.layout.space, page.layout.edges
    beside = limits.tuplet_beside_measure * space
    if not draft.region.x0 - beside < sign.x < draft.region.x1 + beside:
        return False
    middles = (sum(edges(staff, sign.x)) / 2 for staff in draft.staves)
    if min(abs(middle - sign.y) for middle in middles) > limits.tuplet_distance * space:
        return False
    gaps = [max(staff.ys[0].mean() - sign.y, sign.y - staff.ys[-1].mean(), 0) for staff in page.layout.staves]
    return gaps.index(min(gaps)) in draft.staves
