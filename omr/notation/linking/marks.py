"""What stands around the notes: articulations and ornaments, slurs, loudness, octave lines, pedals, signs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from omr.notation.layout.placement import PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.score import Spanner

AT_NOTES = {
    "articAccent": "accent",
    "articStaccato": "staccato",
    "articTenuto": "tenuto",
    "articStaccatissimoAbove": "staccatissimo",
    "articStaccatissimoBelow": "staccatissimo",
    "articMarcatoAbove": "strong-accent",
    "articMarcatoBelow": "strong-accent-below",
    "fermataAbove": "fermata",
    "fermataBelow": "fermata-below",
    "caesura": "caesura",
    "breathMark": "breath-mark",
    "stringsDownBow": "down-bow",
    "stringsUpBow": "up-bow",
    "ornamentTrill": "trill-mark",
    "ornamentTurn": "turn",
    "ornamentTurnInverted": "inverted-turn",
    "ornamentMordent": "mordent",
    "ornamentShortTrill": "inverted-mordent",
    "arpeggiato": "arpeggiate",
    **{f"fingering{n}": f"fingering-{n}" for n in range(6)},
}
"""MusicXML's names of marks that belong to one note."""

_BESIDE = ("caesura", "breathMark", "arpeggiato")
_ON_RESTS = ("fermataAbove", "fermataBelow", "caesura", "breathMark")


def hang_marks(reading: LinkedPage) -> None:
    """Give every articulation, ornament, fermata and the like to the note it stands at."""
    space = reading.layout.space
    row = SymbolsByX(chord_at(chord) for chord in reading.chords)
    owner = {id(chord_at(chord)): chord for chord in reading.chords}
    for mark in reading.layout.named(*AT_NOTES):
        if mark.name not in AT_NOTES:
            continue
        before, after = (2.5, 4.0) if mark.name in _BESIDE else (1.5, 1.5)
        near = row.between(mark.x - after * space, mark.x + before * space)
        costs = [
            (_mark_cost(mark, chord, space), n, chord)
            for n, chord in enumerate(owner[id(place)] for place in near)
            if chord.heads or mark.name in _ON_RESTS
        ]
        if costs:
            cost, _, chord = min(costs, key=lambda item: item[:2])
            if cost < 5:
                chord.marks.append(mark)


def chord_at(chord: Chord) -> PlacedSymbol:
    """One symbol that stands for a chord: its stem, a head or the rest."""
    found = chord.rest or chord.heads[0]
    assert found is not None
    return found


def _mark_cost(mark: PlacedSymbol, chord: Chord, space: float) -> float:
    top, bottom = chord.box_y
    away = max(top - mark.y, mark.y - bottom, 0.0) / space
    aside = abs(mark.x - chord.x) / space
    if chord.stem:
        aside = min(aside, abs(mark.x - chord.stem.x) / space + 0.2)
    if mark.name == "arpeggiato":
        return aside / 2 + (9 if mark.x > chord.x else 0) + away
    if mark.name in ("caesura", "breathMark"):
        return aside / 2 + (9 if mark.x < chord.x else 0) + away / 2
    return 1.5 * aside + 0.4 * away


# --- slurs -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Arc:
    """A slur from one chord to another, in two curves where a system break cuts it."""

    left: Chord
    right: Chord
    above: bool
    curves: tuple[PlacedSymbol, ...] = ()


