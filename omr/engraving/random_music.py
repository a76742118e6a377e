"""Random music that an engraver would allow: MEI for verovio in which rare symbols are common.

Real music has few double flats and no 128th flags; a detector needs hundreds.
`random_mei` writes pieces whose measures add up, with every class of the
vocabulary that verovio can draw.

What verovio 6.4.1 can't draw as a glyph: fingerings 0 to 5 (``<fing>`` becomes
text, and none of its fonts has U+ED10 to U+ED15). All else appears as a glyph
or a shape.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from omr.engraving import texts
from omr.engraving.mei import CLEFS, Node, Staff, Voice, sub, write_clef
from omr.engraving.music_ranges import MEASURE, PIECE, STYLE
from omr.engraving.page_style import PageStyle
from omr.engraving.random_marks import DYNAMICS, Marks
from omr.engraving.random_notes import ACCIDENTALS, ARTICULATIONS, CLEF_WEIGHTS, Layer
from omr.vocabulary import to_core

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

METRES = {
    "4/4": 5.0, "3/4": 4.0, "2/4": 3.5, "6/8": 3.0, "timeSigCommon": 2.5, "timeSigCutCommon": 2.5, "3/8": 1.2,
    "2/2": 1.2, "9/8": 1.4, "12/8": 1.0, "5/4": 1.5, "7/8": 2.0, "5/8": 1.5, "6/4": 0.6, "10/8": 1.4,
    "19/16": 0.5, "3/2": 0.8, "4/2": 2.0, "8/4": 1.1, "7/4": 0.9, "15/8": 0.5, "13/16": 0.3, "9/16": 0.7,
    "20/16": 0.9, "17/16": 0.7, "6/16": 0.4, "10/4": 0.6, "2/1": 1.6, "3/1": 0.7, "7/16": 0.8, "30/32": 0.4,
    "9/4": 0.6, "8/8": 0.4, "10/16": 0.9, "1/4": 0.1, "1/2": 0.1,
}  # fmt: skip
"""Weights of the metres. Rare ones show digits that common ones lack."""

_LONG_METRES = ("4/2", "8/4", "2/1", "3/1", "10/4", "9/4")
_PLAIN = ("Flat", "Natural", "Sharp")
_SHORT = ("16th", "32nd", "64th", "128th")
_BARLINES = {"dbl": 3.0, "barlineDashed": 3.0, "barlineHeavy": 1.5}
"""Weights of the barlines that are neither plain nor repeats."""

_GROUPS = {"alone": 1.0, "brace": 1.4, "bracket": 1.0}
"""Weights of the ways in which staves stand together."""

_KEYS = {"no key": 1.0, "keySharp": 2.5, "keyFlat": 2.5}
"""Weights of the kinds of keys."""

_LEFT_HAND = {"clefF": 16.0}
"""Weight of the clef of a lower staff in a brace; other clefs have their usual weights."""

HINGES: dict[str, tuple[str, ...]] = {
    **{f"timeSig{d}": ("metre change", *(m for m in METRES if str(d) in m)) for d in range(10)},
    **{f"timeSig{name}": ("metre change",) for name in ("Common", "CutCommon")},
    **{f"dynamic{c.upper()}": ("dynamics", *(d for d in DYNAMICS if c in d)) for c in "pmfszr"},
    **{f"tremolo{n}": ("tremolo",) for n in range(1, 6)},
    **{f"tuplet{n}": ("tuplet",) for n in range(1, 10)},
    **{f"fingering{n}": ("fingering",) for n in range(6)},
    **{name: ("accidental",) for name, _ in ACCIDENTALS.values()},
    **{f"accidental{a}Small": ("cue", "cue accidental", "editorial") for a in _PLAIN},
    **{f"key{a}": ("key change",) for a in _PLAIN},
    **{n + p: ("articulation", n) for n, _ in ARTICULATIONS.values() for p in ("", "Above", "Below")},
    **{
        f"flag{n}{way}": (n[:-2], "unbeamed")
        for n in ("16th", "32nd", "64th", "128th")
        for way in ("Up", "Down")
    },
    **{f"rest{n}": (n[:-2],) for n in ("16th", "32nd", "64th", "128th")},
    "flag8thUp": ("unbeamed",),
    "flag8thDown": ("unbeamed",),
    "flag8thUpSmall": ("grace", "cue"),
    "flag8thDownSmall": ("grace", "grace stem down", "cue"),
    "graceNoteAcciaccaturaStemUp": ("grace", "slashed"),
    "graceNoteAppoggiaturaStemUp": ("grace", "unslashed"),
    "graceNoteAcciaccaturaStemDown": ("grace", "slashed", "grace stem down"),
    "graceNoteAppoggiaturaStemDown": ("grace", "unslashed", "grace stem down"),
    "clef8": ("clef change", *(c for c in CLEFS if "8" in c)),
    "clef15": ("clef change", *(c for c in CLEFS if "15" in c)),
    "clefC": ("clef change", "clefCAlto", "clefCTenor", "soprano", "mezzo-soprano"),
    "noteheadHalf": ("long value",),
    "noteheadWhole": ("long value",),
    "noteheadDoubleWhole": _LONG_METRES,
    "noteheadBlackSmall": ("cue", "grace"),
    "noteheadHalfSmall": ("cue",),
    "noteheadWholeSmall": ("cue", "long cue"),
    "noteheadDoubleWholeSmall": ("cue", "long cue", *_LONG_METRES),
    "restWhole": ("measure rest",),
    "restHalf": ("long value",),
    "restDoubleWhole": _LONG_METRES,
    "restHBar": ("multi-measure rest",),
    "restHNr": ("multi-measure rest",),
    "dynamicCrescendoHairpin": ("hairpin",),
    "dynamicDiminuendoHairpin": ("hairpin",),
    "keyboardPedalPed": ("pedal",),
    "keyboardPedalUp": ("pedal",),
    "repeatDot": ("repeat",),
    "voltaBracket": ("repeat",),
    "barlineHeavy": ("barline",),
    "barlineDashed": ("barline",),
    "arpeggiato": ("chord",),
    "tupletBracket": ("tuplet",),
}
"""Decisions that a class depends on, besides the decision of its own name."""

SELDOM = (
    *("clef8", "clef15", "clefC", "noteheadDoubleWhole", "restDoubleWhole", "noteheadDoubleWholeSmall") * 2,
    *("timeSig0", "timeSig3", "timeSig5", "timeSig7", "timeSig9", "timeSigCommon", "timeSigCutCommon") * 2,
    *(f"tuplet{n}" for n in range(1, 10)), *("noteheadWholeSmall", "noteheadHalfSmall") * 2,
    *("noteheadDoubleWholeSmall", "tuplet8") * 3,
    *("tuplet4", "tuplet7", "tuplet8", "timeSig5", "timeSig9"), "accidentalNaturalSmall", "keyNatural",
    "glissando", "flag64thUp", "flag64thDown", "flag128thUp", "flag128thDown", "dynamicZ", "dynamicR",
    "clefPercussion", "graceNoteAcciaccaturaStemUp", "ottavaBracket", "segno", "coda", "measureRepeat",
    "restHBar", "voltaBracket", "barlineHeavy", "barlineDashed", "fermataBelow", "articMarcatoBelow",
    "keyboardPedalUp",
)  # fmt: skip
"""The classes that music has least of, some more than once; every piece favours some of them."""


def random_mei(rng: np.random.Generator, rare: Sequence[str] = ()) -> str:
    """Compose a random piece of one to four pages as MEI.

    Parameters
    ----------
    rng : numpy.random.Generator
        The only source of chance: equal states write equal pieces.
    rare : sequence of str
        Class names (DeepScoresV2 or core) of which this piece should have many;
        of a long list, each piece has many of some.

    Returns
    -------
    str
        An MEI 5 document that verovio loads.
    """
    cores = {to_core(name, "deepscores") for name in rare}
    seldom = [name for name in SELDOM if name in cores] or SELDOM
    wanted = [*rng.permutation(rare)[: STYLE.favoured_asked]] if len(rare) else []
    wanted += [*rng.choice(seldom, STYLE.favoured - len(wanted))]
    return _Piece(PageStyle(rng, wanted, HINGES)).write()


class _Piece:
    """Writes one piece: the plan of its staves, then measure by measure, then the marks."""

    def __init__(self, style: PageStyle) -> None:
        self.style, self.rng = style, style.rng
        self.key = self._new_key()
        self.metre_name = style.pick(METRES)
        self.groups: list[tuple[str, list[Staff]]] = []
        self._plan()

    @property
    def staves(self) -> list[Staff]:
        return [staff for _, group in self.groups for staff in group]

    @property
    def metre(self) -> tuple[int, int]:
        signs = {"timeSigCommon": "4/4", "timeSigCutCommon": "2/2"}
        count, unit = signs.get(self.metre_name, self.metre_name).split("/")
        return int(count), int(unit)

    def write(self) -> str:
        mei = Node("mei", {"xmlns": "http://www.music-encoding.org/ns/mei", "meiversion": "5.0"})
        names = sub(sub(sub(mei, "meiHead"), "fileDesc"), "titleStmt")
        sub(names, "title").text = title = texts.title(self.rng)
        sub(names, "composer").text = texts.person(self.rng)
        score = sub(sub(sub(sub(mei, "music"), "body"), "mdiv"), "score")
        self._define(sub(score, "scoreDef"), title)
        self._measures(sub(score, "section"))
        for staff in self.staves:
            Marks(self.style, staff).write()
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(mei, encoding="unicode")

    # --- staves, keys, metres ---

    def _plan(self) -> None:
        """Draw the staves, alone or grouped by a brace or a bracket."""
        wanted = 1 + int(self.rng.choice(len(PIECE.staves), p=PIECE.staves))
        while len(self.staves) < wanted:
            room = wanted - len(self.staves)
            kind = self.style.pick(_GROUPS) if room > 1 else "alone"
            size = {"alone": 1, "brace": 2}.get(kind) or int(self.rng.integers(2, room + 1))
            first = len(self.staves) + 1
            group = [self._new_staff(first + i, left_hand=kind == "brace" and i > 0) for i in range(size)]
            self.groups.append((kind, group))

    def _new_staff(self, number: int, left_hand: bool) -> Staff:
        clef = self.style.pick(CLEF_WEIGHTS | (_LEFT_HAND if left_hand else {}))
        ranges = [PIECE.upper, PIECE.lower] if self.rng.random() < PIECE.two_voices else [PIECE.only]
        voices = [Voice(f"s{number}v{i}", low, high) for i, (low, high) in enumerate(ranges, 1)]
        sung = self.style.marks("lyrics", PIECE.lyrics)
        chords = 0.0 if sung else float(self.rng.choice(PIECE.chords, p=PIECE.chord_staves))
        crossed = clef == "clefPercussion" and self.rng.random() < PIECE.crossed
        return Staff(number, clef, voices, chords, sung, crossed)

    def _define(self, definition: Node, title: str) -> None:
        for where, text in (("pgHead", title), ("pgFoot", texts.imprint(self.rng))):
            sub(sub(definition, where), "rend", halign="center").text = text
        outer = sub(definition, "staffGrp")
        for kind, group in self.groups:
            inner = sub(outer, "staffGrp", symbol=kind, bar_thru="true") if kind != "alone" else outer
            labelled = self.rng.random() < PIECE.labelled
            for staff in group:
                node = sub(inner, "staffDef", n=staff.number, lines=5)
                if labelled:
                    sub(node, "label").text = texts.pick(self.rng, texts.INSTRUMENTS)
                write_clef(node, staff.clef)
                if staff.clef != "clefPercussion":
                    sub(node, "keySig", sig=self.key)
                self._write_metre(node)

    def _write_metre(self, parent: Node) -> None:
        count, unit = self.metre
        sign = {"timeSigCommon": "common", "timeSigCutCommon": "cut"}.get(self.metre_name, "")
        sub(parent, "meterSig", count=count, unit=unit, sym=sign)

    def _new_key(self) -> str:
        kind = self.style.pick(_KEYS)
        if kind == "no key":
            return "0"
        return f"{self.rng.integers(*PIECE.accidentals)}{'s' if kind == 'keySharp' else 'f'}"

    def _changes(self, section: Node) -> None:
        """Perhaps a new key or metre before the next measure."""
        if self.style.marks("key change", PIECE.key_change):
            key = "0" if self.style.wants("keyNatural", PIECE.no_key) else self._new_key()
            group = sub(sub(section, "scoreDef"), "staffGrp")
            for staff in self.staves:
                node = sub(group, "staffDef", n=staff.number)
                if staff.clef != "clefPercussion" and key != self.key:
                    sub(node, "keySig", sig=key, cancelaccid="before")
            self.key = key
        if self.style.marks("metre change", PIECE.metre_change):
            self.metre_name = self.style.pick(METRES)
            self._write_metre(sub(section, "scoreDef"))

    # --- measures ---

    def _measures(self, section: Node) -> None:
        """Write measures until the piece is long enough; now and then two under voltas."""
        wanted, number = int(self.rng.integers(*PIECE.length)), 0
        while number < PIECE.least_measures or self._written() + PIECE.measure_length * number < wanted:
            if number:
                self._changes(section)
            if number > 1 and self.style.marks("voltaBracket", PIECE.voltas):
                self._measure(sub(section, "ending", n=1), number + 1, "rptend")
                self._measure(sub(section, "ending", n=2), number + 2, "")
                number += 2
            else:
                number += 1
                self._measure(section, number, self._barline())
        list(section.iter("measure"))[-1].set("right", "end")

    def _written(self) -> int:
        """Count the notes and chords so far."""
        return sum(voice.written for staff in self.staves for voice in staff.voices)

    def _barline(self) -> str:
        """MEI's name for the line at the end of a measure, "" for the usual one."""
        if self.style.marks("repeat", PIECE.repeat):
            return self.style.choice(["rptend", "rptboth", "rptstart"])
        if self.style.marks("barline", PIECE.barline):
            name = self.style.pick(_BARLINES)
            return {"barlineDashed": "dashed", "barlineHeavy": "heavy"}.get(name, name)
        return ""

    def _measure(self, parent: Node, number: int, right: str) -> None:
        measure = sub(parent, "measure", n=number, right=right)
        silent = ""
        resting = MEASURE.multi_measure_rest / len(self.staves)
        if number > 1 and self.style.wants("multi-measure rest", resting):
            silent = "multiRest"
        elif number > 1 and self.style.wants("measureRepeat", MEASURE.measure_repeat):
            silent = "mRpt"
        long = self.rng.random() < MEASURE.long_rest
        length = int(self.rng.integers(*(MEASURE.rested_long if long else MEASURE.rested)))
        for staff in self.staves:
            node = sub(measure, "staff", n=staff.number)
            if silent or self.style.wants("measure rest", MEASURE.measure_rest):
                for voice in staff.voices:
                    voice.pause()
                rest = sub(sub(node, "layer", n=1), silent or "mRest")
                if silent == "multiRest":
                    rest.attrib.update(num=str(length), block="true")
                elif silent == "mRpt":
                    rest.set("num.visible", "false")
            else:
                self._sound(staff, measure, node)
        self._texts(measure)

    def _sound(self, staff: Staff, measure: Node, node: Node) -> None:
        """Fill a staff of a measure; a second voice is silent at times."""
        sounding = staff.voices if self.rng.random() < MEASURE.both_voices else staff.voices[:1]
        for voice in staff.voices[len(sounding) :]:
            voice.pause()
        cue = self.style.marks("cue", MEASURE.cue) or self._small_long_note()
        for i, voice in enumerate(sounding, 1):
            layer = Layer(self.style, staff, voice, measure, cue=cue, alone=len(sounding) == 1)
            layer.write(sub(node, "layer", n=i), self.metre)

    def _small_long_note(self) -> bool:
        """Whether to write a cue because this metre has room for one of the rare small notes."""
        wholes = self.metre[0] // self.metre[1]
        if wholes >= 2:
            return self.style.marks("noteheadDoubleWholeSmall", MEASURE.small_breve)
        return wholes == 1 and self.style.marks("noteheadWholeSmall", MEASURE.small_whole)

    def _texts(self, measure: Node) -> None:
        """Words and signs that stand above the system."""
        if self.style.marks("tempo", MEASURE.tempo):
            sub(measure, "tempo", tstamp=1, staff=1, place="above").text = texts.pick(self.rng, texts.TEMPI)
        if self.style.marks("chord names", MEASURE.chord_names):
            for beat in range(1, self.metre[0] + 1, MEASURE.chord_name_beats):
                sub(measure, "harm", tstamp=beat, staff=1).text = texts.pick(self.rng, texts.CHORDS)
        if self.style.marks("rehearsal mark", MEASURE.rehearsal_mark):
            sub(measure, "reh", tstamp=1, staff=1).text = self.style.choice("ABCDEFGH")
        for sign in ("segno", "coda"):
            if self.style.wants(sign, MEASURE.segno):
                sub(measure, "repeatMark", tstamp=1, staff=1, func=sign, place="above")
