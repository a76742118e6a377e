"""Numbers for slurs and other spanners that overlap, as MusicXML tells them apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from omr.notation.linking.chords import Chord
from omr.notation.semantics.slurs import Arc
from omr.score import Spanner

Moment = tuple[float | Fraction, ...]
"""Measure, onset in ticks and x: a place in the piece."""


def number_spans(spans: Sequence[tuple[Moment, Moment]]) -> list[int]:
    """Give overlapping spans different numbers.

    Parameters
    ----------
    spans : sequence of (tuple, tuple)
        Start and end of each, compared as tuples.

    Returns
    -------
    list of int
        From 1, as low as possible, by span.

    Examples
    --------
    >>> number_spans([((0.0,), (2.0,)), ((1.0,), (3.0,)), ((4.0,), (5.0,))])
    [1, 2, 1]
    """
    order = sorted(range(len(spans)), key=lambda i: spans[i])
    numbers = [0] * len(spans)
    busy: dict[int, Moment] = {}
    for i in order:
        start, end = spans[i]
        number = next(n for n in range(1, len(spans) + 2) if n not in busy or busy[n] < start)
        numbers[i], busy[number] = number, end
    return numbers


def slur_ends(
    slurs: Iterable[Arc],
    moments: Mapping[Chord, Moment],
    part_of: Mapping[Chord, int],
    max_number: int,
) -> dict[Chord, tuple[Spanner, ...]]:
    """Find the ends of slurs at each chord.

    Parameters
    ----------
    slurs : iterable of Arc
    moments : mapping of Chord to tuple
        When each chord sounds. Slurs between other chords, or backwards, are left out.
    part_of : mapping of Chord to int
        The part of each chord. Slurs from part to part are left out.
    max_number : int
        Highest number of a slur; those that would need a higher one are left out.

    Returns
    -------
    dict of Chord to tuple of Spanner
    """
    by_part: dict[int, list[Arc]] = defaultdict(list)
    for slur in slurs:
        left, right = slur.left, slur.right
        known = left in moments and right in moments
        if known and moments[left] < moments[right] and part_of[left] == part_of[right]:
            by_part[part_of[left]].append(slur)
    found: dict[Chord, tuple[Spanner, ...]] = {}
    for _, mine in sorted(by_part.items()):
        numbers = number_spans([(moments[slur.left], moments[slur.right]) for slur in mine])
        for slur, number in zip(mine, numbers, strict=True):
            if number <= max_number:
                start = Spanner("start", number, "above" if slur.above else "below")
                found[slur.left] = (*found.get(slur.left, ()), start)
                found[slur.right] = (*found.get(slur.right, ()), Spanner("stop", number))
    return found
