"""Music as it was written: the small frozen values that reading a page ends in and exporters start from.

Times are in quarter notes, as exact fractions, from the start of the measure.
Staves are numbered from 1 within their part, as in MusicXML.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal, NamedTuple

from omr import formats

VALUES = ("long", "breve", "whole", "half", "quarter", "eighth", "16th", "32nd", "64th", "128th")
"""Names of the note values, each half of the one before."""

Direction = Literal["up", "down", ""]
End = Literal["start", "stop"]


def length(value: str, dots: int = 0) -> Fraction:
    """How many quarters a note value lasts."""
    plain = Fraction(16, 2 ** VALUES.index(value))
    return plain * (2 - Fraction(1, 2**dots))


class Pitch(NamedTuple):
    """A sounding pitch: `step` from "C" to "B", `alter` in semitones, middle C in octave 4."""

    step: str
    octave: int
    alter: int = 0

    @property
    def midi(self) -> int:
        return 12 * (self.octave + 1) + (0, 2, 4, 5, 7, 9, 11)["CDEFGAB".index(self.step)] + self.alter


class Clef(NamedTuple):
    """A clef: its sign, the staff line it names (1 is the lowest) and octaves it shifts the music by."""

    sign: Literal["G", "F", "C", "percussion"]
    line: int
    octaves: int = 0


class TimeSignature(NamedTuple):
    """A metre; `symbol` is "common", "cut" or "" for figures."""

    beats: int
    unit: int
    symbol: str = ""

    @property
    def length(self) -> Fraction:
        """Of a measure, in quarters."""
        return Fraction(4 * self.beats, self.unit)


class Tuplet(NamedTuple):
    """`actual` notes in the time of `normal`."""

    actual: int
    normal: int


class Spanner(NamedTuple):
    """One end of something that lasts: `number` tells those apart that overlap."""

    end: End
    number: int
    placement: str = ""


@dataclass(frozen=True)
class Note:
    """One notehead.

    Attributes
    ----------
    pitch : Pitch
        Where a head without pitch stands on its staff, if `unpitched`.
    accidental : str
        The printed one, in MusicXML's words; "" for none.
    ties : tuple of "start", "stop"
    head : str
        "x" for a crossed head, "" for the usual one.
    symbol : int
        Which symbol of its page it was read from.
    """

    pitch: Pitch
    accidental: str = ""
    ties: tuple[End, ...] = ()
    head: str = ""
    unpitched: bool = False
    symbol: int = -1


@dataclass(frozen=True)
class Event:
    """A note, chord, rest or grace note of a voice.

    Attributes
    ----------
    staff : int
        Where it stands; a voice may cross to a neighbouring staff.
    onset, duration : Fraction
        In quarters; a grace note lasts 0.
    value : str
        One of `VALUES`, as printed.
    dots : int
    notes : tuple of Note
        From the lowest to the highest; empty for a rest.
    tuplet : Tuplet or None
    tuplet_ends : tuple of "start", "stop"
        Whether the tuplet begins or ends here.
    whole_measure : bool
        A rest that fills its measure whatever the metre.
    grace : "", "slashed" or "plain"
    small : bool
        Printed small, as cues are.
    beams : tuple of str
        MusicXML's word for each level, the outermost first: "begin", "continue", "end", "forward hook", ...
    slurs : tuple of Spanner
    marks : tuple of str
        Articulations, ornaments and the like: MusicXML's element names; "-below" inverts a fermata.
    tremolo : int
        Strokes through the stem.
    """

    staff: int
    onset: Fraction
    duration: Fraction
    value: str
    dots: int = 0
    notes: tuple[Note, ...] = ()
    tuplet: Tuplet | None = None
    tuplet_ends: tuple[End, ...] = ()
    whole_measure: bool = False
    grace: Literal["", "slashed", "plain"] = ""
    small: bool = False
    stem: Direction = ""
    beams: tuple[str, ...] = ()
    slurs: tuple[Spanner, ...] = ()
    marks: tuple[str, ...] = ()
    tremolo: int = 0

    @property
    def end(self) -> Fraction:
        return self.onset + self.duration


@dataclass(frozen=True)
class Voice:
    """Events that follow each other; between two of them there may be silence."""

    events: tuple[Event, ...]


@dataclass(frozen=True)
class ClefChange:
    """A clef that holds from `onset` on."""

    staff: int
    onset: Fraction
    clef: Clef


@dataclass(frozen=True)
class Mark:
    """Something that stands by the staff, not at a note: loudness, a hairpin, an octave line, a pedal.

    Attributes
    ----------
    kind : str
        "dynamics", "crescendo", "diminuendo", "octave", "pedal", "segno", "coda".
    text : str
        The letters of a dynamic; "up" or "down" for the side an octave line moves notes to.
    end : "start", "stop" or ""
    """

    kind: str
    staff: int
    onset: Fraction
    text: str = ""
    end: End | Literal[""] = ""
    placement: str = ""
    number: int = 1


@dataclass(frozen=True)
class Barline:
    """What stands at one side of a measure.

    `style` is MusicXML's: "regular", "light-light", "light-heavy", "heavy", "dashed", ...
    """

    style: str = "regular"
    repeat: Literal["", "forward", "backward"] = ""
    ending: tuple[str, ...] = ()
    """Of a volta, "start", "stop" or "discontinue", perhaps two of them."""
    ending_numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Measure:
    """One measure of a part.

    Attributes
    ----------
    number : int
        From 1; 0 for a pickup.
    length : Fraction
        How long it lasts in quarters.
    voices : tuple of Voice
    clefs, marks : tuple
    key : dict of int to int
        Sharps (flats if negative) of a new key signature, by staff.
    time : TimeSignature or None
        A new one.
    left, right : Barline
    new_system, new_page : bool
        Whether the page breaks before it.
    resting : int
        How many measures of rest, this one the first, a printed bar stands for; 0 where there is none.
    repeats_previous : tuple of int
        Staves that only show the sign to repeat the measure before.
    problem : str
        Why its rhythm can't be right; "" where it adds up.
    """

    number: int
    length: Fraction
    voices: tuple[Voice, ...] = ()
    clefs: tuple[ClefChange, ...] = ()
    marks: tuple[Mark, ...] = ()
    key: dict[int, int] = field(default_factory=dict)
    time: TimeSignature | None = None
    left: Barline = Barline()
    right: Barline = Barline()
    new_system: bool = False
    new_page: bool = False
    resting: int = 0
    repeats_previous: tuple[int, ...] = ()
    problem: str = ""

    def events(self, staff: int | None = None) -> Iterator[Event]:
        """Every event, or those of one staff."""
        for voice in self.voices:
            yield from (event for event in voice.events if staff in (None, event.staff))


@dataclass(frozen=True)
class Part:
    """One player's music, on one or more staves."""

    name: str
    staves: int
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Score:
    """A piece of music: parts with equally many measures."""

    parts: tuple[Part, ...] = ()

    def save(self, path: str | Path) -> Path:
        """Write this score to a file.

        Parameters
        ----------
        path : str or Path
            Its suffix names the format: ``.musicxml``, ``.mxl``, ``.mid`` or ``.mei``.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        omr.errors.InputError
            When the suffix names no format of music or the file can't be written.
        """
        return formats.save_score(self, path)

    def export(self, format: str) -> str | bytes:
        """Write this score in a format and return the content.

        Parameters
        ----------
        format : str
            "musicxml", "mxl", "midi" or "mei"; suffixes do as well.

        Returns
        -------
        str or bytes
            Bytes of "mxl" and "midi", text of the others.

        Raises
        ------
        omr.errors.InputError
            When there is no such format.
        """
        return formats.export_score(self, format)
