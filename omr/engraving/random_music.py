"""Random music that an engraver would allow: MEI for verovio in which rare symbols are common.

Real music has few double flats and no 128th flags; a detector needs hundreds.
`random_mei` writes pieces whose measures add up, with every class of the
vocabulary that verovio can draw.

What verovio 6.4.1 can't draw as a glyph: fingerings 0 to 5 (`<fing>` becomes
text in whatever text font is at hand: find the `text` element's box and label
it, or draw the digit yourself). Everything else appears as a glyph or a shape.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from omr.engraving import texts
from omr.engraving.rhythm import WHOLE, Cell, Value, fill
from omr.engraving.taste import Taste

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

Node = ET.Element

# name of the decision: shape, line, octave displacement, its place
CLEFS: dict[str, tuple[str, int, int, str]] = {
    "clefG": ("G", 2, 0, ""),
    "clefF": ("F", 4, 0, ""),
    "clefCAlto": ("C", 3, 0, ""),
    "clefCTenor": ("C", 4, 0, ""),
    "soprano": ("C", 1, 0, ""),
    "mezzo-soprano": ("C", 2, 0, ""),
    "baritone": ("F", 3, 0, ""),
    "french": ("G", 1, 0, ""),
    "clefG8below": ("G", 2, 8, "below"),
    "clefG8above": ("G", 2, 8, "above"),
    "clefG15below": ("G", 2, 15, "below"),
    "clefG15above": ("G", 2, 15, "above"),
    "clefF8below": ("F", 4, 8, "below"),
    "clefF8above": ("F", 4, 8, "above"),
    "clefF15below": ("F", 4, 15, "below"),
    "clefF15above": ("F", 4, 15, "above"),
    "clefPercussion": ("perc", 3, 0, ""),
}
_CLEF_WEIGHTS = dict.fromkeys(CLEFS, 0.35) | {
    "clefG": 8.0, "clefF": 5.0, "clefCAlto": 1.6, "clefCTenor": 1.2, "soprano": 0.5, "clefPercussion": 0.8,
}  # fmt: skip
_METRES = {
    "4/4": 6.0, "3/4": 5.0, "2/4": 4.0, "6/8": 3.0, "timeSigCommon": 2.5, "timeSigCutCommon": 1.8, "3/8": 1.2,
    "2/2": 1.2, "9/8": 1.0, "12/8": 1.0, "5/4": 0.7, "7/8": 0.8, "5/8": 0.6, "6/4": 0.5, "10/8": 0.4,
    "19/16": 0.25, "3/2": 0.8, "4/2": 0.8, "8/4": 0.3, "7/4": 0.4, "15/8": 0.3, "13/16": 0.25, "9/16": 0.4,
    "20/16": 0.25, "17/16": 0.25, "6/16": 0.3, "10/4": 0.25, "2/1": 0.25, "3/1": 0.15, "7/16": 0.3, "30/32": 0.1,
    "9/4": 0.3, "8/8": 0.3, "10/16": 0.3, "1/4": 0.1, "1/2": 0.1,
}  # fmt: skip
_DYNAMICS = {
    "p": 4.0, "f": 4.0, "pp": 1.5, "ff": 1.5, "mf": 2.0, "mp": 2.0, "ppp": 0.4, "fff": 0.4, "sf": 1.0, "fp": 0.6,
    "sfz": 0.9, "rfz": 0.7, "fz": 0.7, "sffz": 0.4, "rf": 0.6, "sfp": 0.3, "sfpp": 0.2, "mfp": 0.1, "pf": 0.1,
}  # fmt: skip
# marks at one note: decision, its probability, MEI element, attributes; they hang on the note by startid
_POINTS: tuple[tuple[str, float, str, dict[str, str]], ...] = (
    ("fermataAbove", 0.008, "fermata", {"place": "above"}),
    ("fermataBelow", 0.007, "fermata", {"place": "below"}),
    ("ornamentTrill", 0.008, "trill", {}),
    ("ornamentTurn", 0.008, "turn", {"form": "upper"}),
    ("ornamentTurnInverted", 0.006, "turn", {"form": "lower"}),
    ("ornamentShortTrill", 0.008, "mordent", {"form": "upper"}),
    ("ornamentMordent", 0.008, "mordent", {"form": "lower"}),
    ("caesura", 0.005, "caesura", {}),
    ("breathMark", 0.007, "breath", {}),
)
_ARTICULATIONS = {
    "stacc": ("articStaccato", 6.0),
    "acc": ("articAccent", 3.0),
    "ten": ("articTenuto", 3.0),
    "stacciss": ("articStaccatissimo", 1.6),
    "marc": ("articMarcato", 2.0),
    "dnbow": ("stringsDownBow", 1.2),
    "upbow": ("stringsUpBow", 1.2),
}
_ACCIDENTALS = {
    "s": ("accidentalSharp", 3.0),
    "f": ("accidentalFlat", 3.0),
    "n": ("accidentalNatural", 3.0),
    "x": ("accidentalDoubleSharp", 0.5),
    "ff": ("accidentalDoubleFlat", 0.5),
}
_BARLINES = {"dbl": 3.0, "barlineDashed": 2.0, "barlineHeavy": 1.0}

_LONG_METRES = ("4/2", "8/4", "2/1", "3/1", "10/4", "9/4")
_HINGES: dict[str, tuple[str, ...]] = {
    **{f"timeSig{d}": (*tuple(m for m in _METRES if str(d) in m), "metre change") for d in range(10)},
    **{f"dynamic{c.upper()}": (*tuple(d for d in _DYNAMICS if c in d), "dynamics") for c in "pmfszr"},
    **{f"tremolo{n}": ("tremolo",) for n in range(1, 6)},
    **{f"tuplet{n}": ("tuplet",) for n in range(1, 10)},
    **{
        f"{what}{name}{small}": (value, extra)
        for name, value in (("32nd", "32"), ("64th", "64"), ("128th", "128"), ("16th", "16"), ("8th", "8"))
        for what, small, extra in (
            ("rest", "", "rest"), ("flag", "Up", "unbeamed"), ("flag", "Down", "unbeamed"),
            ("flag", "UpSmall", "grace"), ("flag", "DownSmall", "grace"),
        )
    },
    "flag8thDownSmall": ("grace", "grace stem down"),
    "tuplet1": ("tuplet", "tuplet1 and 3", "tuplet1 and 5"),
    "clef8": ("clef change", *(c for c in CLEFS if "8" in c)),
    "clef15": ("clef change", *(c for c in CLEFS if "15" in c)),
    "clefC": ("clef change", "clefCAlto", "clefCTenor", "soprano", "mezzo-soprano"),
    "clefCAlto": ("clef change",),
    "clefCTenor": ("clef change",),
    "noteheadDoubleWhole": ("long value", *_LONG_METRES),
    "restDoubleWhole": ("long value", "rest", *_LONG_METRES),
    "noteheadDoubleWholeSmall": ("cue", "long value", *_LONG_METRES),
    "noteheadWhole": ("long value",),
    "restWhole": ("measure rest",),
    "restHalf": ("rest", "long value"),
    "restQuarter": ("rest",),
    "noteheadHalf": ("long value",),
    "noteheadWholeSmall": ("cue", "long value"),
    "noteheadHalfSmall": ("cue", "long value"),
    "noteheadBlackSmall": ("cue", "grace"),
    **{f"accidental{a}Small": ("cue", "cue accidental", "editorial") for a in ("Flat", "Natural", "Sharp")},
    **{name: ("accidental",) for name, _ in _ACCIDENTALS.values()},
    **{f"key{a}": ("key", "key change") for a in ("Flat", "Natural", "Sharp")},
    **{f"{name}{place}": ("articulation", name) for name, _ in _ARTICULATIONS.values() for place in ("Above", "Below")},
    **{name: ("articulation",) for name, _ in _ARTICULATIONS.values()},
    "graceNoteAcciaccaturaStemUp": ("grace", "slashed"),
    "graceNoteAppoggiaturaStemUp": ("grace", "unslashed"),
    "graceNoteAcciaccaturaStemDown": ("grace", "slashed", "grace stem down"),
    "graceNoteAppoggiaturaStemDown": ("grace", "unslashed", "grace stem down"),
    "legerLine": ("ledgerLine",),
    "dynamicCrescendoHairpin": ("hairpin",),
    "dynamicDiminuendoHairpin": ("hairpin",),
    "restHBar": ("multi-measure rest",),
    "restHNr": ("multi-measure rest",),
    "keyboardPedalPed": ("pedal",),
    "keyboardPedalUp": ("pedal",),
    "wiggleTrill": ("ornamentTrill",),
    "repeatDot": ("repeat",),
    "voltaBracket": ("repeat", "voltaBracket"),
    "arpeggiato": ("chord",),
    **{f"fingering{n}": ("fingering",) for n in range(6)},
}  # fmt: skip


def random_mei(rng: np.random.Generator, rare: Sequence[str] = ()) -> str:
    """A random piece of one to two dense pages as MEI.

    Parameters
    ----------
    rng : numpy.random.Generator
        The only source of chance: equal states write equal pieces.
    rare : sequence of str
        Class names (DeepScoresV2 or core) of which this piece should have many.

    Returns
    -------
    str
        An MEI 5 document that verovio loads.
    """
    return _Piece(Taste(rng, rare, _HINGES)).write()


@dataclass
class _Anchor:
    """A note or chord that marks may hang on."""

    id: str
    measure: Node
    staff: int
    chord: bool
    value: Value


@dataclass
class _Voice:
    """One layer of a staff through the whole piece.

    `runs` are stretches of sounding notes that spanning marks stay within;
    `tied` is a note that waits for its continuation, and its staff positions.
    """

    low: int
    high: int
    runs: list[list[_Anchor]] = field(default_factory=lambda: [[]])
    tied: tuple[_Anchor, list[int]] | None = None
    position: int = 4

    def pause(self) -> None:
        if self.runs[-1]:
            self.runs.append([])


@dataclass
class _Staff:
    """What holds for one staff: its clef and how it is written."""

    number: int
    clef: str
    voices: list[_Voice]
    chords: float
    sung: bool
    crossed: bool
    lyrics: list[tuple[str, str]] = field(default_factory=list)


def _sub(parent: Node, tag: str, **attributes: object) -> Node:
    """A child whose attribute names may use `_` for the dot of MEI and `id` for `xml:id`."""
    names = {k: "xml:id" if k == "id" else k.rstrip("_").replace("_", ".") for k in attributes}
    return ET.SubElement(
        parent, tag, {names[k]: str(v) for k, v in attributes.items() if v not in ("", None)}
    )


class _Piece:
    """Writes one piece: the plan of its staves, then measure by measure, then the marks."""

    def __init__(self, taste: Taste) -> None:
        self.taste = taste
        self.rng = taste.rng
        self.busy = float(self.rng.uniform(0.35, 1.3))  # how thick marks of all kinds stand on this page
        self.key = self._new_key()
        self.metre_name = taste.pick(_METRES)
        self.ids = 0
        self.events = 0
        self.groups: list[tuple[str, list[_Staff]]] = []
        self._plan_staves()

    @property
    def staves(self) -> list[_Staff]:
        return [staff for _, group in self.groups for staff in group]

    @property
    def metre(self) -> tuple[int, int]:
        named = {"timeSigCommon": "4/4", "timeSigCutCommon": "2/2"}.get(self.metre_name, self.metre_name)
        count, unit = named.split("/")
        return int(count), int(unit)

    def wants(self, name: str, probability: float) -> bool:
        """A decision on a mark, which a busy page takes more often."""
        return self.taste.wants(name, min(0.9, probability * self.busy))

    def new_id(self) -> str:
        self.ids += 1
        return f"n{self.ids}"

    def _new_key(self) -> str:
        kind = self.taste.pick({"no key": 1.0, "keySharp": 2.5, "keyFlat": 2.5})
        return "0" if kind == "no key" else f"{self.rng.integers(1, 8)}{'s' if kind == 'keySharp' else 'f'}"

    # --- the plan ---

    def _plan_staves(self) -> None:
        wanted = int(self.rng.choice([1, 2, 3, 4, 5, 6], p=[0.2, 0.32, 0.18, 0.16, 0.08, 0.06]))
        while len(self.staves) < wanted:
            room = wanted - len(self.staves)
            kind = self.taste.pick(
                {"alone": 1.0, "brace": 1.4 if room > 1 else 0, "bracket": 1.0 if room > 1 else 0}
            )
            size = 1 if kind == "alone" else 2 if kind == "brace" else int(self.rng.integers(2, room + 1))
            if kind == "brace" and room > 2 and self.rng.random() < 0.1:
                size = 3
            first = len(self.staves) + 1
            self.groups.append(
                (kind, [self._new_staff(first + i, kind == "brace" and i > 0) for i in range(size)])
            )

    def _new_staff(self, number: int, left_hand: bool) -> _Staff:
        weights = _CLEF_WEIGHTS | ({"clefF": 16.0} if left_hand else {})
        clef = self.taste.pick(weights)
        two = self.rng.random() < 0.3
        voices = [_Voice(4, 12), _Voice(-4, 4)] if two else [_Voice(-3, 11)]
        sung = self.wants("lyrics", 0.12)
        chords = 0.0 if sung else float(self.rng.choice([0.0, 0.1, 0.3], p=[0.35, 0.35, 0.3]))
        crossed = clef == "clefPercussion" and self.rng.random() < 0.5
        return _Staff(number, clef, voices, chords, sung, crossed)

    # --- the document ---

    def write(self) -> str:
        mei = Node("mei", {"xmlns": "http://www.music-encoding.org/ns/mei", "meiversion": "5.0"})
        self._head(_sub(mei, "meiHead"))
        score = _sub(_sub(_sub(_sub(_sub(mei, "music"), "body"), "mdiv"), "score"), "scoreDef")
        root = mei.find("./music/body/mdiv/score")
        assert root is not None
        self._score_def(score)
        self._measures(_sub(root, "section"))
        for staff in self.staves:
            for voice in staff.voices:
                self._marks(staff, voice)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(mei, encoding="unicode")

    def _head(self, head: Node) -> None:
        title = _sub(_sub(head, "fileDesc"), "titleStmt")
        _sub(title, "title").text = self.title = texts.title(self.rng)
        _sub(title, "composer").text = self.composer = texts.person(self.rng)

    def _score_def(self, definition: Node) -> None:
        for where, text in (("pgHead", self.title), ("pgFoot", texts.imprint(self.rng))):
            _sub(_sub(definition, where), "rend", halign="center").text = text
        outer = _sub(definition, "staffGrp")
        for kind, group in self.groups:
            inner = _sub(outer, "staffGrp", symbol=kind, bar_thru="true") if kind != "alone" else outer
            labelled = self.rng.random() < 0.4
            for staff in group:
                node = _sub(inner, "staffDef", n=staff.number, lines=5)
                if labelled:
                    _sub(node, "label").text = texts.pick(self.rng, texts.INSTRUMENTS)
                _clef(node, staff.clef)
                if staff.clef != "clefPercussion":
                    _sub(node, "keySig", sig=self.key)
                self._metre(node)

    def _metre(self, parent: Node) -> None:
        symbol = {"timeSigCommon": "common", "timeSigCutCommon": "cut"}.get(self.metre_name, "")
        count, unit = self.metre
        _sub(parent, "meterSig", count=count, unit=unit, sym=symbol)

    def _measures(self, section: Node) -> None:
        wanted, number = int(self.rng.integers(250, 600)), 0
        while self.events < wanted:
            number += 1
            if number > 1:
                self._changes(section)
            parent, ending = section, 0
            if number > 2 and self.wants("repeat", 0.04) and self.taste.wants("voltaBracket", 0.6):
                for ending in (1, 2):
                    parent = _sub(section, "ending", n=ending)
                    self._measure(parent, number, right="rptend" if ending == 1 else "")
                    number += 1
                continue
            self._measure(parent, number, right=self._barline())
        last = list(section.iter("measure"))[-1]
        last.set("right", "end")

    def _barline(self) -> str:
        if self.wants("repeat", 0.05):
            return self.taste.choice(["rptend", "rptboth", "rptstart"])
        if self.wants("barline", 0.05):
            name = self.taste.pick(_BARLINES)
            return {"barlineDashed": "dashed", "barlineHeavy": "heavy"}.get(name, name)
        return ""

    def _changes(self, section: Node) -> None:
        """A new key or metre before the next measure, at times both."""
        key = self.key
        if self.wants("key change", 0.04):
            key = "0" if self.taste.wants("keyNatural", 0.25) else self._new_key()
        metre = self.metre_name
        if self.wants("metre change", 0.05):
            metre = self.taste.pick(_METRES)
        if key != self.key:
            group = _sub(_sub(section, "scoreDef"), "staffGrp")
            for staff in self.staves:
                node = _sub(group, "staffDef", n=staff.number)
                if staff.clef != "clefPercussion":
                    _sub(node, "keySig", sig=key, cancelaccid="before")
            self.key = key
        if metre != self.metre_name:
            self.metre_name = metre
            self._metre(_sub(section, "scoreDef"))

    # --- measures ---

    def _measure(self, parent: Node, number: int, right: str) -> None:
        measure = _sub(parent, "measure", n=number, right=right)
        whole_rest = number > 1 and self.taste.wants("multi-measure rest", 0.03 / len(self.staves))
        repeated = number > 1 and self.taste.wants("measureRepeat", 0.02)
        count = int(self.rng.integers(2, 99 if self.rng.random() < 0.3 else 20))
        for staff in self.staves:
            node = _sub(measure, "staff", n=staff.number)
            if whole_rest or repeated or self.taste.wants("measure rest", 0.04):
                for voice in staff.voices:
                    voice.tied = None
                    voice.pause()
                layer = _sub(node, "layer", n=1)
                if whole_rest:
                    _sub(layer, "multiRest", num=count)
                else:
                    _sub(layer, "mRpt" if repeated else "mRest")
                self.events += 1
            else:
                self._sound(staff, measure, node)
        self._measure_texts(measure)

    def _sound(self, staff: _Staff, measure: Node, node: Node) -> None:
        """Fill a staff's layers with notes."""
        voices = staff.voices if self.rng.random() < 0.85 else staff.voices[:1]
        for voice in staff.voices[len(voices) :]:
            voice.tied = None
            voice.pause()
        cue = self.wants("cue", 0.02)
        for i, voice in enumerate(voices, 1):
            layer = _sub(node, "layer", n=i)
            _Layer(self, staff, voice, measure, cue, alone=len(voices) == 1).write(layer)
        if len(voices) == 1 and staff.clef != "clefPercussion" and self.wants("clef change", 0.03):
            staff.clef = self.taste.pick(
                {k: w for k, w in _CLEF_WEIGHTS.items() if k not in (staff.clef, "clefPercussion")}
            )
            _clef(node[0], staff.clef)
            for voice in staff.voices:
                voice.tied = None

    def _measure_texts(self, measure: Node) -> None:
        if self.wants("tempo", 0.04):
            _sub(measure, "tempo", tstamp=1, staff=1, place="above").text = texts.pick(self.rng, texts.TEMPI)
        if self.wants("chord names", 0.05):
            for beat in range(1, self.metre[0] + 1, 2):
                _sub(measure, "harm", tstamp=beat, staff=1).text = texts.pick(self.rng, texts.CHORDS)
        if self.wants("rehearsal mark", 0.015):
            _sub(measure, "reh", tstamp=1, staff=1).text = self.taste.choice("ABCDEFGH")
        for sign in ("segno", "coda"):
            if self.taste.wants(sign, 0.012):
                _sub(measure, "repeatMark", tstamp=1, staff=1, func=sign, place="above")

    # --- marks over notes ---

    def _marks(self, staff: _Staff, voice: _Voice) -> None:
        """Hang slurs, hairpins, dynamics and the rest on the notes of one voice."""
        for run in voice.runs:
            for anchor in run:
                self._points(staff, anchor)
            self._spans(run, "slur", 0.09, self._slur)
            self._spans(run, "hairpin", 0.025, self._hairpin)
            if staff.voices[0] is voice:
                self._spans(run, "ottavaBracket", 0.008, self._octave)
                self._spans(run, "pedal", 0.012, self._pedal)
            self._spans(run, "ornamentTrill", 0.004, self._trill)
            self._spans(run, "glissando", 0.006, self._glissando)

    def _points(self, staff: _Staff, anchor: _Anchor) -> None:
        """The marks at one note; seldom more than one."""
        for name, probability, tag, attributes in _POINTS:
            if self.wants(name, probability):
                _sub(anchor.measure, tag, staff=anchor.staff, startid=f"#{anchor.id}", **attributes)
                break
        at = {"staff": anchor.staff, "startid": f"#{anchor.id}"}
        if anchor.chord and self.wants("arpeggiato", 0.12):
            _sub(anchor.measure, "arpeg", **at)
        if self.wants("dynamics", 0.05):
            place = self.taste.choice(["above", "below", "below", "below"])
            _sub(anchor.measure, "dynam", place=place, **at).text = self.taste.pick(_DYNAMICS)
        if self.wants("fingering", 0.03):
            finger = self.taste.pick({f"fingering{n}": 1.0 for n in range(6)})
            place = self.taste.choice(["above", "below"])
            _sub(anchor.measure, "fing", place=place, **at).text = finger[-1]
        if self.wants("direction", 0.015):
            place = self.taste.choice(["above", "below"])
            _sub(anchor.measure, "dir", place=place, **at).text = texts.pick(self.rng, texts.DIRECTIONS)

    def _spans(self, run: list[_Anchor], name: str, probability: float, draw) -> None:  # type: ignore[no-untyped-def]
        """Walk a run and lay spans of one kind end to end, with gaps."""
        i = 0
        while i < len(run) - 1:
            if self.wants(name, probability):
                length = int(
                    min(len(run) - 1 - i, 1 + self.rng.geometric(0.1 if self.rng.random() < 0.3 else 0.4))
                )
                draw(run[i : i + length + 1])
                i += length
            i += 1

    def _slur(self, notes: list[_Anchor]) -> None:
        first, last = notes[0], notes[-1]
        _sub(first.measure, "slur", staff=first.staff, startid=f"#{first.id}", endid=f"#{last.id}")
        if len(notes) > 5 and self.rng.random() < 0.4:
            self._slur(notes[1 : 1 + int(self.rng.integers(2, 4))])

    def _hairpin(self, notes: list[_Anchor]) -> None:
        first, last = notes[0], notes[-1]
        kind = self.taste.pick({"dynamicCrescendoHairpin": 1.0, "dynamicDiminuendoHairpin": 1.0})
        _sub(
            first.measure, "hairpin", form="cres" if "Cresc" in kind else "dim", staff=first.staff,
            startid=f"#{first.id}", endid=f"#{last.id}", place=self.taste.choice(["below", "below", "above"]),
        )  # fmt: skip

    def _octave(self, notes: list[_Anchor]) -> None:
        first, last = notes[0], notes[-1]
        _sub(
            first.measure, "octave", dis=self.taste.choice([8, 8, 15]), dis_place=self.taste.choice(["above", "below"]),
            staff=first.staff, startid=f"#{first.id}", endid=f"#{last.id}",
        )  # fmt: skip

    def _pedal(self, notes: list[_Anchor]) -> None:
        for anchor, way in ((notes[0], "down"), (notes[-1], "up")):
            _sub(anchor.measure, "pedal", dir=way, staff=anchor.staff, startid=f"#{anchor.id}", place="below")

    def _trill(self, notes: list[_Anchor]) -> None:
        first, last = notes[0], notes[min(2, len(notes) - 1)]
        ends = {"startid": f"#{first.id}", "endid": f"#{last.id}"}
        _sub(first.measure, "trill", staff=first.staff, extender="true", **ends)

    def _glissando(self, notes: list[_Anchor]) -> None:
        first, last = notes[:2]
        ends = {"startid": f"#{first.id}", "endid": f"#{last.id}"}
        _sub(first.measure, "gliss", lform=self.taste.choice(["solid", "wavy"]), **ends)


