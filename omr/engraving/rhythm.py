"""Metre and rhythm: fill a measure exactly with note values, as an engraver would group them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omr.engraving.music_ranges import RHYTHM

if TYPE_CHECKING:
    from omr.engraving.page_style import PageStyle

WHOLE = 1024
"""Ticks of a whole note; a dotted 128th, the shortest value in use, has 12."""

NAMES = ("breve", "1", "2", "4", "8", "16", "32", "64", "128")
"""MEI's names of the note values, longest first."""


@dataclass(frozen=True, slots=True)
class Value:
    """A written note value.

    Attributes
    ----------
    dur : str
        MEI's name, one of `NAMES`.
    dots : int
    ticks : int
        Length with its dots.
    """

    dur: str
    dots: int
    ticks: int

    @property
    def beamable(self) -> bool:
        """Whether notes of this value have flags or beams."""
        return NAMES.index(self.dur) >= NAMES.index("8")


def _values() -> dict[int, Value]:
    """Every value by its length: plain, dotted, and double-dotted down to the 32nd."""
    table = {}
    for i, dur in enumerate(NAMES):
        plain = 2 * WHOLE >> i
        for dots, ticks in enumerate((plain, plain * 3 // 2, plain * 7 // 4)):
            if dots < 2 or plain >= WHOLE // 32:
                table[ticks] = Value(dur, dots, ticks)
    return table


VALUES = _values()


@dataclass(frozen=True, slots=True)
class Cell:
    """Values that belong together under a beam or a tuplet number.

    Attributes
    ----------
    values : tuple of Value
        As written; a tuplet's sound shorter or longer by `den / num`.
    num, den : int
        `num` in the time of `den`; 1 and 1 where the cell is no tuplet.
    """

    values: tuple[Value, ...]
    num: int = 1
    den: int = 1


def beats(count: int, unit: int) -> list[int]:
    """Split a measure into beats: 6/8 into two of three eighths, 7/8 into 3+2+2, 4/4 into four quarters.

    Parameters
    ----------
    count, unit : int
        The time signature, e.g. 6 and 8.

    Returns
    -------
    list of int
        Length of each beat in ticks.
    """
    one = WHOLE // unit
    if unit < 8 or count < 5:
        return [one] * count
    twos = (-count) % 3
    return [3 * one] * ((count - 2 * twos) // 3) + [2 * one] * twos


def fill(metre: tuple[int, int], style: PageStyle) -> list[Cell]:
    """Fill one measure exactly.

    Parameters
    ----------
    metre : (int, int)
        The time signature: count and unit.
    style : PageStyle
        Makes the decisions.

    Returns
    -------
    list of Cell
        In order.
    """
    return _span(beats(*metre), style)


def _span(lengths: list[int], style: PageStyle) -> list[Cell]:
    """Fill some whole beats: with one long value, or half by half, or beat by beat."""
    total = sum(lengths)
    chance = RHYTHM.long_value if len(lengths) > 1 else RHYTHM.whole_beat
    if total in VALUES and style.wants("long value", chance):
        return [Cell((VALUES[total],))]
    if len(lengths) == 1:
        return [_beat(total, style)]
    if len(lengths) > 2 and lengths[0] == lengths[1] and style.wants("syncopation", RHYTHM.syncopation):
        half = lengths[0] // 2
        if 2 * half == lengths[0]:
            ends = Cell((VALUES[half],)) if half in VALUES else _beat(half, style)
            middle = [Cell((VALUES[2 * half],))] if 2 * half in VALUES else [_beat(2 * half, style)]
            return [ends, *middle, ends, *_span(lengths[2:], style)]
    half = (len(lengths) + 1) // 2
    return _span(lengths[:half], style) + _span(lengths[half:], style)


_FINEST = {"8": 6.0, "16": 6.0, "32": 1.2, "64": 1.3, "128": 1.0}
"""Weights of the shortest values that a beat may be divided into."""

_THIRDS, _QUARTERS = ((1, 1, 1), (2, 1), (1, 2)), ((3, 1), (1, 3))
"""Ways to divide a value into thirds, and into quarters where it becomes a dotted rhythm."""

_TUPLETS_BINARY = {
    "tuplet3": (3, 2),
    "tuplet5": (5, 4),
    "tuplet6": (6, 4),
    "tuplet7": (7, 4),
    "tuplet9": (9, 8),
    "tuplet1": (11, 8),
    "tuplet1 and 3": (13, 8),
    "tuplet1 and 5": (15, 8),
}
"""Tuplets that fill a binary beat, by the digits of their number: `num` values in the time of `den`."""

_TUPLETS_DOTTED = {
    "tuplet2": (2, 3),
    "tuplet4": (4, 3),
    "tuplet8": (8, 6),
    "tuplet5": (5, 3),
    "tuplet7": (7, 6),
}
"""Tuplets that fill a dotted beat."""

_TUPLET_WEIGHTS = {
    "tuplet3": 3.0,
    "tuplet6": 3.0,
    "tuplet4": 4.0,
    "tuplet8": 6.0,
    "tuplet5": 2.0,
    "tuplet7": 1.6,
    "tuplet9": 2.0,
}
"""Weights of the tuplets; the others have 1."""


def _beat(ticks: int, style: PageStyle) -> Cell:
    """Fill one beat with short values or with a tuplet."""
    if style.wants("tuplet", RHYTHM.tuplet):
        cell = _tuplet(ticks, style)
        if cell:
            return cell
    finest = int(style.pick(_FINEST))
    return Cell(tuple(_split(ticks, WHOLE // finest, style)))


def _split(ticks: int, finest: int, style: PageStyle) -> list[Value]:
    """Cut a length into values of at least `finest` ticks (the dots aside)."""
    if ticks <= finest and ticks in VALUES:
        return [VALUES[ticks]]
    if ticks in VALUES and VALUES[ticks].beamable and style.wants("stop splitting", RHYTHM.stop):
        return [VALUES[ticks]]
    if ticks % 3 == 0:
        parts = style.choice(_THIRDS)
        unit = ticks // 3
    elif ticks >= 4 * finest and style.wants("dotted rhythm", RHYTHM.dotted):
        parts, unit = style.choice(_QUARTERS), ticks // 4
    else:
        parts, unit = (1, 1), ticks // 2
    if unit < WHOLE // 128:
        return [VALUES[ticks]]
    values: list[Value] = []
    for part in parts:
        short = part == 1 and unit > finest
        values += _split(unit, finest, style) if short else [VALUES[part * unit]]
    return values


def _tuplet(ticks: int, style: PageStyle) -> Cell | None:
    """Make a tuplet that lasts `ticks`, sometimes with two values merged; None where none is short enough."""
    table = _TUPLETS_DOTTED if ticks % 3 == 0 else _TUPLETS_BINARY
    fitting = {
        name: _TUPLET_WEIGHTS.get(name, 1.0)
        for name, (_, den) in table.items()
        if ticks % den == 0 and ticks // den in VALUES and ticks // den <= WHOLE // 4
    }
    if not fitting:
        return None
    num, den = table[style.pick(fitting)]
    unit = ticks // den
    values = [VALUES[unit]] * num
    if num > 2 and 2 * unit in VALUES and style.wants("merged in tuplet", RHYTHM.merged):
        values[:2] = [VALUES[2 * unit]]
        values = [values[int(i)] for i in style.rng.permutation(len(values))]
    return Cell(tuple(values), num, den)
