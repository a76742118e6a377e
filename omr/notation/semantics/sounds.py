"""Values of the rhythm search: what is printed, the ways to read it, and when it sounds.

Times are whole numbers of ticks from the start of the measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from omr.score import Direction, Tuplet, length

QUARTER = 128 * 9 * 5 * 7 * 11 * 13
"""Ticks of a quarter note: dotted 128th notes in any common tuplet are whole numbers of them."""


@cache
def ticks(value: str, dots: int) -> int:
    """Convert a printed note value to ticks.

    Parameters
    ----------
    value : str
        One of `omr.score.VALUES`.
    dots : int
        Augmentation dots.

    Returns
    -------
    int
        Duration outside of tuplets. Cached, as the search asks for it at every step.
    """
    return int(length(value, dots) * QUARTER)


class ValueReading(NamedTuple):
    """One way to read the duration of a sound.

    Attributes
    ----------
    value : str
        One of `omr.score.VALUES`.
    dots : int
        Augmentation dots.
    cost : float
        0 as printed; more for a reading that doubts the printed symbols.
    """

    value: str
    dots: int
    cost: float = 0.0

    @property
    def ticks(self) -> int:
        """Duration outside of tuplets, in ticks."""
        return ticks(self.value, self.dots)


class TupletRatio(NamedTuple):
    """One way to read a tuplet: `actual` notes in the time of `normal`.

    Attributes
    ----------
    actual, normal : int
        Numbers of notes of one value.
    cost : float
        0 for the usual reading of a number; more for rarer ones.
    """

    actual: int
    normal: int
    cost: float = 0.0

    @property
    def tuplet(self) -> Tuplet | None:
        """The same for a score; None for a ratio of 1."""
        return Tuplet(self.actual, self.normal) if self.actual != self.normal else None


UNCHANGED = TupletRatio(1, 1)
"""Notes that last as printed."""


@dataclass(frozen=True, eq=False)
class Sound:
    """A note, chord or rest as printed: what the search finds a time for.

    Attributes
    ----------
    x : float
        Position along the system in staff spaces.
    part : int
        Part of the piece, from 0. Voices stay within a part.
    staff : int
        Staff of the part, from 1. Voices seldom change their staff.
    value : str
        One of `omr.score.VALUES`.
    dots : int
        Augmentation dots.
    direction : {"up", "down", ""}
        Of the stem.
    beam : int or None
        Number of the beamed group on its page.
    tuplet : int or None
        Number of the tuplet in its measure.
    confidence : float
        Lowest score (0 to 1) of the symbols that the duration is read from.
    rest : bool
        Whether it is a rest.
    dot_confidence : float
        Lowest score (0 to 1) of its dots.
    low_dot, low_flag : float
        Highest score (0 to 1) of a low-confidence dot, or flag or beam, at its place; 0 where there is none.
    """

    x: float
    part: int
    staff: int
    value: str
    dots: int = 0
    direction: Direction = ""
    beam: int | None = None
    tuplet: int | None = None
    confidence: float = 1.0
    rest: bool = False
    dot_confidence: float = 1.0
    low_dot: float = 0.0
    low_flag: float = 0.0


@dataclass(frozen=True)
class Timing:
    """The rhythm of a measure; the default is that of a measure without sounds.

    Attributes
    ----------
    onsets, durations : tuple of int
        In ticks, by sound.
    voices : tuple of int
        Number of the voice, by sound. Voices of different parts have different numbers.
    readings : tuple of ValueReading
        How the duration of each sound was read.
    ratios : mapping of int to TupletRatio
        By number of the tuplet. Beamed groups that were read as triplets without a printed number have the
        key that `triplet_key` gives.
    end : int
        When the last sound ends, in ticks.
    cost : float
        Of the whole explanation.
    doubt_cost : float
        Which part of `cost` is for durations other than the printed ones.
    voice_cost : float
        Which part of `cost` is for voices that change their staff, or that begin or pause beside others of
        their staff. Engravers leave such rests out, so it says nothing against the rhythm.
    """

    onsets: tuple[int, ...] = ()
    durations: tuple[int, ...] = ()
    voices: tuple[int, ...] = ()
    readings: tuple[ValueReading, ...] = ()
    ratios: Mapping[int, TupletRatio] = field(default_factory=lambda: MappingProxyType({}))
    end: int = 0
    cost: float = 0.0
    doubt_cost: float = 0.0
    voice_cost: float = 0.0

    def adds_up(self, max_cost: float) -> bool:
        """Tell whether the measure adds up, with or without doubted durations.

        Parameters
        ----------
        max_cost : float
            Costs that remain at most (`RhythmLimits.max_cost_adding_up`).

        Returns
        -------
        bool
        """
        return self.cost - self.doubt_cost - self.voice_cost <= max_cost


SILENCE = Timing()
"""The timing of a measure without sounds."""


def triplet_key(beam: int) -> int:
    """Give a beamed group that may be a triplet without a number its key among the tuplets of a measure.

    Parameters
    ----------
    beam : int
        Number of the group on its page.

    Returns
    -------
    int
        Negative, so that it differs from the numbers of printed tuplets.
    """
    return -1 - beam
