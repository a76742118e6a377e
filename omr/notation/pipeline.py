"""Pages into one score: what holds from measure to measure, and the notes of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from omr.notation.cleanup import clean
from omr.notation.layout.part_collation import PartCollation, collate_parts
from omr.notation.layout.placement import PlacedSymbol, place
from omr.notation.linking import assign_accidentals
from omr.notation.linking import link as link_page
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.linking.tuplets import members
from omr.notation.semantics.composition import Composer
from omr.notation.semantics.implicit_tuplets import Habits
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.pitch import StaffMemory, read_pitches
from omr.notation.semantics.rhythm import Sound, Timing, solve
from omr.notation.semantics.signatures import agreed, read_signs, without_lost_keys
from omr.page import Page
from omr.score import Pitch, Score, TimeSignature, length


@dataclass(frozen=True)
class LinkedPiece:
    """The pages of a piece with every symbol linked to its note: what score and notation graph start from.

    Attributes
    ----------
    pages : tuple of LinkedPage
    drafts : tuple of MeasureDraft
        Every measure of the piece in order, with its signatures, sounds and tuplets.
    collation : PartCollation
        Which staff of each system belongs to which part.
    """

    pages: tuple[LinkedPage, ...]
    drafts: tuple[MeasureDraft, ...]
    collation: PartCollation


def link(pages: Sequence[Page]) -> LinkedPiece:
    """Link the symbols on the pages of one piece.

    Parameters
    ----------
    pages : sequence of Page
        In core names, with their staves, in the order of the piece.

    Returns
    -------
    LinkedPiece
        One linked page for each page.
    """
    assembly = _Assembly([link_page(clean(place(page))) for page in pages])
    drafts = list(assembly.drafts())
    assembly.relate(drafts)
    for draft in drafts:
        assembly.gather(draft)
    return LinkedPiece(tuple(assembly.readings), tuple(drafts), assembly.collation)


def read(pages: Sequence[Page]) -> Score:
    """Read the music on the pages of one piece.

    Parameters
    ----------
    pages : sequence of Page
        In core names, with their staves, in the order of the piece.

    Returns
    -------
    Score
        Without parts where there is no staff.
    """
    return _Assembly([link_page(clean(place(page))) for page in pages]).score()


class _Assembly:
    """Goes through a piece measure by measure and remembers what holds."""

    def __init__(self, readings: list[LinkedPage]) -> None:
        self.readings = readings
        self.collation = collate_parts([(reading.layout, reading.systems) for reading in readings])
        self.memory = [StaffMemory() for _ in range(sum(self.collation.sizes))]
        self.pitches: dict[PlacedSymbol, Pitch] = {}

    def score(self) -> Score:
        drafts = list(self.drafts())
        self.relate(drafts)
        for draft in drafts:
            self._pitches(draft)
            self.gather(draft)
            self._reconsider_small(draft)
        _time_all(drafts)
        return Composer(self.readings, drafts, self.collation, self.pitches).score()

    def relate(self, drafts: Sequence[MeasureDraft]) -> None:
        """Assign accidentals, those of key signatures apart, to the notes."""
        for n, reading in enumerate(self.readings):
            here = [draft for draft in drafts if draft.reading is reading]
            taken = {p for draft in here for signs in draft.signs for p in signs.taken}
            self.readings[n] = assign_accidentals(reading, taken)
            for draft in here:
                draft.reading = self.readings[n]

    # --- signs and pitches ---

    def drafts(self) -> Iterator[MeasureDraft]:
        """Every measure with its signs; clefs are followed, since key signatures are read under them."""
        clefs = [memory.clef for memory in self.memory]
        keys: list[int | None] = [None for _ in self.memory]
        time: TimeSignature | None = None
        for page, reading in enumerate(self.readings):
            space = reading.layout.space
            for number, (system, bars) in enumerate(zip(reading.systems, reading.bars, strict=True)):
                lines = self.collation.staves[page, number]
                for bar in bars:
                    opening = bar is bars[0]
                    signs = tuple(
                        read_signs(symbols, clefs[line], keys[line], bar.x0, space, opening)
                        for symbols, line in zip(bar.symbols, lines, strict=True)
                    )
                    if opening:
                        signs = without_lost_keys(signs, [keys[line] for line in lines])
                    for line, sign in zip(lines, signs, strict=True):
                        if sign.clefs:
                            clefs[line] = sign.clefs[-1][1]
                        keys[line] = keys[line] if sign.key is None else sign.key
                    new = agreed(signs)
                    time = new or time
                    first = page == 0 and number == 0
                    yield MeasureDraft(
                        reading, bar, lines, system.staves, signs, time, bool(new),
                        new_system=opening and not first,
                        new_page=opening and number == 0 and page > 0,
                    )  # fmt: skip

    def _pitches(self, draft: MeasureDraft) -> None:
        reading = draft.reading
        ties = {tie.right: tie.left for tie in reading.ties if tie.right}
        owner = {head: chord for chord in reading.chords for head in chord.heads}
        printed = {(owner[head], head): sign for head, sign in reading.accidentals.items()}
        for staff, line, signs in zip(draft.staves, draft.lines, draft.signs, strict=True):
            chords = [chord for chord in reading.chords_in(draft.bar, staff) if chord.heads]
            read_pitches(chords, signs, self.memory[line], ties, reading.octaves, printed, self.pitches)

    # --- what sounds ---

    def gather(self, draft: MeasureDraft) -> None:
        """Sort the chords of a measure into those that take time, graces, and rests that fill it."""
        reading, bar = draft.reading, draft.bar
        beams = {id(chord): n for n, group in enumerate(reading.groups) for chord in group}
        staves = []
        for staff in draft.staves:
            here = reading.chords_in(bar, staff)
            cue = all(chord.small for chord in here if chord.heads and chord.heads[0].name != "noteheadX")
            graces = [] if cue else [chord for chord in here if chord.small and chord.stem]
            timed = [chord for chord in here if chord not in graces]
            filling = [chord for chord in timed if _fills(chord, timed, draft)]
            draft.graces += graces
            draft.filling += filling
            staves.append([chord for chord in timed if chord not in filling])
        tuplet_of = self._tuplets(draft, staves)
        for chord in (chord for chords in staves for chord in chords):
            draft.sounds.append(
                (chord, self._sound(draft, chord, beams.get(id(chord)), tuplet_of.get(id(chord))))
            )

    def _sound(
        self, draft: MeasureDraft, chord: Chord, beam: int | None = None, tuplet: int | None = None
    ) -> Sound:
        part, staff = self.collation.part_of(draft.line_of(chord.staff))
        return Sound(
            chord.x / draft.reading.layout.space, part, staff, chord.value, chord.dots, chord.direction,
            beam, tuplet, _trust(chord), chord.rest is not None,
        )  # fmt: skip

    def _reconsider_small(self, draft: MeasureDraft) -> None:
        """Give small quarters and longer notes time where the measure adds up only so: not all are graces."""
        long = [
            chord
            for chord in draft.graces
            if chord.value in ("quarter", "half", "whole") and not chord.slashed
        ]
        if not long or draft.wanted is None:
            return
        sounds = [(chord, self._sound(draft, chord)) for chord in long]
        without = _solve(draft, draft.wanted)
        longer = replace(draft, sounds=[*draft.sounds, *sounds])
        if _solve(longer, draft.wanted).cost + 0.5 < without.cost:
            draft.sounds += sounds
            draft.graces = [chord for chord in draft.graces if chord not in long]

    def _tuplets(self, draft: MeasureDraft, staves: Sequence[Sequence[Chord]]) -> dict[int, int]:
        """The tuplet, by its number in the draft, of each chord that is in one."""
        reading, bar = draft.reading, draft.bar
        tuplet_of: dict[int, int] = {}
        near = 1.5 * reading.layout.space
        for sign in reading.tuplets:
            staff = min(draft.staves, key=lambda s: abs(_middle(reading, s, sign.x) - sign.y))
            reach = 14 * reading.layout.space
            if (
                not bar.x0 - near < sign.x < bar.x1 + near
                or abs(_middle(reading, staff, sign.x) - sign.y) > reach
            ):
                continue
            if not self._in_system(draft, sign.y):
                continue
            free = [[c for c in chords if id(c) not in tuplet_of] for chords in staves]
            run = members(sign, free, reading.groups, reading.layout.space)
            if run:
                tuplet_of |= {id(chord): len(draft.tuplets) for chord in run}
                draft.tuplets.append((run, sign))
        return tuplet_of

    @staticmethod
    def _in_system(draft: MeasureDraft, y: float) -> bool:
        """Whether no staff of another system is nearer."""
        staves = draft.reading.layout.staves
        nearest = min(
            range(len(staves)), key=lambda s: max(staves[s].ys[0].mean() - y, y - staves[s].ys[-1].mean(), 0)
        )
        return nearest in draft.staves


def _fills(chord: Chord, timed: Sequence[Chord], draft: MeasureDraft) -> bool:
    """Whether a rest fills its measure: a whole rest that is alone, or where nothing longer would fit."""
    if not chord.rest or chord.rest.name not in ("restWhole", "restDoubleWhole"):
        return False
    others = [c for c in timed if c is not chord and not (c.rest and c.rest.name == chord.rest.name)]
    short = draft.time is not None and draft.time.length <= length("whole")
    return chord.dots == 0 and (not others or short)


def _middle(reading: LinkedPage, staff: int, x: float) -> float:
    return sum(reading.layout.edges(staff, x)) / 2


def _trust(chord: Chord) -> float:
    """How sure the detector was of what a chord's duration is read from."""
    parts = [p for p in (*chord.heads, chord.rest, *chord.flags, *chord.beams) if p]
    return min((p.score for p in parts), default=1.0)


