"""Beams: which stems each one joins, and what that makes of every stem.

A detector gives a beam's box, whose ends may lie a staff space off and which may
come in pieces. So a beam joins two neighbouring stems when it covers most of the
way from one to the other at the height of their tips, and pieces that meet at a
stem at one height are one beam. Where the page itself is at hand, what its ink
shows between the stems (`omr.notation.linking.beam_ink`) has the last word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.linking.beam_ink import BEAM, Beams, Gap, count_beams
from omr.notation.linking.chords import Chord

_PER_BEAM = 0.8
"""Distance from one beam to the next, in staff spaces."""

_HOOK = 1.9
"""A beam shorter than so many staff spaces may stand at one stem alone."""

_COVERED = 0.5
"""How much of the way between two stems a beam that joins them covers at least."""

_FAR = 16.0
"""Neighbouring stems under one beam stand no further apart, in staff spaces."""

_LONG = 4.0
"""Room for beams beside stems whose heads lie on their other side, in staff spaces."""

_SEEN = -1
"""The index of a beam that no detector found but the page shows."""


@dataclass(frozen=True)
class _Touch:
    """A beam at a stem: how far inwards from the tip, in staff spaces."""

    inwards: float
    beam: PlacedSymbol


def hang_beams(layout: PageLayout, chords: Sequence[Chord]) -> None:
    """Give every chord the beams its stem reaches, from the tip inwards."""
    space = layout.space
    owner = {chord.stem: chord for chord in chords if chord.stem and _may_have_beams(chord)}
    stems = SymbolsByX(owner)
    touches: dict[int, list[_Touch]] = defaultdict(list)
    for beam in layout.by_name.get("beam", ()):
        reach = 1.2 * space
        near = [owner[s] for s in stems.between(beam.box.x0 - reach, beam.box.x1 + reach)]
        near = [chord for chord in near if _meets(chord, beam, beam.box.y0, beam.box.y1, space)]
        if near:
            y_at = _course(beam, near, space)
            met = [chord for chord in near if _meets(chord, beam, y := y_at(_x(chord)), y, space)]
            for chord in _joined(beam, met, space):
                off = y_at(_x(chord)) - chord.tip
                touches[id(chord)].append(_Touch((off if chord.direction == "up" else -off) / space, beam))
    levels = {key: _levels(those) for key, those in touches.items()}
    same = _pieces(levels.values())
    for chord in chords:
        chord.beams = list(dict.fromkeys(same[level[0]] for level in levels.get(id(chord), ())))
        chord.pieces = [piece for level in levels.get(id(chord), ()) for piece in level]
        if chord.beams:
            chord.flags = []
    _recount(layout, chords)


def _recount(layout: PageLayout, chords: Sequence[Chord]) -> None:
    """Give beamed chords the beams that the page shows, where it is at hand."""
    if layout.image is None:
        return
    _bridge(layout, layout.image, chords)
    groups = beam_groups(chords)
    seen = _look(layout, layout.image, groups)
    runs = [run for group in groups for run in _runs(group, seen)]
    seen = _look(layout, layout.image, runs)
    for run in runs:
        if not _outline(run) or not _rebuild(run, seen):
            for chord in run:
                chord.beams = [beam for beam in chord.beams if beam.index != _SEEN]


def _look(
    layout: PageLayout, image: NDArray[np.uint8], groups: Sequence[Sequence[Chord]]
) -> dict[tuple[Chord, Chord], Beams]:
    """The beams that the page shows between each chord of a group and the next."""
    gaps: dict[tuple[Chord, Chord], Gap] = {}
    for group in groups:
        outline = _outline(group) or _Outline("up", {chord: chord.tip for chord in group})
        gaps |= {(a, b): _gap(layout, a, b, outline) for a, b in pairwise(group)}
    return dict(zip(gaps, count_beams(image, layout.space, list(gaps.values())), strict=True))


class _Outline(NamedTuple):
    """The outermost beam of a group: the side its stems come from, and its height at each of them."""

    direction: str
    tips: dict[Chord, float]


def _outline(group: Sequence[Chord]) -> _Outline | None:
    """Where the tips of a group lie, or would if all stems went one way; None where that can't be told."""
    if any(chord.small for chord in group):
        return None
    tips = {chord: chord.tip for chord in group}
    ups = [chord for chord in group if chord.direction == "up"]
    downs = [chord for chord in group if chord.direction == "down"]
    along = max(ups, downs, key=len)
    if len(along) < len(group):  # kneed: the beams lie between the heads
        x = [_x(chord) for chord in along]
        if len(along) < 2 or max(x) - min(x) < 0.3 * (_x(group[-1]) - _x(group[0])):
            return None
        slope, height = np.polyfit(x, [chord.tip for chord in along], 1)
        tips |= {chord: float(slope * _x(chord) + height) for chord in group if chord not in along}
    return _Outline(along[0].direction, tips)


