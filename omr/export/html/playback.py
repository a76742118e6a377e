"""What is played, when, and which symbol sounds: the music of a score from its first measure to its last."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from omr.score import Note, Part, Score

DIGITS = 4
"""Decimals of a time in quarters."""


def playback(score: Score, pages: Sequence[int]) -> dict[str, Any]:
    """List the notes of a score with their times.

    Every measure is played once, in the order of print. Tied notes are one note.

    Parameters
    ----------
    score : Score
    pages : sequence of int
        Page of the piece, from 0, on which each measure is printed.

    Returns
    -------
    dict
        For JSON. ``measures``: the time at which each measure starts; ``notes``: for each note the time, the
        duration, the MIDI key (-1 for percussion), the page and the symbols (indices of `Note.symbol`, more
        than one where notes are tied). Times are in quarters.
    """
    starts = _starts(score)
    notes = [note for part in score.parts for note in _of_part(part, starts, pages)]
    return {
        "measures": [_number(start) for start in starts],
        "notes": [
            [_number(onset), _number(duration), key, page, symbols]
            for onset, duration, key, page, symbols in sorted(notes, key=lambda note: (note[0], note[2]))
        ],
    }


_Played = tuple[Fraction, Fraction, int, int, list[int]]
"""Onset, duration, key, page and symbols of a note."""


def _starts(score: Score) -> list[Fraction]:
    """Add up the lengths of the measures; the longest part decides."""
    starts, time = [], Fraction(0)
    for measures in zip(*(part.measures for part in score.parts), strict=True):
        starts.append(time)
        time += max(measure.length for measure in measures)
    return starts


def _of_part(part: Part, starts: Sequence[Fraction], pages: Sequence[int]) -> list[_Played]:
    """List the notes of a part; a note that is tied to the one before prolongs it."""
    played: list[_Played] = []
    held: dict[int, int] = {}  # key to the index of the note that a tie holds
    for index, measure in enumerate(part.measures):
        events = sorted((e for e in measure.events() if e.duration), key=lambda e: e.onset)
        for event in events:
            for note in event.notes:
                key = -1 if note.unpitched else note.pitch.midi
                before = held.pop(key, None) if "stop" in note.ties else None
                if before is None:
                    played.append(
                        (starts[index] + event.onset, event.duration, key, pages[index], _symbols(note))
                    )
                    before = len(played) - 1
                else:
                    onset, duration, _, page, symbols = played[before]
                    same_page = _symbols(note) if page == pages[index] else []
                    played[before] = (onset, duration + event.duration, key, page, [*symbols, *same_page])
                if "start" in note.ties:
                    held[key] = before
    return played


def _symbols(note: Note) -> list[int]:
    return [note.symbol] if note.symbol >= 0 else []


def _number(time: Fraction) -> float:
    return round(float(time), DIGITS)
