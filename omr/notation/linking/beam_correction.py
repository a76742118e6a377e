"""Correct the beams of stems by what the page's ink shows between them.

A box may hold several beams, end before the last stem or reach into the next group. The ink between each
stem and the next (`omr.notation.linking.beam_ink`) tells how many beams lead from one to the other and how
many stand at each as hooks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import NamedTuple

import numpy as np

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import BeamLimits
from omr.notation.linking.beam_groups import groups_under
from omr.notation.linking.beam_ink import BeamCount, Gap, count_beams, measured_limits
from omr.notation.linking.chords import Chord

FROM_INK = -1
"""The index of a beam that no detector found but the page shows."""

Beams = dict[Chord, tuple[PlacedSymbol, ...]]
"""The beams of each chord, from the tip of its stem inwards."""

Pair = tuple[Chord, Chord]
"""A chord and the next on its right."""


def corrected_beams(layout: PageLayout, chords: Sequence[Chord], limits: BeamLimits) -> Beams:
    """Count the beams of each chord anew from the page's ink.

    Parameters
    ----------
    layout : PageLayout
        Without its image the beams stay as detected.
    chords : sequence of Chord
        With their detected beams.
    limits : BeamLimits

    Returns
    -------
    dict of Chord to tuple of PlacedSymbol
        For every chord given; beams from the ink have the index `FROM_INK`.
    """
    detected: Beams = {chord: chord.beams for chord in chords}
    if layout.ink is None:
        return detected
    tips = _Tips(chords)
    limits = _measured(layout, groups_under(detected), tips, limits)
    bridged = _bridged(layout, detected, tips, limits)
    groups = groups_under(bridged)
    seen = _count_between(layout, groups, tips, limits)
    runs = [run for group in groups for run in _cut_where_stems_turn(group, seen)]
    seen = _count_between(layout, runs, tips, limits)
    found = dict(bridged)
    for run in runs:
        counted = _beams_of_run(run, seen) if _outline(run, limits) else None
        if counted is None and _is_without_beams(run, seen, bridged, limits):
            counted = dict.fromkeys(run, ())
        found |= counted or {chord: _without_ink(bridged[chord]) for chord in run}
    return found


class _Tips:
    """The tips of all stems, to find those that face others."""

    def __init__(self, chords: Sequence[Chord]) -> None:
        self._owner = {chord.stem: chord for chord in chords if chord.stem and chord.may_have_beams}
        self._stems = SymbolsByX(self._owner)

    def outwards(self, a: Chord, b: Chord, outline: _Outline, space: float, limits: BeamLimits) -> float:
        """Staff spaces from the tips of two neighbours to those of stems that come from the other side."""
        up = outline.direction == "up"
        tip = min(outline.tips[a], outline.tips[b]) if up else max(outline.tips[a], outline.tips[b])
        near = (self._owner[stem] for stem in self._stems.between(a.stem_x - space, b.stem_x + space))
        away = [
            (tip - chord.tip if up else chord.tip - tip) / space
            for chord in near
            if chord.direction != outline.direction
        ]
        return min((each for each in away if each > limits.faced), default=inf)


# --- stems that a box misses --------------------------------------------------------------------------


def _bridged(layout: PageLayout, beams: Beams, tips: _Tips, limits: BeamLimits) -> Beams:
    """Join each stem without beams to a neighbour where the page shows a beam between: boxes end early."""
    rows: dict[tuple[int, str], list[Chord]] = defaultdict(list)
    for chord in sorted((chord for chord in beams if chord.stem), key=lambda chord: chord.stem_x):
        rows[chord.staff, chord.direction].append(chord)
    gaps = {
        (a, b): _gap(layout, a, b, outline, tips, limits)
        for row in rows.values()
        for a, b in pairwise(row)
        if _may_join(a, b) and b.stem_x - a.stem_x < limits.max_distance * layout.space
        if (outline := _outline((a, b), limits))
    }
    found = dict(beams)
    for (a, b), count in _counted(layout, gaps, limits).items():
        if count.shared:
            beam = _beam_from_ink(a)
            found |= {a: (*found[a], beam), b: (*found[b], beam)}
    return found


def _may_join(a: Chord, b: Chord) -> bool:
    """Whether two black notes have no flags, and not both of them have beams."""
    free = all(not chord.flags and chord.may_have_beams for chord in (a, b))
    return free and not (a.beams and b.beams)


# --- the beams of a group -----------------------------------------------------------------------------


class _Outline(NamedTuple):
    """The outermost beam of a group: the direction of the stems that reach it, and its y at each chord."""

    direction: str
    tips: dict[Chord, float]


def _outline(group: Sequence[Chord], limits: BeamLimits) -> _Outline | None:
    """Find where the tips of a group lie, or would if all stems went one way; None if that can't be told."""
    if any(chord.small for chord in group):
        return None
    tips = {chord: chord.tip for chord in group}
    ups = [chord for chord in group if chord.direction == "up"]
    downs = [chord for chord in group if chord.direction == "down"]
    along = max(ups, downs, key=len)
    if len(along) < len(group):  # kneed: the beams lie between the heads
        x = [chord.stem_x for chord in along]
        whole = group[-1].stem_x - group[0].stem_x
        if len(along) < 2 or max(x) - min(x) < limits.kneed_span * whole:
            return None
        slope, height = np.polyfit(x, [chord.tip for chord in along], 1)
        tips |= {chord: float(slope * chord.stem_x + height) for chord in group if chord not in along}
    return _Outline(along[0].direction, tips)


