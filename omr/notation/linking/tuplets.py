"""Which notes a tuplet's number and bracket stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.linking.chords import Chord
from omr.notation.semantics.rhythm import Ratio
from omr.score import length

_LIMIT = 4.5
"""Staff spaces of misfit beyond which a number stands for no notes here."""

_FINER = 1.5
"""What it costs that a tuplet counts values shorter than any of its notes."""


@dataclass(frozen=True)
class TupletSign:
    """A tuplet's number and its bracket if there is one.

    Where none is printed here, but was on groups like it before, `as_before` is how those were read
    (`omr.notation.semantics.implicit_tuplets`).
    """

    number: int
    x: float
    y: float
    bracket: PlacedSymbol | None
    digits: tuple[PlacedSymbol, ...] = ()
    as_before: Ratio | None = None

    @property
    def ratios(self) -> tuple[Ratio, ...]:
        """How it may be read: so many in the time of the next lower power of two, or of a dotted value."""
        if self.as_before:
            return self.as_before, Ratio(1, 1)
        if self.number in (2, 4, 8):
            return (Ratio(self.number, 3 * self.number // 4 or 1), Ratio(self.number, self.number // 2, 0.2))[
                : 1 if self.number == 2 else 2
            ]
        lower = 1 << (self.number - 1).bit_length() - 1
        dotted = lower * 3 // 2 if lower * 3 // 2 < self.number else lower * 3 // 4
        usual = Ratio(self.number, lower)
        return (usual, Ratio(self.number, dotted, 0.01)) if dotted and self.number > 3 else (usual,)


def find_tuplet_signs(layout: PageLayout) -> list[TupletSign]:
    """The tuplets' numbers of a page, digits that touch taken together."""
    digits = [p for p in layout.named("tuplet") if p.name.removeprefix("tuplet").isdigit()]
    numbers: list[list[PlacedSymbol]] = []
    for digit in digits:
        for number in numbers:
            last = number[-1]
            if (
                abs(last.y - digit.y) < 0.4 * layout.space
                and abs(digit.box.x0 - last.box.x1) < 0.35 * layout.space
            ):
                number.append(digit)
                break
        else:
            numbers.append([digit])
    return [sign for number in numbers if (sign := _sign(number, layout)).number > 1]


def _sign(digits: Sequence[PlacedSymbol], layout: PageLayout) -> TupletSign:
    number = int("".join(d.name[-1] for d in digits))
    x = (digits[0].box.x0 + digits[-1].box.x1) / 2
    y = digits[0].y
    brackets = [
        b
        for b in layout.by_name.get("tupletBracket", ())
        if b.box.x0 < x < b.box.x1 and b.box.y0 - layout.space < y < b.box.y1 + layout.space
    ]
    bracket = min(brackets, key=lambda b: abs(b.x - x) + abs(b.y - y), default=None)
    return TupletSign(number, x, y, bracket, tuple(digits))


def members(
    sign: TupletSign, staves: Iterable[Sequence[Chord]], groups: Sequence[Sequence[Chord]], space: float
) -> list[Chord]:
    """The notes of a tuplet: the run in one voice of one staff that fits number, bracket and beams best.

    Parameters
    ----------
    sign : TupletSign
    staves : iterable of sequence of Chord
        The chords and rests of each staff of the measure, from left to right, grace notes left out.
    groups : sequence of sequence of Chord
        Those under common beams.
    space : float
    """
    beams = {id(chord): number for number, group in enumerate(groups) for chord in group}
    sizes = [len(group) for group in groups]
    best: tuple[float, Sequence[Chord]] = (_LIMIT, [])
    for strand in (strand for chords in staves for strand in _strands(chords)):
        for run in _runs(strand, sign.number):
            cost = _misfit(sign, run, beams, sizes, space)
            if cost < best[0]:
                best = cost, run
    return list(best[1])


def _strands(chords: Sequence[Chord]) -> Iterator[list[Chord]]:
    """What may be one voice: everything, or what has its stems on one side, rests included."""
    yield list(chords)
    for direction in ("up", "down"):
        strand = [chord for chord in chords if chord.direction in (direction, "")]
        if len(strand) < len(chords):
            yield strand


def _runs(strand: Sequence[Chord], number: int) -> Iterator[Sequence[Chord]]:
    for i in range(len(strand)):
        for j in range(i + 1, min(len(strand), i + number + 2) + 1):
            yield strand[i:j]


def _misfit(
    sign: TupletSign, run: Sequence[Chord], beams: dict[int, int], sizes: Sequence[int], space: float
) -> float:
    """How badly a run fits a tuplet's number, in staff spaces."""
    left, right = run[0].x, run[-1].x
    if not left - 2 * space <= sign.x <= right + 2 * space:
        return 9.0
    cost = abs((left + right) / 2 - sign.x) / space
    if sign.bracket:
        cost = 0.3 * cost + (abs(left - sign.bracket.box.x0) + abs(right - sign.bracket.box.x1)) / (2 * space)
    top, bottom = min(c.box_y[0] for c in run), max(c.box_y[1] for c in run)
    cost += max(top - sign.y, sign.y - bottom, 0.0) / (3 * space)
    lengths = [length(chord.value, chord.dots) for chord in run]
    unit = sum(lengths, Fraction(0)) / sign.number
    cost += 0.0 if _is_value(unit) else 2.5
    cost += _FINER if unit < min(lengths) else 0.0
    notes = [chord for chord in run if not chord.rest]
    under = {beams.get(id(chord)) for chord in notes}
    if len(under) == 1 and None not in under:
        cost -= 0.8 if sizes[next(iter(under)) or 0] == len(notes) else 0.0
    elif not sign.bracket:
        cost += 0.8
    return cost


def _is_value(duration: Fraction) -> bool:
    """Whether an undotted note lasts so long."""
    return (
        duration > 0
        and duration.numerator & (duration.numerator - 1) == 0
        and (duration.denominator & (duration.denominator - 1) == 0)
    )