def find_slurs(readings: Sequence[LinkedPage]) -> Iterator[Arc]:
    """The chords that each slur joins; the two halves of one that a system break cuts are put together."""
    waiting: dict[int, list[tuple[Chord, bool, PlacedSymbol]]] = defaultdict(list)
    for reading in readings:
        layout, space = reading.layout, reading.layout.space
        row = SymbolsByX(chord_at(chord) for chord in reading.chords)
        owner = {id(chord_at(chord)): chord for chord in reading.chords if chord.heads}
        for system in reading.systems:
            opening: dict[int, list[tuple[Chord, bool, PlacedSymbol]]] = defaultdict(list)
            going_on: dict[int, list[tuple[Chord, bool, PlacedSymbol]]] = defaultdict(list)
            for curve in layout.by_name.get("slur", ()):
                if curve.staff not in system.staves:
                    continue
                ends = []
                for x in (curve.box.x0, curve.box.x1):
                    near = row.between(x - 2 * space, x + 2 * space)
                    chords = [owner[id(p)] for p in near if id(p) in owner]
                    ends.append(
                        min(
                            ((_end_cost(curve, x, c, space), n, c) for n, c in enumerate(chords)),
                            default=None,
                        )
                    )
                left, right = (end[2] if end and end[0] < 4 else None for end in ends)
                some = left or right
                if some is None:
                    continue
                above = curve.y < sum(some.box_y) / 2
                line = system.staves.index(some.staff) if some.staff in system.staves else 0
                if left and right and left is not right:
                    yield Arc(left, right, above, (curve,))
                elif left and curve.box.x1 > system.x1 - 3 * space:
                    going_on[line].append((left, above, curve))
                elif right and curve.box.x0 < system.x0 + 20 * space:
                    opening[line].append((right, above, curve))
            for line, rights in opening.items():
                for (left, above, a), (right, _, b) in zip(waiting[line], rights, strict=False):
                    yield Arc(left, right, above, (a, b))
            waiting = going_on


def _end_cost(curve: PlacedSymbol, x: float, chord: Chord, space: float) -> float:
    """How far the end of a curve at `x` is from a chord: from its heads or the tip of its stem."""
    ys = [head.y for head in (chord.heads[0], chord.heads[-1])]
    aside = abs(chord.x - x)
    if chord.stem:
        ys.append(chord.tip)
        aside = min(aside, abs(chord.stem.x - x))
    away = min(abs(y - edge) for y in ys for edge in (curve.box.y0, curve.box.y1))
    return (aside + 0.7 * max(0.0, away - space)) / space


def number_spans(spans: Sequence[tuple[tuple[float, ...], tuple[float, ...]]]) -> list[int]:
    """Numbers from 1 for spans given by their start and end, such that those which overlap differ."""
    order = sorted(range(len(spans)), key=lambda i: spans[i])
    numbers = [0] * len(spans)
    busy: dict[int, tuple[float, ...]] = {}
    for i in order:
        start, end = spans[i]
        number = next(n for n in range(1, len(spans) + 2) if n not in busy or busy[n] < start)
        numbers[i], busy[number] = number, end
    return numbers


def slur_ends(
    arcs: Sequence[Arc], when: dict[int, tuple[float, ...]], part_of: dict[int, int]
) -> dict[int, list[Spanner]]:
    """The ends of slurs at each chord, by the chord's id.

    Parameters
    ----------
    arcs : sequence of Arc
    when : dict of int to tuple of float
        Measure and onset of each chord, by id; slurs between others are dropped.
    part_of : dict of int to int
        The part of each chord, by id.
    """
    found: dict[int, list[Spanner]] = defaultdict(list)
    kept = [a for a in arcs if id(a.left) in when and id(a.right) in when]
    kept = [
        a
        for a in kept
        if when[id(a.left)] < when[id(a.right)] and part_of[id(a.left)] == part_of[id(a.right)]
    ]
    for part in sorted({part_of[id(arc.left)] for arc in kept}):
        mine = [arc for arc in kept if part_of[id(arc.left)] == part]
        numbers = number_spans([(when[id(arc.left)], when[id(arc.right)]) for arc in mine])
        for arc, number in zip(mine, numbers, strict=True):
            if number <= 16:  # MusicXML has no more
                side = "above" if arc.above else "below"
                found[id(arc.left)].append(Spanner("start", number, side))
                found[id(arc.right)].append(Spanner("stop", number))
    return found


# --- dynamics ----------------------------------------------------------------------------------------


def words_of_dynamics(
    letters: Sequence[PlacedSymbol], space: float
) -> Iterator[tuple[str, list[PlacedSymbol]]]:
    """Letters next to each other as one word, with those letters."""
    words: list[list[PlacedSymbol]] = []
    for letter in letters:
        for word in words:
            last = word[-1]
            level = abs((last.box.y0 + last.box.y1) / 2 - letter.y) < 1.2 * space
            if level and -space < letter.box.x0 - last.box.x1 < 0.7 * space:
                word.append(letter)
                break
        else:
            words.append([letter])
    for word in words:
        yield "".join(p.name.removeprefix("dynamic").lower() for p in word), word
