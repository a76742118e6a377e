"""Barlines of every measure with their repeats and the volta brackets that start or end there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from omr.notation.layout.placement import PlacedSymbol
from omr.notation.limits import CompositionLimits
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.score import Barline


@dataclass(frozen=True)
class _Volta:
    """A volta on the measures from `start` to `end`, both included."""

    start: int
    end: int
    numbers: tuple[int, ...] = ()


def find_barlines(
    drafts: Sequence[MeasureDraft],
    pages: Sequence[LinkedPage],
    *,
    limits: CompositionLimits = CompositionLimits(),
) -> tuple[tuple[Barline, Barline], ...]:
    """Find the left and right barline of every measure, voltas included.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        In the order of the piece.
    pages : sequence of LinkedPage
        The pages of the piece.
    limits : CompositionLimits, optional

    Returns
    -------
    tuple of (Barline, Barline)
        By measure. A volta without digits counts on from the volta before it, or from the repeat before it.
    """
    sides = [(draft.region.left, draft.region.right) for draft in drafts]
    for volta in _numbered(_merged(_under_brackets(drafts, pages, limits), drafts), drafts):
        left, right = sides[volta.start]
        sides[volta.start] = _with_ending(left, "start", volta), right
        left, right = sides[volta.end]
        end = "stop" if right.repeat == "backward" else "discontinue"
        sides[volta.end] = left, _with_ending(right, end, volta)
    return tuple(sides)


def _with_ending(barline: Barline, end: str, volta: _Volta) -> Barline:
    return replace(barline, ending=(*barline.ending, end), ending_numbers=volta.numbers)


def _numbered(voltas: Sequence[_Volta], drafts: Sequence[MeasureDraft]) -> Iterator[_Volta]:
    """Give a number to voltas whose digits are missing, or too low to be right."""
    end, last = -1, 0
    for volta in voltas:
        if last and volta.start == end + 1:
            first = last + 1
        else:
            first = 2 if volta.start and drafts[volta.start - 1].region.right.repeat == "backward" else 1
        believed = volta.numbers and volta.numbers[0] >= first
        numbers = volta.numbers if believed else (first,)
        end, last = volta.end, numbers[-1]
        yield replace(volta, numbers=numbers)


def _merged(voltas: Iterator[_Volta], drafts: Sequence[MeasureDraft]) -> list[_Volta]:
    """Take every volta once, whatever the number of its brackets: on several staves, on two systems."""
    found: list[_Volta] = []
    for volta in sorted(voltas, key=lambda v: (v.start, -v.end, -len(v.numbers))):
        if found and volta.start <= found[-1].end:
            found[-1] = replace(found[-1], numbers=found[-1].numbers or volta.numbers)
        elif found and _goes_on(found[-1], volta, drafts):
            found[-1] = replace(found[-1], end=volta.end)
        else:
            found.append(volta)
    return found


def _under_brackets(
    drafts: Sequence[MeasureDraft], pages: Sequence[LinkedPage], limits: CompositionLimits
) -> Iterator[_Volta]:
    """Find the measures under each bracket."""
    by_system: dict[tuple[int, int], list[int]] = {}
    for i, draft in enumerate(drafts):
        by_system.setdefault((draft.page, draft.system), []).append(i)
    for (page, _), here in by_system.items():
        for sign in pages[page].voltas:
            if sign.bracket.staff in drafts[here[0]].staves:
                under = [i for i in here if _covers(sign.bracket, drafts[i], limits.volta_coverage)]
                if under:
                    yield _Volta(under[0], under[-1], sign.numbers)


def _covers(bracket: PlacedSymbol, draft: MeasureDraft, share: float) -> bool:
    """Tell whether a bracket runs over more than a share of a measure's width."""
    region = draft.region
    shared = min(region.x1, bracket.box.x1) - max(region.x0, bracket.box.x0)
    return shared > share * (region.x1 - region.x0)


def _goes_on(last: _Volta, volta: _Volta, drafts: Sequence[MeasureDraft]) -> bool:
    """Tell whether a bracket without digits at the start of a system only continues the one before."""
    if volta.start != last.end + 1 or volta.numbers or not drafts[volta.start].new_system:
        return False
    right = drafts[last.end].region.right
    return right.style == "regular" and not right.repeat