def _runs(group: Sequence[Chord], seen: Mapping[tuple[Chord, Chord], Beams]) -> list[list[Chord]]:
    """A group cut where stems turn and the page shows no beam: a sloping box reaches into the next group."""
    runs = [[group[0]]]
    for a, b in pairwise(group):
        if a.direction != b.direction and not seen[a, b].shared:
            runs.append([b])
        else:
            runs[-1].append(b)
    return runs


def _bridge(layout: PageLayout, image: NDArray[np.uint8], chords: Sequence[Chord]) -> None:
    """Join a stem without beams to its neighbour where the page shows a beam between: boxes end early."""
    row: dict[tuple[int, str], list[Chord]] = defaultdict(list)
    for chord in sorted((c for c in chords if c.stem), key=_x):
        row[chord.staff, chord.direction].append(chord)
    gaps = {
        (a, b): _gap(layout, a, b, outline)
        for those in row.values()
        for a, b in pairwise(those)
        if _may_join(a, b) and _x(b) - _x(a) < _FAR * layout.space and (outline := _outline((a, b)))
    }
    for (a, b), seen in zip(gaps, count_beams(image, layout.space, list(gaps.values())), strict=True):
        if seen.shared:
            beam = _seen_at(a)
            a.beams, b.beams = [*a.beams, beam], [*b.beams, beam]


def _may_join(a: Chord, b: Chord) -> bool:
    """Whether two black notes lack a beam and have no flags."""
    free = all(not chord.flags and _may_have_beams(chord) for chord in (a, b))
    return free and not (a.beams and b.beams)


def _may_have_beams(chord: Chord) -> bool:
    """Whether its heads are black, or open ones that another stem made so."""
    return "Half" not in chord.heads[0].name or chord.shared


def _seen_at(chord: Chord) -> PlacedSymbol:
    """A beam at a chord that the page shows; as sure as the stem."""
    assert chord.stem
    return replace(chord.stem, index=_SEEN, name="beam")


def _gap(layout: PageLayout, a: Chord, b: Chord, outline: _Outline) -> Gap:
    """Where to look for the beams between two stems."""
    alike = [chord for chord in (a, b) if chord.direction == outline.direction]
    heads = [(c.heads[-1].box.y0 if c.direction == "up" else c.heads[0].box.y1) for c in alike]
    lengths = [abs(c.tip - head) / layout.space for c, head in zip(alike, heads, strict=True)]
    tips = outline.tips[a], outline.tips[b]
    x0, x1 = (layout.on_image(_x(c), tip) for c, tip in zip((a, b), tips, strict=True))
    return Gap((x0, x1), tips, 1 if outline.direction == "up" else -1, min(lengths, default=_LONG))


def _rebuild(group: Sequence[Chord], seen: Mapping[tuple[Chord, Chord], Beams]) -> bool:
    """Give the chords of a group the beams seen between each and the next: one object for each beam.

    A gap without any beam parts two groups. If that would leave a stem with none, nothing is done.
    """
    none = Beams(0, 0, 0)
    gaps = [none, *(seen[pair] for pair in pairwise(group)), none]
    levels = [max(left.right, right.left) for left, right in pairwise(gaps)]
    if not all(levels):
        return False
    before: list[PlacedSymbol] = []
    for chord, gap, level in zip(group, gaps, levels, strict=False):
        before = chord.beams = before[: gap.shared] + [_seen_at(chord) for _ in range(level - gap.shared)]
    return True


def _x(chord: Chord) -> float:
    assert chord.stem is not None
    return chord.stem.x


def _joined(beam: PlacedSymbol, chords: Sequence[Chord], space: float) -> list[Chord]:
    """The chords that a beam joins: neighbours it leads from and to, else the one it is a hook at."""
    joined: list[Chord] = []
    for a, b in pairwise(sorted(chords, key=_x)):
        way = _x(b) - _x(a)
        covered = min(_x(b), beam.box.x1) - max(_x(a), beam.box.x0)
        hook = beam.box.width < _HOOK * space and covered < 0.8 * way
        if (covered > _COVERED * way and not hook) or way < 0.2 * space:
            joined += [a, b]
    if not joined:
        near = [c for c in chords if beam.box.x0 - 0.4 * space < _x(c) < beam.box.x1 + 0.4 * space]
        joined = sorted(near, key=lambda c: min(abs(_x(c) - beam.box.x0), abs(_x(c) - beam.box.x1)))[:1]
    return list({id(chord): chord for chord in joined}.values())


def _levels(touches: list[_Touch]) -> list[list[PlacedSymbol]]:
    """The beams of a stem, from the tip inwards, pieces at one height and side by side together.

    Beams beyond the tip count only in close order.
    """
    levels: list[list[_Touch]] = []
    for touch in sorted(touches, key=lambda t: t.inwards):
        close = bool(levels) and touch.inwards - levels[-1][0].inwards < 0.5 * _PER_BEAM
        if close and not any(_above_each_other(touch.beam, other.beam) for other in levels[-1]):
            levels[-1].append(touch)
        else:
            levels.append([touch])
    first = next((n for n, level in enumerate(levels) if level[0].inwards >= -0.5), len(levels))
    outermost = levels[first][0].inwards if first < len(levels) else 0.0
    while first and outermost - levels[first - 1][0].inwards <= 1.3 * _PER_BEAM:
        first -= 1
        outermost = levels[first][0].inwards
    return [[touch.beam for touch in level] for level in levels[first:]]


