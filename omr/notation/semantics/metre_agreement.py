"""Decide the metres of a piece: what most measures last weighs more than one time signature.

A time signature holds until the next one, and its figures may be misread, or be none at all. Where most
measures of such a span last otherwise than it says, and alike, the metre is the one that they last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from omr.notation.limits import MetreAgreementLimits
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.sounds import QUARTER
from omr.score import TimeSignature

_UNITS = (4, 8, 2, 16)
"""Denominators of a metre that no time signature of the piece shows, the usual ones first."""


def agree_metres(
    drafts: Sequence[MeasureDraft], *, limits: MetreAgreementLimits = MetreAgreementLimits()
) -> Sequence[MeasureDraft]:
    """Replace metres that most of their measures contradict.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        In the order of the piece, with their timing.
    limits : MetreAgreementLimits, optional

    Returns
    -------
    sequence of MeasureDraft
        `drafts` itself where every metre stays; else with other metres, to be timed again.
    """
    shown = [draft.time for draft in drafts if draft.new_time and draft.time]
    found: list[MeasureDraft] = []
    before: TimeSignature | None = None
    for span in _spans(drafts):
        length = _usual_length(span, limits)
        time = span[0].time
        if length is not None and (time is None or time.length != length):
            time = before if before and before.length == length else _metre_of(length, time, shown)
        new = time is not None and time != before
        found += [replace(draft, time=time, new_time=new and n == 0) for n, draft in enumerate(span)]
        before = time
    changed = any(a.time != b.time for a, b in zip(found, drafts, strict=True))
    return tuple(found) if changed else drafts


def _spans(drafts: Sequence[MeasureDraft]) -> Iterator[Sequence[MeasureDraft]]:
    """Cut a piece into the spans of its time signatures."""
    starts = [n for n, draft in enumerate(drafts) if draft.new_time or n == 0]
    for start, end in pairwise([*starts, len(drafts)]):
        yield drafts[start:end]


def _usual_length(span: Sequence[MeasureDraft], limits: MetreAgreementLimits) -> Fraction | None:
    """Find how many quarters most measures of a span last; None where too few last alike."""
    lengths = Counter(draft.timing.end for draft in span if draft.sounds)
    if lengths.total() < limits.min_measures:
        return None
    usual, count = lengths.most_common(1)[0]
    return Fraction(usual, QUARTER) if count >= limits.min_share * lengths.total() else None


def _metre_of(
    length: Fraction, misread: TimeSignature | None, shown: Sequence[TimeSignature]
) -> TimeSignature | None:
    """Choose a metre of some length: one of the piece, the misread one with another unit, or the plainest."""
    known = [time for time in shown if time.length == length]
    if known:
        return Counter(known).most_common(1)[0][0]
    units = [Fraction(4 * misread.beats) / length] if misread else []
    units += [Fraction(unit) for unit in _UNITS]
    for unit in units:
        beats = length * unit / 4
        if beats.denominator == 1 and unit.denominator == 1 and int(unit) in _UNITS:
            return TimeSignature(int(beats), int(unit))
    return misread