def _measured(
    layout: PageLayout, groups: Sequence[Sequence[Chord]], tips: _Tips, limits: BeamLimits
) -> BeamLimits:
    """Take thickness and pitch of the beams from the page."""
    assert layout.ink is not None
    gaps = _gaps(layout, groups, tips, limits)
    return replace(limits, ink=measured_limits(layout.ink, layout.space, list(gaps.values()), limits.ink))


def _count_between(
    layout: PageLayout, groups: Sequence[Sequence[Chord]], tips: _Tips, limits: BeamLimits
) -> dict[Pair, BeamCount]:
    """Count the beams between each chord of a group and the next."""
    return _counted(layout, _gaps(layout, groups, tips, limits), limits)


def _gaps(
    layout: PageLayout, groups: Sequence[Sequence[Chord]], tips: _Tips, limits: BeamLimits
) -> dict[Pair, Gap]:
    """List the gaps between each chord of a group and the next."""
    gaps: dict[Pair, Gap] = {}
    for group in groups:
        outline = _outline(group, limits) or _Outline("up", {chord: chord.tip for chord in group})
        gaps |= {(a, b): _gap(layout, a, b, outline, tips, limits) for a, b in pairwise(group)}
    return gaps


def _counted(layout: PageLayout, gaps: Mapping[Pair, Gap], limits: BeamLimits) -> dict[Pair, BeamCount]:
    """Count the beams in each gap."""
    assert layout.ink is not None
    counts = count_beams(layout.ink, layout.space, list(gaps.values()), limits.ink)
    return dict(zip(gaps, counts, strict=True))


def _gap(layout: PageLayout, a: Chord, b: Chord, outline: _Outline, stems: _Tips, limits: BeamLimits) -> Gap:
    """Where to look for the beams between two stems."""
    alike = [chord for chord in (a, b) if chord.direction == outline.direction]
    heads = [(c.heads[-1].box.y0 if c.direction == "up" else c.heads[0].box.y1) for c in alike]
    lengths = [abs(c.tip - head) / layout.space for c, head in zip(alike, heads, strict=True)]
    tips = outline.tips[a], outline.tips[b]
    x0, x1 = (layout.on_image(c.stem_x, tip) for c, tip in zip((a, b), tips, strict=True))
    inwards = 1 if outline.direction == "up" else -1
    outwards = stems.outwards(a, b, outline, layout.space, limits)
    return Gap((x0, x1), tips, inwards, min(lengths, default=limits.open_room), outwards)


def _cut_where_stems_turn(group: Sequence[Chord], seen: Mapping[Pair, BeamCount]) -> list[list[Chord]]:
    """Cut a group where stems turn and the ink shows no beam: a sloping box reaches into the next group."""
    runs = [[group[0]]]
    for a, b in pairwise(group):
        if a.direction != b.direction and not seen[a, b].shared:
            runs.append([b])
        else:
            runs[-1].append(b)
    return runs


def _beams_of_run(group: Sequence[Chord], seen: Mapping[Pair, BeamCount]) -> Beams | None:
    """Make the beams that the ink shows between the chords of a group: one symbol for each beam.

    A gap without any beam parts two groups. None if that would leave a stem without beams.
    """
    none = BeamCount(0, 0, 0)
    gaps = [none, *(seen[pair] for pair in pairwise(group)), none]
    levels = [max(left.right, right.left) for left, right in pairwise(gaps)]
    if not all(levels):
        return None
    found: Beams = {}
    previous: tuple[PlacedSymbol, ...] = ()
    for chord, gap, level in zip(group, gaps, levels, strict=False):
        new = tuple(_beam_from_ink(chord) for _ in range(level - gap.shared))
        found[chord] = previous = previous[: gap.shared] + new
    return found


def _is_without_beams(
    group: Sequence[Chord], seen: Mapping[Pair, BeamCount], beams: Beams, limits: BeamLimits
) -> bool:
    """Tell whether the ink shows no beam in a group whose detected beams are not sure: a slur or a line."""
    sure = any(beam.score >= limits.sure for chord in group for beam in beams[chord])
    return not sure and not any(any(seen[pair]) for pair in pairwise(group))


def _beam_from_ink(chord: Chord) -> PlacedSymbol:
    """Make a beam at a chord that the page shows; it is as sure as the stem."""
    assert chord.stem
    return replace(chord.stem, index=FROM_INK, name="beam")


def _without_ink(beams: Sequence[PlacedSymbol]) -> tuple[PlacedSymbol, ...]:
    return tuple(beam for beam in beams if beam.index != FROM_INK)
