"""One voice of one random measure: notes, chords, rests, and all that sticks to a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omr.engraving import texts
from omr.engraving.mei import CLEFS, MIDDLE_LINE, Anchor, Node, Staff, Voice, sub, write_clef, write_pitch
from omr.engraving.music_ranges import NOTES
from omr.engraving.rhythm import VALUES, WHOLE, Cell, Value, fill

if TYPE_CHECKING:
    from omr.engraving.page_style import PageStyle

CLEF_WEIGHTS: dict[str, float] = {
    **dict.fromkeys(CLEFS, 0.6),
    **{"clefG": 8.0, "clefF": 5.0, "clefCAlto": 1.8, "clefCTenor": 2.0, "clefPercussion": 2.0},
}
"""Weights of the clefs."""

ARTICULATIONS = {
    "stacc": ("articStaccato", 6.0),
    "acc": ("articAccent", 3.0),
    "ten": ("articTenuto", 3.0),
    "stacciss": ("articStaccatissimo", 3.0),
    "marc": ("articMarcato", 2.5),
    "dnbow": ("stringsDownBow", 1.5),
    "upbow": ("stringsUpBow", 1.5),
}
"""MEI's names of the articulations: the decision for each, and its weight."""

ACCIDENTALS = {
    "s": ("accidentalSharp", 3.0),
    "f": ("accidentalFlat", 3.0),
    "n": ("accidentalNatural", 3.0),
    "x": ("accidentalDoubleSharp", 0.7),
    "ff": ("accidentalDoubleFlat", 0.8),
}
"""MEI's names of the accidentals: the decision for each, and its weight."""

_PLAIN = {name + "Small": weight for name, weight in ACCIDENTALS.values() if weight > 1}
"""Weights of the accidentals that are also printed small."""

_RESTS = {
    "breve": "restDoubleWhole", "1": "restWhole", "2": "restHalf", "4": "restQuarter", "8": "rest8th",
    "16": "rest16th", "32": "rest32nd", "64": "rest64th", "128": "rest128th",
}  # fmt: skip
_GRACES = {"grace 8": 6.0, "grace 4": 0.8, "grace 2": 0.8, "grace 16": 0.6}
"""Weights of the values of a grace note that is alone."""

_STEPS = {
    -7: 0.03, -4: 0.04, -3: 0.07, -2: 0.13, -1: 0.21, 0: 0.06, 1: 0.2, 2: 0.12, 3: 0.07, 4: 0.04, 7: 0.03,
}  # fmt: skip
"""Parts of the steps from note to note, by steps of the scale: the strides of a random walk."""


