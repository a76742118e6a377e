"""Assign detected beams to the stems that they join.

A detector gives the box of a beam, whose ends may lie a staff space off and which may come in fragments. So
a beam joins two neighbouring stems when it covers most of the way from one to the other at the height of
their tips, and fragments that meet at a stem at one height are one beam. Where the page's image is at hand,
the beams that its ink shows between the stems (`omr.notation.linking.beam_correction`) replace these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from scipy.cluster.hierarchy import DisjointSet

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import BeamLimits
from omr.notation.linking.beam_correction import corrected_beams
from omr.notation.linking.chords import Chord


def with_beams(layout: PageLayout, chords: Sequence[Chord], limits: BeamLimits) -> tuple[Chord, ...]:
    """Return the chords with their beams; a chord with beams has no flags.

    Parameters
    ----------
    layout : PageLayout
    chords : sequence of Chord
    limits : BeamLimits

    Returns
    -------
    tuple of Chord
        In the order given.
    """
    levels = assign_beams(layout, chords, limits)
    detected = _one_beam_a_level(levels)
    beamed = tuple(
        replace(
            chord,
            beams=detected.get(chord, ()),
            beam_fragments=tuple(fragment for level in levels.get(chord, ()) for fragment in level),
            flags=() if detected.get(chord) else chord.flags,
        )
        for chord in chords
    )
    corrected = corrected_beams(layout, beamed, limits)
    return tuple(
        replace(after, beams=corrected[after], flags=after.flags if corrected[after] else before.flags)
        for before, after in zip(chords, beamed, strict=True)
    )


Levels = list[list[PlacedSymbol]]
"""The beams of a stem from its tip inwards; fragments at one height, side by side, together."""


def assign_beams(layout: PageLayout, chords: Sequence[Chord], limits: BeamLimits) -> dict[Chord, Levels]:
    """Assign each detected beam to the stems that it joins.

    Parameters
    ----------
    layout : PageLayout
    chords : sequence of Chord
    limits : BeamLimits

    Returns
    -------
    dict of Chord to list of list of PlacedSymbol
        The levels of each chord that has beams, from the tip of the stem inwards, each with the detected
        beams that make it up.
    """
    space = layout.space
    owner = {chord.stem: chord for chord in chords if chord.stem and chord.may_have_beams}
    stems = SymbolsByX(owner)
    reach = limits.reach * space
    touches: dict[Chord, list[_Touch]] = defaultdict(list)
    for beam in layout.by_name.get("beam", ()):
        near = [owner[stem] for stem in stems.between(beam.box.x0 - reach, beam.box.x1 + reach)]
        near = [chord for chord in near if _meets(chord, beam, beam.box.y0, beam.box.y1, space, limits)]
        if not near:
            continue
        y_at = _course(beam, near, space, limits)
        met = [chord for chord in near if _meets(chord, beam, y := y_at(chord.stem_x), y, space, limits)]
        for chord in _joined(beam, met, space, limits):
            below_tip = (y_at(chord.stem_x) - chord.tip) / space
            touches[chord].append(_Touch(below_tip if chord.direction == "up" else -below_tip, beam))
    return {chord: _levels(those, limits) for chord, those in _without_faced(touches, limits).items()}


# --- one beam and the stems near it -------------------------------------------------------------------


def _meets(chord: Chord, beam: PlacedSymbol, y0: float, y1: float, space: float, limits: BeamLimits) -> bool:
    """Whether a beam from `y0` to `y1` lies near the tip of a stem, on its way to the heads.

    Inside a group the stems may end at the beam nearest to the heads ("French" beaming).
    """
    assert chord.stem is not None
    head = chord.heads[-1].y if chord.direction == "up" else chord.heads[0].y
    length = abs(chord.tip - head)
    inwards = max(length - limits.head_room * space, limits.min_inwards * space)
    inwards = min(limits.stack * limits.pitch * space, inwards)
    inside = min(chord.stem.box.x0 - beam.box.x0, beam.box.x1 - chord.stem.box.x1) > limits.inside * space
    beyond = (limits.beyond_inside * limits.pitch if inside else limits.beyond) * space
    low, high = (-beyond, inwards) if chord.direction == "up" else (-inwards, beyond)
    return y1 >= chord.tip + low and y0 <= chord.tip + high


def _course(
    beam: PlacedSymbol, chords: Sequence[Chord], space: float, limits: BeamLimits
) -> Callable[[float], float]:
    """Return the y of a beam's middle at each x.

    The box of a beam fits two slopes: the tips of the stems tell which it is.
    """
    half = min(limits.thickness * space, beam.box.height) / 2
    rise = beam.box.height - 2 * half
    ends = sorted(chords, key=lambda chord: chord.stem_x)
    fall = ends[-1].tip - ends[0].tip
    if ends[-1].direction != ends[0].direction:  # tips on both sides of the beam
        fall = _fall_of_kneed(ends)
    x0, width = beam.box.x0, max(beam.box.width, 1.0)
    overhang = limits.overhang

    def y_at(x: float) -> float:
        share = min(max((x - x0) / width, -overhang), 1 + overhang)
        return beam.box.y0 + half + rise * (share if fall > 0 else 1 - share)

    return y_at


def _fall_of_kneed(chords: Sequence[Chord]) -> float:
    """How far the tips of the stems of one direction fall from left to right."""
    for direction in ("up", "down"):
        tips = [chord.tip for chord in chords if chord.direction == direction]
        if len(tips) > 1:
            return tips[-1] - tips[0]
    return 0.0


def _joined(beam: PlacedSymbol, chords: Sequence[Chord], space: float, limits: BeamLimits) -> list[Chord]:
    """Find the chords that a beam joins: neighbours at both its ends, else the chord that it is a hook at."""
    x0, x1 = beam.box.x0, beam.box.x1
    joined: list[Chord] = []
    for a, b in pairwise(sorted(chords, key=lambda chord: chord.stem_x)):
        way = b.stem_x - a.stem_x
        covered = min(b.stem_x, x1) - max(a.stem_x, x0)
        hook = beam.box.width < limits.hook * space and covered < limits.hook_coverage * way
        if (covered > limits.coverage * way and not hook) or way < limits.one_stem * space:
            joined += [a, b]
    if not joined:
        aside = limits.hook_aside * space
        near = [chord for chord in chords if x0 - aside < chord.stem_x < x1 + aside]
        joined = sorted(near, key=lambda chord: min(abs(chord.stem_x - x0), abs(chord.stem_x - x1)))[:1]
    return list(dict.fromkeys(joined))


# --- one stem and its beams ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Touch:
    """A beam at a stem: how far inwards from the tip, in staff spaces."""

    inwards: float
    beam: PlacedSymbol


def _without_faced(
    touches: Mapping[Chord, Sequence[_Touch]], limits: BeamLimits
) -> dict[Chord, list[_Touch]]:
    """Leave out beams beyond a stem's own that are at the tips of stems that come from the other side."""
    at_tips = {
        (touch.beam, chord.direction)
        for chord, those in touches.items()
        for touch in those
        if touch.inwards >= -limits.faced
    }
    turned = {"up": "down", "down": "up"}
    found = {}
    for chord, those in touches.items():
        own = any(abs(touch.inwards) < limits.at_tip for touch in those)
        found[chord] = [
            touch
            for touch in those
            if not own
            or touch.inwards >= -limits.faced
            or (touch.beam, turned.get(chord.direction)) not in at_tips
        ]
    return found