def _above_each_other(a: PlacedSymbol, b: PlacedSymbol) -> bool:
    """Whether two beams run along each other, as pieces of one never do."""
    shared = min(a.box.x1, b.box.x1) - max(a.box.x0, b.box.x0)
    return shared > 0.5 * min(a.box.width, b.box.width)


def _pieces(stems: Iterable[list[list[PlacedSymbol]]]) -> dict[PlacedSymbol, PlacedSymbol]:
    """The beam that each piece is part of: pieces at one height of one stem are one."""
    same: dict[PlacedSymbol, PlacedSymbol] = {}

    def find(beam: PlacedSymbol) -> PlacedSymbol:
        while same.setdefault(beam, beam) is not beam:
            beam = same[beam]
        return beam

    for levels in stems:
        for level in levels:
            for piece in level:
                same[find(piece)] = find(level[0])
    return {beam: find(beam) for beam in list(same)}


def _meets(chord: Chord, beam: PlacedSymbol, y0: float, y1: float, space: float) -> bool:
    """Whether a beam from `y0` to `y1` lies near the tip of a stem, on its way to the heads.

    Inside a group the stems may end at the beam nearest to the heads ("French" beaming).
    """
    assert chord.stem is not None
    head = chord.heads[-1].y if chord.direction == "up" else chord.heads[0].y
    length = abs(chord.tip - head)
    reach = min(4.4 * _PER_BEAM * space, max(length - 0.5 * space, 0.3 * space))
    inside = min(chord.stem.box.x0 - beam.box.x0, beam.box.x1 - chord.stem.box.x1) > 0.5 * space
    beyond = 4 * _PER_BEAM * space if inside else space
    low, high = (-beyond, reach) if chord.direction == "up" else (-reach, beyond)
    return y1 >= chord.tip + low and y0 <= chord.tip + high


def _course(beam: PlacedSymbol, chords: Sequence[Chord], space: float) -> Callable[[float], float]:
    """The y of a beam's middle at each x. Its box fits two slopes: the tips of the stems tell which it is."""
    half = min(BEAM * space, beam.box.height) / 2
    rise = beam.box.height - 2 * half
    ends = sorted(chords, key=_x)
    fall = ends[-1].tip - ends[0].tip
    if ends[-1].direction != ends[0].direction:  # tips on both sides of the beam
        fall = _fall_of_kneed(ends)
    x0, width = beam.box.x0, max(beam.box.width, 1.0)

    def y_at(x: float) -> float:
        share = min(max((x - x0) / width, -0.5), 1.5)
        return beam.box.y0 + half + rise * (share if fall > 0 else 1 - share)

    return y_at


def _fall_of_kneed(chords: Sequence[Chord]) -> float:
    """How the tips of the stems of either direction fall from left to right."""
    for direction in ("up", "down"):
        tips = [chord.tip for chord in chords if chord.direction == direction]
        if len(tips) > 1:
            return tips[-1] - tips[0]
    return 0.0


def beam_groups(chords: Sequence[Chord]) -> list[list[Chord]]:
    """Chords under common beams, each group from left to right."""
    group: dict[int, list[Chord]] = {}
    by_beam: dict[PlacedSymbol, list[Chord]] = defaultdict(list)
    for chord in chords:
        group[id(chord)] = [chord]
        for beam in chord.beams:
            by_beam[beam].append(chord)
    for members in by_beam.values():
        for other in members[1:]:
            a, b = group[id(members[0])], group[id(other)]
            if a is not b:
                a += b
                group |= {id(chord): a for chord in b}
    distinct = {id(g): g for g in group.values() if len(g) > 1}
    return [sorted(g, key=lambda chord: chord.x) for g in distinct.values()]


def beam_words(group: Sequence[Chord]) -> dict[int, tuple[str, ...]]:
    """MusicXML's word for every beam level of each chord of a group, by the chord's id."""
    shared = [len(set(a.beams) & set(b.beams)) for a, b in pairwise(group)]
    words: dict[int, tuple[str, ...]] = {}
    for n, chord in enumerate(group):
        before = shared[n - 1] if n else 0
        after = shared[n] if n < len(shared) else 0
        words[id(chord)] = tuple(_word(level, before, after) for level in range(1, len(chord.beams) + 1))
    return words


def _word(level: int, before: int, after: int) -> str:
    if level <= before:
        return "continue" if level <= after else "end"
    if level <= after:
        return "begin"
    return "backward hook" if before >= after and before else "forward hook"
