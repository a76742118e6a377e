"""Tuplets whose number is left out, because groups like them had one before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from omr.notation.linking.chords import Chord
from omr.notation.linking.tuplets import TupletSign
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.rhythm import Sound
from omr.score import length


class Habit(NamedTuple):
    """What was numbered: so many notes, which as printed would last so long, in quarters."""

    number: int
    total: Fraction


Staff = tuple[int, int]
"""Part, and staff of the part."""

Members = list[tuple[Chord, Sound]]


@dataclass
class Habits:
    """The numbered tuplets of each staff so far."""

    seen: dict[Staff, dict[Habit, TupletSign]] = field(default_factory=dict)

    def learn(self, draft: MeasureDraft) -> None:
        """Remember the beamed tuplets of a measure that has been timed."""
        assert draft.timing is not None
        for number, (_, sign) in enumerate(draft.tuplets):
            run = [(chord, sound) for chord, sound in draft.sounds if sound.tuplet == number]
            if len({sound.beam for chord, sound in run if not chord.rest}) == 1:
                sound = run[0][1]
                habit = Habit(sign.number, _total(run))
                as_before = replace(sign, digits=(), bracket=None, as_before=draft.timing.ratios[number])
                self.seen.setdefault((sound.part, sound.staff), {})[habit] = as_before

    def applied(self, draft: MeasureDraft) -> MeasureDraft | None:
        """The measure with every beamed group, alone or with the rests beside it, that is like one seen."""
        tuplets, member_of = list(draft.tuplets), dict[int, int]()
        for staff, habits in self.seen.items():
            signs = {habit.total: sign for habit, sign in habits.items()}
            for runs in _groups(draft, staff):
                run = next((run for run in runs if _total(run) in signs and not _taken(run, member_of)), None)
                if run:
                    member_of |= {id(chord): len(tuplets) for chord, _ in run}
                    tuplets.append(([chord for chord, _ in run], signs[_total(run)]))
        sounds = [
            (chord, replace(sound, tuplet=member_of.get(id(chord), sound.tuplet)))
            for chord, sound in draft.sounds
        ]
        return replace(draft, sounds=sounds, tuplets=tuplets) if member_of else None


def _groups(draft: MeasureDraft, staff: Staff) -> Iterator[list[Members]]:
    """The beamed groups of a staff that have no number: each alone, and with the rests beside it."""
    here = sorted(
        ((c, s) for c, s in draft.sounds if (s.part, s.staff) == staff and s.tuplet is None),
        key=lambda pair: pair[1].x,
    )
    for beam in dict.fromkeys(sound.beam for _, sound in here if sound.beam is not None):
        direction = next(sound.direction for _, sound in here if sound.beam == beam)
        strand = [(c, s) for c, s in here if s.beam == beam or s.direction in (direction, "")]
        symbols = [i for i, (_, sound) in enumerate(strand) if sound.beam == beam]
        first, last = symbols[0], symbols[-1]
        before = first > 0 and strand[first - 1][0].rest is not None
        after = last + 1 < len(strand) and strand[last + 1][0].rest is not None
        yield [
            strand[first - (before and wide) : last + 1 + (after and far)]
            for wide, far in ((False, False), (True, False), (False, True), (True, True))
        ]


def _taken(run: Members, member_of: dict[int, int]) -> bool:
    return any(id(chord) in member_of for chord, _ in run)


def _total(run: Sequence[tuple[Chord, Sound]]) -> Fraction:
    return sum((length(sound.value, sound.dots) for _, sound in run), Fraction(0))
