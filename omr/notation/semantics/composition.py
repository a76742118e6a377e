"""Measures that were read and timed, written down as a score."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from omr.notation.layout.part_collation import PartCollation
from omr.notation.layout.placement import PlacedSymbol
from omr.notation.linking.beam_groups import beam_words
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.linking.marks import MARK_NAMES
from omr.notation.semantics.directions import find_directions
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.multi_measure_rests import find_multi_measure_rests
from omr.notation.semantics.rhythm import QUARTER, Ratio, Sound, Timing
from omr.notation.semantics.signatures import Signs
from omr.notation.semantics.slurs import find_slurs, slur_ends
from omr.notation.semantics.volta_brackets import find_endings
from omr.score import (
    Barline,
    Clef,
    ClefChange,
    End,
    Event,
    Measure,
    Note,
    Part,
    Pitch,
    Score,
    Spanner,
    TimeSignature,
    Voice,
)

_ACCIDENTALS = {
    "Flat": "flat",
    "Sharp": "sharp",
    "Natural": "natural",
    "DoubleSharp": "double-sharp",
    "DoubleFlat": "flat-flat",
}

_Timed = dict[tuple[int, int], list[tuple[Fraction, float, Event]]]
"""Events with onset and x, by part and voice."""


class Composer:
    """Writes a score from its drafts.

    Parameters
    ----------
    readings : sequence of LinkedPage
    drafts : sequence of MeasureDraft
        With their timing.
    collation : PartCollation
    pitches : mapping of PlacedSymbol to Pitch
        By notehead.
    """

    def __init__(
        self,
        readings: Sequence[LinkedPage],
        drafts: Sequence[MeasureDraft],
        collation: PartCollation,
        pitches: Mapping[PlacedSymbol, Pitch],
    ) -> None:
        self.drafts, self.collation, self.pitches = drafts, collation, pitches
        self.beams = {
            key: word for r in readings for group in r.groups for key, word in beam_words(group).items()
        }
        self.slurs = self._slurs(readings)
        self.directions = find_directions(readings, drafts, collation)
        self.endings = find_endings(drafts)
        self.holding: dict[int, tuple[Clef | None, int | None]] = {}
        self.tie_starts = {tie.left for r in readings for tie in r.ties}
        self.tie_stops = {tie.right for r in readings for tie in r.ties}

    def score(self) -> Score:
        columns = [self._measures(index, draft) for index, draft in enumerate(self.drafts)]
        return Score(
            tuple(
                Part(f"Part {i + 1}", size, tuple(_numbered(column[i] for column in columns)))
                for i, size in enumerate(self.collation.sizes)
            )
        )

    def _slurs(self, readings: Sequence[LinkedPage]) -> dict[int, list[Spanner]]:
        when: dict[int, tuple[float, ...]] = {}
        part_of: dict[int, int] = {}
        for index, draft in enumerate(self.drafts):
            assert draft.timing is not None
            for (chord, sound), onset in zip(draft.sounds, draft.timing.onsets, strict=True):
                when[id(chord)], part_of[id(chord)] = (index, onset, chord.x), sound.part
            for chord in draft.graces:
                later = [
                    o for (c, _), o in zip(draft.sounds, draft.timing.onsets, strict=True) if c.x > chord.x
                ]
                when[id(chord)] = index, min(later, default=draft.timing.end), chord.x
                part_of[id(chord)] = self.collation.part_of(draft.line_of(chord.staff))[0]
        return slur_ends(list(find_slurs(readings)), when, part_of)

    # --- measures ---

    def _measures(self, index: int, draft: MeasureDraft) -> list[Measure]:
        """The same measure of every part."""
        timing = draft.timing
        assert timing is not None
        whole = Fraction(timing.end or draft.wanted or 4 * QUARTER, QUARTER)
        voices = self._voices(draft, timing, whole)
        signs = [self._news(line, signs) for line, signs in zip(draft.lines, draft.signs, strict=True)]
        left, right = self.endings[index]
        resting = _long_rest(draft)
        problem = "" if timing.adds_up and self._complete(index) else _problem(whole, draft.time)
        if resting == 0:
            problem = problem or "a rest of several measures; their number wasn't read"
        measures = []
        for part in range(len(self.collation.sizes)):
            shown = [
                (self.collation.part_of(line)[1], staff, signs)
                for line, staff, signs in zip(draft.lines, draft.staves, signs, strict=True)
                if self.collation.part_of(line)[0] == part
            ]
            measures.append(
                Measure(
                    number=index + 1,
                    length=whole,
                    voices=tuple(voices.get(part, ())),
                    clefs=tuple(_clefs(draft, [(number, signs) for number, _, signs in shown], whole)),
                    marks=tuple(self.directions.get((index, part), ())),
                    key={number: signs.key for number, _, signs in shown if signs.key is not None},
                    time=draft.time if draft.new_time else None,
                    left=left,
                    right=right,
                    new_system=draft.new_system,
                    new_page=draft.new_page,
                    repeats_previous=tuple(n for n, staff, _ in shown if _repeats(draft, staff)),
                    resting=resting or 0,
                    problem=problem,
                )
            )
        return measures

    def _complete(self, index: int) -> bool:
        """Whether a measure has its length, or is a pickup, what completes one, or cut by a repeat."""
        lasts, wanted = self._lasts(index)
        if wanted is None or lasts >= wanted:
            return True
        if index == 0 and wanted - lasts >= QUARTER // 2:  # nobody leaves out less than an eighth's rest
            return True
        neighbours = [i for i in (index - 1, index + 1) if 0 <= i < len(self.drafts)]
        if index == len(self.drafts) - 1 or self.drafts[index].bar.right.repeat:
            neighbours.append(0)
        return any(self._lasts(i)[0] + lasts == wanted for i in neighbours)

    def _lasts(self, index: int) -> tuple[int, int | None]:
        """How long a measure is and should be, in ticks; one without a note is as long as it should be."""
        draft = self.drafts[index]
        wanted = draft.wanted
        return (draft.timing.end if draft.timing else 0) or wanted or 0, wanted

    def _news(self, line: int, signs: Signs) -> Signs:
        """The signs of a staff without clefs and keys that hold already, as every system repeats them."""
        clef, key = self.holding.get(line, (None, None))
        clefs = []
        for x, new in signs.clefs:
            if new != clef:
                clefs.append((x, new))
            clef = new
        news = replace(signs, clefs=tuple(clefs), key=None if signs.key == key else signs.key)
        self.holding[line] = clef, key if signs.key is None else signs.key
        return news

    def _voices(self, draft: MeasureDraft, timing: Timing, whole: Fraction) -> dict[int, list[Voice]]:
        """The voices of a measure by part."""
        found: _Timed = defaultdict(list)
        at: dict[int, tuple[int, Fraction]] = {}
        for i, (chord, sound) in enumerate(draft.sounds):
            event = self._event(draft, i, chord, sound, timing)
            found[sound.part, timing.voices[i]].append((event.onset, chord.x, event))
            at[id(chord)] = timing.voices[i], event.onset
        for chord in draft.graces:
            self._place_grace(draft, chord, found, at, whole)
        for n, chord in enumerate(draft.filling):
            part, staff = self.collation.part_of(draft.line_of(chord.staff))
            rest = Event(staff, Fraction(0), whole, "whole", whole_measure=True, marks=_mark_names(chord))
            found[part, 1000 + n].append((Fraction(0), chord.x, rest))
        voices: dict[int, list[Voice]] = defaultdict(list)
        for (part, _), events in found.items():
            ordered = sorted(events, key=lambda item: item[:2])
            voices[part].append(Voice(tuple(event for _, _, event in ordered)))
        return {part: sorted(those, key=_voice_order) for part, those in voices.items()}

    def _event(self, draft: MeasureDraft, i: int, chord: Chord, sound: Sound, timing: Timing) -> Event:
        option = timing.readings[i]
        tuplet = None
        ends: list[End] = []
        if sound.tuplet is not None:
            tuplet = timing.ratios.get(sound.tuplet, Ratio(1, 1)).tuplet
            members, sign = draft.tuplets[sound.tuplet]
            run = sorted(members, key=lambda c: c.x)
            ends += ["start"] if chord is run[0] and not sign.as_before else []
            ends += ["stop"] if chord is run[-1] and not sign.as_before else []
        elif sound.beam is not None:
            tuplet = timing.ratios.get(-1 - sound.beam, Ratio(1, 1)).tuplet
        return Event(
            staff=sound.staff,
            onset=Fraction(timing.onsets[i], QUARTER),
            duration=Fraction(timing.durations[i], QUARTER),
            value=option.value,
            dots=option.dots,
            notes=self._notes(draft, chord),
            tuplet=tuplet,
            tuplet_ends=tuple(ends),
            small=chord.small,
            stem=chord.direction,
            beams=self.beams.get(chord, ()),
            slurs=tuple(self.slurs.get(id(chord), ())),
            marks=_mark_names(chord),
            tremolo=chord.tremolo,
        )

    def _place_grace(
        self,
        draft: MeasureDraft,
        chord: Chord,
        found: _Timed,
        at: Mapping[int, tuple[int, Fraction]],
        whole: Fraction,
    ) -> None:
        """Put a grace note before the next note of its staff, or at the end of the measure."""
        part, staff = self.collation.part_of(draft.line_of(chord.staff))
        later = [
            c for c, s in draft.sounds if (s.part, s.staff) == (part, staff) and c.x > chord.x and c.heads
        ]
        if later:
            y = chord.heads[0].y
            following = min(later, key=lambda c: (round(c.x - chord.x), abs(c.heads[0].y - y)))
            voice, onset = at[id(following)]
        else:
            voice, onset = next((v for p, v in found if p == part), 2000), whole
        event = Event(
            staff, onset, Fraction(0), chord.value, chord.dots, self._notes(draft, chord),
            grace="slashed" if chord.slashed else "plain", small=True, stem=chord.direction,
            beams=self.beams.get(chord, ()), slurs=tuple(self.slurs.get(id(chord), ())),
            marks=_mark_names(chord),
        )  # fmt: skip
        found[part, voice].append((onset, chord.x, event))

    def _notes(self, draft: MeasureDraft, chord: Chord) -> tuple[Note, ...]:
        notes = []
        for head in chord.heads:
            owner = next(c for c in reversed(draft.reading.chords) if head in c.heads)
            printed = draft.reading.accidentals.get(head) if owner is chord else None
            name = printed.name.removeprefix("accidental").removesuffix("Small") if printed else ""
            ties: list[End] = ["stop"] if head in self.tie_stops else []
            ties += ["start"] if head in self.tie_starts else []
            notes.append(
                Note(
                    self.pitches[head],
                    _ACCIDENTALS.get(name, ""),
                    tuple(ties),
                    head="x" if head.name == "noteheadX" else "",
                    symbol=head.index,
                )
            )
        return tuple(notes)


def _numbered(measures: Iterable[Measure]) -> Iterator[Measure]:
    """Measures counted from 1, a rest of several measures written out."""
    number = 1
    for measure in measures:
        count = max(1, measure.resting)
        first = replace(measure, number=number, right=measure.right if count == 1 else Barline())
        yield first
        for further in range(1, count):
            right = measure.right if further == count - 1 else Barline()
            yield Measure(number + further, measure.length, right=right)
        number += count


def _long_rest(draft: MeasureDraft) -> int | None:
    """For how many measures everybody rests: 0 if the number wasn't read, None where no such rest stands."""
    here = [
        rest.measures
        for rest in find_multi_measure_rests(draft.reading.layout, draft.reading.layout.page)
        if rest.bar.staff in draft.staves and draft.bar.x0 <= rest.bar.x < draft.bar.x1
    ]
    if not here or draft.sounds or draft.graces:
        return None
    return max(here)


