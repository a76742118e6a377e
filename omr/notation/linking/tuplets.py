"""Find tuplet numbers with their brackets, and the notes that each stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.limits import TupletLimits
from omr.notation.linking.chords import Chord
from omr.score import length


@dataclass(frozen=True)
class TupletSign:
    """A tuplet's number and its bracket if there is one.

    Attributes
    ----------
    number : int
        As printed, 2 or more.
    x, y : float
        Middle of the number, in level pixels.
    bracket : PlacedSymbol or None
    digits : tuple of PlacedSymbol
        From left to right.
    """

    number: int
    x: float
    y: float
    bracket: PlacedSymbol | None
    digits: tuple[PlacedSymbol, ...]


def find_tuplet_signs(layout: PageLayout, limits: TupletLimits) -> tuple[TupletSign, ...]:
    """Find the tuplet numbers of a page, digits next to each other joined.

    Parameters
    ----------
    layout : PageLayout
    limits : TupletLimits

    Returns
    -------
    tuple of TupletSign
        From left to right by their first digits; numbers below 2 are left out.
    """
    numbers: list[list[PlacedSymbol]] = []
    for digit in layout.named("tuplet"):
        if not digit.name.removeprefix("tuplet").isdigit():
            continue
        number = next((n for n in numbers if _continues(n[-1], digit, layout.space, limits)), None)
        if number:
            number.append(digit)
        else:
            numbers.append([digit])
    signs = (_sign(number, layout, limits) for number in numbers)
    return tuple(sign for sign in signs if sign.number > 1)


def _continues(last: PlacedSymbol, digit: PlacedSymbol, space: float, limits: TupletLimits) -> bool:
    """Whether a digit stands close after another at its height."""
    level = abs(last.y - digit.y) < limits.digit_height * space
    return level and abs(digit.box.x0 - last.box.x1) < limits.digit_gap * space


def _sign(digits: Sequence[PlacedSymbol], layout: PageLayout, limits: TupletLimits) -> TupletSign:
    """Make a sign of the digits of one number and of the nearest bracket around them."""
    number = int("".join(digit.name[-1] for digit in digits))
    x, y = (digits[0].box.x0 + digits[-1].box.x1) / 2, digits[0].y
    margin = limits.bracket_height * layout.space
    brackets = [
        b
        for b in layout.by_name.get("tupletBracket", ())
        if b.box.x0 < x < b.box.x1 and b.box.y0 - margin < y < b.box.y1 + margin
    ]
    bracket = min(brackets, key=lambda b: abs(b.x - x) + abs(b.y - y), default=None)
    return TupletSign(number, x, y, bracket, tuple(digits))


def members(
    sign: TupletSign,
    staves: Iterable[Sequence[Chord]],
    groups: Sequence[Sequence[Chord]],
    space: float,
    limits: TupletLimits,
) -> list[Chord]:
    """Find the notes of a tuplet: the run in one voice of one staff that fits number, bracket and beams best.

    Parameters
    ----------
    sign : TupletSign
    staves : iterable of sequence of Chord
        The chords and rests of each staff of the measure, from left to right, without grace notes.
    groups : sequence of sequence of Chord
        The chords of the page under common beams.
    space : float
        Staff space in pixels.
    limits : TupletLimits

    Returns
    -------
    list of Chord
        From left to right; empty where no run fits.
    """
    group_of = {chord: group for group in groups for chord in group}
    best: tuple[float, Sequence[Chord]] = (limits.max_cost, [])
    for voice in (voice for chords in staves for voice in _voices(chords)):
        for run in _runs(voice, sign.number + limits.more_notes):
            cost = _cost(sign, run, group_of, space, limits)
            if cost < best[0]:
                best = cost, run
    return list(best[1])


def _voices(chords: Sequence[Chord]) -> Iterator[list[Chord]]:
    """List what may be one voice: every chord, or the chords with stems of one direction, rests included."""
    yield list(chords)
    for direction in ("up", "down"):
        voice = [chord for chord in chords if chord.direction in (direction, "")]
        if len(voice) < len(chords):
            yield voice


def _runs(voice: Sequence[Chord], most: int) -> Iterator[Sequence[Chord]]:
    """Every run of up to `most` chords."""
    for i in range(len(voice)):
        for j in range(i + 1, min(len(voice), i + most) + 1):
            yield voice[i:j]


def _cost(
    sign: TupletSign,
    run: Sequence[Chord],
    group_of: Mapping[Chord, Sequence[Chord]],
    space: float,
    limits: TupletLimits,
) -> float:
    """How badly a run fits a tuplet's number and bracket, in staff spaces."""
    left, right = run[0].x, run[-1].x
    if not left - limits.beside * space <= sign.x <= right + limits.beside * space:
        return 2 * limits.max_cost
    cost = abs((left + right) / 2 - sign.x) / space
    if sign.bracket:
        ends = abs(left - sign.bracket.box.x0) + abs(right - sign.bracket.box.x1)
        cost = limits.bracket_weight * cost + limits.ends_weight * ends / space
    top, bottom = min(c.box_y[0] for c in run), max(c.box_y[1] for c in run)
    cost += limits.height_weight * max(top - sign.y, sign.y - bottom, 0.0) / space
    return cost + _unit_cost(sign, run, limits) + _beam_cost(sign, run, group_of, limits)


def _unit_cost(sign: TupletSign, run: Sequence[Chord], limits: TupletLimits) -> float:
    """Compute the cost of a run whose length isn't the tuplet's number times a note value."""
    lengths = [length(chord.value, chord.dots) for chord in run]
    unit = sum(lengths, Fraction(0)) / sign.number
    odd, finer = not _is_value(unit), unit < min(lengths)
    return limits.odd_unit_cost * odd + limits.finer_unit_cost * finer


def _beam_cost(
    sign: TupletSign, run: Sequence[Chord], group_of: Mapping[Chord, Sequence[Chord]], limits: TupletLimits
) -> float:
    """Compute the gain of a run that is a beamed group, or the cost of one that no beam joins."""
    notes = [chord for chord in run if not chord.rest]
    groups = {group_of.get(chord) for chord in notes}
    group = next(iter(groups)) if len(groups) == 1 else None
    if group:
        return -limits.beam_gain if len(group) == len(notes) else 0.0
    return 0.0 if sign.bracket else limits.loose_cost


def _is_value(duration: Fraction) -> bool:
    """Whether an undotted note lasts so long."""
    return duration > 0 and all(n & (n - 1) == 0 for n in (duration.numerator, duration.denominator))