def _levels(touches: Iterable[_Touch], limits: BeamLimits) -> Levels:
    """Sort the beams of a stem into levels, from the tip inwards.

    Beams beyond the tip count only in close order.
    """
    levels: list[list[_Touch]] = []
    for touch in sorted(touches, key=lambda t: t.inwards):
        close = bool(levels) and touch.inwards - levels[-1][0].inwards < limits.same_level * limits.pitch
        if close and not any(_overlap(touch.beam, other.beam, limits) for other in levels[-1]):
            levels[-1].append(touch)
        else:
            levels.append([touch])
    first = next((n for n, level in enumerate(levels) if level[0].inwards >= -limits.at_tip), len(levels))
    outermost = levels[first][0].inwards if first < len(levels) else 0.0
    while first and outermost - levels[first - 1][0].inwards <= limits.close_order * limits.pitch:
        first -= 1
        outermost = levels[first][0].inwards
    return [[touch.beam for touch in level] for level in levels[first:]]


def _overlap(a: PlacedSymbol, b: PlacedSymbol, limits: BeamLimits) -> bool:
    """Whether two beams run along each other, as fragments of one never do."""
    shared = min(a.box.x1, b.box.x1) - max(a.box.x0, b.box.x0)
    return shared > limits.fragment_overlap * min(a.box.width, b.box.width)


def _one_beam_a_level(levels: Mapping[Chord, Levels]) -> dict[Chord, tuple[PlacedSymbol, ...]]:
    """Choose one symbol for every beam: fragments that share a level of any stem are one beam."""
    sets = DisjointSet(fragment for those in levels.values() for level in those for fragment in level)
    for those in levels.values():
        for level in those:
            for a, b in pairwise(level):
                sets.merge(a, b)
    return {chord: tuple(dict.fromkeys(sets[level[0]] for level in those)) for chord, those in levels.items()}
