"""Compare music note by note: which notes of the truth were found, with what pitch, onset and duration.

Two scores are compared measure by measure. So that a missed barline doesn't make everything after it wrong,
the measures are aligned first, in order, such that as many notes as possible agree (S. Needleman and
C. Wunsch, "A general method applicable to the search for similarities in the amino acid sequence of two
proteins", 1970).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from omr.score import Pitch, Score


class Sounding(NamedTuple):
    """A written note.

    Attributes
    ----------
    staff : int
        Among all staves of the piece, from 1.
    onset, duration : Fraction
        In quarters from the start of the measure; the duration of a grace note is 0.
    pitch : Pitch
    """

    staff: int
    onset: Fraction
    duration: Fraction
    pitch: Pitch


MeasureNotes = Counter[Sounding]
"""The notes of one measure in all staves, and how often each is there."""

Signs = dict[tuple[int, str], object]
"""What holds at the start of a measure, by staff from 1 and "key", "clef" or "time"."""

_BAND = 12
"""Measures by which two aligned measures may lie further apart in their pieces than the lengths differ."""


def notes_by_measure(score: Score) -> list[MeasureNotes]:
    """List the notes of a score.

    Parameters
    ----------
    score : Score

    Returns
    -------
    list of Counter of Sounding
        By measure. Tied notes count each.
    """
    count = max((len(part.measures) for part in score.parts), default=0)
    found: list[MeasureNotes] = [Counter() for _ in range(count)]
    first = 0
    for part in score.parts:
        for notes, measure in zip(found, part.measures, strict=False):
            for event in measure.events():
                staff = first + event.staff
                notes.update(Sounding(staff, event.onset, event.duration, n.pitch) for n in event.notes)
        first += part.staves
    return found


def signs_by_measure(score: Score) -> list[Signs]:
    """List what key, clef and metre hold at the start of each measure of a score.

    Parameters
    ----------
    score : Score

    Returns
    -------
    list of dict
        By measure; keys as sharps, or flats if negative, clefs as sign, line and octaves, metres as "3/4".
    """
    count = max((len(part.measures) for part in score.parts), default=0)
    found: list[Signs] = [{} for _ in range(count)]
    first = 0
    for part in score.parts:
        held: Signs = {(first + staff, "key"): 0 for staff in range(1, part.staves + 1)}
        for number, measure in enumerate(part.measures):
            later: Signs = {}
            for change in measure.clefs:
                (later if change.onset else held)[first + change.staff, "clef"] = tuple(change.clef)
            held |= {(first + change.staff, "key"): change.fifths for change in measure.keys}
            if measure.time is not None:
                time = f"{measure.time.beats}/{measure.time.unit}"
                held |= {(first + staff, "time"): time for staff in range(1, part.staves + 1)}
            found[number].update(held)
            held |= later
        first += part.staves
    return found


@dataclass(frozen=True)
class Tally:
    """Counts of one kind of thing, and the figures from them.

    Attributes
    ----------
    found, true, right : int
        How many were found, how many there are, and how many of the found ones are true.
    """

    found: int = 0
    true: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        """Share (0 to 1) of the found ones that are right; 1 where none was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share (0 to 1) of the true ones that were found; 1 where there are none."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall (0 to 1)."""
        total = self.found + self.true
        return 2 * self.right / total if total else 1.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.found + other.found, self.true + other.true, self.right + other.right)


@dataclass(frozen=True)
class Agreement:
    """How much two scores agree.

    Attributes
    ----------
    pitch : Tally
        Notes of the right pitch in the right measure and staff.
    duration : Tally
        Notes that have the right duration as well.
    rhythm : Tally
        Notes that have the right onset and duration as well.
    measures : Tally
        Measures with all their notes right in all staves.
    """

    pitch: Tally = Tally()
    duration: Tally = Tally()
    rhythm: Tally = Tally()
    measures: Tally = Tally()

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(
            self.pitch + other.pitch,
            self.duration + other.duration,
            self.rhythm + other.rhythm,
            self.measures + other.measures,
        )

    def __str__(self) -> str:
        return (
            f"note F1 {self.rhythm.f1:.4f} (pitch, onset, duration), {self.pitch.f1:.4f} (pitch); "
            f"measures right {self.measures.right}/{self.measures.true}"
        )


