"""Signatures: which clefs, key and metre each staff of each measure shows, followed through the piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from omr.notation.layout.placement import PlacedSymbol
from omr.notation.limits import SignatureLimits
from omr.notation.semantics.clefs import is_clef, read_clef
from omr.notation.semantics.key_signatures import key_accidentals, key_differences, read_key
from omr.notation.semantics.time_signatures import read_time
from omr.score import Clef, TimeSignature

FIRST_CLEF = Clef("G", 2)
"""The clef of a staff before any was found."""


@dataclass(frozen=True)
class Signatures:
    """What one staff of one measure shows before and between its notes.

    Attributes
    ----------
    clefs : tuple of (float, Clef)
        Each clef with the x of its middle in pixels, from left to right.
    key : int or None
        Sharps, or flats if negative; None where no key signature stands.
    time : TimeSignature or None
    time_score : float
        Lowest score (0 to 1) of the symbols of the time signature.
    key_accidentals : frozenset of PlacedSymbol
        The accidentals of the key signature.
    key_costs : tuple of int or None
        For each of the fifteen keys, from seven flats to seven sharps, by how many accidentals its signature
        differs from what stands here; None where no key signature is to be expected.
    is_percussion : bool
        Whether the staff has a clef without pitch here.
    """

    clefs: tuple[tuple[float, Clef], ...] = ()
    key: int | None = None
    time: TimeSignature | None = None
    time_score: float = 0.0
    key_accidentals: frozenset[PlacedSymbol] = frozenset()
    key_costs: tuple[int, ...] | None = None
    is_percussion: bool = False


def read_signatures(
    symbols: Sequence[PlacedSymbol],
    clef: Clef,
    key: int | None,
    start: float,
    space: float,
    opening: bool,
    limits: SignatureLimits,
) -> Signatures:
    """Read the signatures of one staff of one measure.

    Parameters
    ----------
    symbols : sequence of PlacedSymbol
        Symbols of the staff in the measure, from left to right.
    clef : Clef
        The clef that holds so far.
    key : int or None
        The key that holds so far, in sharps. A new system repeats it, and a misread accidental is likelier
        than a change.
    start : float
        x where the measure starts, in pixels.
    space : float
        Staff space in pixels.
    opening : bool
        Whether the measure opens a system.
    limits : SignatureLimits

    Returns
    -------
    Signatures
    """
    clefs = tuple((p.x, read_clef(p, symbols, space, limits)) for p in symbols if is_clef(p))
    first = next((p.box.x0 for p in symbols if _takes_time(p)), None)
    header = [p for p in symbols if first is None or p.box.x0 < first]
    found, accidentals, costs = None, frozenset[PlacedSymbol](), None
    for x, holds in [(start, clef), *((x, c) for x, c in clefs if first is None or x < first)]:
        group = key_accidentals(header, symbols, x, space, limits)
        strict = not (opening or x > start)
        here = read_key(group, holds, key if opening else None, strict, limits)
        if here is not None:
            found, accidentals = here, frozenset(group)
        if here is not None or (opening and x > start and costs is None):
            costs = key_differences(group, holds, limits)
    if found is None and opening and any(x < (first or x + 1) for x, _ in clefs):
        found = 0
    last = clefs[-1][1] if clefs else clef
    return Signatures(
        clefs,
        found,
        *read_time(header, space, limits),
        accidentals,
        costs,
        is_percussion=last.sign == "percussion",
    )


def _takes_time(symbol: PlacedSymbol) -> bool:
    """Tell whether a symbol is a note or a rest; numbers over rests are neither."""
    return symbol.name.startswith(("notehead", "rest")) and symbol.name != "restHNr"


def without_lost_keys(
    signatures: Sequence[Signatures], before: Sequence[int | None]
) -> tuple[Signatures, ...]:
    """Let a key go on where one staff of a system doesn't show it and another repeats its own.

    Parameters
    ----------
    signatures : sequence of Signatures
        Of the first measure of a system, by staff.
    before : sequence of int or None
        The keys that held on these staves.

    Returns
    -------
    tuple of Signatures
        By staff.
    """
    repeated = any(here.key and here.key == key for here, key in zip(signatures, before, strict=True))
    return tuple(
        replace(here, key=None) if repeated and key and here.key == 0 and not here.key_accidentals else here
        for here, key in zip(signatures, before, strict=True)
    )


def agreed_time(signatures: Sequence[Signatures]) -> TimeSignature | None:
    """Find the metre that most staves of a measure show; of equally many, the one with the best score.

    Parameters
    ----------
    signatures : sequence of Signatures
        Of one measure, by staff.

    Returns
    -------
    TimeSignature or None
    """
    scores: dict[TimeSignature, list[float]] = {}
    for staff in signatures:
        if staff.time:
            scores.setdefault(staff.time, []).append(staff.time_score)
    return max(scores, key=lambda time: (len(scores[time]), max(scores[time])), default=None)
