"""Clefs: the sign, the line it names, octaves that a number at it shifts, the steps of the staff's lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from omr.notation.layout.placement import PlacedSymbol
from omr.notation.limits import SignatureLimits
from omr.score import Clef

_SIGNS: dict[str, Literal["G", "F", "C", "percussion"]] = {
    "clefG": "G",
    "clefF": "F",
    "clefC": "C",
    "clefPercussion": "percussion",
}

_USUAL_LINES = {"G": 2, "F": 4, "C": 3, "percussion": 2}
"""Staff line (1 is the lowest) that each sign usually names."""

_LOWEST_STEPS = {"G": 30, "F": 18, "C": 24, "percussion": 30}
"""Step (7 an octave, 0 is C0) on the lowest line under each sign on its usual line: E4, G2, F3, E4.

MusicXML places unpitched notes under a percussion clef as under a G clef on line 2.
"""

_NAMED_HEIGHTS = {"G": 0.625, "F": 0.292, "C": 0.5}
"""Share of a clef's height, from its top, at which the line it names lies (SMuFL's Bravura)."""


def step_of(clef: Clef, position: int, lines: int = 5) -> int:
    """Find the step at a position on a staff.

    Parameters
    ----------
    clef : Clef
    position : int
        Half staff spaces below the top line.
    lines : int
        Number of lines of the staff.

    Returns
    -------
    int
        Steps above C0, 7 an octave, with the clef's octave shift.

    Examples
    --------
    >>> step_of(Clef("G", 2), 8) == 4 * 7 + 2  # E4 on the lowest line
    True
    """
    lowest = _LOWEST_STEPS[clef.sign] - 2 * (clef.line - _USUAL_LINES[clef.sign]) + 7 * clef.octaves
    return lowest + 2 * (lines - 1) - position


def is_clef(symbol: PlacedSymbol) -> bool:
    """Tell whether a symbol is a clef, numbers at clefs left out.

    Parameters
    ----------
    symbol : PlacedSymbol

    Returns
    -------
    bool
    """
    return symbol.name in _SIGNS


def read_clef(
    symbol: PlacedSymbol, neighbours: Sequence[PlacedSymbol], space: float, limits: SignatureLimits
) -> Clef:
    """Read a clef on a staff of five lines.

    Parameters
    ----------
    symbol : PlacedSymbol
        The clef's sign.
    neighbours : sequence of PlacedSymbol
        Symbols of the same staff and measure, among them any number above or below the clef.
    space : float
        Staff space in pixels.
    limits : SignatureLimits

    Returns
    -------
    Clef
    """
    sign = _SIGNS[symbol.name]
    if sign == "percussion":
        return Clef(sign, _USUAL_LINES[sign])
    named = symbol.position + (_NAMED_HEIGHTS[sign] - 0.5) * 2 * symbol.box.height / space
    line = 5 - round(named / 2)
    usual = _USUAL_LINES[sign]
    tolerance = limits.g_clef_line_tolerance if sign == "G" else limits.usual_clef_line_tolerance
    if sign != "C" and abs((5 - named / 2) - usual) < tolerance:
        line = usual
    octaves = 0
    for number in neighbours:
        apart = max(symbol.box.y0 - number.box.y1, number.box.y0 - symbol.box.y1)
        near = abs(number.x - symbol.x) < limits.clef_number_reach * space
        if number.name in ("clef8", "clef15") and near and apart < limits.clef_number_gap * space:
            octaves = (1 if number.name == "clef8" else 2) * (1 if number.y < symbol.y else -1)
    return Clef(sign, min(max(line, 1), 5), octaves)
