"""The neutral music model: a `Score` of frozen values, made by reading pages and written by score formats.

A score has parts, a part has measures, a measure has voices, a voice has events (notes, chords, rests), and
an event has notes. All parts of a score have equally many measures. Times are in quarter notes, as exact
fractions, from the start of the measure. Staves are numbered from 1 within their part. Words are those of
MusicXML 4.0 where it has one.

>>> rest = Event(1, Fraction(1), Fraction(3), "half", dots=1)
>>> note = Event(1, Fraction(0), Fraction(1), "quarter", notes=(Note(Pitch("C", 5)),))
>>> measure = Measure(1, Fraction(4), (Voice((note, rest)),), time=TimeSignature(4, 4))
>>> score = Score((Part("Flute", 1, (measure,)),))
>>> [event.value for event in score.parts[0].measures[0].events()]
['quarter', 'half']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal, NamedTuple

from omr import formats

VALUES = ("long", "breve", "whole", "half", "quarter", "eighth", "16th", "32nd", "64th", "128th")
"""Names of the note values, each half of the one before."""

DYNAMICS = (
    *("p" * n for n in range(1, 7)),
    *("f" * n for n in range(1, 7)),
    *("mp", "mf", "sf", "sfp", "sfpp", "fp", "rf", "rfz", "sfz", "sffz", "fz", "n", "pf", "sfzp"),
)
"""The dynamics that MusicXML has elements for."""

Direction = Literal["up", "down", ""]
"""Of a stem; "" where there is none."""

End = Literal["start", "stop"]
"""One end of something that lasts."""

Placement = Literal["above", "below", ""]
"""Side of the staff or of the notes; "" where nobody knows."""

_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
"""Semitones above C of each step."""


def length(value: str, dots: int = 0) -> Fraction:
    """Convert a printed note value to quarters.

    Parameters
    ----------
    value : str
        One of `VALUES`.
    dots : int
        Augmentation dots.

    Returns
    -------
    Fraction

    Examples
    --------
    >>> length("half", dots=1)
    Fraction(3, 1)
    """
    plain = Fraction(16, 2 ** VALUES.index(value))
    return plain * (2 - Fraction(1, 2**dots))


class Pitch(NamedTuple):
    """A sounding pitch, or the place of an unpitched note on its staff.

    Attributes
    ----------
    step : {"C", "D", "E", "F", "G", "A", "B"}
    octave : int
        Middle C is in octave 4.
    alter : int
        Semitones above the step.

    Examples
    --------
    >>> Pitch("B", 3, 1).midi
    60
    """

    step: str
    octave: int
    alter: int = 0

    @property
    def midi(self) -> int:
        """The number of the MIDI key; 60 is middle C."""
        return 12 * (self.octave + 1) + _STEPS[self.step] + self.alter


class Clef(NamedTuple):
    """A clef.

    Attributes
    ----------
    sign : {"G", "F", "C", "percussion"}
    line : int
        Staff line that the sign names; 1 is the lowest.
    octaves : int
        Octaves that the music sounds above what is written.
    """

    sign: Literal["G", "F", "C", "percussion"]
    line: int
    octaves: int = 0


class TimeSignature(NamedTuple):
    """A metre.

    Attributes
    ----------
    beats, unit : int
        The upper and the lower figure.
    symbol : {"common", "cut", ""}
        "" for figures.

    Examples
    --------
    >>> TimeSignature(6, 8).length
    Fraction(3, 1)
    """

    beats: int
    unit: int
    symbol: str = ""

    @property
    def length(self) -> Fraction:
        """Duration of a measure in quarters."""
        return Fraction(4 * self.beats, self.unit)


class Tuplet(NamedTuple):
    """A ratio of durations: `actual` notes in the time of `normal`."""

    actual: int
    normal: int


class Spanner(NamedTuple):
    """One end of a slur.

    Attributes
    ----------
    end : {"start", "stop"}
    number : int
        From 1 to 16. Slurs that overlap have different numbers.
    placement : {"above", "below", ""}
    """

    end: End
    number: int
    placement: Placement = ""


Syllabic = Literal["single", "begin", "middle", "end"]
"""Where a syllable stands in its word."""


class Lyric(NamedTuple):
    """A syllable that is sung to a note.

    Attributes
    ----------
    verse : int
        From 1.
    text : str
        Without hyphens.
    syllabic : {"single", "begin", "middle", "end"}
    extend : bool
        Whether a line says that it lasts over the next notes.
    """

    verse: int
    text: str
    syllabic: Syllabic = "single"
    extend: bool = False


class Credit(NamedTuple):
    """What a piece says of itself.

    Attributes
    ----------
    kind : {"title", "subtitle", "composer", "lyricist", "arranger", "copyright"}
    text : str
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Note:
    """One notehead.

    Attributes
    ----------
    pitch : Pitch
        The sounding pitch. Of an unpitched note, the place on its staff, as under a G clef.
    accidental : str
        The printed accidental in MusicXML's words; "" for none.
    ties : tuple of {"start", "stop"}
    head : str
        "x" for a crossed head, "" for the usual one.
    unpitched : bool
        Whether it is percussion without a pitch.
    symbol : int
        Which symbol of its page the note was read from; -1 for none.
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
        Staff of the part, from 1; a voice may cross to a neighbouring staff.
    onset, duration : Fraction
        In quarters; a grace note lasts 0.
    value : str
        One of `VALUES`, as printed.
    dots : int
        Augmentation dots.
    notes : tuple of Note
        From the lowest to the highest; empty for a rest.
    tuplet : Tuplet or None
    tuplet_ends : tuple of {"start", "stop"}
        Whether a printed tuplet starts or ends here.
    whole_measure : bool
        Whether it is a rest that fills its measure whatever the metre.
    grace : {"", "slashed", "plain"}
    small : bool
        Whether it is printed small, as cues are.
    stem : {"up", "down", ""}
    beams : tuple of str
        MusicXML's word for each level, the outermost first: "begin", "continue", "end", "forward hook", ...
    slurs : tuple of Spanner
    marks : tuple of str
        MusicXML's element names of articulations, ornaments and the like; "-below" inverts a fermata.
    tremolo : int
        Strokes through the stem.
    symbol : int
        Which symbol of its page a rest was read from; -1 for none.
    lyrics : tuple of Lyric
        By verse.

    Raises
    ------
    ValueError
        When the value is none of `VALUES`, or the onset or duration is negative.
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
    symbol: int = -1
    lyrics: tuple[Lyric, ...] = ()

    def __post_init__(self) -> None:
        if self.value not in VALUES:
            raise ValueError(f"{self.value!r} is no note value; choose one of {', '.join(VALUES)}")
        if self.onset < 0 or self.duration < 0:
            raise ValueError(f"an event from {self.onset} for {self.duration} quarters; times start at 0")

    @property
    def end(self) -> Fraction:
        """When it ends, in quarters."""
        return self.onset + self.duration


@dataclass(frozen=True)
class Voice:
    """Events in the order of their onsets; between two of them there may be silence.

    Attributes
    ----------
    events : tuple of Event
    """

    events: tuple[Event, ...]


class ClefChange(NamedTuple):
    """A clef that holds on a staff from an onset on.

    Attributes
    ----------
    staff : int
    onset : Fraction
        In quarters.
    clef : Clef
    """

    staff: int
    onset: Fraction
    clef: Clef


class KeyChange(NamedTuple):
    """A key signature that holds on a staff from the start of a measure on.

    Attributes
    ----------
    staff : int
    fifths : int
        Sharps, or flats if negative.
    """

    staff: int
    fifths: int


@dataclass(frozen=True)
class Mark:
    """A mark that stands by a staff, not at a note.

    Attributes
    ----------
    kind : str
        "dynamics", "crescendo", "diminuendo", "octave", "pedal", "segno", "coda"; of words, "tempo",
        "rehearsal", "harmony" or "words".
    staff : int
    onset : Fraction
        In quarters.
    text : str
        One of `DYNAMICS`; of an octave line, "up" or "down" for the side that it moves notes to; words as
        printed, of "harmony" the name of a chord.
    end : {"start", "stop", ""}
        "" for a mark that doesn't last.
    placement : {"above", "below", ""}
    number : int
        From 1 to 16. Marks of a kind that overlap have different numbers.
    """

    kind: str
    staff: int
    onset: Fraction
    text: str = ""
    end: End | Literal[""] = ""
    placement: Placement = ""
    number: int = 1


@dataclass(frozen=True)
class Barline:
    """One side of a measure.

    Attributes
    ----------
    style : str
        MusicXML's word: "regular", "light-light", "light-heavy", "heavy", "dashed", ...
    repeat : {"", "forward", "backward"}
    ending : tuple of {"start", "stop", "discontinue"}
        What a volta bracket does here, perhaps two things.
    ending_numbers : tuple of int
        The numbers of that volta.
    """

    style: str = "regular"
    repeat: Literal["", "forward", "backward"] = ""
    ending: tuple[str, ...] = ()
    ending_numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Measure:
    """One measure of a part.

    Attributes
    ----------
    number : int
        0 for a pickup; the first measure after it, or of a piece without a pickup, is 1.
    length : Fraction
        Duration in quarters, more than 0.
    voices : tuple of Voice
        Without any, the part is silent.
    clefs : tuple of ClefChange
        Clefs that change.
    marks : tuple of Mark
    keys : tuple of KeyChange
        Key signatures that change, by staff.
    time : TimeSignature or None
        A metre that is printed here.
    left, right : Barline
    new_system, new_page : bool
        Whether a system or page other than the first starts here.
    resting : int
        Measures of rest, this one the first, that a printed bar stands for; 0 where there is none.
    repeats_previous : tuple of int
        Staves that show only the sign to repeat the measure before.
    problem : str
        Why the rhythm can't be right; "" where it adds up.

    Raises
    ------
    ValueError
        When the length isn't positive or the number is negative.
    """

    number: int
    length: Fraction
    voices: tuple[Voice, ...] = ()
    clefs: tuple[ClefChange, ...] = ()
    marks: tuple[Mark, ...] = ()
    keys: tuple[KeyChange, ...] = ()
    time: TimeSignature | None = None
    left: Barline = Barline()
    right: Barline = Barline()
    new_system: bool = False
    new_page: bool = False
    resting: int = 0
    repeats_previous: tuple[int, ...] = ()
    problem: str = ""

    def __post_init__(self) -> None:
        if self.length <= 0:
            raise ValueError(f"a measure of {self.length} quarters; give a length above 0")
        if self.number < 0:
            raise ValueError(f"a measure of number {self.number}; count from 0, a pickup, or from 1")

    @property
    def pickup(self) -> bool:
        """Whether it is an incomplete measure before the first that is counted."""
        return self.number == 0

    def events(self, staff: int | None = None) -> Iterator[Event]:
        """Go through the events, voice by voice.

        Parameters
        ----------
        staff : int, optional
            Only the events of this staff.

        Yields
        ------
        Event
        """
        for voice in self.voices:
            yield from (event for event in voice.events if staff in (None, event.staff))


@dataclass(frozen=True)
class Part:
    """The music of one player.

    Attributes
    ----------
    name : str
    staves : int
    measures : tuple of Measure
    staff_lines : tuple of int
        Number of lines of each staff; empty where all have five.
    abbreviation : str
        The short name, as printed at later systems; "" where none is.

    Raises
    ------
    ValueError
        When there is no staff, or `staff_lines` doesn't have a number for each.
    """

    name: str
    staves: int
    measures: tuple[Measure, ...]
    staff_lines: tuple[int, ...] = ()
    abbreviation: str = ""

    def __post_init__(self) -> None:
        if self.staves < 1:
            raise ValueError(f"{self.name}: {self.staves} staves; a part has one or more")
        if self.staff_lines and len(self.staff_lines) != self.staves:
            raise ValueError(f"{self.name}: {self.staves} staves, lines of {len(self.staff_lines)}")


@dataclass(frozen=True)
class Score:
    """A piece of music.

    Attributes
    ----------
    parts : tuple of Part
        From top to bottom, with equally many measures. Empty where there is no staff.
    credits : tuple of Credit

    Raises
    ------
    ValueError
        When the parts don't have equally many measures.
    """

    parts: tuple[Part, ...] = ()
    credits: tuple[Credit, ...] = ()

    def __post_init__(self) -> None:
        counts = [len(part.measures) for part in self.parts]
        if len(set(counts)) > 1:
            raise ValueError(f"parts of {', '.join(map(str, counts))} measures; give all the same number")

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

        Examples
        --------
        >>> Score().save("silence.musicxml")  # doctest: +SKIP
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
