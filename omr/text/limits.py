"""Thresholds of the words; lengths are in staff spaces, shares from 0 to 1.

Chosen by eye on engraved validation pages (`benchmarks/words.py --split val`) unless a line says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FindingLimits:
    """Thresholds of finding and reading lines of words."""

    search_space: float = 8.0
    """Staff space, in pixels, of the picture that words are searched on: at 10 as many are found, at 8 in two
    thirds of the time."""

    in_staff: float = 0.4
    """How far inside the outer lines of a staff the middle of a text must lie to be music."""

    margin: tuple[float, float] = (0.35, 0.15)
    """Picture beside, and above and below a piece of a line that is read with it."""

    min_score: float = 0.6
    """Minimum score of a text; below it, music was mistaken for letters."""

    min_score_short: float = 0.85
    """Minimum score of a text of one or two characters."""

    same_line: float = 0.6
    """Share of the lower height that two pieces of one line have in common."""

    max_gap: float = 1.2
    """Gap between two pieces of one direction, in heights of their letters."""

    min_covered: float = 0.3
    """Share of the box of a text, which is wider than the ink, that symbols must cover to explain it."""

    min_inside: float = 0.6
    """Share of a symbol's box that lies in a word for the symbol to be part of a letter."""

    max_height: float = 1.4
    """Height of such a symbol, in heights of the word."""

    sure: float = 0.9
    """Minimum score of a symbol that stays whatever word it lies in. On 48 engraved validation pages 17 of 18
    false symbols in words have less, and seven of twelve true ones more."""


@dataclass(frozen=True)
class DashLimits:
    """Thresholds of hyphens and extenders between syllables."""

    min_hyphen: float = 0.25
    """Width of a hyphen, at least."""

    max_hyphen: float = 1.3
    """Width of a hyphen, at most; longer strokes are extenders."""

    max_thickness: float = 0.35
    """Height of a hyphen or an extender, at most."""

    middle: tuple[float, float] = (0.25, 0.8)
    """Heights in the row between which hyphens stand, as shares from the top of the letters."""

    foot: tuple[float, float] = (0.6, 1.2)
    """Heights in the row between which extenders stand."""

    min_letter: float = 0.35
    """Height of a letter that was not found between syllables, in heights of the row, at least."""

    max_letter: float = 1.5
    """Width of such a letter, in heights of the row, at most: a capital W is as wide as it is high."""

    beside_letter: float = 0.2
    """Picture beside such a letter that is read with it, in heights of the row."""

    max_far: float = 2.5
    """How far an extender begins from the end of its syllable, at most."""


@dataclass(frozen=True)
class SpaceLimits:
    """Thresholds of spaces that a recogniser missed."""

    min_gap: float = 0.15
    """White between two words, at least, in heights of the box of the line (1.5 times its letters)."""

    min_ratio: float = 2.2
    """White between two words, at least, in the median of the gaps between letters of the line."""


@dataclass(frozen=True)
class KindLimits:
    """Thresholds of the kinds of words."""

    row_height: float = 0.55
    """Share of the lower height that two texts of one row have in common."""

    centred: float = 0.08
    """How far the middle of a title may lie from the middle of the page, in widths of the page."""

    corner: float = 0.12
    """How far from the edge of the staves a composer or lyricist begins or ends, in widths of the page."""

    near: float = 6.0
    """How far above the first staff directions stand, at most."""

    at_start: float = 3.0
    """Staff spaces between a measure number and the beginning of its staff, at most."""

    beside_staff: float = 2.0
    """Staff spaces above or below its staff that the middle of a part name stands, at most."""

    below: float = 9.0
    """How far below the last staff lyrics and directions stand, at most."""

    min_chords: float = 0.6
    """Share of the words of a row above a staff that are chord names where it is a row of chord names."""

    min_syllables: int = 4
    """Syllables of a row of lyrics that no hyphen tells of, at least."""

    min_spread: float = 0.3
    """Width from the first to the last syllable of such a row, in widths of the staff, at least."""

    max_known: float = 0.6
    """Share of the words of a row of lyrics that the lexicon of directions has, at most."""

    same_height: float = 0.25
    """Share by which a row's height and distance from its staff may differ from other rows of lyrics."""

    left: float = 1.0
    """How far right of the left end of its staff a part's name may end."""

    min_title: float = 1.25
    """Height of a title, in heights of the other texts of the head, at least where another is centred."""


@dataclass(frozen=True)
class TextLimits:
    """Thresholds of the words on a page."""

    finding: FindingLimits = FindingLimits()
    dashes: DashLimits = DashLimits()
    spaces: SpaceLimits = SpaceLimits()
    kinds: KindLimits = KindLimits()
