"""Join stems that stand in one place and go the same way: one stem that came twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.limits import StemLimits
from omr.notation.linking.stems import StemmedHeads, goes_up


def with_duplicates_joined(layout: PageLayout, heads: StemmedHeads, limits: StemLimits) -> StemmedHeads:
    """Join stems in one place that go the same way: the stems of two voices go opposite ways.

    Parameters
    ----------
    layout : PageLayout
        Without its ink only stems that overlap are joined: those that meet may be exact.
    heads : StemmedHeads
    limits : StemLimits

    Returns
    -------
    StemmedHeads
        With the heads of both on one stem as long as both together.
    """
    joined: dict[PlacedSymbol, tuple[PlacedSymbol, ...]] = {}
    for group in _in_one_place(layout, heads, limits):
        box = group[0].box
        for other in group[1:]:
            box = box._replace(y0=min(box.y0, other.box.y0), y1=max(box.y1, other.box.y1))
        stem = group[0] if len(group) == 1 else replace(group[0], box=box)
        joined[stem] = tuple(dict.fromkeys(head for each in group for head in heads.on_stems[each]))
    return StemmedHeads(joined, heads.stemless)


def _in_one_place(
    layout: PageLayout, heads: StemmedHeads, limits: StemLimits
) -> Iterator[list[PlacedSymbol]]:
    """Group stems; those that stand alone are groups of one."""
    max_gap = (limits.max_gap if layout.ink else -limits.min_overlap) * layout.space
    waiting = sorted(heads.on_stems, key=lambda stem: stem.x)
    while waiting:
        group = [waiting.pop(0)]
        for other in list(waiting):
            if other.x - group[0].x > limits.unison * layout.space:
                break
            if _is_same(group[0], other, heads, max_gap):
                group.append(other)
                waiting.remove(other)
        yield group


def _is_same(stem: PlacedSymbol, other: PlacedSymbol, heads: StemmedHeads, max_gap: float) -> bool:
    """Tell whether two stems overlap or meet, go the same way and are on the same staff."""
    apart = max(stem.box.y0, other.box.y0) - min(stem.box.y1, other.box.y1)
    ours, theirs = heads.on_stems[stem], heads.on_stems[other]
    alike = {head.staff for head in ours} == {head.staff for head in theirs}
    same_way = goes_up(stem, ours) == goes_up(other, theirs)
    return alike and same_way and apart < max_gap
