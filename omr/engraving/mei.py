"""Write the part of MEI that random music uses: elements, clefs, pitches, voices in the making."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

Node = ET.Element

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
"""Shape, line, octave displacement and its side, by name."""

MIDDLE_LINE = 4
"""Staff position of the middle line."""


@dataclass
class Anchor:
    """A note or chord that marks may be attached to.

    Attributes
    ----------
    id : str
        Its ``xml:id``.
    measure : Element
        The measure it belongs to.
    chord : bool
        Whether it is a chord.
    """

    id: str
    measure: Node
    chord: bool


@dataclass
class Voice:
    """One voice of a staff through the whole piece.

    Attributes
    ----------
    name : str
        Prefix of the identifiers of its notes.
    low, high : int
        Its usual range in staff positions: 0 is the lowest line, 8 the highest.
    position : int
        Staff position of its last note.
    written : int
        How many notes and chords it has so far.
    runs : list of list of Anchor
        Stretches without rests, which spanning marks stay within.
    tied : tuple or None
        A note whose tie waits for the next note, and its staff positions.
    """

    name: str
    low: int
    high: int
    position: int = MIDDLE_LINE
    written: int = 0
    runs: list[list[Anchor]] = field(default_factory=lambda: [[]])
    tied: tuple[Anchor, list[int]] | None = None

    def new_id(self) -> str:
        """Count one more note or chord.

        Returns
        -------
        str
            Its identifier.
        """
        self.written += 1
        return f"{self.name}n{self.written}"

    def pause(self) -> None:
        """Let no tie and no slur continue beyond this point."""
        self.tied = None
        if self.runs[-1]:
            self.runs.append([])


@dataclass
class Staff:
    """One staff and the style of the music on it.

    Attributes
    ----------
    number : int
        From 1, counted from the top.
    clef : str
        A name in `CLEFS`.
    voices : list of Voice
    chords : float
        Probability, 0 to 1, that a note becomes a chord.
    sung : bool
        Whether the music has lyrics, and flags in place of beams.
    crossed : bool
        Whether the noteheads are crosses.
    lyrics : list of (str, str)
        Syllables that are still to be written, with MEI's ``wordpos``.
    """

    number: int
    clef: str
    voices: list[Voice]
    chords: float
    sung: bool
    crossed: bool
    lyrics: list[tuple[str, str]] = field(default_factory=list)


def sub(parent: Node, tag: str, **attributes: object) -> Node:
    """Append a child to an element.

    Parameters
    ----------
    parent : Element
    tag : str
    **attributes
        `id` stands for ``xml:id`` and an underscore for the dot of MEI's names; attributes that are "" are
        left out.

    Returns
    -------
    Element
        The child.
    """
    names = {k: "xml:id" if k == "id" else k.replace("_", ".") for k in attributes}
    return ET.SubElement(parent, tag, {names[k]: str(v) for k, v in attributes.items() if v != ""})


def write_clef(parent: Node, name: str) -> None:
    """Append a clef to an element.

    Parameters
    ----------
    parent : Element
    name : str
        A name in `CLEFS`.
    """
    shape, line, displaced, place = CLEFS[name]
    sub(parent, "clef", shape=shape, line=line, dis=displaced or "", dis_place=place)


def write_pitch(note: Node, clef: str, position: int) -> None:
    """Give a note the pitch of a staff position.

    Parameters
    ----------
    note : Element
        Gets its pitch name and octave; under a percussion clef, its staff position.
    clef : str
        A name in `CLEFS`.
    position : int
        Steps above the lowest line.
    """
    shape, line, displaced, place = CLEFS[clef]
    if shape == "perc":
        note.set("loc", str(position))
        return
    octaves = {0: 0, 8: 7, 15: 14}[displaced] * (1 if place == "above" else -1)
    pitch = {"G": 32, "F": 24, "C": 28}[shape] - 2 * (line - 1) + position + octaves
    note.set("pname", "cdefgab"[pitch % 7])
    note.set("oct", str(pitch // 7))
