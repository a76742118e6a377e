"""Implicit tuplets: groups without a number that look like numbered tuplets earlier on the same staff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from omr.notation.linking.chords import Chord
from omr.notation.semantics.measure_draft import MeasureDraft, TupletGroup
from omr.notation.semantics.sounds import UNCHANGED, Sound, TupletRatio
from omr.score import length


class _Staff(NamedTuple):
    """A staff of the piece: its part from 0 and its number in the part from 1."""

    part: int
    number: int


class _Pattern(NamedTuple):
    """A numbered tuplet: its number, and how many quarters its notes would last as printed."""

    number: int
    total: Fraction


_Run = Sequence[tuple[Chord, Sound]]
"""Sounds of one voice that follow each other."""


@dataclass(frozen=True)
class TupletPatterns:
    """The numbered tuplets of each staff so far.

    Attributes
    ----------
    seen : mapping
        How each pattern was read the last time, by staff.
    """

    seen: Mapping[_Staff, Mapping[_Pattern, TupletRatio]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def after(self, draft: MeasureDraft) -> TupletPatterns:
        """Add the numbered tuplets of a measure that are one beamed group each.

        Parameters
        ----------
        draft : MeasureDraft
            With its timing.

        Returns
        -------
        TupletPatterns
        """
        seen = {staff: dict(patterns) for staff, patterns in self.seen.items()}
        for number, group in enumerate(draft.tuplets):
            run = [(chord, sound) for chord, sound in draft.sounds if sound.tuplet == number]
            if group.sign and len({sound.beam for chord, sound in run if not chord.rest}) == 1:
                staff = _Staff(run[0][1].part, run[0][1].staff)
                pattern = _Pattern(group.sign.number, _total(run))
                seen.setdefault(staff, {})[pattern] = draft.timing.ratios[number]
        return TupletPatterns(MappingProxyType(seen))

    def applied(self, draft: MeasureDraft, *, decided: bool = False) -> MeasureDraft | None:
        """Take beamed groups for tuplets that look like a known pattern, alone or with the rests beside them.

        Parameters
        ----------
        draft : MeasureDraft
            With its sounds.
        decided : bool
            Whether every such group is a tuplet, and none of them plain notes.

        Returns
        -------
        MeasureDraft or None
            The draft with the implicit tuplets, not timed yet; None where no group is like a known one.
        """
        tuplets, tuplet_of = list(draft.tuplets), dict[Chord, int]()
        for staff, patterns in self.seen.items():
            ratios = {pattern.total: ratio for pattern, ratio in patterns.items()}
            for runs in _beamed_runs(draft, staff):
                free = (run for run in runs if not any(chord in tuplet_of for chord, _ in run))
                run = next((run for run in free if _total(run) in ratios), None)
                if run:
                    tuplet_of |= {chord: len(tuplets) for chord, _ in run}
                    members = tuple(chord for chord, _ in run)
                    ratio = ratios[_total(run)]
                    tuplets.append(TupletGroup(members, (ratio,) if decided else (ratio, UNCHANGED)))
        if not tuplet_of:
            return None
        sounds = tuple(
            (chord, replace(sound, tuplet=tuplet_of.get(chord, sound.tuplet)))
            for chord, sound in draft.sounds
        )
        return replace(draft, sounds=sounds, tuplets=tuple(tuplets))


def _beamed_runs(draft: MeasureDraft, staff: _Staff) -> Iterator[list[_Run]]:
    """For each beamed group of a staff without a number: the group alone, and with the rests beside it."""
    here = sorted(
        ((c, s) for c, s in draft.sounds if (s.part, s.staff) == staff and s.tuplet is None),
        key=lambda pair: pair[1].x,
    )
    for beam in dict.fromkeys(sound.beam for _, sound in here if sound.beam is not None):
        direction = next(sound.direction for _, sound in here if sound.beam == beam)
        strand = [(c, s) for c, s in here if s.beam == beam or s.direction in (direction, "")]
        beamed = [i for i, (_, sound) in enumerate(strand) if sound.beam == beam]
        first, last = beamed[0], beamed[-1]
        before = first > 0 and strand[first - 1][0].rest is not None
        after = last + 1 < len(strand) and strand[last + 1][0].rest is not None
        yield [
            strand[first - (before and with_before) : last + 1 + (after and with_after)]
            for with_before, with_after in ((False, False), (True, False), (False, True), (True, True))
        ]


def _total(run: _Run) -> Fraction:
    """How many quarters a run would last as printed."""
    return sum((length(sound.value, sound.dots) for _, sound in run), Fraction(0))
