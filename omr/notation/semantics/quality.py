"""Estimate how well the pages of a piece were read, without the truth.

Music whose rhythm is hard to explain has wrong notes; so has a page where many noteheads were almost found.
The estimate is a line through the mean cost of the measures' rhythm, divided by one more than the share of
noteheads of low confidence (`omr.notation.limits.QualityLimits`).
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from omr.notation.limits import QualityLimits, SemanticsLimits
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.semantics.composition import find_problem, measure_numbers
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.page import ReadingQuality


def estimate_quality(
    drafts: Sequence[MeasureDraft],
    pages: Sequence[LinkedPage],
    *,
    limits: SemanticsLimits = SemanticsLimits(),
) -> tuple[ReadingQuality, ...]:
    """Estimate how well each page of a piece was read.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        All measures of the piece, with their timing.
    pages : sequence of LinkedPage
        The pages of the piece.
    limits : SemanticsLimits, optional

    Returns
    -------
    tuple of ReadingQuality
        One for each page.
    """
    numbers = measure_numbers(drafts, limits.rhythm)
    odd = [bool(find_problem(index, drafts, limits.rhythm)) for index in range(len(drafts))]
    found = []
    for page, linked in enumerate(pages):
        here = [index for index, draft in enumerate(drafts) if draft.page == page]
        found.append(
            _of_page(
                linked,
                [drafts[index] for index in here],
                tuple(numbers[index] for index in here if odd[index]),
                limits.quality,
            )
        )
    return tuple(found)


def _of_page(
    page: LinkedPage, drafts: Sequence[MeasureDraft], odd: tuple[int, ...], limits: QualityLimits
) -> ReadingQuality:
    heads = [head.score for chord in page.chords for head in chord.heads]
    if not any(draft.sounds or draft.filling or draft.resting is not None for draft in drafts):
        score = None
    else:
        cost = fmean(min(draft.timing.cost, limits.max_cost) for draft in drafts)
        low = sum(
            symbol.name.startswith("notehead") and symbol.score >= limits.min_low_score
            for symbol in page.layout.low_confidence
        )
        score = max(0.0, limits.best - limits.cost_weight * cost) / (1 + low / max(len(heads), 1))
    variants = {staff for system in page.systems for staff in system.variants}
    ossias = len(variants & {chord.staff for chord in page.chords if chord.heads})
    return ReadingQuality(score, fmean(heads) if heads else None, len(heads), len(drafts), odd, ossias)
