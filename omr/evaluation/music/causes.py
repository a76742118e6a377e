"""Say of every note that is wrong or missing what went wrong with it.

The measures of two pieces are aligned without regard to staves. From one pair of aligned measures to the next
is a block; within a block the longest common subsequence (`omr.evaluation.music.sequence`) says which notes
are right. Whatever is left on both sides is paired, the likeliest cause first: the same note at another
place, the same pitch with another duration, another pitch at the same onset. What finds no partner is missing
or extra. A block of several measures on one side has lost a barline or a system; all its leftovers are
structure, as are notes on staves that the other side does not have.
"""

from __future__ import annotations

import operator
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias, get_args

from omr.evaluation.music.comparison import MeasureNotes, Sounding, align
from omr.evaluation.music.sequence import common_subsequence, note_sequence, sounding_key
from omr.score import Pitch

Cause: TypeAlias = Literal[
    "structure",
    "order",
    "octave",
    "clef",
    "step",
    "semitone",
    "halved",
    "doubled",
    "triplet for plain",
    "plain for triplet",
    "dot",
    "other duration",
    "missing",
    "extra",
]
"""What went wrong with a note.

structure
    Its measure has no counterpart, or its staff has none.
order
    Right pitch and duration, at a wrong place among the notes of its measure.
octave, step, semitone
    Another pitch: by whole octaves; by one step; of the same step, another alteration.
clef
    Several notes of the measure's staff, moved by the same interval of a third or more.
halved, doubled, triplet for plain, plain for triplet, dot, other duration
    What was found in place of the true duration: its half; its double; a triplet note for a plain one; the
    other way round; a dot too many or too few.
missing, extra
    Nothing like it on the other side.
"""

CAUSES: tuple[Cause, ...] = get_args(Cause)
"""All causes in the order of tables."""

MIN_RUN = 3
"""Notes of a measure and staff moved by one interval that are taken for a wrong clef, at least."""

MIN_CLEF_STEPS = 2
"""Steps, at least, by which a wrong clef moves notes: clefs of one staff differ by thirds and more."""

_OCTAVE_STEPS = 7
_DURATION_CAUSES: dict[Fraction, Cause] = {
    Fraction(1, 2): "halved",
    Fraction(2): "doubled",
    Fraction(2, 3): "dot",
    Fraction(3, 2): "dot",
    Fraction(4, 7): "dot",
    Fraction(7, 4): "dot",
    Fraction(6, 7): "dot",
    Fraction(7, 6): "dot",
}
"""Cause by the ratio of the found duration to the true one, where neither is a triplet's."""


class Difference(NamedTuple):
    """A note that is wrong, missing or extra.

    Attributes
    ----------
    cause : str
        One of `CAUSES`.
    found_measure, true_measure : int
        Index of the measure in each piece; of the nearest aligned one before it (or of the first measure)
        where a side has no such measure.
    found, true : Sounding or None
        None on the side that has no such note.
    """

    cause: Cause
    found_measure: int
    true_measure: int
    found: Sounding | None
    true: Sounding | None

    @property
    def notes(self) -> int:
        """How many notes it costs: found ones that are wrong and true ones that were not found."""
        return (self.found is not None) + (self.true is not None)


class _Located(NamedTuple):
    """A note and the index of its measure."""

    measure: int
    note: Sounding


def align_measures(found: Sequence[MeasureNotes], true: Sequence[MeasureNotes]) -> list[tuple[int, int]]:
    """Align measures by their notes, whatever staves these stand on.

    Parameters
    ----------
    found, true : sequence of Counter of Sounding
        By measure.

    Returns
    -------
    list of (int, int)
        Indices of the measures that belong together, in order.
    """
    return align([_on_one_staff(notes) for notes in found], [_on_one_staff(notes) for notes in true])


def find_differences(
    found: Sequence[MeasureNotes],
    true: Sequence[MeasureNotes],
    pairs: Sequence[tuple[int, int]] | None = None,
) -> list[Difference]:
    """List every wrong, missing or extra note with its cause.

    Parameters
    ----------
    found, true : sequence of Counter of Sounding
        By measure.
    pairs : sequence of (int, int), optional
        Aligned measures; by default those of `align_measures`.

    Returns
    -------
    list of Difference
        In the order of the measures. A pair of a found and a true note is one difference.
    """
    pairs = align_measures(found, true) if pairs is None else pairs
    staves = _staves(found), _staves(true)
    differences: list[Difference] = []
    for a, b in _blocks(pairs, len(found), len(true)):
        differences += _differences_of_block(_located(found, a), _located(true, b), a, b, staves)
    return differences


def _blocks(pairs: Sequence[tuple[int, int]], found: int, true: int) -> Iterator[tuple[range, range]]:
    """Cut two pieces at every pair of aligned measures; what is before the first pair joins its block."""
    starts = [(0, 0), *pairs[1:]] if pairs else [(0, 0)]
    for (a, b), (c, d) in pairwise([*starts, (found, true)]):
        yield range(a, c), range(b, d)


def _differences_of_block(
    found: Sequence[_Located],
    true: Sequence[_Located],
    found_measures: range,
    true_measures: range,
    staves: tuple[int, int],
) -> Iterator[Difference]:
    common = common_subsequence([sounding_key(n.note) for n in found], [sounding_key(n.note) for n in true])
    right_found, right_true = ({pair[side] for pair in common} for side in (0, 1))
    left = [n for i, n in enumerate(found) if i not in right_found]
    lost = [n for i, n in enumerate(true) if i not in right_true]
    here, there = found_measures.start, true_measures.start
    if len(found_measures) != 1 or len(true_measures) != 1:
        yield from (Difference("structure", n.measure, there, n.note, None) for n in left)
        yield from (Difference("structure", here, n.measure, None, n.note) for n in lost)
        return
    yield from (Difference("structure", here, there, n.note, None) for n in left if n.note.staff > staves[1])
    yield from (Difference("structure", here, there, None, n.note) for n in lost if n.note.staff > staves[0])
    yield from (
        Difference(cause, here, there, a, b)
        for cause, a, b in _causes(
            [n.note for n in left if n.note.staff <= staves[1]],
            [n.note for n in lost if n.note.staff <= staves[0]],
        )
    )


