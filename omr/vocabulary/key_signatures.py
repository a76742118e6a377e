"""Key signatures among the accidentals of a staff, by the order in which sharps and flats are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from omr.vocabulary.staves import StaffSymbol

ORDER_OF_SHARPS = (3, 0, 4, 1, 5, 2, 6)
"""F C G D A E B as steps from C: the order of sharps in a key signature."""

ORDER_OF_FLATS = ORDER_OF_SHARPS[::-1]
"""B E A D G C F as steps from C: the order of flats in a key signature."""

IN_KEYS = frozenset({"accidentalFlat", "accidentalNatural", "accidentalSharp"})
"""Core classes of which key signatures consist."""

_TOP_LINE = 3
"""Step from C of the top line under a G clef: F."""

_FIRST_GAP = 3.0
"""Staff spaces at most from a clef or barline to the first accidental of its key. Release 0.1.0."""

_GAP = 0.8
"""Staff spaces at most between neighbouring accidentals of a key. Release 0.1.0."""

_NOTE_REACH = 1.0
"""Staff spaces at most between an accidental and the notehead that it alters. Release 0.1.0."""

_NOTE_STEPS = 0.7
"""Steps at most between the positions of an accidental and the notehead that it alters. Release 0.1.0."""

_CHORD = 12
"""Symbols after the first note or rest among which an altered notehead of its chord is looked for."""


def key_accidentals(symbols: Sequence[StaffSymbol], space: float) -> Iterator[int]:
    """Find the accidentals of key signatures on a staff.

    They stand right after a clef or a barline, close to each other, at the heights that the clef
    prescribes, and not right before a note that they would alter. After a clef others may follow at once;
    after a barline those would more likely all belong to a chord.

    Parameters
    ----------
    symbols : sequence of StaffSymbol
        Of one staff, sorted by their left edges.
    space : float
        Staff space in pixels.

    Yields
    ------
    int
        Index into `symbols`.
    """
    clef: StaffSymbol | None = None
    for start, placed in enumerate(symbols):
        name = placed.symbol.name
        if name in ("clefG", "clefF", "clefC"):
            clef = placed
        elif not name.startswith("barline"):
            continue
        group = _accidentals_after(symbols, start, space)
        shortest = 1 if placed is clef else len(group)
        for count in range(len(group), max(shortest, 1) - 1, -1):
            if clef and _is_key([symbols[i] for i in group[:count]], _steps_below_g_clef(clef)):
                yield from group[:count]
                break


def _accidentals_after(symbols: Sequence[StaffSymbol], start: int, space: float) -> list[int]:
    """Collect the accidentals close behind a clef or barline, without those of the next note."""
    edge, reach = symbols[start].symbol.box.x1, _FIRST_GAP * space
    group: list[int] = []
    for i in range(start + 1, len(symbols)):
        symbol = symbols[i].symbol
        if symbol.name.startswith(("notehead", "rest")):
            chord = [s for s in symbols[i : i + _CHORD] if s.symbol.name.startswith("notehead")]
            while group and any(_alters(symbols[group[-1]], note, space) for note in chord):
                group.pop()
            break
        if symbol.name in IN_KEYS:
            if symbol.box.x0 - edge > reach:
                break
            group.append(i)
            edge, reach = symbol.box.x1, _GAP * space
    return group


def _alters(accidental: StaffSymbol, note: StaffSymbol, space: float) -> bool:
    """Tell whether a notehead stands right behind an accidental, at its height."""
    gap = (note.symbol.box.x0 - accidental.symbol.box.x1) / space
    return alters(gap, note.position - accidental.position, _NOTE_REACH, _NOTE_REACH, _NOTE_STEPS)


def alters(gap: float, steps: float, overlap: float, reach: float, max_steps: float) -> bool:
    """Tell whether a notehead stands right behind an accidental, at its height.

    Parameters
    ----------
    gap : float
        Staff spaces from the right edge of the accidental to the left edge of the notehead; negative where
        they overlap.
    steps : float
        Steps of the scale from the accidental to the notehead, down or up.
    overlap, reach : float
        Staff spaces that they may overlap, and be apart, less than these.
    max_steps : float
        Steps that they may be apart, less than this.

    Returns
    -------
    bool
    """
    return -overlap < gap < reach and abs(steps) < max_steps


def _steps_below_g_clef(clef: StaffSymbol) -> int:
    """Count the steps by which a note stands lower on the staff under this clef than under a G clef."""
    return {"clefG": 0, "clefF": 2}.get(clef.symbol.name, round(clef.position / 2) * 2 - 3)


def _is_key(group: Sequence[StaffSymbol], lower: int) -> bool:
    """Tell whether accidentals are sharps or flats in the order of a key, perhaps after naturals."""
    kinds = [placed.symbol.name for placed in group]
    steps = [(_TOP_LINE - round(placed.position) + lower) % 7 for placed in group]
    naturals = next((i for i, kind in enumerate(kinds) if kind != "accidentalNatural"), len(kinds))
    new = set(kinds[naturals:])
    if len(new) > 1 or "accidentalNatural" in new:
        return False
    order = ORDER_OF_SHARPS if "accidentalSharp" in new else ORDER_OF_FLATS
    old, fresh = steps[:naturals], steps[naturals:]
    rises = [(b - a) % 7 for a, b in pairwise(old)]
    return tuple(fresh) == order[: len(fresh)] and (all(r == 3 for r in rises) or all(r == 4 for r in rises))
