"""Pages into one score: what holds from measure to measure, and the notes of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from omr.notation import graph
from omr.notation.graph import Chord
from omr.notation.measures import Bar
from omr.notation.pitch import ALTERS, OctaveLine, StaffMemory, read_pitches
from omr.notation.players import Players, find_players
from omr.notation.reading import Reading, read_page
from omr.notation.rhythm import QUARTER, Option, Ratio, Sound, Timing, solve
from omr.notation.score import (
    Barline,
    ClefChange,
    Event,
    Measure,
    Note,
    Part,
    Pitch,
    Score,
    TimeSignature,
    Voice,
    length,
)
from omr.notation.sheet import Place
from omr.notation.signatures import Signs, agreed, read_signs
from omr.notation.tuplets import members
from omr.page import Page, Symbol

_ACCIDENTALS = {
    "Flat": "flat", "Sharp": "sharp", "Natural": "natural", "DoubleSharp": "double-sharp", "DoubleFlat": "flat-flat",
}  # fmt: skip


@dataclass
class Draft:
    """A measure of all parts while it is being read.

    Attributes
    ----------
    reading : Reading
    bar : Bar
    lines : tuple of int
        The staves of the piece that this system shows.
    staves : tuple of int
        The same staves on the page.
    signs : tuple of Signs
        By staff of the system.
    time : TimeSignature or None
        The one that holds.
    new_time : bool
        Whether it stands here.
    sounds : list of (Chord, Sound)
    tuplets : list of (members, ratios)
    filling : list of Chord
        Rests that fill the measure.
    graces : list of Chord
    """

    reading: Reading
    bar: Bar
    lines: tuple[int, ...]
    staves: tuple[int, ...]
    signs: tuple[Signs, ...]
    time: TimeSignature | None
    new_time: bool
    new_system: bool
    new_page: bool
    sounds: list[tuple[Chord, Sound]] = field(default_factory=list)
    tuplets: list[tuple[list[Chord], Sequence[Ratio]]] = field(default_factory=list)
    filling: list[Chord] = field(default_factory=list)
    graces: list[Chord] = field(default_factory=list)
    timing: Timing | None = None

    @property
    def wanted(self) -> int | None:
        return int(self.time.length * QUARTER) if self.time else None

    def line_of(self, staff: int) -> int:
        """Which staff of the piece a staff of the page is."""
        return self.lines[self.staves.index(staff)]


def read_score(pages: Sequence[Page]) -> Score:
    """Read the music on pages that follow each other.

    Parameters
    ----------
    pages : sequence of Page
        In core names, with their staves.

    Returns
    -------
    Score
        Without parts where there is no staff.
    """
    readings = [read_page(page) for page in pages]
    players = find_players(readings)
    return _Assembly(readings, players).score()


class _Assembly:
    """Goes through a piece measure by measure and remembers what holds."""

    def __init__(self, readings: Sequence[Reading], players: Players) -> None:
        self.readings = readings
        self.players = players
        self.memory = [StaffMemory() for _ in range(sum(players.sizes))]
        self.pitches: dict[Place, Pitch] = {}

    def score(self) -> Score:
        drafts = list(self._drafts())
        for reading in self.readings:
            taken = {p for d in drafts if d.reading is reading for signs in d.signs for p in signs.taken}
            graph.hang_accidentals(reading.sheet, reading.chords, taken)
        for draft in drafts:
            self._pitches(draft)
            self._gather(draft)
        _time_all(drafts)
        return self._parts(drafts)

    # --- signs and pitches ---

    def _drafts(self) -> Iterator[Draft]:
        """Every measure with its signs; clefs are followed, since key signatures are read under them."""
        clefs = [memory.clef for memory in self.memory]
        time: TimeSignature | None = None
        for page, reading in enumerate(self.readings):
            space = reading.sheet.space
            for number, (system, bars) in enumerate(zip(reading.systems, reading.bars, strict=True)):
                lines = self.players.lines[page, number]
                for bar in bars:
                    opening = bar is bars[0]
                    signs = tuple(
                        read_signs(places, clefs[line], bar.x0, space, opening)
                        for places, line in zip(bar.places, lines, strict=True)
                    )
                    for line, sign in zip(lines, signs, strict=True):
                        if sign.clefs:
                            clefs[line] = sign.clefs[-1][1]
                    new = agreed(signs)
                    time = new or time
                    first = page == 0 and number == 0
                    yield Draft(
                        reading, bar, lines, system.staves, signs, time, bool(new),
                        new_system=opening and not first,
                        new_page=opening and number == 0 and page > 0,
                    )  # fmt: skip

    def _pitches(self, draft: Draft) -> None:
        reading = draft.reading
        ties = {tie.right: tie.left for tie in reading.ties if tie.right}
        for staff, line, signs in zip(draft.staves, draft.lines, draft.signs, strict=True):
            chords = [chord for chord in reading.chords_in(draft.bar, staff) if chord.heads]
            read_pitches(chords, signs, self.memory[line], ties, reading.octaves, self.pitches)

    # --- what sounds ---

    def _gather(self, draft: Draft) -> None:
        """Sort the chords of a measure into those that take time, graces, and rests that fill it."""
        reading, bar = draft.reading, draft.bar
        beams = {id(chord): n for n, group in enumerate(reading.groups) for chord in group}
        staves = []
        for staff in draft.staves:
            here = reading.chords_in(bar, staff)
            cue = all(chord.small for chord in here if chord.heads)
            graces = [] if cue else [chord for chord in here if chord.small]
            timed = [chord for chord in here if chord not in graces]
            filling = [chord for chord in timed if _fills(chord, timed, draft)]
            draft.graces += graces
            draft.filling += filling
            staves.append([chord for chord in timed if chord not in filling])
        tuplet_of = self._tuplets(draft, staves)
        for staff, chords in zip(draft.staves, staves, strict=True):
            part, number = self.players.part_of(draft.line_of(staff))
            for chord in chords:
                sound = Sound(
                    chord.x / reading.sheet.space, part, number, chord.value, chord.dots, chord.direction,
                    beams.get(id(chord)), tuplet_of.get(id(chord)), _trust(chord), chord.rest is not None,
                )  # fmt: skip
                draft.sounds.append((chord, sound))

    def _tuplets(self, draft: Draft, staves: Sequence[Sequence[Chord]]) -> dict[int, int]:
        """The tuplet, by its number in the draft, of each chord that is in one."""
        reading, bar = draft.reading, draft.bar
        tuplet_of: dict[int, int] = {}
        near = 1.5 * reading.sheet.space
        for sign in reading.tuplets:
            staff = min(draft.staves, key=lambda s: abs(_middle(reading, s, sign.x) - sign.y))
            reach = 14 * reading.sheet.space
            if not bar.x0 - near < sign.x < bar.x1 + near or abs(_middle(reading, staff, sign.x) - sign.y) > reach:
                continue
            if not self._in_system(draft, sign.y):
                continue
            free = [[c for c in chords if id(c) not in tuplet_of] for chords in staves]
            run = members(sign, free, reading.groups, reading.sheet.space)
            if run:
                tuplet_of |= {id(chord): len(draft.tuplets) for chord in run}
                draft.tuplets.append((run, sign.ratios))
        return tuplet_of

    @staticmethod
    def _in_system(draft: Draft, y: float) -> bool:
        """Whether no staff of another system is nearer."""
        staves = draft.reading.sheet.staves
        nearest = min(range(len(staves)), key=lambda s: max(staves[s].ys[0].mean() - y, y - staves[s].ys[-1].mean(), 0))
        return nearest in draft.staves

    # --- the score ---

    def _parts(self, drafts: Sequence[Draft]) -> Score:
        columns = [self._measures(number, draft, drafts) for number, draft in enumerate(drafts, start=1)]
        parts = [
            Part(f"Part {i + 1}", size, tuple(column[i] for column in columns))
            for i, size in enumerate(self.players.sizes)
        ]
        return Score(tuple(parts))

    def _measures(self, number: int, draft: Draft, drafts: Sequence[Draft]) -> list[Measure]:
        """The same measure of every part."""
        timing = draft.timing
        assert timing is not None
        end = timing.end or draft.wanted or 4 * QUARTER
        whole = Fraction(end, QUARTER)
        voices = self._voices(draft, timing, whole)
        problem = "" if timing.adds_up else _problem(whole, draft.time)
        measures = []
        for part, size in enumerate(self.players.sizes):
            shown = [
                (self.players.part_of(line)[1], signs)
                for line, signs in zip(draft.lines, draft.signs, strict=True)
                if self.players.part_of(line)[0] == part
            ]
            measures.append(
                Measure(
                    number=number,
                    length=whole,
                    voices=tuple(voices.get(part, ())),
                    clefs=tuple(self._clefs(draft, shown)),
                    key={staff: signs.key for staff, signs in shown if signs.key is not None},
                    time=draft.time if draft.new_time else None,
                    left=draft.bar.left,
                    right=draft.bar.right,
                    new_system=draft.new_system,
                    new_page=draft.new_page,
                    problem=problem,
                )
            )
        return measures

    def _clefs(self, draft: Draft, shown: Sequence[tuple[int, Signs]]) -> Iterator[ClefChange]:
        """Clefs with the time of the next note on their right."""
        assert draft.timing is not None
        space = draft.reading.sheet.space
        end = Fraction(draft.timing.end, QUARTER)
        for staff, signs in shown:
            for x, clef in signs.clefs:
                later = [
                    draft.timing.onsets[i]
                    for i, (_, sound) in enumerate(draft.sounds)
                    if sound.x * space > x
                ]
                earlier = any(sound.x * space < x for _, sound in draft.sounds)
                onset = Fraction(min(later), QUARTER) if later else end if earlier else Fraction(0)
                yield ClefChange(staff, onset, clef)

    def _voices(self, draft: Draft, timing: Timing, whole: Fraction) -> dict[int, list[Voice]]:
        """The voices of a measure by part."""
        found: dict[tuple[int, int], list[tuple[Fraction, float, Event]]] = {}
        onset_of: dict[int, tuple[int, int, Fraction]] = {}
        for i, (chord, sound) in enumerate(draft.sounds):
            event = self._event(draft, i, chord, sound, timing)
            key = sound.part, timing.voices[i]
            found.setdefault(key, []).append((event.onset, chord.x, event))
            onset_of[id(chord)] = (*key, event.onset)
        for chord in draft.graces:
            self._place_grace(draft, chord, found, onset_of, whole)
        for n, chord in enumerate(draft.filling):
            part, staff = self.players.part_of(draft.line_of(chord.staff))
            rest = Event(staff, Fraction(0), whole, "whole", whole_measure=True)
            found[part, 1000 + n] = [(Fraction(0), chord.x, rest)]
        voices: dict[int, list[Voice]] = {}
        for (part, _), events in found.items():
            ordered = tuple(event for _, _, event in sorted(events, key=lambda item: item[:2]))
            voices.setdefault(part, []).append(Voice(ordered))
        return {part: sorted(those, key=_voice_order) for part, those in voices.items()}

    def _event(self, draft: Draft, i: int, chord: Chord, sound: Sound, timing: Timing) -> Event:
        reading: Option = timing.readings[i]
        ratio = None
        ends: list[str] = []
        if sound.tuplet is not None:
            ratio = timing.ratios.get(sound.tuplet, Ratio(1, 1)).tuplet
            run = sorted(draft.tuplets[sound.tuplet][0], key=lambda c: c.x)
            ends = [end for end, at in (("start", run[0]), ("stop", run[-1])) if at is chord]
        elif sound.beam is not None:
            ratio = timing.ratios.get(-1 - sound.beam, Ratio(1, 1)).tuplet
        return Event(
            staff=sound.staff,
            onset=Fraction(timing.onsets[i], QUARTER),
            duration=Fraction(timing.durations[i], QUARTER),
            value=reading.value,
            dots=reading.dots,
            notes=self._notes(draft, chord),
            tuplet=ratio,
            tuplet_ends=tuple(ends),  # type: ignore[arg-type]
            small=chord.small,
            stem=chord.direction,
            tremolo=chord.tremolo,
        )

    def _place_grace(
        self,
        draft: Draft,
        chord: Chord,
        found: dict[tuple[int, int], list[tuple[Fraction, float, Event]]],
        onset_of: dict[int, tuple[int, int, Fraction]],
        whole: Fraction,
    ) -> None:
        """Put a grace note before the next note of its staff, or at the end of the measure."""
        part, staff = self.players.part_of(draft.line_of(chord.staff))
        later = [c for c, s in draft.sounds if s.part == part and s.staff == staff and c.x > chord.x and c.heads]
        if later:
            following = min(later, key=lambda c: (round(c.x - chord.x), abs(c.heads[0].y - chord.heads[0].y)))
            _, voice, onset = onset_of[id(following)]
        else:
            voice = next((v for p, v in found if p == part), 2000)
            onset = whole
        event = Event(
            staff, onset, Fraction(0), chord.value, chord.dots, self._notes(draft, chord),
            grace="slashed" if chord.slashed else "plain", small=True, stem=chord.direction,
        )  # fmt: skip
        found.setdefault((part, voice), []).append((onset, chord.x, event))

    def _notes(self, draft: Draft, chord: Chord) -> tuple[Note, ...]:
        ties = draft.reading.ties
        starts, stops = {tie.left for tie in ties}, {tie.right for tie in ties}
        notes = []
        for head in chord.heads:
            if head not in self.pitches:
                continue
            printed = chord.accidentals.get(head)
            name = printed.name.removeprefix("accidental").removesuffix("Small") if printed else ""
            ends = [end for end, heads in (("stop", stops), ("start", starts)) if head in heads]
            line = draft.line_of(head.staff)
            notes.append(
                Note(
                    self.pitches[head],
                    _ACCIDENTALS.get(name, ""),
                    tuple(ends),  # type: ignore[arg-type]
                    head="x" if head.name == "noteheadX" else "",
                    unpitched=self.memory[line].clef.sign == "percussion",
                    symbol=head.index,
                )
            )
        return tuple(notes)


def _fills(chord: Chord, timed: Sequence[Chord], draft: Draft) -> bool:
    """Whether a rest fills its measure: a whole rest that is alone, or where nothing longer would fit."""
    if not chord.rest or chord.rest.name not in ("restWhole", "restDoubleWhole"):
        return False
    others = [c for c in timed if c is not chord and not (c.rest and c.rest.name == chord.rest.name)]
    short = draft.time is not None and draft.time.length <= length("whole")
    return chord.dots == 0 and (not others or short)


def _middle(reading: Reading, staff: int, x: float) -> float:
    return sum(reading.sheet.edges(staff, x)) / 2


def _trust(chord: Chord) -> float:
    """How sure the detector was of what a chord's duration is read from."""
    parts = [p for p in (*chord.heads, chord.rest, chord.flag, *chord.beams) if p]
    return min((p.score for p in parts), default=1.0)