_Pair = tuple[Sounding, Sounding]
_Verdict = tuple[Cause, Sounding | None, Sounding | None]


def _causes(left: list[Sounding], lost: list[Sounding]) -> Iterator[_Verdict]:
    """Pair the leftovers of one measure, the likeliest cause first; takes them out of both lists."""
    for a, b in _taken(left, lost, sounding_key):
        yield "order", a, b
    for same in (_at_place(_midi), _at_onset(_midi)):
        for a, b in _taken(left, lost, same):
            yield _duration_cause(a.duration, b.duration), a, b
    for same in (_at_place(lambda note: note.duration), _at_place(lambda note: None)):
        yield from _moved(left, lost, same)
    for a, b in _taken(left, lost, _midi):
        yield _duration_cause(a.duration, b.duration), a, b
    yield from (("extra", a, None) for a in left)
    yield from (("missing", None, b) for b in lost)


def _taken(left: list[Sounding], lost: list[Sounding], key: Callable[[Sounding], Hashable]) -> list[_Pair]:
    """Take pairs of notes with one key out of both lists, in their order."""
    waiting: dict[Hashable, list[Sounding]] = defaultdict(list)
    for note in reversed(left):
        waiting[key(note)].append(note)
    pairs = [(waiting[key(note)].pop(), note) for note in list(lost) if waiting[key(note)]]
    _take(pairs, left, lost)
    return pairs


def _take(pairs: Iterable[_Pair], left: list[Sounding], lost: list[Sounding]) -> None:
    for a, b in pairs:
        left.remove(a)
        lost.remove(b)


def _moved(
    left: list[Sounding], lost: list[Sounding], place: Callable[[Sounding], Hashable]
) -> Iterator[_Verdict]:
    """Pair notes of one place and different pitches: a run of one interval, then the nearest."""
    intervals = Counter(
        (b.staff, steps_between(a.pitch, b.pitch)) for a in left for b in lost if place(a) == place(b)
    )
    for (staff, steps), _ in intervals.most_common():
        run = [
            (a, b)
            for a, b in _pairs_apart(left, lost, place, partial(operator.eq, steps))
            if a.staff == b.staff == staff
        ]
        if len(run) >= MIN_RUN and abs(steps) >= MIN_CLEF_STEPS:
            _take(run, left, lost)
            yield from (("clef" if steps % _OCTAVE_STEPS else "octave", a, b) for a, b in run)
    for cause, fits in _NEAR:
        for a, b in _pairs_apart(left, lost, place, fits):
            _take([(a, b)], left, lost)
            yield cause, a, b


_NEAR: tuple[tuple[Cause, Callable[[int], bool]], ...] = (
    ("semitone", lambda steps: steps == 0),
    ("step", lambda steps: abs(steps) == 1),
    ("octave", lambda steps: steps % _OCTAVE_STEPS == 0),
)
"""Causes of a wrong pitch by the steps from the true to the found note, the likeliest first."""


def _pairs_apart(
    left: Sequence[Sounding],
    lost: Sequence[Sounding],
    place: Callable[[Sounding], Hashable],
    fits: Callable[[int], bool],
) -> list[_Pair]:
    """List pairs of one place whose distance in steps fits, each note once."""
    free, pairs = list(left), []
    for b in lost:
        for a in free:
            if place(a) == place(b) and fits(steps_between(a.pitch, b.pitch)):
                pairs.append((a, b))
                free.remove(a)
                break
    return pairs


def steps_between(found: Pitch, true: Pitch) -> int:
    """Count the steps of the staff from the true pitch up to the found one.

    Parameters
    ----------
    found, true : Pitch

    Returns
    -------
    int
        Alterations make no difference.
    """
    return _steps(found) - _steps(true)


def _steps(pitch: Pitch) -> int:
    return _OCTAVE_STEPS * pitch.octave + "CDEFGAB".index(pitch.step)


def _duration_cause(found: Fraction, true: Fraction) -> Cause:
    """Say what the difference between two durations is called."""
    triplets = found.denominator % 3 == 0, true.denominator % 3 == 0
    if triplets == (True, False):
        return "triplet for plain"
    if triplets == (False, True):
        return "plain for triplet"
    return _DURATION_CAUSES.get(found / true, "other duration")


def _midi(note: Sounding) -> Hashable:
    return note.pitch.midi


def _at_onset(key: Callable[[Sounding], Hashable]) -> Callable[[Sounding], Hashable]:
    return lambda note: (note.onset, key(note))


def _at_place(key: Callable[[Sounding], Hashable]) -> Callable[[Sounding], Hashable]:
    return lambda note: (note.onset, note.staff, key(note))


def _located(measures: Sequence[MeasureNotes], span: range) -> list[_Located]:
    return [_Located(i, note) for i in span for note in note_sequence([measures[i]])]


def _staves(measures: Sequence[MeasureNotes]) -> int:
    return max((note.staff for notes in measures for note in notes), default=0)


def _on_one_staff(notes: MeasureNotes) -> MeasureNotes:
    found: MeasureNotes = Counter()
    for note, count in notes.items():
        found[note._replace(staff=1)] += count
    return found
