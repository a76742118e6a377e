"""List the notes of an engraved page from verovio's MEI: the truth that reading the page is measured against.

It is derived from the encoding alone and shares no code with `omr.notation`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree import ElementTree

_MEI = "{http://www.music-encoding.org/ns/mei}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_ALTERS = {"s": 1, "f": -1, "n": 0, "x": 2, "ss": 2, "ff": -2, "su": 1, "sd": 1, "fu": -1, "fd": -1}
_SHARPS = "fcgdaeb"
_CONTAINERS = (
    "beam",
    "tuplet",
    "bTrem",
    "graceGrp",
    "app",
    "lem",
    "rdg",
    "choice",
    "sic",
    "corr",
    "orig",
    "reg",
)


@dataclass(frozen=True, slots=True)
class TrueNote:
    """A note as it was encoded.

    Attributes
    ----------
    staff : int
        From 1, counted from the top.
    onset, duration : Fraction
        In quarter notes; onsets from the start of the measure.
    step : str
        "C" to "B".
    octave : int
        As written; middle C is in octave 4.
    alter : int
        Alteration in semitones.
    shown : int
        Alteration in semitones that the printed accidentals and the key signature tell a reader. It differs
        from `alter` where an encoding leaves out an accidental.
    """

    staff: int
    onset: Fraction
    duration: Fraction
    step: str
    octave: int
    alter: int
    shown: int


@dataclass
class _Staff:
    """The key of one staff and the accidentals so far in the measure."""

    key: int = 0
    accidentals: dict[tuple[str, int], int] = field(default_factory=dict)

    def alter(self, step: str, octave: int) -> int:
        if (step, octave) in self.accidentals:
            return self.accidentals[step, octave]
        order = _SHARPS if self.key > 0 else _SHARPS[::-1]
        return (1 if self.key > 0 else -1) * (step in order[: abs(self.key)])


def true_measures(mei: str) -> dict[str, list[TrueNote]]:
    """List the notes of every measure of an MEI document.

    Parameters
    ----------
    mei : str
        From verovio's ``getMEI``.

    Returns
    -------
    dict of str to list of TrueNote
        Notes in order, by the id of the measure.
    """
    root = ElementTree.fromstring(mei)
    score = next(root.iter(f"{_MEI}score"))
    explicit = any("accid.ges" in element.attrib for element in root.iter())
    tied = _ends_of_ties(root)
    return dict(_Reader(explicit, tied).measures(score))


def _ends_of_ties(root: ElementTree.Element) -> set[str]:
    """Ids of notes that a tie leads to: they need no accidental of their own."""
    ends = {tie.get("endid", "").removeprefix("#") for tie in root.iter(f"{_MEI}tie")}
    ends |= {n.get(_ID, "") for n in root.iter(f"{_MEI}note") if n.get("tie", "") in ("m", "t")}
    return ends


class _Reader:
    def __init__(self, explicit: bool, tied: set[str]) -> None:
        self.explicit = explicit
        self.tied = tied
        self.staves: dict[int, _Staff] = {}
        self.last: dict[tuple[int, str, int], int] = {}

    def measures(self, element: ElementTree.Element) -> Iterator[tuple[str, list[TrueNote]]]:
        for child in element:
            tag = child.tag.removeprefix(_MEI)
            if tag == "measure":
                yield child.get(_ID, ""), list(self.measure(child))
            elif tag in ("scoreDef", "staffDef", "staffGrp"):
                self.define(child)
            elif tag in ("section", "ending"):
                yield from self.measures(child)

    def define(self, element: ElementTree.Element) -> None:
        """Take in the key signatures of a score or staff definition."""
        everywhere = _key(element) if element.tag == f"{_MEI}scoreDef" else None
        if everywhere is not None:
            for staff in self.staves.values():
                staff.key = everywhere
        for definition in element.iter(f"{_MEI}staffDef"):
            staff = self.staves.setdefault(int(definition.get("n", "1")), _Staff(everywhere or 0))
            key = _key(definition)
            if key is not None:
                staff.key = key

    def measure(self, measure: ElementTree.Element) -> Iterator[TrueNote]:
        for staff in self.staves.values():
            staff.accidentals.clear()
        for staff_element in measure.iterfind(f"{_MEI}staff"):
            number = int(staff_element.get("n", "1"))
            for layer in staff_element.iterfind(f"{_MEI}layer"):
                self.time = Fraction(0)
                yield from self.layer(layer, number, Fraction(1), False)

    def layer(
        self, element: ElementTree.Element, staff: int, scale: Fraction, grace: bool
    ) -> Iterator[TrueNote]:
        for child in element:
            tag = child.tag.removeprefix(_MEI)
            here = int(child.get("staff", staff))
            small = grace or "grace" in child.attrib or tag == "graceGrp"
            if tag in ("note", "chord"):
                duration = Fraction(0) if small else _duration(child, scale)
                notes = [child] if tag == "note" else child.findall(f"{_MEI}note")
                for note in notes:
                    yield self.note(note, int(note.get("staff", here)), duration)
                self.time += duration
            elif tag in ("rest", "space") and not small:
                self.time += _duration(child, scale)
            elif tag == "tuplet":
                inside = scale * Fraction(int(child.get("numbase", 2)), int(child.get("num", 3)))
                yield from self.layer(child, here, inside, small)
            elif tag == "fTrem":  # each of the two is written as long as both last
                yield from self.layer(child, here, scale / 2, small)
            elif tag in _CONTAINERS:
                yield from self.layer(child, here, scale, small)

    def note(self, note: ElementTree.Element, staff: int, duration: Fraction) -> TrueNote:
        step, octave = note.get("pname"), int(note.get("oct", "4"))
        if step is None:  # no pitch, only a place: 0 is the lowest line, named as under a G clef
            place_on_staff = 30 + int(note.get("loc", "4"))
            step, octave = "cdefgab"[place_on_staff % 7], place_on_staff // 7
        memory = self.staves.setdefault(staff, _Staff())
        child = note.find(f"{_MEI}accid")
        written = note.get("accid") or (child.get("accid") if child is not None else None)
        sounding = note.get("accid.ges") or (child.get("accid.ges") if child is not None else None)
        place = staff, step, octave
        if written in _ALTERS:
            shown = memory.accidentals[step, octave] = _ALTERS[written]
        elif note.get(_ID, "") in self.tied and (step, octave) not in memory.accidentals:
            shown = self.last.get(place, memory.alter(step, octave))
        else:
            shown = memory.alter(step, octave)
        self.last[place] = shown
        alter = _ALTERS.get(sounding or written or "", 0) if self.explicit else shown
        return TrueNote(staff, self.time, duration, step.upper(), octave, alter, shown)


def _key(element: ElementTree.Element) -> int | None:
    child = element.find(f"{_MEI}keySig")
    text = element.get("keysig") or (child.get("sig") if child is not None else None)
    if text is None:
        return None
    return 0 if text[:1] in ("0", "m") else int(text[:-1]) * (1 if text[-1] == "s" else -1)


def _duration(element: ElementTree.Element, scale: Fraction) -> Fraction:
    """In quarters; nothing for what has none, such as a whole measure's rest."""
    name = element.get("dur")
    if name is None:
        return Fraction(0)
    plain = {"breve": Fraction(8), "long": Fraction(16), "maxima": Fraction(32)}.get(name) or Fraction(
        4, int(name)
    )
    dots = int(element.get("dots", 0))
    return plain * (2 - Fraction(1, 2**dots)) * scale