def _time_all(drafts: Sequence[MeasureDraft]) -> None:
    """Solve the rhythm of every measure; where no time signature is known, the usual length stands in."""
    habits = Habits()
    for draft in drafts:
        draft.timing = _solve(draft, draft.wanted)
        habits.learn(draft)
        if not draft.timing.adds_up:
            _fill_in_numbers(draft, habits)
    unknown = [d for d in drafts if d.time is None and d.sounds]
    if unknown:
        usual, often = Counter(d.timing.end for d in unknown if d.timing).most_common(1)[0]
        if 2 * often >= len(unknown):
            for draft in unknown:
                if draft.timing and draft.timing.end != usual:
                    draft.timing = _solve(draft, usual)


def _fill_in_numbers(draft: MeasureDraft, habits: Habits) -> None:
    """Take groups for tuplets whose number is left out where the measure adds up better so."""
    numbered = habits.applied(draft)
    if numbered and draft.timing:
        timing = _solve(numbered, draft.wanted)
        if timing.cost < draft.timing.cost:
            draft.sounds, draft.tuplets, draft.timing = numbered.sounds, numbered.tuplets, timing


def _solve(draft: MeasureDraft, wanted: int | None) -> Timing:
    ratios = {n: sign.ratios for n, (_, sign) in enumerate(draft.tuplets)}
    return solve([sound for _, sound in draft.sounds], wanted, ratios)
