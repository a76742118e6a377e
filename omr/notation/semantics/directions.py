"""Directions: in which measure, and when, dynamics, hairpins, octave lines, pedals and signs stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from omr.notation.layout.part_collation import PartCollation
from omr.notation.layout.placement import PlacedSymbol
from omr.notation.limits import CompositionLimits
from omr.notation.linking.hairpins import HAIRPINS
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.sounds import QUARTER
from omr.notation.semantics.spanners import number_spans
from omr.notation.semantics.words import MARKS, texts_of_system
from omr.score import DYNAMICS, End, Mark, Placement
from omr.vocabulary.staves import MIDDLE_LINE

_HAIRPINS = dict(zip(HAIRPINS, ("crescendo", "diminuendo"), strict=True))
"""Kinds of mark, by class of the symbol."""


class _Moment(NamedTuple):
    """A measure, by its index in the piece, and a time in it in quarters."""

    measure: int
    onset: Fraction


class _Span(NamedTuple):
    """A mark that lasts from one moment to another."""

    symbol: PlacedSymbol
    staff: int
    """Of the page."""
    kind: str
    start: _Moment
    end: _Moment


class _Placed(NamedTuple):
    """A mark with the measure and the part that it stands in."""

    measure: int
    part: int
    mark: Mark


@dataclass(frozen=True)
class _SystemMusic:
    """One system and its measures, to turn places into moments."""

    page: LinkedPage
    staves: tuple[int, ...]
    drafts: Mapping[int, MeasureDraft]
    """By index in the piece."""
    collation: PartCollation
    limits: CompositionLimits


def find_directions(
    drafts: Sequence[MeasureDraft],
    pages: Sequence[LinkedPage],
    collation: PartCollation,
    *,
    limits: CompositionLimits = CompositionLimits(),
) -> dict[tuple[int, int], tuple[Mark, ...]]:
    """Find all marks that stand by a staff.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        In the order of the piece, with their timing.
    pages : sequence of LinkedPage
        The pages of the piece.
    collation : PartCollation
    limits : CompositionLimits, optional

    Returns
    -------
    dict of (int, int) to tuple of Mark
        By index of the measure and part.
    """
    found: dict[tuple[int, int], tuple[Mark, ...]] = defaultdict(tuple)
    for music in _systems(drafts, pages, collation, limits):
        for measure, part, mark in (*_signs(music), *_span_ends(music), *_words(music)):
            found[measure, part] += (mark,)
    return found


def _systems(
    drafts: Sequence[MeasureDraft],
    pages: Sequence[LinkedPage],
    collation: PartCollation,
    limits: CompositionLimits,
) -> Iterator[_SystemMusic]:
    """Group the measures of a piece by system."""
    by_system: dict[tuple[int, int], dict[int, MeasureDraft]] = defaultdict(dict)
    for i, draft in enumerate(drafts):
        by_system[draft.page, draft.system][i] = draft
    for (page, _), here in by_system.items():
        staves = next(iter(here.values())).staves
        yield _SystemMusic(pages[page], staves, here, collation, limits)


# --- places to moments --------------------------------------------------------------------------------


def _onsets(music: _SystemMusic, x: float) -> tuple[int, list[tuple[float, Fraction]]]:
    """Find the measure at an x, and its onsets with the x of their notes, from left to right."""
    measure = next((i for i, draft in music.drafts.items() if x < draft.region.x1), max(music.drafts))
    space = music.page.layout.space
    timed = music.drafts[measure].timed_sounds()
    return measure, sorted((sound.x * space, Fraction(onset, QUARTER)) for _, sound, onset in timed)


def _moment(music: _SystemMusic, x: float) -> _Moment:
    """Find the measure at an x, and the onset nearest to it."""
    measure, onsets = _onsets(music, x)
    return _Moment(measure, min(onsets, key=lambda pair: abs(pair[0] - x))[1] if onsets else Fraction(0))


def _last_moment(music: _SystemMusic, x: float) -> _Moment:
    """Find the measure at an x, and the last onset before it."""
    measure, onsets = _onsets(music, x)
    if not onsets:
        return _Moment(measure, Fraction(0))
    reach = x + music.limits.span_end_overshoot * music.page.layout.space
    before = [onset for at, onset in onsets if at <= reach]
    return _Moment(measure, before[-1] if before else onsets[0][1])


# --- marks at one moment ------------------------------------------------------------------------------


def _signs(music: _SystemMusic) -> Iterator[_Placed]:
    """Dynamics, segno and coda signs."""
    for word in music.page.dynamics:
        if word.text in DYNAMICS and word.staff in music.staves:
            symbol = word.letters[0]
            yield _placed(music, symbol, word.staff, "dynamics", _moment(music, symbol.x), word.text)
    for sign in music.page.signs:
        if sign.staff in music.staves:
            yield _placed(music, sign.symbol, sign.staff, sign.symbol.name, _moment(music, sign.symbol.x))


def _placed(
    music: _SystemMusic,
    symbol: PlacedSymbol,
    staff: int,
    kind: str,
    moment: _Moment,
    text: str = "",
    end: End | Literal[""] = "",
    number: int = 1,
) -> _Placed:
    """Make a mark of a symbol on a staff of the page, at a moment."""
    part, line = music.collation.part_of(music.drafts[moment.measure].staff_number_of(staff))
    above = symbol.y < music.page.layout.edges(staff, symbol.x)[0]
    if kind == "octave":
        above = symbol.position < MIDDLE_LINE
        text = "up" if above else "down"
    placement: Placement = "above" if above else "below"
    return _Placed(moment.measure, part, Mark(kind, line, moment.onset, text, end, placement, number))


def _words(music: _SystemMusic) -> Iterator[_Placed]:
    """Directions in words and names of chords, each at the note that it begins at."""
    layout = music.page.layout
    for text, staff in texts_of_system(music.page, music.staves):
        x = text.box.x0 + layout.slope * text.box.centre[1] + layout.space / 2
        moment = _moment(music, x)
        part, line = music.collation.part_of(music.drafts[moment.measure].staff_number_of(staff))
        above = text.box.centre[1] < layout.edges(staff, x)[0]
        kind = MARKS[text.kind]
        placement: Placement = "above" if above else "below"
        yield _Placed(moment.measure, part, Mark(kind, line, moment.onset, text.text, "", placement))


# --- marks that last ----------------------------------------------------------------------------------


def _span_ends(music: _SystemMusic) -> Iterator[_Placed]:
    """Make the two ends of hairpins, octave lines and pedals; overlapping spans have different numbers."""
    spans = [*_lines(music), *_pedals(music)]
    numbers = number_spans([(span.start, span.end) for span in spans])
    for (symbol, staff, kind, start, end), distinct in zip(spans, numbers, strict=True):
        number = min(distinct, music.limits.max_number)
        yield _placed(music, symbol, staff, kind, start, "", "start", number)
        yield _placed(music, symbol, staff, kind, end, "", "stop", number)


def _lines(music: _SystemMusic) -> Iterator[_Span]:
    """Hairpins and octave lines, from the note at their left end to the last note before their right end."""
    page = music.page
    found = [(hairpin.symbol, hairpin.staff, _HAIRPINS[hairpin.symbol.name]) for hairpin in page.hairpins]
    found += [(line.symbol, line.staff, "octave") for line in page.octaves]
    for symbol, staff, kind in found:
        if staff in music.staves:
            start, end = _moment(music, symbol.box.x0), _last_moment(music, symbol.box.x1)
            if start < end or (kind == "octave" and start == end):
                yield _Span(symbol, staff, kind, start, end)


def _pedals(music: _SystemMusic) -> Iterator[_Span]:
    """Pedals, from each sign to the sign that lifts the pedal."""
    for pedal in music.page.pedals:
        if pedal.staff in music.staves:
            start, end = _moment(music, pedal.down.x), _moment(music, pedal.up.x)
            if start < end:
                yield _Span(pedal.down, pedal.staff, "pedal", start, end)
