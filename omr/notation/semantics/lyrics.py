"""Assign the syllables of lyrics to notes.

Each row of lyrics is aligned with the notes of the staff above it by a dynamic program over syllables and
notes, both from left to right: a syllable stands under its note, or begins there where several notes follow.
Notes without a syllable continue the one before (a melisma). A piece of a word with several vowels that
stands under several notes is taken apart, where engravers set syllables so close that no hyphen fits between.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from omr.notation.layout.part_collation import PartCollation
from omr.notation.limits import LyricsLimits
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.page import Text
from omr.score import Lyric, Syllabic

_VOWELS = "aeiouyäöüáéíóúàèìòùâêîôûåæøœëïãõąęůýAEIOUYÄÖÜÁÉÍÓÚÀÈÌÒÙÂÊÎÔÛÅÆØŒ"
_SYLLABLE = re.compile(rf"[^\W\d_]*?[{_VOWELS}]+")
_UNREACHED = float("inf")


class _Syllable(NamedTuple):
    """A syllable, or a piece of a word, in a row of lyrics."""

    text: str
    """Without its sign."""
    x0: float
    x1: float
    """In pixels of the level page."""
    sign: str
    """"-" before the next syllable of the word, "_" before an extender."""


@dataclass(frozen=True)
class _Choice:
    """The best way to assign syllables up to one to notes up to one."""

    cost: float
    parts: tuple[str, ...] = ()
    """The parts that the last syllable is taken apart to; empty where it is left out."""
    before: _Choice | None = None
    note: int = -1
    """Note of the last of the parts."""


def assign_lyrics(
    drafts: Sequence[MeasureDraft],
    pages: Sequence[LinkedPage],
    collation: PartCollation,
    *,
    limits: LyricsLimits = LyricsLimits(),
) -> dict[Chord, tuple[Lyric, ...]]:
    """Assign the syllables of all pages to notes.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        In the order of the piece, with their timing.
    pages : sequence of LinkedPage
    collation : PartCollation
    limits : LyricsLimits, optional

    Returns
    -------
    dict of Chord to tuple of Lyric
        By verse.
    """
    found: dict[Chord, list[Lyric]] = defaultdict(list)
    goes_on: dict[tuple[int, int], bool] = {}  # by staff of the piece and verse
    systems: dict[tuple[int, int], list[MeasureDraft]] = defaultdict(list)
    for draft in drafts:
        systems[draft.page, draft.system].append(draft)
    for (number, _), measures in systems.items():
        page = pages[number]
        for staff in measures[0].staves:
            notes = _notes(measures, page, staff)
            for verse, row in _rows(page, measures[0].staves, staff):
                line = measures[0].staff_number_of(staff), verse
                assigned = _align(row, [chord.x for chord in notes], page.layout.space, limits)
                lyrics = _syllabic(assigned, verse, goes_on.get(line, False))
                for note, lyric in lyrics:
                    found[notes[note]].append(lyric)
                if lyrics:
                    goes_on[line] = lyrics[-1][1].syllabic in ("begin", "middle")
    return {chord: tuple(sorted(those)) for chord, those in found.items()}


def _notes(measures: Sequence[MeasureDraft], page: LinkedPage, staff: int) -> list[Chord]:
    """List the notes of a staff that may carry a syllable: one for each onset, none that a tie leads to."""
    tied = {tie.right for tie in page.ties if tie.right}
    found: dict[tuple[int, int], Chord] = {}
    for number, draft in enumerate(measures):
        for chord, _, onset in draft.timed_sounds():
            if chord.staff != staff or not chord.heads or all(head in tied for head in chord.heads):
                continue
            other = found.get((number, onset))
            if other is None or (other.direction == "down" and chord.direction == "up"):
                found[number, onset] = chord
    return sorted(found.values(), key=lambda chord: chord.x)


def _rows(page: LinkedPage, staves: Sequence[int], staff: int) -> Iterator[tuple[int, list[_Syllable]]]:
    """Go through the rows of lyrics under a staff, by verse."""
    rows: dict[int, list[_Syllable]] = defaultdict(list)
    layout = page.layout
    for text in layout.page.texts or ():
        if text.kind == "lyrics" and _staff_above(page, text) == staff:
            shift = layout.slope * text.box.centre[1]
            sign = text.text[-1:] if text.text[-1:] in ("-", "_") else ""
            bare = text.text.removesuffix(sign)
            rows[text.verse].append(_Syllable(bare, text.box.x0 + shift, text.box.x1 + shift, sign))
    for verse in sorted(rows):
        yield verse, sorted(rows[verse], key=lambda syllable: syllable.x0)


def _staff_above(page: LinkedPage, text: Text) -> int:
    """Find the lowest staff above a text; -1 where there is none."""
    x, y = text.box.centre
    above = [
        (bottom, staff)
        for staff in range(len(page.layout.staves))
        if (bottom := page.layout.edges(staff, x)[1]) < y
    ]
    return max(above)[1] if above else -1


# --- alignment ------------------------------------------------------------------------------------------


def _align(
    row: Sequence[_Syllable], xs: Sequence[float], space: float, limits: LyricsLimits
) -> list[tuple[int, str, str]]:
    """Assign a row of syllables to notes: number of the note, text and sign of each."""
    best = [_Choice(0.0)] * (len(xs) + 1)  # by number of notes that are used up
    for syllable in row:
        best = _with_syllable(best, syllable, xs, space, limits)
    choice: _Choice | None = min(best, key=lambda c: c.cost)
    found: list[tuple[int, str, str]] = []
    for syllable in reversed(row):
        assert choice is not None
        count = len(choice.parts)
        for i in reversed(range(count)):
            sign = syllable.sign if i == count - 1 else "-"
            found.append((choice.note - (count - 1 - i), choice.parts[i], sign))
        choice = choice.before
    return found[::-1]


def _with_syllable(
    best: Sequence[_Choice], syllable: _Syllable, xs: Sequence[float], space: float, limits: LyricsLimits
) -> list[_Choice]:
    """Add a syllable to the best choices: left out, on one note, or apart on several."""
    found = [_Choice(choice.cost + limits.left_out, (), choice) for choice in best]
    for note in range(len(xs)):
        for count in range(1, min(limits.max_parts, note + 1) + 1):
            first = note - count + 1
            parts = _parts(syllable, xs[first : note + 1])
            if not parts:
                continue
            before = best[first]
            cost = before.cost + _cost(syllable, parts, xs[first : note + 1], space, limits)
            if cost < found[note + 1].cost:
                found[note + 1] = _Choice(cost, parts, before, note)
    for fewer, more in pairwise(range(len(found))):  # a note without a syllable costs nothing
        if found[fewer].cost < found[more].cost:
            found[more] = found[fewer]
    return found


def _cost(
    syllable: _Syllable, parts: Sequence[str], xs: Sequence[float], space: float, limits: LyricsLimits
) -> float:
    """Measure how far the parts of a syllable stand from their notes, in staff spaces."""
    width = (syllable.x1 - syllable.x0) / max(len(syllable.text), 1)
    cost, start = limits.whole * max(0, len(_cuts(syllable.text)) + 1 - len(parts)), 0
    for part, x in zip(parts, xs, strict=True):
        x0, x1 = syllable.x0 + start * width, syllable.x0 + (start + len(part)) * width
        middle, left = abs((x0 + x1) / 2 - x), abs(x0 + space / 2 - x)
        cost += min(middle, left + limits.left_aligned * space) / space
        start += len(part)
    return cost


def _parts(syllable: _Syllable, xs: Sequence[float]) -> tuple[str, ...]:
    """Take a syllable apart for some notes, between the vowels nearest to the middles of the notes."""
    text = syllable.text
    if len(xs) == 1:
        return (text,)
    cuts = _cuts(text)
    if len(cuts) < len(xs) - 1:
        return ()
    width = max(syllable.x1 - syllable.x0, 1.0) / len(text)
    chosen: list[int] = []
    for left, right in pairwise(xs):
        wanted = ((left + right) / 2 - syllable.x0) / width
        free = [cut for cut in cuts if cut not in chosen and cut > (chosen[-1] if chosen else 0)]
        if not free:
            return ()
        chosen.append(min(free, key=lambda cut: abs(cut - wanted)))
    edges = [0, *chosen, len(text)]
    return tuple(text[a:b] for a, b in pairwise(edges))


def _cuts(text: str) -> list[int]:
    """List where a word may be taken apart: before the last consonant between two vowels."""
    ends = [match.end() for match in _SYLLABLE.finditer(text)]
    cuts = []
    for end, after in pairwise([*ends, len(text)]):
        vowel = next((i for i in range(end, after) if text[i] in _VOWELS), None)
        if vowel is not None:
            start = max(end, vowel - 1)
            digraph = text[max(end, vowel - 3) : vowel].lower()
            if digraph.endswith("sch"):
                start = max(end, vowel - 3)
            elif digraph[-2:] in ("ch", "th", "ph", "qu"):
                start = max(end, vowel - 2)
            cuts.append(start)
    return cuts


def _syllabic(assigned: Sequence[tuple[int, str, str]], verse: int, goes_on: bool) -> list[tuple[int, Lyric]]:
    """Say which syllables begin, continue and end their words."""
    found = []
    for note, text, sign in assigned:
        kinds: tuple[Syllabic, Syllabic] = ("middle", "end") if goes_on else ("begin", "single")
        found.append((note, Lyric(verse, text, kinds[sign != "-"], sign == "_")))
        goes_on = sign == "-"
    return found