def _voice_order(voice: Voice) -> tuple[int, int, float]:
    """By staff, then stems up before stems down."""
    first = voice.events[0]
    ups = sum((event.stem == "up") - (event.stem == "down") for event in voice.events)
    return min(e.staff for e in voice.events), -(ups > 0) + (ups < 0), float(first.onset)


def _problem(whole: Fraction, time: TimeSignature | None) -> str:
    wanted = f", not to {time.beats}/{time.unit}" if time else ""
    return f"adds up to {whole.limit_denominator(999)} quarters{wanted}"


def _time_all(drafts: Sequence[Draft]) -> None:
    """Solve the rhythm of every measure; where no time signature is known, the usual length stands in."""
    for draft in drafts:
        draft.timing = _solve(draft, draft.wanted)
    unknown = [d for d in drafts if d.time is None and d.sounds]
    if unknown:
        usual, often = Counter(d.timing.end for d in unknown if d.timing).most_common(1)[0]
        if 2 * often >= len(unknown):
            for draft in unknown:
                if draft.timing and draft.timing.end != usual:
                    draft.timing = _solve(draft, usual)


def _solve(draft: Draft, wanted: int | None) -> Timing:
    return solve([sound for _, sound in draft.sounds], wanted, dict(enumerate(r for _, r in draft.tuplets)))
