"""Instruments by the names that scores print: their General MIDI programme, and how they transpose."""

from __future__ import annotations

import re
from typing import NamedTuple


class Transposition(NamedTuple):
    """What the sounding note is above the written one.

    Attributes
    ----------
    steps : int
        Steps of the staff, negative downwards.
    semitones : int
    """

    steps: int
    semitones: int


class Instrument(NamedTuple):
    """An instrument.

    Attributes
    ----------
    program : int
        Of General MIDI, from 1.
    transposition : Transposition or None
    """

    program: int
    transposition: Transposition | None = None


_PROGRAMS = {
    1: "piano|pianoforte|klavier|pf|pfte|pno",
    7: "cembalo|harpsichord|clavecin|clavicembalo",
    20: "organ|orgel|organo|orgue|org",
    22: "accordion|akkordeon|fisarmonica",
    25: "guitar|gitarre|chitarra|guitare|gtr",
    33: "bass guitar|e-bass",
    41: "violin|violine|violino|violon|geige|violini|violinen|vl|vln|viol|fiddle",
    42: "viola|viole|bratsche|alto viola|vla|va|br",
    43: "violoncello|cello|violoncelle|violoncelli|vc|vlc|vcl",
    44: "contrabass|double bass|kontrabass|contrabbasso|contrebasse|cb|kb|db",
    47: "harp|harfe|arpa|harpe|hp|hrf",
    48: "timpani|pauken|timbales|timp|pk",
    53: "voice|soprano|sopran|alto|alt|tenor|tenore|tenore solo|bass|basso|bariton|baritone|mezzosopran"
    "|mezzo-soprano|singstimme|gesang|chant|canto|voix|choir|chor|coro|cantus|altus|bassus|s|a|t|b|ténor"
    "|discantus|superius|quintus|mezzo|voce|vocal|stimme",
    57: "trumpet|trompete|tromba|trompette|trombe|tpt|tr|trp",
    58: "trombone|posaune|trombon|tromboni|tbn|pos|trb",
    59: "tuba|basstuba",
    61: "horn|french horn|corno|corni|cor|hörner|hn|hr",
    66: "alto saxophone|altsaxophon|saxophone|saxophon|sax",
    67: "tenor saxophone|tenorsaxophon",
    69: "oboe|hautbois|oboi|oboen|ob|htb",
    70: "english horn|englischhorn|corno inglese|cor anglais|e h",
    71: "bassoon|fagott|fagotto|basson|fagotti|fg|bn|bsn",
    72: "clarinet|klarinette|clarinetto|clarinette|clarinetti|klarinetten|cl|kl",
    73: "piccolo|flauto piccolo|petite flûte|pikkolo|picc",
    74: "flute|flöte|flauto|flûte|flauti|flöten|fl|traverso|grande flûte",
    75: "recorder|blockflöte|flauto dolce|flûte à bec",
    12: "vibraphone|vibraphon",
    13: "marimba",
    14: "xylophone|xylophon|silofono",
    15: "tubular bells|glocken|campane",
    10: "glockenspiel",
    9: "celesta",
}
"""Programmes of General MIDI (1 to 128; MIDI Manufacturers Association, General MIDI level 1), by names."""

_BY_NAME = {name: program for program, names in _PROGRAMS.items() for name in names.split("|")}

_KEYS = {
    "b♭": Transposition(-1, -2), "bb": Transposition(-1, -2), "b": Transposition(-1, -2),
    "si♭": Transposition(-1, -2), "sib": Transposition(-1, -2), "sol": Transposition(-3, -5),
    "a": Transposition(-2, -3), "la": Transposition(-2, -3),
    "f": Transposition(-4, -7), "fa": Transposition(-4, -7),
    "es": Transposition(-5, -9), "e♭": Transposition(-5, -9), "eb": Transposition(-5, -9),
    "mi♭": Transposition(-5, -9), "mib": Transposition(-5, -9),
    "g": Transposition(-3, -5), "d": Transposition(-6, -10), "e": Transposition(-5, -8),
}  # fmt: skip
"""What transposing instruments sound, by the key after "in": downwards, as horns and clarinets do."""

_TRANSPOSING = frozenset({57, 61, 66, 67, 72})
_UPWARDS = {(57, "d"): Transposition(1, 2), (57, "es"): Transposition(2, 3), (57, "e♭"): Transposition(2, 3),
            (57, "f"): Transposition(3, 5), (72, "es"): Transposition(2, 3), (72, "e♭"): Transposition(2, 3),
            (72, "d"): Transposition(1, 2)}  # fmt: skip
"""High trumpets and clarinets sound upwards."""

_IN = re.compile(r"\b(?:in|en)\s+([a-z]+[♭b]?)")
_COUNT = re.compile(r"\b(?:[ivx]+|\d+|1st|2nd|3rd|solo|principal)\b\.?")


def find_instrument(name: str) -> Instrument | None:
    """Find the instrument of a part.

    Parameters
    ----------
    name : str
        As printed.

    Returns
    -------
    Instrument or None
        None for a name that is not known.

    Examples
    --------
    >>> find_instrument("Violino II").program, find_instrument("Clarinetto in A").transposition
    (41, Transposition(steps=-2, semitones=-3))
    >>> find_instrument("Part 1") is None
    True
    """
    text = name.lower().replace("-flat", "♭")
    key = _IN.search(text)
    bare = _COUNT.sub(" ", _IN.sub(" ", text))
    bare = " ".join(re.sub(r"[^\w\s-]|_", " ", bare).split())
    program = _BY_NAME.get(bare)
    if program is None:
        words = bare.split()
        program = next((_BY_NAME[w] for w in words if len(w) > 2 and w in _BY_NAME), None)
    if program is None:
        return None
    if key is None or program not in _TRANSPOSING:
        return Instrument(program)
    return Instrument(program, _UPWARDS.get((program, key[1]), _KEYS.get(key[1])))
