"""One voice of one random measure: notes, chords, rests, and all that sticks to a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omr.engraving import texts
from omr.engraving.mei import CLEFS, Anchor, Node, Staff, Voice, sub, write_clef, write_pitch
from omr.engraving.rhythm import VALUES, WHOLE, Cell, Value, fill

if TYPE_CHECKING:
    from omr.engraving.page_style import PageStyle

CLEF_WEIGHTS: dict[str, float] = {
    **dict.fromkeys(CLEFS, 0.6),
    **{"clefG": 8.0, "clefF": 5.0, "clefCAlto": 1.8, "clefCTenor": 2.0, "clefPercussion": 2.0},
}
# MEI's name: the decision, its weight
ARTICULATIONS = {
    "stacc": ("articStaccato", 6.0),
    "acc": ("articAccent", 3.0),
    "ten": ("articTenuto", 3.0),
    "stacciss": ("articStaccatissimo", 3.0),
    "marc": ("articMarcato", 2.5),
    "dnbow": ("stringsDownBow", 1.5),
    "upbow": ("stringsUpBow", 1.5),
}
ACCIDENTALS = {
    "s": ("accidentalSharp", 3.0),
    "f": ("accidentalFlat", 3.0),
    "n": ("accidentalNatural", 3.0),
    "x": ("accidentalDoubleSharp", 0.7),
    "ff": ("accidentalDoubleFlat", 0.8),
}
_PLAIN = {name + "Small": weight for name, weight in ACCIDENTALS.values() if weight > 1}
_RESTS = {
    "breve": "restDoubleWhole", "1": "restWhole", "2": "restHalf", "4": "restQuarter", "8": "rest8th",
    "16": "rest16th", "32": "rest32nd", "64": "rest64th", "128": "rest128th",
}  # fmt: skip
_STEPS = (-7, -4, -3, -2, -1, 0, 1, 2, 3, 4, 7)
_STEP_WEIGHTS = (0.03, 0.04, 0.07, 0.13, 0.21, 0.06, 0.2, 0.12, 0.07, 0.04, 0.03)


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
        if self.cue and whole and self.style.wants("long cue", 0.5):
            self._cell(layer, Cell((whole,)))
            return
        for cell in fill(metre, self.style):
            if cell.num == 1:
                self._cell(layer, cell)
            else:
                bracket = self.style.choice(["true", "false", ""])
                tuplet = sub(layer, "tuplet", num=cell.num, numbase=cell.den, bracket_visible=bracket)
                self._cell(tuplet, cell)
            if self.alone and self.staff.clef != "clefPercussion" and self.style.marks("clef change", 0.025):
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
            if j - i > 1 and not self.staff.sung and not self.style.wants("unbeamed", 0.18):
                beam = sub(parent, "beam")
                for value in values[i:j]:
                    self._note(beam, value)
                i = j
            else:
                (self._rest if rests[i] else self._note)(parent, values[i])
                i += 1

    def _rests(self, value: Value) -> bool:
        return self.style.wants("rest", 0.1) or self.style.wants(_RESTS[value.dur], 0.03)

    def _rest(self, parent: Node, value: Value) -> None:
        sub(parent, "rest", dur=value.dur, dots=value.dots or "", cue="true" if self.cue else "")
        self.voice.pause()

    def _note(self, parent: Node, value: Value) -> None:
        """Write one note or chord with its graces, tie, articulations, tremolo and syllable."""
        tied = self.voice.tied
        if not tied and not self.cue and parent.tag != "tuplet" and self.style.marks("grace", 0.04):
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
        free = self.alone and parent.tag != "beam" and self.rng.random() < 0.06
        return self.style.choice(["up", "down"]) if free else ""

    def _tremolo(self, value: Value) -> str:
        if value.dur in ("breve", "1") or not self.style.marks("tremolo", 0.05):
            return ""
        return self.style.pick({f"tremolo{n}": 1.0 for n in range(1, 6)})[-1] + "slash"

    def _positions(self) -> list[int]:
        """Draw the staff positions of the next note or chord: a random walk with leaps to ledger lines."""
        voice = self.voice
        if self.style.marks("ledgerLine", 0.03):
            extreme = int(self.rng.integers(3, 9))
            upwards = voice.low > 0 or (self.alone and self.rng.random() < 0.5)
            voice.position = voice.high + extreme if upwards else voice.low - extreme
        else:
            voice.position += int(self.rng.choice(_STEPS, p=_STEP_WEIGHTS))
            if not voice.low <= voice.position <= voice.high:
                voice.position = int(self.rng.integers(voice.low, voice.high + 1))
        positions = [voice.position]
        chords = 0.4 if self.cue and not self.staff.sung else self.staff.chords
        if chords and self.style.wants("chord", chords):
            way = 1 if voice.low > 0 or (self.alone and voice.position < 4) else -1
            size = int(self.rng.integers(1, 4))
            for gap in self.rng.choice([1, 2, 3, 4, 5], size=size, p=[0.18, 0.4, 0.2, 0.12, 0.1]):
                if abs(positions[-1] + way * int(gap) - positions[0]) <= 9:
                    positions.append(positions[-1] + way * int(gap))
        return sorted(positions)

    def _head(self, note: Node, value: Value, tied: bool) -> None:
        """Cross a head or give it an accidental."""
        crossed = self.staff.crossed or self.style.marks("noteheadX", 0.006)
        if crossed and value.dur not in ("breve", "1", "2"):
            note.set("head.shape", "x")
        elif not tied and self.staff.clef != "clefPercussion":
            self._accidental(note)

    def _accidental(self, note: Node) -> None:
        if self.cue and self.style.wants("cue accidental", 0.3):
            self._write_accidental(note, _PLAIN)
        elif self.style.marks("editorial", 0.008):
            self._write_accidental(note, _PLAIN, "edit")
        elif self.style.wants("accidental", 0.1):
            self._write_accidental(note, dict(ACCIDENTALS.values()))

    def _write_accidental(self, note: Node, weights: dict[str, float], func: str = "") -> None:
        name = self.style.pick(weights).removesuffix("Small")
        sub(note, "accid", accid=next(a for a, (n, _) in ACCIDENTALS.items() if n == name), func=func)

    def _articulation(self, node: Node) -> None:
        if not self.style.marks("articulation", 0.13):
            return
        name = self.style.pick(dict(ARTICULATIONS.values()))
        artic = next(a for a, (n, _) in ARTICULATIONS.items() if n == name)
        if "Bow" in name:
            place = "above"
        elif self.rng.random() < 0.4:
            place = ""
        else:
            place = self.style.pick({f"{name}Above": 1.0, f"{name}Below": 1.0}).removeprefix(name).lower()
        sub(node, "artic", artic=artic, place=place)

    def _tie(self, anchor: Anchor, positions: list[int]) -> None:
        """End the tie that waits for this note, and perhaps begin one."""
        if self.voice.tied:
            start = self.voice.tied[0]
            sub(start.measure, "tie", startid=f"#{start.id}", endid=f"#{anchor.id}")
        wanted = len(positions) == 1 and self.style.marks("tie", 0.06)
        self.voice.tied = (anchor, positions) if wanted else None

    def _syllable(self, node: Node) -> None:
        if self.staff.sung and self.alone:
            if not self.staff.lyrics:
                self.staff.lyrics = texts.syllables(self.rng)
            text, position = self.staff.lyrics.pop(0)
            con = "d" if position in "im" else ""
            sub(sub(node, "verse", n=1), "syl", wordpos=position, con=con).text = text

    def _graces(self, parent: Node) -> None:
        """One to four grace notes before a note; several are beamed."""
        kind = self.style.pick({"slashed": 1.0, "unslashed": 1.0})
        lower = not self.alone and self.voice.low < 0
        stem = "down" if lower or self.style.wants("grace stem down", 0.35) else "up"
        count = 1 if parent.tag == "beam" or self.rng.random() < 0.75 else int(self.rng.integers(2, 5))
        if count > 1:
            parent, name = sub(sub(parent, "graceGrp"), "beam"), "grace 16"
        else:
            name = self.style.pick({"grace 8": 6.0, "grace 4": 0.8, "grace 2": 0.8, "grace 16": 0.6})
        for _ in range(count):
            grace = "unacc" if kind == "slashed" else "acc"
            note = sub(parent, "note", grace=grace, dur=name.removeprefix("grace "), stem_dir=stem)
            write_pitch(note, self.staff.clef, self.voice.position + int(self.rng.integers(-2, 4)))
            if self.staff.clef != "clefPercussion" and self.style.wants("accidental", 0.15):
                self._write_accidental(note, _PLAIN)