class Layer:
    """Writer of one voice of one measure of one staff.

    Parameters
    ----------
    style : PageStyle
        Makes the decisions.
    staff : Staff
    voice : Voice
    measure : Element
        The measure in MEI.
    cue : bool
        Whether its notes are small.
    alone : bool
        Whether the staff has no other voice; stem directions, clef changes and lyrics are then free.
    """

    def __init__(
        self, style: PageStyle, staff: Staff, voice: Voice, measure: Node, *, cue: bool, alone: bool
    ) -> None:
        self.style, self.rng = style, style.rng
        self.staff, self.voice, self.measure = staff, voice, measure
        self.cue, self.alone = cue, alone

    def write(self, layer: Node, metre: tuple[int, int]) -> None:
        """Fill a layer with music that lasts one measure.

        Parameters
        ----------
        layer : Element
            Empty.
        metre : (int, int)
            The time signature: count and unit.
        """
        whole = VALUES.get(metre[0] * WHOLE // metre[1])
        if self.cue and whole and self.style.wants("long cue", NOTES.long_cue):
            self._cell(layer, Cell((whole,)))
            return
        for cell in fill(metre, self.style):
            if cell.num == 1:
                self._cell(layer, cell)
            else:
                bracket = self.style.choice(["true", "false", ""])
                tuplet = sub(layer, "tuplet", num=cell.num, numbase=cell.den, bracket_visible=bracket)
                self._cell(tuplet, cell)
            changeable = self.alone and self.staff.clef != "clefPercussion"
            if changeable and self.style.marks("clef change", NOTES.clef_change):
                self._change_clef(layer)

    def _change_clef(self, layer: Node) -> None:
        unwanted = (self.staff.clef, "clefPercussion")
        self.staff.clef = self.style.pick({k: w for k, w in CLEF_WEIGHTS.items() if k not in unwanted})
        write_clef(layer, self.staff.clef)
        for voice in self.staff.voices:
            voice.tied = None

    def _cell(self, parent: Node, cell: Cell) -> None:
        """Write the values of a cell, neighbours under one beam where that is possible."""
        values = list(cell.values)
        rests = [cell.num == 1 and self._rests(v) for v in values]
        i = 0
        while i < len(values):
            j = i
            while j < len(values) and values[j].beamable and not rests[j]:
                j += 1
            if j - i > 1 and not self.staff.sung and not self.style.wants("unbeamed", NOTES.unbeamed):
                beam = sub(parent, "beam")
                for value in values[i:j]:
                    self._note(beam, value)
                i = j
            else:
                (self._rest if rests[i] else self._note)(parent, values[i])
                i += 1

    def _rests(self, value: Value) -> bool:
        any_rest = self.style.wants("rest", NOTES.rest)
        return any_rest or self.style.wants(_RESTS[value.dur], NOTES.rest_of_value)

    def _rest(self, parent: Node, value: Value) -> None:
        sub(parent, "rest", dur=value.dur, dots=value.dots or "", cue="true" if self.cue else "")
        self.voice.pause()

    def _note(self, parent: Node, value: Value) -> None:
        """Write one note or chord with its graces, tie, articulations, tremolo and syllable."""
        tied = self.voice.tied
        if not tied and not self.cue and parent.tag != "tuplet" and self.style.marks("grace", NOTES.grace):
            self._graces(parent)
        positions = tied[1] if tied else self._positions()
        node = sub(
            parent, "chord" if len(positions) > 1 else "note", id=self.voice.new_id(), dur=value.dur,
            dots=value.dots or "", cue="true" if self.cue else "", stem_dir=self._stem(parent),
            stem_mod=self._tremolo(value),
        )  # fmt: skip
        for position in positions:
            head = sub(node, "note") if len(positions) > 1 else node
            write_pitch(head, self.staff.clef, position)
            self._head(head, value, bool(tied))
        self._articulation(node)
        self._syllable(node)
        anchor = Anchor(node.attrib["xml:id"], self.measure, len(positions) > 1)
        self._tie(anchor, positions)
        self.voice.runs[-1].append(anchor)

    def _stem(self, parent: Node) -> str:
        """Now and then a stem that goes against the rule."""
        free = self.alone and parent.tag != "beam" and self.rng.random() < NOTES.free_stem
        return self.style.choice(["up", "down"]) if free else ""

    def _tremolo(self, value: Value) -> str:
        if value.dur in ("breve", "1") or not self.style.marks("tremolo", NOTES.tremolo):
            return ""
        return self.style.pick({f"tremolo{n}": 1.0 for n in range(1, 6)})[-1] + "slash"

    def _positions(self) -> list[int]:
        """Draw the staff positions of the next note or chord: a random walk with leaps to ledger lines."""
        voice = self.voice
        if self.style.marks("ledgerLine", NOTES.ledger_lines):
            extreme = int(self.rng.integers(*NOTES.leap))
            upwards = voice.low > 0 or (self.alone and self.rng.random() < NOTES.leap_up)
            voice.position = voice.high + extreme if upwards else voice.low - extreme
        else:
            voice.position += int(self.rng.choice(list(_STEPS), p=list(_STEPS.values())))
            if not voice.low <= voice.position <= voice.high:
                voice.position = int(self.rng.integers(voice.low, voice.high + 1))
        positions = [voice.position]
        chords = NOTES.cue_chord if self.cue and not self.staff.sung else self.staff.chords
        if chords and self.style.wants("chord", chords):
            upwards = voice.low > 0 or (self.alone and voice.position < MIDDLE_LINE)
            positions += self._chord_above(positions[0], 1 if upwards else -1)
        return sorted(positions)

    def _chord_above(self, first: int, way: int) -> list[int]:
        """Draw the other staff positions of a chord: above the first (`way` is 1) or below it (-1)."""
        size = int(self.rng.integers(*NOTES.chord_size))
        steps = self.rng.choice(len(NOTES.chord_intervals), size=size, p=NOTES.chord_intervals) + 1
        height, positions = 0, []
        for step in map(int, steps):
            if height + step <= NOTES.widest_chord:
                height += step
                positions.append(first + way * height)
        return positions

    def _head(self, note: Node, value: Value, tied: bool) -> None:
        """Cross a head or give it an accidental."""
        crossed = self.staff.crossed or self.style.marks("noteheadX", NOTES.crossed)
        if crossed and value.dur not in ("breve", "1", "2"):
            note.set("head.shape", "x")
        elif not tied and self.staff.clef != "clefPercussion":
            self._accidental(note)

    def _accidental(self, note: Node) -> None:
        if self.cue and self.style.wants("cue accidental", NOTES.cue_accidental):
            self._write_accidental(note, _PLAIN)
        elif self.style.marks("editorial", NOTES.editorial):
            self._write_accidental(note, _PLAIN, "edit")
        elif self.style.wants("accidental", NOTES.accidental):
            self._write_accidental(note, dict(ACCIDENTALS.values()))

    def _write_accidental(self, note: Node, weights: dict[str, float], func: str = "") -> None:
        name = self.style.pick(weights).removesuffix("Small")
        sub(note, "accid", accid=next(a for a, (n, _) in ACCIDENTALS.items() if n == name), func=func)

    def _articulation(self, node: Node) -> None:
        if not self.style.marks("articulation", NOTES.articulation):
            return
        name = self.style.pick(dict(ARTICULATIONS.values()))
        artic = next(a for a, (n, _) in ARTICULATIONS.items() if n == name)
        if "Bow" in name:
            place = "above"
        elif self.rng.random() < NOTES.free_place:
            place = ""
        else:
            place = self.style.pick({f"{name}Above": 1.0, f"{name}Below": 1.0}).removeprefix(name).lower()
        sub(node, "artic", artic=artic, place=place)

    def _tie(self, anchor: Anchor, positions: list[int]) -> None:
        """End the tie that waits for this note, and perhaps begin one."""
        if self.voice.tied:
            start = self.voice.tied[0]
            sub(start.measure, "tie", startid=f"#{start.id}", endid=f"#{anchor.id}")
        wanted = len(positions) == 1 and self.style.marks("tie", NOTES.tie)
        self.voice.tied = (anchor, positions) if wanted else None

    def _syllable(self, node: Node) -> None:
        if self.staff.sung and self.alone:
            if not self.staff.lyrics:
                self.staff.lyrics = texts.syllables(self.rng)
            text, position = self.staff.lyrics.pop(0)
            con = "d" if position in "im" else ""
            sub(sub(node, "verse", n=1), "syl", wordpos=position, con=con).text = text

    def _graces(self, parent: Node) -> None:
        """Write the grace notes before a note; several are beamed."""
        kind = self.style.pick({"slashed": 1.0, "unslashed": 1.0})
        lower = not self.alone and self.voice.low < 0
        stem = "down" if lower or self.style.wants("grace stem down", NOTES.grace_stem_down) else "up"
        alone = parent.tag == "beam" or self.rng.random() < NOTES.one_grace
        count = 1 if alone else int(self.rng.integers(*NOTES.graces))
        if count > 1:
            parent, name = sub(sub(parent, "graceGrp"), "beam"), "grace 16"
        else:
            name = self.style.pick(_GRACES)
        for _ in range(count):
            grace = "unacc" if kind == "slashed" else "acc"
            note = sub(parent, "note", grace=grace, dur=name.removeprefix("grace "), stem_dir=stem)
            step = int(self.rng.integers(*NOTES.grace_step))
            write_pitch(note, self.staff.clef, self.voice.position + step)
            if self.staff.clef != "clefPercussion" and self.style.wants("accidental", NOTES.grace_accidental):
                self._write_accidental(note, _PLAIN)
