"""Names of chords, as lead sheets print them above the staff, taken apart.

A name is a root (C, F#, Bb, H in German), a quality (m, maj7, dim, sus4, ...), degrees that are added or
altered (b5, add9) and a bass note after a stroke. Roman numerals and letters of analysis are none.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class ChordName(NamedTuple):
    """A chord by its name.

    Attributes
    ----------
    root : str
        "A" to "G".
    root_alter : int
        Semitones above the step: -1 for a flat, 1 for a sharp.
    kind : str
        MusicXML's word, such as "minor-seventh"; "none" where no chord is to be played.
    text : str
        The quality as printed, such as "m7".
    degrees : tuple of (str, int, int)
        "add", "alter" or "subtract", the degree and its alteration in semitones.
    bass : str
        "A" to "G"; "" where it is the root.
    bass_alter : int
    """

    root: str
    root_alter: int = 0
    kind: str = "major"
    text: str = ""
    degrees: tuple[tuple[str, int, int], ...] = ()
    bass: str = ""
    bass_alter: int = 0


_NAME = re.compile(
    r"^(?P<root>[A-H])(?P<alter>[#b♯♭]?)(?P<quality>[^/()]*)(?:\((?P<inside>[^)]*)\))?"
    r"(?:/(?P<bass>[A-H])(?P<bass_alter>[#b♯♭]?))?$"
)
_DEGREE = re.compile(r"(?P<add>add)?(?P<alter>[#b♯♭+-]?)(?P<degree>13|11|10|9|6|5|4|2)")
_ALTERS = {"": 0, "#": 1, "♯": 1, "+": 1, "b": -1, "♭": -1, "-": -1}

_KINDS = {
    "": "major", "maj": "major", "M": "major",
    "m": "minor", "min": "minor", "mi": "minor", "-": "minor",
    "dim": "diminished", "°": "diminished", "o": "diminished",
    "aug": "augmented", "+": "augmented",
    "7": "dominant", "maj7": "major-seventh", "M7": "major-seventh", "j7": "major-seventh",
    "Maj7": "major-seventh", "ma7": "major-seventh", "Δ": "major-seventh", "Δ7": "major-seventh",
    "m7": "minor-seventh", "min7": "minor-seventh", "mi7": "minor-seventh", "-7": "minor-seventh",
    "dim7": "diminished-seventh", "°7": "diminished-seventh", "o7": "diminished-seventh",
    "aug7": "augmented-seventh", "+7": "augmented-seventh", "7+": "augmented-seventh",
    "ø": "half-diminished", "ø7": "half-diminished", "m7b5": "half-diminished", "m7-5": "half-diminished",
    "mM7": "major-minor", "mmaj7": "major-minor",
    "6": "major-sixth", "m6": "minor-sixth", "min6": "minor-sixth",
    "9": "dominant-ninth", "maj9": "major-ninth", "m9": "minor-ninth",
    "11": "dominant-11th", "maj11": "major-11th", "m11": "minor-11th",
    "13": "dominant-13th", "maj13": "major-13th", "m13": "minor-13th",
    "sus": "suspended-fourth", "sus4": "suspended-fourth", "sus2": "suspended-second",
    "5": "power",
}  # fmt: skip
"""MusicXML's words, by the quality as printed."""

_LONGEST = sorted(_KINDS, key=len, reverse=True)


def parse_chord_name(text: str) -> ChordName | None:
    """Take the name of a chord apart.

    Parameters
    ----------
    text : str
        One word.

    Returns
    -------
    ChordName or None
        None where it is no name of a chord.

    Examples
    --------
    >>> parse_chord_name("F#m7b5/A").kind, parse_chord_name("Bb7sus4").degrees
    ('half-diminished', (('add', 4, 0), ('subtract', 3, 0)))
    >>> parse_chord_name("Der") is None
    True
    """
    text = text.strip()
    if re.fullmatch(r"N\.?\s?C\.?|tacet", text):
        return ChordName("C", 0, "none", text)
    match = _NAME.match(text.rstrip(".,"))
    if match is None:
        return None
    root, alter = _note(match["root"], match["alter"])
    quality, inside = match["quality"], match["inside"] or ""
    # A seventh in brackets belongs to the quality: Cm(maj7) is a minor chord with a major seventh.
    name, rest = _kind(quality + inside)
    degrees = _degrees(rest)
    if degrees is None:
        return None
    bass, bass_alter = _note(match["bass"], match["bass_alter"]) if match["bass"] else ("", 0)
    printed = f"{quality}({inside})" if inside else quality
    return ChordName(root, alter, name, printed, degrees, bass, bass_alter)


def _note(letter: str, alter: str) -> tuple[str, int]:
    """Give the step and the alteration; H is the German name of B."""
    return "B" if letter == "H" else letter, _ALTERS[alter]


def _kind(quality: str) -> tuple[str, str]:
    """Find the longest quality that a text begins with, and what is left; major is not printed."""
    known = next(known for known in _LONGEST if quality.startswith(known))
    return _KINDS[known], quality[len(known) :]


def _degrees(rest: str) -> tuple[tuple[str, int, int], ...] | None:
    """Read added and altered degrees; None where something else stands there."""
    degrees: list[tuple[str, int, int]] = []
    rest = rest.replace(" ", "").replace(",", "")
    while rest:
        if rest.startswith("sus"):
            figure = 2 if rest[3:4] == "2" else 4
            degrees += [("add", figure, 0), ("subtract", 3, 0)]
            rest = rest[3:].removeprefix(str(figure))
            continue
        match = _DEGREE.match(rest)
        if match is None:
            return None
        degree, alter = int(match["degree"]), _ALTERS[match["alter"]]
        degrees.append(("alter" if degree == 5 else "add", degree, alter))
        rest = rest[match.end() :]
    return tuple(degrees)
