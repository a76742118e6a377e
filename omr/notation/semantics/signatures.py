"""Clefs, key signatures and time signatures: what they say and from where on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from omr.notation.layout.placement import PlacedSymbol
from omr.score import Clef, TimeSignature

SHARPS = (3, 0, 4, 1, 5, 2, 6)
"""F C G D A E B as steps from C: how a key signature with sharps grows; with flats, backwards."""

_TOP_LINE = {"G": 32 + 6, "F": 24 + 2, "C": 28 + 4, "percussion": 32 + 6}
"""The step (7 an octave, C0 is 0) on the top line under the usual clef of each sign."""

_USUAL = {"G": 2, "F": 4, "C": 3, "percussion": 2}

_NAMED_LINE = {"G": 0.625, "F": 0.292, "C": 0.5}
"""How far down its height a clef names its line (SMuFL's gClef, fClef and cClef in Bravura)."""


def step_of(clef: Clef, position: int) -> int:
    """The step, 7 an octave from C0, at a staff position; octave clefs included."""
    return _TOP_LINE[clef.sign] + 2 * (clef.line - _USUAL[clef.sign]) * -1 - position + 7 * clef.octaves


@dataclass(frozen=True)
class Signs:
    """What one staff of one measure says before and between its notes.

    Attributes
    ----------
    clefs : tuple of (x, Clef)
    key : int or None
        Sharps, or flats if negative; None where there is no key signature.
    time : TimeSignature or None
    sure : float
        Score of the least sure sign of the time signature.
    taken : frozenset of PlacedSymbol
        The accidentals of the key signature.
    """

    clefs: tuple[tuple[float, Clef], ...] = ()
    key: int | None = None
    time: TimeSignature | None = None
    sure: float = 0.0
    taken: frozenset[PlacedSymbol] = field(default=frozenset())


def read_signs(
    symbols: Sequence[PlacedSymbol], clef: Clef, key: int | None, start: float, space: float, opening: bool
) -> Signs:
    """Read the signs of one staff of one measure.

    Parameters
    ----------
    symbols : sequence of PlacedSymbol
        What stands there, from left to right.
    clef : Clef
        The one that holds so far.
    key : int or None
        Likewise, in sharps; a new system repeats it, and a slip of the eye is likelier than a change.
    start : float
        Where the measure begins.
    space : float
    opening : bool
        Whether the system begins here: a new system repeats its key.
    """
    clefs = tuple((place.x, _clef(place, symbols, space)) for place in symbols if _is_clef(place))
    first = next(
        (p.box.x0 for p in symbols if p.name.startswith(("notehead", "rest")) and not _is_rest_number(p)),
        None,
    )
    header = [p for p in symbols if first is None or p.box.x0 < first]
    found, taken = None, frozenset[PlacedSymbol]()
    for x, holds in [(start, clef), *((x, c) for x, c in clefs if first is None or x < first)]:
        group = _key_accidentals(header, symbols, x, space)
        here = _fifths(group, holds, key if opening else None, strict=not (opening or x > start))
        if here is not None:
            found, taken = here, frozenset(group)
    if found is None and opening and any(x < (first or x + 1) for x, _ in clefs):
        found = 0
    return Signs(clefs, found, *_time(header, space), taken)


def without_lost_keys(signs: Sequence[Signs], before: Sequence[int | None]) -> tuple[Signs, ...]:
    """The signs of a system's opening; a key that a staff shows no more goes on if others repeat theirs.

    Parameters
    ----------
    signs : sequence of Signs
        By staff.
    before : sequence of int or None
        The keys that held.
    """
    repeated = any(sign.key and sign.key == key for sign, key in zip(signs, before, strict=True))
    return tuple(
        replace(sign, key=None) if repeated and key and sign.key == 0 and not sign.taken else sign
        for sign, key in zip(signs, before, strict=True)
    )


def _is_clef(place: PlacedSymbol) -> bool:
    return place.name in ("clefG", "clefF", "clefC", "clefPercussion")


def _is_rest_number(place: PlacedSymbol) -> bool:
    return place.name == "restHNr"


def _clef(place: PlacedSymbol, symbols: Sequence[PlacedSymbol], space: float) -> Clef:
    """The sign, its line, and the octave that a number above or below it shifts."""
    if place.name == "clefPercussion":
        return Clef("percussion", 2)
    sign = {"clefG": "G", "clefF": "F", "clefC": "C"}[place.name]
    tall = place.box.height / space * 2
    named = place.position + (_NAMED_LINE[sign] - 0.5) * tall
    line = 5 - round(named / 2)
    usual = _USUAL[sign]
    if sign != "C" and abs((5 - named / 2) - usual) < 0.75:
        line = usual
    octaves = 0
    for number in symbols:
        if number.name in ("clef8", "clef15") and abs(number.x - place.x) < 2 * space:
            octaves = (1 if number.name == "clef8" else 2) * (1 if number.y < place.y else -1)
    return Clef(sign, min(max(line, 1), 5), octaves)  # type: ignore[arg-type]


# --- keys --------------------------------------------------------------------------------------------

_ABOVE = 2.5
"""Steps that an accidental of a key signature may stand above the staff's top line, or below its last."""


def _key_accidentals(
    header: Sequence[PlacedSymbol], symbols: Sequence[PlacedSymbol], start: float, space: float
) -> list[PlacedSymbol]:
    """The accidentals that follow a clef or barline at close quarters, without those of the next notes."""
    edge = next((p.box.x1 for p in header if _is_clef(p) and p.x == start), start)
    reach = 3.5 * space
    group: list[PlacedSymbol] = []
    for place in header:
        if place.name in ("accidentalFlat", "accidentalSharp", "accidentalNatural") and place.x > start:
            if place.box.x0 - edge > reach:
                break
            group.append(place)
            edge, reach = place.box.x1, 1.2 * space
    heads = [p for p in symbols if p.name.startswith("notehead")]
    reach = 1.2 * space
    while group and any(_alters(group[-1], head, space, reach) for head in heads):
        reach += group.pop().box.width  # a chord's accidentals stand side by side
    return [p for p in group if -_ABOVE < p.position < 8 + _ABOVE]


def _alters(accidental: PlacedSymbol, head: PlacedSymbol, space: float, reach: float) -> bool:
    near = -0.5 * space < head.box.x0 - accidental.box.x1 < reach
    return near and abs(head.position - accidental.position) < 0.8


_OFF = 0.8
"""Steps that an accidental of a key signature may stand off: scans bend staves, boxes are cut."""


def _fifths(group: Sequence[PlacedSymbol], clef: Clef, before: int | None, strict: bool) -> int | None:
    """Which key signature accidentals are: the one that differs least from them, exactly one if `strict`."""
    if not group or clef.sign == "percussion":
        return None
    top = step_of(clef, 0)
    named = [(p.name.removeprefix("accidental"), (top - p.position) % 7) for p in group]
    fresh = [pair for pair in named if pair[0] != "Natural"]
    if not fresh:
        cancelled = tuple(round(step) % 7 for _, step in named)
        proper = cancelled in (SHARPS[: len(named)], SHARPS[::-1][: len(named)])
        proper = proper or cancelled in _tails(len(named))
        return 0 if proper or not strict else None
    costs = {}
    for fifths in range(-7, 8):
        order = SHARPS if fifths > 0 else SHARPS[::-1]
        kind = "Sharp" if fifths > 0 else "Flat"
        wanted = [(kind, step) for step in order[: abs(fifths)]]
        away = _differences(wanted, fresh, 0.5 if strict else _OFF)
        costs[fifths] = (
            len(wanted) + len(fresh) - 2 * len(away) + (before is not None and fifths != before),
            sum(away),
        )
    best = min(costs, key=lambda k: (*costs[k], abs(k)))
    return best if costs[best][0] <= (0 if strict else max(1, len(fresh) // 2)) else None


def _differences(
    wanted: Sequence[tuple[str, int]], found: Sequence[tuple[str, float]], most: float
) -> list[float]:
    """How many steps each accidental of a key that is there stands off its place, at `most` so many."""
    left = list(found)
    away = []
    for kind, step in wanted:
        near = [(abs((at - step + 3.5) % 7 - 3.5), i) for i, (k, at) in enumerate(left) if k == kind]
        off, i = min(near, default=(9.0, -1))
        if off <= most:
            away.append(off)
            del left[i]
    return away


def _tails(count: int) -> set[tuple[int, ...]]:
    """What a cancelled key that goes on with fewer accidentals leaves: any run in either order."""
    return {order[i : i + count] for order in (SHARPS, SHARPS[::-1]) for i in range(8 - count)}


# --- metres ------------------------------------------------------------------------------------------


def _time(header: Sequence[PlacedSymbol], space: float) -> tuple[TimeSignature | None, float]:
    """The last time signature before the notes, and the score of its least sure sign."""
    found: tuple[TimeSignature | None, float] = None, 0.0
    for place in header:
        if place.name == "timeSigCommon":
            found = TimeSignature(4, 4, "common"), place.score
        elif place.name == "timeSigCutCommon":
            found = TimeSignature(2, 2, "cut"), place.score
    digits = [p for p in header if p.name.removeprefix("timeSig").isdigit() and -2 < p.position < 10]
    for column in _columns(digits, space):
        upper, lower = (
            "".join(p.name[-1] for p in column if (p.position < 4) == above) for above in (True, False)
        )
        if upper and lower and 0 < int(upper) < 100 and int(lower) in (1, 2, 4, 8, 16, 32, 64):
            found = TimeSignature(int(upper), int(lower)), min(p.score for p in column)
    return found


def _columns(digits: Sequence[PlacedSymbol], space: float) -> list[list[PlacedSymbol]]:
    """Digits close to each other."""
    columns: list[list[PlacedSymbol]] = []
    for digit in digits:
        if columns and digit.box.x0 - max(d.box.x1 for d in columns[-1]) < 0.6 * space:
            columns[-1].append(digit)
        else:
            columns.append([digit])
    return columns


def agreed(signs: Sequence[Signs]) -> TimeSignature | None:
    """The time signature that most staves of a measure show; of equally many, the one seen most surely."""
    seen: dict[TimeSignature, list[float]] = {}
    for staff in signs:
        if staff.time:
            seen.setdefault(staff.time, []).append(staff.sure)
    return max(seen, key=lambda time: (len(seen[time]), max(seen[time])), default=None)
