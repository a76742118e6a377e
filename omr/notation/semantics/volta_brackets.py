"""Repeats and voltas: what stands at the two sides of every measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from omr.notation.layout.placement import PlacedSymbol
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.score import Barline


@dataclass
class _Volta:
    """A volta on the measures from `start` to `end`."""

    start: int
    end: int
    numbers: tuple[int, ...] = ()


def find_endings(drafts: Sequence[MeasureDraft]) -> list[tuple[Barline, Barline]]:
    """The left and right barline of every measure, voltas included.

    A volta without digits counts on from the one before it, or from the repeat before it.
    """
    sides = [(draft.bar.left, draft.bar.right) for draft in drafts]
    before = _Volta(-2, -2)
    for volta in _voltas(drafts):
        if volta.start == before.end + 1 and before.numbers:
            first = before.numbers[-1] + 1
        else:
            first = 2 if volta.start and sides[volta.start - 1][1].repeat == "backward" else 1
        if not volta.numbers or volta.numbers[0] < first:
            volta.numbers = (first,)
        left, right = sides[volta.start]
        sides[volta.start] = (
            replace(left, ending=(*left.ending, "start"), ending_numbers=volta.numbers),
            right,
        )
        left, right = sides[volta.end]
        how = "stop" if right.repeat == "backward" else "discontinue"
        sides[volta.end] = (
            left,
            replace(right, ending=(*right.ending, how), ending_numbers=volta.numbers),
        )
        before = volta
    return sides


def _voltas(drafts: Sequence[MeasureDraft]) -> list[_Volta]:
    """Every volta once, whatever the number of its brackets: on several staves, on two systems."""
    found: list[_Volta] = []
    for volta in sorted(_under_brackets(drafts), key=lambda v: (v.start, -v.end, -len(v.numbers))):
        last = found[-1] if found else _Volta(-2, -2)
        if volta.start <= last.end:
            last.numbers = last.numbers or volta.numbers
        elif _goes_on(last, volta, drafts):
            last.end = volta.end
        else:
            found.append(volta)
    return found


def _under_brackets(drafts: Sequence[MeasureDraft]) -> Iterator[_Volta]:
    """The measures under each bracket."""
    by_system: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    for i, draft in enumerate(drafts):
        by_system.setdefault((id(draft.reading), draft.staves), []).append(i)
    for here in by_system.values():
        first = drafts[here[0]]
        for sign in first.reading.voltas:
            if sign.bracket.staff in first.staves:
                under = [i for i in here if _covers(sign.bracket, drafts[i])]
                if under:
                    yield _Volta(under[0], under[-1], sign.numbers)


def _covers(bracket: PlacedSymbol, draft: MeasureDraft) -> bool:
    bar = draft.bar
    return min(bar.x1, bracket.box.x1) - max(bar.x0, bracket.box.x0) > 0.3 * (bar.x1 - bar.x0)


def _goes_on(last: _Volta, volta: _Volta, drafts: Sequence[MeasureDraft]) -> bool:
    """Whether a bracket without digits at the start of a system only continues the one before."""
    if volta.start != last.end + 1 or volta.numbers or not drafts[volta.start].new_system:
        return False
    return drafts[last.end].bar.right.style == "regular" and not drafts[last.end].bar.right.repeat