def _clef(parent: Node, name: str) -> None:
    shape, line, displaced, place = CLEFS[name]
    _sub(parent, "clef", shape=shape, line=line, dis=displaced or "", dis_place=place)


class _Layer:
    """Writes one voice of one measure of one staff."""

    def __init__(
        self, piece: _Piece, staff: _Staff, voice: _Voice, measure: Node, cue: bool, alone: bool
    ) -> None:
        self.piece, self.staff, self.voice, self.measure = piece, staff, voice, measure
        self.taste, self.rng, self.wants = piece.taste, piece.rng, piece.wants
        self.cue, self.alone = cue, alone

    def write(self, layer: Node) -> None:
        cells = fill(self.piece.metre, self.taste)
        for cell in cells:
            if cell.num == 1:
                self._cell(layer, cell)
                continue
            bracket = self.taste.choice(["true", "false", ""])
            node = _sub(layer, "tuplet", num=cell.num, numbase=cell.den, bracket_visible=bracket)
            self._cell(node, cell)

    def _cell(self, parent: Node, cell: Cell) -> None:
        """The values of a cell, those that can be under beams."""
        values = list(cell.values)
        resting = [cell.num == 1 and self._rests(v) for v in values]
        i = 0
        while i < len(values):
            j = i
            while j < len(values) and values[j].beamable and not resting[j]:
                j += 1
            if j - i > 1 and not self.staff.sung and not self.taste.wants("unbeamed", 0.2):
                beam = _sub(parent, "beam")
                for value in values[i:j]:
                    self._note(beam, value, beamed=True)
                i = j
            else:
                (self._rest if resting[i] else self._note)(parent, values[i])
                i += 1

    def _rests(self, value: Value) -> bool:
        names = {"breve": "restDoubleWhole", "2": "restHalf", "4": "restQuarter", "8": "rest8th", "16": "rest16th",
                 "32": "rest32nd", "64": "rest64th", "128": "rest128th"}  # fmt: skip
        return self.taste.wants("rest", 0.1) or self.taste.wants(names.get(value.dur, "restWhole"), 0.02)

    def _rest(self, parent: Node, value: Value) -> None:
        _sub(parent, "rest", dur=value.dur, dots=value.dots or "", cue="true" if self.cue else "")
        self.voice.tied = None
        self.voice.pause()
        self.piece.events += 1

    def _note(self, parent: Node, value: Value, beamed: bool = False) -> None:
        """One note or chord with its graces, tie, articulations, tremolo and syllable."""
        tied = self.voice.tied
        if not tied and not self.cue and parent.tag != "tuplet" and self.wants("grace", 0.03):
            self._graces(parent, beamed)
        positions = tied[1] if tied else self._positions()
        common = {"id": self.piece.new_id(), "dur": value.dur, "dots": value.dots or ""}
        common |= {"cue": "true" if self.cue else "", "stem_dir": self._stem(beamed)}
        if value.dur not in ("breve", "1") and self.wants("tremolo", 0.015):
            common["stem_mod"] = self.taste.pick({f"tremolo{n}": 1.0 for n in range(1, 6)})[-1] + "slash"
        if len(positions) > 1:
            node = _sub(parent, "chord", **common)
            for position in positions:
                self._pitch(_sub(node, "note", id=self.piece.new_id()), position, value, plain=bool(tied))
        else:
            node = _sub(parent, "note", **common)
            self._pitch(node, positions[0], value, plain=bool(tied))
        self._articulations(node)
        anchor = _Anchor(str(common["id"]), self.measure, self.staff.number, len(positions) > 1, value)
        self._tie(anchor, positions)
        self._syllable(node)
        self.voice.runs[-1].append(anchor)
        self.piece.events += len(positions)

    def _stem(self, beamed: bool) -> str:
        return (
            self.taste.choice(["up", "down"])
            if self.alone and not beamed and self.rng.random() < 0.06
            else ""
        )

    def _positions(self) -> list[int]:
        """Staff positions of the next note or chord, 0 the lowest line, 8 the highest."""
        voice = self.voice
        if self.wants("ledgerLine", 0.03):
            extreme = int(self.rng.integers(3, 9))
            voice.position = (
                voice.high + extreme
                if voice.low > 0 or (self.rng.random() < 0.5 and self.alone)
                else voice.low - extreme
            )
        else:
            step = int(self.rng.choice([-7, -4, -3, -2, -1, 0, 1, 2, 3, 4, 7], p=np_steps))
            voice.position += step
            if not voice.low <= voice.position <= voice.high:
                voice.position = int(self.rng.integers(voice.low, voice.high + 1))
        positions = [voice.position]
        if not self.staff.sung and self.taste.wants("chord", self.staff.chords):
            way = 1 if voice.low > 0 or (self.alone and voice.position < 4) else -1
            for gap in self.rng.choice(
                [1, 2, 3, 4, 5], size=int(self.rng.integers(1, 4)), p=[0.18, 0.4, 0.2, 0.12, 0.1]
            ):
                if abs(positions[-1] + way * int(gap) - positions[0]) <= 9:
                    positions.append(positions[-1] + way * int(gap))
        return sorted(positions)

    def _pitch(self, note: Node, position: int, value: Value, plain: bool = False) -> None:
        """Give a note its place on the staff and, unless `plain`, an accidental."""
        shape, line, displaced, place = CLEFS[self.staff.clef]
        if shape == "perc":
            note.set("loc", str(position))
        else:
            octaves = {0: 0, 8: 7, 15: 14}[displaced] * (1 if place == "above" else -1)
            pitch = {"G": 32, "F": 24, "C": 28}[shape] - 2 * (line - 1) + position + octaves
            note.set("pname", "cdefgab"[pitch % 7])
            note.set("oct", str(pitch // 7))
        crossed = self.staff.crossed or self.wants("noteheadX", 0.004)
        if crossed and value.dur not in ("breve", "1", "2"):
            note.set("head.shape", "x")
        elif not plain and shape != "perc":
            self._accidental(note)

    def _accidental(self, note: Node) -> None:
        small = self.cue and self.taste.wants("cue accidental", 0.3)
        editorial = not small and self.wants("editorial", 0.006)
        if small or editorial or self.taste.wants("accidental", 0.1):
            suffix = "Small" if small or editorial else ""
            weights = {
                name + suffix: weight for name, weight in _ACCIDENTALS.values() if not suffix or weight > 1
            }
            name = self.taste.pick(weights).removesuffix("Small")
            accid = next(a for a, (n, _) in _ACCIDENTALS.items() if n == name)
            _sub(note, "accid", accid=accid, func="edit" if editorial else "")

    def _articulations(self, node: Node) -> None:
        if self.wants("articulation", 0.12):
            name = self.taste.pick(dict(_ARTICULATIONS.values()))
            artic = next(a for a, (n, _) in _ARTICULATIONS.items() if n == name)
            place = (
                ""
                if "Bow" in name or self.rng.random() < 0.4
                else self.taste.pick({f"{name}Above": 1.0, f"{name}Below": 1.0})
            )
            _sub(node, "artic", artic=artic, place=place.removeprefix(name).lower())

    def _tie(self, anchor: _Anchor, positions: list[int]) -> None:
        """End the tie that waits for this note, and perhaps begin one."""
        if self.voice.tied:
            start = self.voice.tied[0]
            _sub(start.measure, "tie", startid=f"#{start.id}", endid=f"#{anchor.id}")
        wanted = len(positions) == 1 and self.wants("tie", 0.05)
        self.voice.tied = (anchor, positions) if wanted else None

    def _syllable(self, node: Node) -> None:
        if self.staff.sung and self.alone:
            if not self.staff.lyrics:
                self.staff.lyrics = texts.syllables(self.rng)
            text, position = self.staff.lyrics.pop(0)
            con = "d" if position in "im" else ""
            _sub(_sub(node, "verse", n=1), "syl", wordpos=position, con=con).text = text

    def _graces(self, parent: Node, beamed: bool) -> None:
        """One to four grace notes before a note; several are beamed."""
        kind = "unacc" if self.taste.pick({"slashed": 1.0, "unslashed": 1.0}) == "slashed" else "acc"
        stem = (
            "down"
            if (not self.alone and self.voice.low < 0) or self.taste.wants("grace stem down", 0.3)
            else "up"
        )
        count = 1 if beamed or self.rng.random() < 0.75 else int(self.rng.integers(2, 5))
        if count > 1:
            parent = _sub(_sub(parent, "graceGrp"), "beam")
        dur = (
            "16"
            if count > 1
            else self.taste.pick({"grace 8": 6.0, "grace 4": 0.8, "grace 2": 0.6, "grace 16": 0.6})[6:]
        )
        for _ in range(count):
            note = _sub(parent, "note", grace=kind, dur=dur, stem_dir=stem)
            low, high = sorted((self.voice.position - 2, self.voice.position + 3))
            self._pitch(note, int(self.rng.integers(low, high)), Value("1", 0, WHOLE), plain=True)
            if self.staff.clef != "clefPercussion" and self.taste.wants("accidental", 0.15):
                weights = {name + "Small": weight for name, weight in _ACCIDENTALS.values() if weight > 1}
                name = self.taste.pick(weights).removesuffix("Small")
                _sub(note, "accid", accid=next(a for a, (n, _) in _ACCIDENTALS.items() if n == name))


np_steps = [0.03, 0.04, 0.07, 0.13, 0.21, 0.06, 0.2, 0.12, 0.07, 0.04, 0.03]
