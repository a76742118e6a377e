"""Key signatures: which accidentals belong to one, and which key they name."""

from __future__ import annotations

from collections.abc import Sequence

from omr.notation.layout.placement import PlacedSymbol
from omr.notation.limits import SignatureLimits
from omr.notation.semantics.clefs import is_clef, step_of
from omr.score import Clef
from omr.vocabulary.key_signatures import IN_KEYS, ORDER_OF_FLATS, ORDER_OF_SHARPS, alters
from omr.vocabulary.staves import BOTTOM_LINE

KEYS = tuple(range(-7, 8))
"""Every key by its sharps, or flats if negative."""


def key_alteration(step: int, fifths: int) -> int:
    """Find how a key signature alters a step.

    Parameters
    ----------
    step : int
        Steps above C0, 7 an octave.
    fifths : int
        Sharps of the key, or flats if negative; -7 to 7.

    Returns
    -------
    int
        Semitones: -1, 0 or 1.

    Examples
    --------
    >>> [key_alteration(step, -2) for step in range(7)]  # B flat and E flat
    [0, 0, -1, 0, 0, 0, -1]
    """
    if fifths >= 0:
        return int(step % 7 in ORDER_OF_SHARPS[:fifths])
    return -int(step % 7 in ORDER_OF_FLATS[:-fifths])


def key_accidentals(
    header: Sequence[PlacedSymbol],
    symbols: Sequence[PlacedSymbol],
    start: float,
    space: float,
    limits: SignatureLimits,
) -> list[PlacedSymbol]:
    """Find the accidentals of a key signature: those that follow a clef or barline closely.

    Parameters
    ----------
    header : sequence of PlacedSymbol
        Symbols before the first note or rest of a measure on one staff, from left to right.
    symbols : sequence of PlacedSymbol
        All symbols of the measure on that staff.
    start : float
        Middle of the clef, or x of the barline, that the key signature would follow, in pixels.
    space : float
        Staff space in pixels.
    limits : SignatureLimits

    Returns
    -------
    list of PlacedSymbol
        From left to right, without accidentals that alter the first notes.
    """
    edge = next((p.box.x1 for p in header if is_clef(p) and p.x == start), start)
    reach = limits.key_distance * space
    group: list[PlacedSymbol] = []
    for symbol in header:
        if symbol.name in IN_KEYS and symbol.x > start:
            if symbol.box.x0 - edge > reach:
                break
            group.append(symbol)
            edge, reach = symbol.box.x1, limits.key_accidental_gap * space
    heads = [p for p in symbols if p.name.startswith("notehead")]
    reach = limits.altered_head_reach
    while group and any(_alters(group[-1], head, space, reach, limits) for head in heads):
        reach += group.pop().box.width / space  # a chord's accidentals stand side by side
    beyond = limits.key_steps_beyond_staff
    return [p for p in group if -beyond < p.position < BOTTOM_LINE + beyond]


def _alters(
    accidental: PlacedSymbol, head: PlacedSymbol, space: float, reach: float, limits: SignatureLimits
) -> bool:
    """Tell whether a head stands right behind an accidental, at its height."""
    gap = (head.box.x0 - accidental.box.x1) / space
    steps = head.position - accidental.position
    return alters(gap, steps, limits.altered_head_overlap, reach, limits.altered_head_steps)


def read_key(
    group: Sequence[PlacedSymbol], clef: Clef, before: int | None, strict: bool, limits: SignatureLimits
) -> int | None:
    """Read the key that accidentals name: the one whose signature differs least from them.

    Parameters
    ----------
    group : sequence of PlacedSymbol
        Accidentals from left to right.
    clef : Clef
        The clef that they stand under.
    before : int or None
        The key that a new system is expected to repeat, in sharps; None where none is.
    strict : bool
        Whether only a signature without any difference counts.
    limits : SignatureLimits

    Returns
    -------
    int or None
        Sharps, or flats if negative; None where the accidentals are no key signature.
    """
    if not group or clef.sign == "percussion":
        return None
    named = _kinds_and_steps(group, clef)
    fresh = [pair for pair in named if pair[0] != "Natural"]
    if not fresh:
        return 0 if not strict or _is_cancelled_key([round(step) % 7 for _, step in named]) else None
    tolerance = limits.strict_key_steps if strict else limits.key_steps
    costs = {}
    for fifths in KEYS:
        differences, away = _difference(fifths, fresh, tolerance)
        costs[fifths] = differences + (before is not None and fifths != before), away
    best = min(costs, key=lambda fifths: (*costs[fifths], abs(fifths)))
    return best if costs[best][0] <= (0 if strict else max(1, len(fresh) // 2)) else None


def key_differences(
    group: Sequence[PlacedSymbol], clef: Clef, limits: SignatureLimits
) -> tuple[int, ...] | None:
    """Count the accidentals by which a group differs from each key signature.

    Parameters
    ----------
    group : sequence of PlacedSymbol
        Accidentals from left to right; naturals count for no key.
    clef : Clef
        The clef that they stand under.
    limits : SignatureLimits

    Returns
    -------
    tuple of int or None
        For each of `KEYS`, missing and additional accidentals; None under a clef without pitch.
    """
    if clef.sign == "percussion":
        return None
    fresh = [pair for pair in _kinds_and_steps(group, clef) if pair[0] != "Natural"]
    return tuple(_difference(fifths, fresh, limits.key_steps)[0] for fifths in KEYS)


def _kinds_and_steps(group: Sequence[PlacedSymbol], clef: Clef) -> list[tuple[str, float]]:
    """Say the kind of each accidental ("Sharp", "Flat", "Natural") and its step from C (0 to 7)."""
    top = step_of(clef, 0)
    return [(p.name.removeprefix("accidental"), (top - p.position) % 7) for p in group]


def _difference(fifths: int, found: Sequence[tuple[str, float]], tolerance: float) -> tuple[int, float]:
    """Count missing and additional accidentals of a key; sum up how many steps off the others are."""
    kind, order = ("Sharp", ORDER_OF_SHARPS) if fifths > 0 else ("Flat", ORDER_OF_FLATS)
    wanted = [(kind, step) for step in order[: abs(fifths)]]
    away = _offsets(wanted, found, tolerance)
    return len(wanted) + len(found) - 2 * len(away), sum(away)


def _is_cancelled_key(steps: Sequence[int]) -> bool:
    """Tell whether naturals cancel a key, or the part of one that a key with fewer accidentals leaves."""
    count = len(steps)
    runs = {order[i : i + count] for order in (ORDER_OF_SHARPS, ORDER_OF_FLATS) for i in range(8 - count)}
    return tuple(steps) in runs


def _offsets(
    wanted: Sequence[tuple[str, int]], found: Sequence[tuple[str, float]], tolerance: float
) -> list[float]:
    """Match each accidental of a key to the nearest of its kind; list how many steps off they are."""
    left = list(found)
    offsets = []
    for kind, step in wanted:
        near = [(abs((at - step + 3.5) % 7 - 3.5), i) for i, (k, at) in enumerate(left) if k == kind]
        offset, i = min(near, default=(7.0, -1))
        if offset <= tolerance:
            offsets.append(offset)
            del left[i]
    return offsets
