"""A chord or rest and everything that hangs on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from omr.notation.layout.placement import PlacedSymbol
from omr.score import VALUES

_ORDER = ("64th", "128th", "32nd", "16th", "8th")
_LEVELS = {"8th": 1, "16th": 2, "32nd": 3, "64th": 4, "128th": 5}


@dataclass(eq=False)
class Chord:
    """Heads on one stem, or stemless heads above each other, or a rest.

    Attributes
    ----------
    heads : list of PlacedSymbol
        On their staff, from bottom to top; empty for a rest.
    staff : int
        Of the page.
    x : float
        Where it stands along the system.
    stem, rest : PlacedSymbol or None
    direction : "up", "down" or ""
    flags : list of PlacedSymbol
        Handwriting has one for each stroke, an engraver's font one for all.
    beams : list of PlacedSymbol
        From the tip of the stem inwards.
    pieces : list of PlacedSymbol
        The same beams with every piece, where one comes in several.
    dots : int
        How many stand in a row after it.
    dotted : dict of PlacedSymbol to PlacedSymbol
        The head or rest that each dot stands at.
    marks, strokes : list of PlacedSymbol
        Articulations and the like; strokes through the stem, of grace notes and tremolos.
    accidentals : dict of PlacedSymbol to PlacedSymbol
        By head.
    shared : bool
        Whether a head is on another stem as well: an open one may be a half there and black under beams here.
    slashed : bool
        Whether a stroke runs through its flag.
    tremolo : int
    """

    heads: list[PlacedSymbol]
    staff: int
    x: float
    stem: PlacedSymbol | None = None
    rest: PlacedSymbol | None = None
    direction: Literal["up", "down", ""] = ""
    flags: list[PlacedSymbol] = field(default_factory=list)
    beams: list[PlacedSymbol] = field(default_factory=list)
    pieces: list[PlacedSymbol] = field(default_factory=list)
    dots: int = 0
    dotted: dict[PlacedSymbol, PlacedSymbol] = field(default_factory=dict)
    marks: list[PlacedSymbol] = field(default_factory=list)
    strokes: list[PlacedSymbol] = field(default_factory=list)
    accidentals: dict[PlacedSymbol, PlacedSymbol] = field(default_factory=dict)
    shared: bool = False
    slashed: bool = False
    tremolo: int = 0

    @property
    def tip(self) -> float:
        """The y of the free end of the stem."""
        assert self.stem is not None
        return self.stem.box.y0 if self.direction == "up" else self.stem.box.y1

    @property
    def small(self) -> bool:
        return bool(self.heads) and all(head.name.endswith("Small") for head in self.heads)

    @property
    def value(self) -> str:
        """The name of the note value: what heads, flag, beams or the rest say."""
        if self.rest:
            name = self.rest.name.removeprefix("rest")
            return {"Longa": "long", "DoubleWhole": "breve", "8th": "eighth"}.get(name, name.lower())
        name = self.heads[0].name.removeprefix("notehead").removesuffix("Small")
        if name in ("DoubleWhole", "Whole", "Half") and not (self.shared and self.beams):
            return {"DoubleWhole": "breve"}.get(name, name.lower())
        return VALUES[min(VALUES.index("quarter") + self.levels, len(VALUES) - 1)]

    @property
    def levels(self) -> int:
        """How many flags or beams it has."""
        strokes = (_LEVELS[next(n for n in _ORDER if n in flag.name)] for flag in self.flags)
        return max(strokes, default=len(self.beams))

    @property
    def box_y(self) -> tuple[float, float]:
        """From the top to the bottom of heads and stem."""
        parts = [*self.heads, *filter(None, (self.stem, self.rest))]
        return min(p.box.y0 for p in parts), max(p.box.y1 for p in parts)