def _mark_names(chord: Chord) -> tuple[str, ...]:
    """MusicXML's names of what stands at a chord, each once."""
    return tuple(dict.fromkeys(MARK_NAMES[mark.name] for mark in chord.marks))


def _repeats(draft: MeasureDraft, staff: int) -> bool:
    """Whether a staff shows nothing but the sign to repeat the measure before."""
    symbols = draft.bar.symbols[draft.staves.index(staff)]
    signs = any(place.name == "measureRepeat" for place in symbols)
    return signs and not any(place.name.startswith("notehead") for place in symbols)


def _clefs(draft: MeasureDraft, shown: Sequence[tuple[int, Signs]], whole: Fraction) -> Iterator[ClefChange]:
    """Clefs with the time of the next note on their right."""
    assert draft.timing is not None
    space = draft.reading.layout.space
    for staff, signs in shown:
        for x, clef in signs.clefs:
            times = [(s.x * space, t) for (_, s), t in zip(draft.sounds, draft.timing.onsets, strict=True)]
            later = [t for at, t in times if at > x]
            earlier = any(at < x for at, _ in times)
            onset = Fraction(min(later), QUARTER) if later else whole if earlier else Fraction(0)
            yield ClefChange(staff, onset, clef)


def _voice_order(voice: Voice) -> tuple[int, int, float]:
    """By staff, then stems up before stems down."""
    ups = sum((event.stem == "up") - (event.stem == "down") for event in voice.events)
    return min(e.staff for e in voice.events), (ups < 0) - (ups > 0), float(voice.events[0].onset)


def _problem(whole: Fraction, time: TimeSignature | None) -> str:
    if time is None or time.length == whole:
        return "the rhythm is doubtful"
    return f"lasts {whole.limit_denominator(999)} quarters, not {time.beats}/{time.unit}"