def compare(found: Sequence[MeasureNotes], true: Sequence[MeasureNotes]) -> Agreement:
    """Compare two pieces after aligning their measures.

    Parameters
    ----------
    found, true : sequence of Counter of Sounding
        By measure.

    Returns
    -------
    Agreement
    """
    pitch = duration = rhythm = right = 0
    for a, b in align(found, true):
        pitch += (_pitches(found[a]) & _pitches(true[b])).total()
        duration += (_durations(found[a]) & _durations(true[b])).total()
        rhythm += (found[a] & true[b]).total()
        right += found[a] == true[b]
    total_found, total_true = (sum(m.total() for m in measures) for measures in (found, true))
    return Agreement(
        Tally(total_found, total_true, pitch),
        Tally(total_found, total_true, duration),
        Tally(total_found, total_true, rhythm),
        Tally(len(found), len(true), right),
    )


def align(found: Sequence[MeasureNotes], true: Sequence[MeasureNotes]) -> list[tuple[int, int]]:
    """Align measures such that they have as many notes in common as possible.

    Parameters
    ----------
    found, true : sequence of Counter of Sounding
        By measure.

    Returns
    -------
    list of (int, int)
        Indices of the measures that belong together, in order.
    """
    n, m = len(found), len(true)
    gain = np.zeros((n + 1, m + 1))
    same = np.zeros((n, m))
    pitches = [[_pitches(measure) for measure in measures] for measures in (found, true)]
    band = abs(n - m) + _BAND
    for i in range(n):
        for j in range(max(0, i - band), min(m, i + band + 1)):
            exact = (found[i] & true[j]).total()
            alike = exact or (pitches[0][i] & pitches[1][j]).total()
            same[i, j] = 2 * exact + alike + 0.5 * (found[i] == true[j]) + 0.01
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            gain[i, j] = max(gain[i - 1, j], gain[i, j - 1], gain[i - 1, j - 1] + same[i - 1, j - 1])
    pairs = []
    i, j = n, m
    while i and j:
        if gain[i, j] == gain[i - 1, j - 1] + same[i - 1, j - 1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif gain[i, j] == gain[i - 1, j]:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def _pitches(notes: MeasureNotes) -> Counter[tuple[int, Pitch]]:
    found: Counter[tuple[int, Pitch]] = Counter()
    for note, count in notes.items():
        found[note.staff, note.pitch] += count
    return found


def _durations(notes: MeasureNotes) -> Counter[tuple[int, Pitch, Fraction]]:
    found: Counter[tuple[int, Pitch, Fraction]] = Counter()
    for note, count in notes.items():
        found[note.staff, note.pitch, note.duration] += count
    return found


def total(agreements: Iterable[Agreement]) -> Agreement:
    """Add agreements up, every note counting alike.

    Parameters
    ----------
    agreements : iterable of Agreement

    Returns
    -------
    Agreement
    """
    return sum(agreements, Agreement())


def compare_signs(
    found: Sequence[Signs],
    true: Sequence[Signs],
    pairs: Iterable[tuple[int, int]],
) -> dict[str, Tally]:
    """Count in how many measures of how many staves key, clef and metre are right.

    Parameters
    ----------
    found, true : sequence of dict
        What holds at the start of each measure, by staff and "key", "clef" or "time".
    pairs : iterable of (int, int)
        Aligned measures, as `align` gives them.

    Returns
    -------
    dict of str to Tally
        By "key", "clef" and "time".
    """
    tallies = dict.fromkeys(("key", "clef", "time"), Tally())
    counts = (Counter(name for signs in side for _, name in signs) for side in (found, true))
    here, there = counts
    right: Counter[str] = Counter()
    for a, b in pairs:
        right.update(name for (staff, name), sign in true[b].items() if found[a].get((staff, name)) == sign)
    return {name: Tally(here[name], there[name], right[name]) for name in tallies}
