"""Chords and rests: noteheads on one stem, stemless heads above each other, or one rest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import ChordLimits
from omr.notation.linking.stems import StemmedHeads, goes_up
from omr.score import VALUES

_FLAG_STROKES = {"128th": 5, "64th": 4, "32nd": 3, "16th": 2, "8th": 1}
"""How many strokes a flag has, by a part of its class name; "128th" comes before "8th", which it contains."""


@dataclass(frozen=True, eq=False)
class Chord:
    """Heads on one stem, or stemless heads above each other, or a rest; equal only to itself.

    Attributes
    ----------
    number : int
        Index within `LinkedPage.chords` of its page.
    heads : tuple of PlacedSymbol
        Noteheads as seen from their staff, from bottom to top; empty for a rest.
    staff : int
        Index of the staff within the page.
    x : float
        Middle of the heads (of the heads on the usual side of the stem) or of the rest, in level pixels.
    stem, rest : PlacedSymbol or None
    direction : "up", "down" or ""
        Of the stem; empty without a stem.
    flags : tuple of PlacedSymbol
        Handwriting has one for each stroke, an engraver's font one for all; empty where there are beams.
    beams : tuple of PlacedSymbol
        From the tip of the stem inwards, one for each level. Chords under a common beam share the value.
    beam_fragments : tuple of PlacedSymbol
        The detected beams of this stem, every fragment of a beam that came in several.
    dots : int
        Augmentation dots in a row (0 to 3).
    dotted : mapping of PlacedSymbol to PlacedSymbol
        The head or rest that each augmentation dot belongs to.
    marks : tuple of PlacedSymbol
        Articulations, ornaments, fermatas, fingerings.
    strokes : tuple of PlacedSymbol
        Strokes through the stem: of grace notes and tremolos.
    low_dot, low_flag : float
        Highest score (0 to 1) of a low-confidence dot, or flag or beam, at its place; 0 where there is none.
    shared : bool
        Whether a head is on another stem as well: an open head may be a half on one stem and black under
        the beams of the other.
    """

    number: int
    heads: tuple[PlacedSymbol, ...]
    staff: int
    x: float
    stem: PlacedSymbol | None = None
    rest: PlacedSymbol | None = None
    direction: Literal["up", "down", ""] = ""
    flags: tuple[PlacedSymbol, ...] = ()
    beams: tuple[PlacedSymbol, ...] = ()
    beam_fragments: tuple[PlacedSymbol, ...] = ()
    dots: int = 0
    dotted: Mapping[PlacedSymbol, PlacedSymbol] = field(default_factory=dict)
    marks: tuple[PlacedSymbol, ...] = ()
    strokes: tuple[PlacedSymbol, ...] = ()
    low_dot: float = 0.0
    low_flag: float = 0.0
    shared: bool = False

    @property
    def tip(self) -> float:
        """The y of the free end of the stem, in page pixels."""
        assert self.stem is not None
        return self.stem.box.y0 if self.direction == "up" else self.stem.box.y1

    @property
    def stem_x(self) -> float:
        """The x of the middle of the stem, in level pixels."""
        assert self.stem is not None
        return self.stem.x

    @property
    def may_have_beams(self) -> bool:
        """Whether the heads are black, or open ones that another stem made so."""
        return any("Half" not in head.name for head in self.heads) or self.shared

    @property
    def small(self) -> bool:
        """Whether every head is of grace or cue size."""
        return bool(self.heads) and all(head.name.endswith("Small") for head in self.heads)

    @property
    def slashed(self) -> bool:
        """Whether a stroke runs through the flag, as in an acciaccatura."""
        return any(stroke.name.startswith("grace") for stroke in self.strokes)

    @property
    def tremolo(self) -> int:
        """Strokes of a tremolo on the stem (0 to 5)."""
        counts = [int(stroke.name[-1]) for stroke in self.strokes if stroke.name.startswith("tremolo")]
        return counts[-1] if counts else 0

    @property
    def value(self) -> str:
        """Name of the note value that heads, flags, beams or the rest say, one of `omr.score.VALUES`."""
        if self.rest:
            name = self.rest.name.removeprefix("rest")
            return {"Longa": "long", "DoubleWhole": "breve", "8th": "eighth"}.get(name, name.lower())
        names = [head.name.removeprefix("notehead").removesuffix("Small") for head in self.heads]
        # a chord with both kinds is open, since ink fills open heads, unless flags or beams say otherwise
        name = names[0]
        if {"Half", "Black"} <= set(names):
            name = "Black" if self.levels else "Half"
        if name in ("DoubleWhole", "Whole", "Half") and not (self.shared and self.beams):
            return {"DoubleWhole": "breve"}.get(name, name.lower())
        return VALUES[min(VALUES.index("quarter") + self.levels, len(VALUES) - 1)]

    @property
    def levels(self) -> int:
        """How many flags or beams the note has: 1 for an eighth, 2 for a 16th."""
        return max(map(_strokes_of, self.flags), default=len(self.beams))

    @property
    def box_y(self) -> tuple[float, float]:
        """The y of the top and of the bottom of heads, stem and rest, in page pixels."""
        parts = [*self.heads, *filter(None, (self.stem, self.rest))]
        return min(p.box.y0 for p in parts), max(p.box.y1 for p in parts)

    @property
    def symbols(self) -> tuple[PlacedSymbol, ...]:
        """The heads, or the rest."""
        return (self.rest,) if self.rest else self.heads


def _strokes_of(flag: PlacedSymbol) -> int:
    return next(count for name, count in _FLAG_STROKES.items() if name in flag.name)


class ChordsByX:
    """Chords by the x of their lowest head or rest, to look up which are near.

    Parameters
    ----------
    chords : iterable of Chord
    """

    def __init__(self, chords: Iterable[Chord]) -> None:
        self._chords: dict[PlacedSymbol, list[Chord]] = defaultdict(list)
        for chord in chords:
            self._chords[chord.symbols[0]].append(chord)
        self._row = SymbolsByX(self._chords)

    def between(self, x0: float, x1: float) -> list[Chord]:
        """Find the chords whose lowest head, or rest, has its middle from `x0` to `x1`.

        Parameters
        ----------
        x0, x1 : float
            In level pixels.

        Returns
        -------
        list of Chord
            From left to right; of chords that share that head the one made last comes first.
        """
        return [chord for symbol in self._row.between(x0, x1) for chord in reversed(self._chords[symbol])]


def make_chords(layout: PageLayout, heads: StemmedHeads, limits: ChordLimits) -> tuple[Chord, ...]:
    """Make a chord of the heads on each stem, of stemless heads above each other, and of each rest.

    Parameters
    ----------
    layout : PageLayout
    heads : StemmedHeads
        The noteheads by stem, as seen from their own staves.
    limits : ChordLimits

    Returns
    -------
    tuple of Chord
        Numbered from 0; without flags, beams, dots and marks.
    """
    stems_of = Counter(head for members in heads.on_stems.values() for head in members)
    found: list[Chord] = []
    for stem, members in heads.on_stems.items():
        found.append(_stemmed(len(found), stem, members, any(stems_of[head] > 1 for head in members)))
    for stack in _stacks(heads.stemless, limits):
        found.append(Chord(len(found), stack, stack[0].staff, min(head.x for head in stack)))
    for rest in layout.named("rest"):
        if rest.name not in ("restHBar", "restHNr"):
            found.append(Chord(len(found), (), rest.staff, rest.x, rest=rest))
    return tuple(found)


def _stemmed(number: int, stem: PlacedSymbol, heads: Sequence[PlacedSymbol], shared: bool) -> Chord:
    """Make a chord of the heads on a stem, which goes up where more of it lies above the heads."""
    heads = tuple(sorted(heads, key=lambda head: -head.y))
    direction: Literal["up", "down"] = "up" if goes_up(stem, heads) else "down"
    width = max(head.box.width for head in heads)
    x = stem.x - width / 2 if direction == "up" else stem.x + width / 2
    return Chord(number, heads, heads[0].staff, x, stem=stem, direction=direction, shared=shared)


def _stacks(heads: Sequence[PlacedSymbol], limits: ChordLimits) -> Iterator[tuple[PlacedSymbol, ...]]:
    """Group stemless heads of one kind above each other, seconds side by side, from bottom to top."""
    waiting = sorted(heads, key=lambda head: head.x)
    while waiting:
        first, waiting = waiting[0], waiting[1:]
        stack = [first]
        for head in waiting:
            if head.x - first.x > limits.stack_width * first.box.width:
                break
            alike = head.staff == first.staff and head.name == first.name
            aside = head.x - first.x > limits.stack_aside * first.box.width
            second = any(abs(head.position - h.position) < limits.second for h in stack)
            if alike and aside == second:
                stack.append(head)
        waiting = [head for head in waiting if head not in stack]
        yield tuple(sorted(stack, key=lambda head: -head.y))
