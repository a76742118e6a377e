"""Repeats and voltas: what stands at the two sides of every measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from omr.notation.draft import Draft
from omr.notation.score import Barline
from omr.notation.sheet import Place


def find_endings(drafts: Sequence[Draft]) -> list[tuple[Barline, Barline]]:
    """The left and right barline of every measure, voltas included.

    A volta's number is no symbol: those that follow each other count from 1.
    """
    sides = [(draft.bar.left, draft.bar.right) for draft in drafts]
    number, ended = 0, -2
    for start, end, closed in _voltas(drafts):
        number = number + 1 if start == ended + 1 else 1
        ended = end
        left, right = sides[start]
        sides[start] = replace(left, ending=(*left.ending, "start"), ending_number=number), right
        left, right = sides[end]
        how = "stop" if closed else "discontinue"
        sides[end] = left, replace(right, ending=(*right.ending, how), ending_number=number)
    return sides


def _voltas(drafts: Sequence[Draft]) -> list[tuple[int, int, bool]]:
    """The first and the last measure under each volta, and whether a repeat ends it."""
    found: dict[tuple[int, int], bool] = {}
    brackets: list[tuple[Draft, Place]] = []
    seen: set[int] = set()
    for draft in drafts:
        for place in draft.reading.sheet.by_name.get("voltaBracket", ()):
            if place.staff in draft.staves and id(place) not in seen:
                seen.add(id(place))
                brackets.append((draft, place))
    for first, place in brackets:
        under = [
            i
            for i, d in enumerate(drafts)
            if d.reading is first.reading
            and d.staves == first.staves
            and min(d.bar.x1, place.box.x1) - max(d.bar.x0, place.box.x0) > 0.3 * (d.bar.x1 - d.bar.x0)
        ]
        if under:
            found[under[0], under[-1]] = drafts[under[-1]].bar.right.repeat == "backward"
    return [(start, end, closed) for (start, end), closed in sorted(found.items())]
