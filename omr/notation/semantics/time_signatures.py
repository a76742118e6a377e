"""Time signatures: figures above each other, common time and cut time."""

from __future__ import annotations

from collections.abc import Sequence

from omr.notation.layout.placement import PlacedSymbol
from omr.notation.limits import SignatureLimits
from omr.score import TimeSignature
from omr.vocabulary.staves import BOTTOM_LINE

_UNITS = (1, 2, 4, 8, 16, 32, 64)
"""Note values that a metre may count, as parts of a whole note."""


def read_time(
    header: Sequence[PlacedSymbol], space: float, limits: SignatureLimits
) -> tuple[TimeSignature | None, float]:
    """Read the last time signature before the notes of a measure on one staff.

    Parameters
    ----------
    header : sequence of PlacedSymbol
        Symbols before the first note or rest, from left to right.
    space : float
        Staff space in pixels.
    limits : SignatureLimits

    Returns
    -------
    time : TimeSignature or None
    score : float
        Lowest score (0 to 1) of its symbols; 0 where there is none.
    """
    found: tuple[TimeSignature | None, float] = None, 0.0
    for symbol in header:
        if symbol.name == "timeSigCommon":
            found = TimeSignature(4, 4, "common"), symbol.score
        elif symbol.name == "timeSigCutCommon":
            found = TimeSignature(2, 2, "cut"), symbol.score
    beyond = limits.time_steps_beyond_staff
    digits = [
        p
        for p in header
        if p.name.removeprefix("timeSig").isdigit() and -beyond < p.position < BOTTOM_LINE + beyond
    ]
    for column in _columns(digits, limits.figure_gap * space):
        upper, lower = (
            "".join(p.name[-1] for p in column if (p.position < 4) == above) for above in (True, False)
        )
        if upper and lower and 0 < int(upper) < 100 and int(lower) in _UNITS:
            found = TimeSignature(int(upper), int(lower)), min(p.score for p in column)
    return found


def _columns(digits: Sequence[PlacedSymbol], gap: float) -> list[list[PlacedSymbol]]:
    """Group digits that overlap along the staff or are nearer to each other than a gap."""
    columns: list[list[PlacedSymbol]] = []
    for digit in digits:
        if columns and digit.box.x0 - max(d.box.x1 for d in columns[-1]) < gap:
            columns[-1].append(digit)
        else:
            columns.append([digit])
    return columns
