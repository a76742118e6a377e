"""Which symbol belongs to which: heads on stems, flags and beams at stems, dots and accidentals at heads.

Every relation is an assignment with costs. For each kind of pair there is a
cost in staff spaces, from how far the two are from where an engraver would
have put them; cheap pairs are made first, and none beyond a limit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.linking.beams import hang_beams
from omr.notation.linking.chords import Chord

A = TypeVar("A")
B = TypeVar("B")


def cheapest(pairs: Iterable[tuple[float, A, B]]) -> Iterator[tuple[A, B]]:
    """Make pairs, the cheapest first, every member in one pair at most."""
    taken: set[int] = set()
    for _, a, b in sorted(pairs, key=lambda pair: pair[0]):
        if not {id(a), id(b)} & taken:
            taken |= {id(a), id(b)}
            yield a, b


# --- heads and stems ---------------------------------------------------------------------------------


def heads_on_stems(layout: PageLayout) -> tuple[dict[PlacedSymbol, list[PlacedSymbol]], list[PlacedSymbol]]:
    """The heads on each stem, and the heads that have none.

    A head takes the stem at its side that costs least. A stem left without
    head shares one: two voices in unison.
    """
    space = layout.space
    stems = SymbolsByX(layout.by_name.get("stem", ()))
    heads = layout.named("notehead")
    chosen: dict[PlacedSymbol, list[PlacedSymbol]] = defaultdict(list)
    refused: dict[PlacedSymbol, list[tuple[float, PlacedSymbol]]] = defaultdict(list)
    stemless = []
    for head in heads:
        reach = head.box.width / 2 + 1.2 * space  # a stem that leans is as wide as a head
        near = [
            (_stem_cost(head, stem, space), stem) for stem in stems.between(head.x - reach, head.x + reach)
        ]
        near = sorted((pair for pair in near if pair[0] < 1), key=lambda pair: pair[0])
        if "Whole" in head.name or not near:
            stemless.append(head)
            continue
        chosen[near[0][1]].append(head)
        for cost, stem in near[1:]:
            refused[stem].append((cost, head))
    for stem, candidates in refused.items():
        if stem not in chosen:
            _, head = min(candidates, key=lambda pair: pair[0])
            owner = next(s for s, hs in chosen.items() if head in hs)
            twins = [h for h in chosen[owner] if h is not head and _same_place(h, head, space)]
            if twins:
                chosen[owner].remove(head)
            if twins or _at_its_side(stem, head):
                chosen[stem].append(head)
    return chosen, stemless


def _stem_cost(head: PlacedSymbol, stem: PlacedSymbol, space: float) -> float:
    """From 0, where an engraver attaches stem and head, to 1, where they can't belong together.

    A stem written by hand leans to one side or the other, and may end short of its head.
    """
    share = min(max((head.y - stem.box.y0) / stem.box.height, 0.0), 1.0)
    courses = (stem.box.x0 + share * stem.box.width, stem.box.x1 - share * stem.box.width)
    aside = min(abs(x - side) for x in courses for side in (head.box.x0, head.box.x1)) / space
    outside = max(stem.box.y0 - head.box.y1, head.box.y0 - stem.box.y1, 0.0) / space
    return max(aside / 0.6, outside) + 0.3 * min(aside, outside)


def _same_place(a: PlacedSymbol, b: PlacedSymbol, space: float) -> bool:
    return abs(a.x - b.x) < 0.3 * space and abs(a.y - b.y) < 0.3 * space


def _at_its_side(stem: PlacedSymbol, head: PlacedSymbol) -> bool:
    """Whether a stem that goes up stands to the right of a head, or one that goes down to the left."""
    up = stem.y < head.y
    return stem.x > head.x if up else stem.x < head.x


def make_chords(
    layout: PageLayout, on_stems: dict[PlacedSymbol, list[PlacedSymbol]], stemless: Sequence[PlacedSymbol]
) -> list[Chord]:
    """Chords and rests with all that hangs on their stems; heads are on their own staves already."""
    stems_of = Counter(head for heads in on_stems.values() for head in heads)
    chords = [
        _stemmed(stem, heads, shared=any(stems_of[head] > 1 for head in heads))
        for stem, heads in on_stems.items()
    ]
    chords += _stacked(layout, stemless)
    hang_flags(layout, chords)
    hang_beams(layout, chords)
    for rest in layout.named("rest"):
        if rest.name not in ("restHBar", "restHNr"):
            chords.append(Chord([], rest.staff, rest.x, rest=rest))
    _strike(layout, chords)
    return chords


def _stemmed(stem: PlacedSymbol, heads: list[PlacedSymbol], shared: bool) -> Chord:
    heads = sorted(heads, key=lambda head: -head.y)
    over, under = heads[-1].y - stem.box.y0, stem.box.y1 - heads[0].y
    direction: Literal["up", "down"] = "up" if over > under else "down"
    width = max(head.box.width for head in heads)
    x = stem.x - width / 2 if direction == "up" else stem.x + width / 2
    return Chord(heads, heads[0].staff, x, stem=stem, direction=direction, shared=shared)


def _stacked(layout: PageLayout, heads: Sequence[PlacedSymbol]) -> Iterator[Chord]:
    """Stemless heads of one kind above each other, seconds side by side, as one chord."""
    waiting = sorted(heads, key=lambda head: head.x)
    while waiting:
        first, waiting = waiting[0], waiting[1:]
        stack = [first]
        for head in waiting:
            if head.x - first.x > 1.4 * first.box.width:
                break
            alike = head.staff == first.staff and head.name == first.name
            aside = head.x - first.x > 0.5 * first.box.width
            second = any(abs(head.position - h.position) < 1.5 for h in stack)
            if alike and aside == second:
                stack.append(head)
        waiting = [head for head in waiting if head not in stack]
        yield Chord(sorted(stack, key=lambda head: -head.y), first.staff, first.x)


def _strike(layout: PageLayout, chords: Sequence[Chord]) -> None:
    """Strokes through stems: of grace notes, and tremolos."""
    space = layout.space
    stems = SymbolsByX(chord.stem for chord in chords if chord.stem)
    owner = {chord.stem: chord for chord in chords if chord.stem}
    for stroke in layout.named("graceNoteAcciaccatura", "tremolo"):
        near = stems.between(stroke.x - 1.2 * space, stroke.x + 1.2 * space)
        near = [s for s in near if s.box.y0 - space < stroke.y < s.box.y1 + space]
        grace = stroke.name.startswith("grace")
        near = [s for s in near if owner[s].small or not grace]
        if near:
            chord = owner[min(near, key=lambda s: abs(s.x - stroke.x))]
            chord.strokes.append(stroke)
            if grace:
                chord.slashed = True
            else:
                chord.tremolo = int(stroke.name[-1])


# --- flags ---------------------------------------------------------------------------------


def hang_flags(layout: PageLayout, chords: Sequence[Chord]) -> None:
    """Give every flag to the stem whose tip is nearest; no stem has two of one kind."""
    space = layout.space
    stems = SymbolsByX(chord.stem for chord in chords if chord.stem)
    owner = {chord.stem: chord for chord in chords if chord.stem}
    pairs: list[tuple[float, PlacedSymbol, Chord]] = []
    for flag in layout.named("flag"):
        up = "Up" in flag.name
        start = flag.box.y0 if up else flag.box.y1
        for stem in stems.between(flag.box.x0 - 1.2 * space, flag.box.x0 + 1.2 * space):
            chord = owner[stem]
            tip = abs(chord.tip - start) / space
            beside = max(stem.box.x0 - flag.box.x0, flag.box.x0 - stem.box.x1, 0.0) / space
            cost = beside + tip / 2 + (0 if (chord.direction == "up") == up else 1)
            if beside < 0.6 and cost < 2:
                pairs.append((cost, flag, chord))
    hung: set[PlacedSymbol] = set()
    for _, flag, chord in sorted(pairs, key=lambda pair: pair[0]):
        if flag not in hung and flag.name not in {other.name for other in chord.flags}:
            chord.flags.append(flag)
            hung.add(flag)


# --- dots and accidentals ----------------------------------------------------------------------------


def hang_dots(layout: PageLayout, chords: Sequence[Chord]) -> None:
    """Give every augmentation dot to the head or rest on its left."""
    space = layout.space
    owners = [(head, chord) for chord in chords for head in chord.heads]
    owners += [(chord.rest, chord) for chord in chords if chord.rest]
    row, owner = SymbolsByX(head for head, _ in owners), dict(owners)
    found: dict[int, dict[PlacedSymbol, PlacedSymbol]] = defaultdict(dict)
    for dot in layout.by_name.get("augmentationDot", ()):
        costs = [
            (cost, head)
            for head in row.between(dot.x - 5 * space, dot.x)
            if (cost := _dot_cost(dot, head, space)) < 1.6
        ]
        if costs:
            head = min(costs, key=lambda pair: pair[0])[1]
            found[id(owner[head])][dot] = head
    for chord in chords:
        dots = found[id(chord)]
        rows = (sum(abs(d.y - dot.y) < 0.3 * space for d in dots) for dot in dots)
        chord.dotted = dots
        chord.dots = min(3, max(rows, default=0))


def _dot_cost(dot: PlacedSymbol, head: PlacedSymbol, space: float) -> float:
    """In staff spaces; a dot stands in the space of its note, or next to the line the note is on."""
    gap = (dot.box.x0 - head.box.x1) / space
    if not -0.3 < gap < 3.5:
        return 9.0
    rise = (head.y - dot.y) / space
    if head.name.startswith("rest"):
        return 0.3 * gap + max(0.0, abs(rise) - 1.0)
    on_line = round(head.position) % 2 == 0
    off = min(abs(rise - 0.5), abs(rise + 0.5) + 0.2) if on_line else min(abs(rise), abs(abs(rise) - 1) + 0.5)
    return 0.3 * gap + 1.5 * off


def hang_accidentals(layout: PageLayout, chords: Sequence[Chord], taken: set[PlacedSymbol]) -> None:
    """Give every accidental that no key signature has taken to a head on its right."""
    space = layout.space
    owner = {head: chord for chord in chords for head in chord.heads}
    row = SymbolsByX(owner)
    pairs: list[tuple[float, PlacedSymbol, PlacedSymbol]] = []
    for accidental in layout.named("accidental"):
        if accidental in taken:
            continue
        anchor = accidental.box.y0 + (0.73 if "Flat" in accidental.name else 0.5) * accidental.box.height
        for head in row.between(accidental.x, accidental.x + 7 * space):
            gap = (head.box.x0 - accidental.box.x1) / space
            off = abs(head.y - anchor) / space
            if -0.5 < gap < 5 and off < 0.75:
                pairs.append((0.15 * max(gap, 0) + 2 * off, accidental, head))
    for accidental, head in cheapest(pairs):
        owner[head].accidentals[head] = accidental


# --- ties --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tie:
    """A tie and its two heads, None where it comes from or goes to another system."""

    curve: PlacedSymbol
    left: PlacedSymbol | None
    right: PlacedSymbol | None


def find_ties(layout: PageLayout, chords: Sequence[Chord]) -> Iterator[Tie]:
    """The heads that each tie joins: of one height, one at either end."""
    space = layout.space
    row = SymbolsByX({head for chord in chords for head in chord.heads})
    for curve in layout.by_name.get("tie", ()):
        lefts = _at_end(
            row.between(curve.box.x0 - 2.5 * space, curve.box.x0 + space), curve, curve.box.x0, space
        )
        rights = _at_end(
            row.between(curve.box.x1 - space, curve.box.x1 + 2.5 * space), curve, curve.box.x1, space
        )
        pairs = [
            (a + b, left, right)
            for a, left in lefts
            for b, right in rights
            if left.staff == right.staff and abs(left.position - right.position) < 0.9 and left is not right
        ]
        if pairs:
            _, left, right = min(pairs, key=lambda pair: pair[0])
            yield Tie(curve, left, right)
        else:
            yield from _open_tie(layout, curve, lefts, rights)


def _open_tie(
    layout: PageLayout,
    curve: PlacedSymbol,
    lefts: list[tuple[float, PlacedSymbol]],
    rights: list[tuple[float, PlacedSymbol]],
) -> Iterator[Tie]:
    """A tie that a system break cuts has one head only."""
    start, end = layout.span(curve.staff)
    if lefts and curve.box.x1 > end - 3 * layout.space:
        yield Tie(curve, min(lefts, key=lambda pair: pair[0])[1], None)
    elif rights and curve.box.x0 < start + 20 * layout.space:
        yield Tie(curve, None, min(rights, key=lambda pair: pair[0])[1])


def _at_end(
    heads: Sequence[PlacedSymbol], curve: PlacedSymbol, x: float, space: float
) -> list[tuple[float, PlacedSymbol]]:
    """Heads near one end of a curve, with what the distance costs."""
    found = []
    for head in heads:
        off = min(abs(head.y - curve.box.y0), abs(head.y - curve.box.y1)) / space
        if off < 1.8:
            found.append((abs(head.x - x) / space + 1.5 * off, head))
    return found
