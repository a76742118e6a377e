"""Compare music as one long sequence of notes: how many are right and in the right order.

The notes of all parts stand in the order measure, onset, pitch. The longest common subsequence of two such
sequences counts the notes that are right, so a missed barline or a part too many costs as much as it puts out
of order. Its length is computed in parallel over the bits of a number (H. Hyyro, "Bit-parallel LCS-length
computation revisited", 2004); which notes it has is read back from the rows of that computation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from omr.evaluation.music.comparison import MeasureNotes, Sounding, Tally


@dataclass(frozen=True)
class SequenceAgreement:
    """How much two scores agree as sequences of notes.

    Attributes
    ----------
    pitch : Tally
        Notes of the right pitch in the right order.
    duration : Tally
        Notes of the right pitch and duration in the right order.
    bag : Tally
        Notes of the right pitch and duration, whatever their order.
    """

    pitch: Tally
    duration: Tally
    bag: Tally


def note_sequence(measures: Sequence[MeasureNotes]) -> list[Sounding]:
    """List the notes of a piece in the order measure, onset, pitch, duration, staff.

    Parameters
    ----------
    measures : sequence of Counter of Sounding

    Returns
    -------
    list of Sounding
        Without grace notes; tied notes count each.
    """
    return [note for notes in measures for note in sorted(notes.elements(), key=_order) if note.duration]


def compare_sequences(found: Sequence[MeasureNotes], true: Sequence[MeasureNotes]) -> SequenceAgreement:
    """Compare two pieces as sequences of notes.

    Parameters
    ----------
    found, true : sequence of Counter of Sounding
        By measure.

    Returns
    -------
    SequenceAgreement
        Pitches are compared by their MIDI keys.
    """
    a, b = note_sequence(found), note_sequence(true)
    counts = len(a), len(b)
    with_duration = [sounding_key(note) for note in a], [sounding_key(note) for note in b]
    return SequenceAgreement(
        Tally(*counts, common_length([note.pitch.midi for note in a], [note.pitch.midi for note in b])),
        Tally(*counts, common_length(*with_duration)),
        Tally(*counts, (Counter(with_duration[0]) & Counter(with_duration[1])).total()),
    )


def sounding_key(note: Sounding) -> Hashable:
    """Give the pitch and duration of a note: notes of one key are the same to the comparison.

    Parameters
    ----------
    note : Sounding

    Returns
    -------
    hashable
    """
    return note.pitch.midi, note.duration


def common_length(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """Compute the length of the longest common subsequence.

    Parameters
    ----------
    a, b : sequence of hashable

    Returns
    -------
    int

    Examples
    --------
    >>> common_length("score", "core")
    4
    """
    rows = _rows(a, b)
    return len(a) - rows[-1].bit_count()


def common_subsequence(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Find a longest common subsequence.

    Parameters
    ----------
    a, b : sequence of hashable

    Returns
    -------
    list of (int, int)
        Indices of equal elements of `a` and `b`, ascending in both.

    Examples
    --------
    >>> common_subsequence("score", "core")
    [(1, 0), (2, 1), (3, 2), (4, 3)]
    """
    rows = _rows(a, b)
    pairs: list[tuple[int, int]] = []
    i, j = len(a), len(b)
    while i and j:
        if rows[j] >> (i - 1) & 1:  # a[i - 1] adds nothing to the first j elements of b
            i -= 1
        elif rows[j - 1] >> (i - 1) & 1:  # it does with b[j - 1], and not without it
            i, j = i - 1, j - 1
            pairs.append((i, j))
        else:
            j -= 1
    return pairs[::-1]


def _rows(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[int]:
    """Compute a row for each beginning of `b`; bit i is 0 where `a[i]` makes the subsequence longer."""
    places: dict[Hashable, int] = {}
    for i, element in enumerate(a):
        places[element] = places.get(element, 0) | 1 << i
    full = (1 << len(a)) - 1
    rows = [full]
    for element in b:
        row = rows[-1]
        met = row & places.get(element, 0)
        rows.append((row + met | row - met) & full)
    return rows


def _order(note: Sounding) -> tuple[object, ...]:
    return note.onset, note.pitch.midi, note.duration, note.staff
