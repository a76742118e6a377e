"""Random songs in MEI with words of every kind: titles, names, directions, names of chords, verses.

The id of an element that holds words begins with the kind of its text, as ``technique-3`` or
``page_number-1``; `omr.engraving.true_words` reads it from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from omr.engraving import texts
from omr.engraving.music_ranges import SONG

if TYPE_CHECKING:
    import numpy as np

    from omr.engraving.corpus import Split

DIRECTIONS = {
    "expression": (
        "dolce",
        "espressivo",
        "con fuoco",
        "rit.",
        "cantabile",
        "innig",
        "très doux",
        "mit Ausdruck",
    ),
    "dynamics": ("cresc.", "dim.", "poco cresc.", "decresc.", "immer leiser"),
    "technique": ("pizz.", "arco", "con sord.", "una corda", "col Ped."),
}
"""Directions by kind."""

_BEATS = {3: ((4, 4, 4), (2, 4), (4, 8, 8, 4), (4, 4, 8, 8)),
          4: ((4, 4, 4, 4), (2, 4, 4), (2, 2), (4, 8, 8, 4, 4), (8, 8, 4, 2), (4, 4, 2))}  # fmt: skip
"""Note values of a measure, by beats of its metre."""

_ROOTS = ("C", "D", "E", "F", "G", "A", "Bb", "Eb", "F#")
_QUALITIES = ("", "m", "7", "m7", "maj7", "dim", "sus4", "6", "9", "m7b5", "/G", "aug")


@dataclass
class _Song:
    """A song in the making."""

    rng: np.random.Generator
    verses: list[list[tuple[str, str]]]
    beats: int
    chords: bool
    piano: bool
    count: int = 0
    pitch: int = 4
    measures: list[str] = field(default_factory=list)

    def text(self, tag: str, kind: str, words: str, **attributes: object) -> str:
        """Write an element that holds words."""
        self.count += 1
        more = "".join(f' {name}="{value}"' for name, value in attributes.items())
        return f'<{tag} xml:id="{kind.replace(" ", "_")}-{self.count}"{more}>{escape(words)}</{tag}>'

    def syllables(self) -> str:
        """Take the next syllable of every verse."""
        written = []
        for n, verse in enumerate(self.verses, start=1):
            if verse:
                syllable, position = verse.pop(0)
                dash = ' con="d"' if position in "im" else ""
                written.append(
                    f'<verse n="{n}"><syl wordpos="{position}"{dash}>{escape(syllable)}</syl></verse>'
                )
        return "".join(written)

    def melody(self, number: int) -> tuple[str, str]:
        """Write the notes of a measure, and the slurs of its melismas."""
        values = _BEATS[self.beats][int(self.rng.integers(len(_BEATS[self.beats])))]
        notes, slurs, bound = [], [], False
        for i, value in enumerate(values):
            self.pitch = min(9, max(0, self.pitch + int(self.rng.integers(*SONG.leap))))
            step, octave = "cdefgab"[self.pitch % 7], 4 + self.pitch // 7
            words = "" if bound else self.syllables()
            own = f'xml:id="n{number}-{i}"'
            notes.append(f'<note {own} pname="{step}" oct="{octave}" dur="{value}">{words}</note>')
            pair = value == 8 and values[i + 1 : i + 2] == (8,) and values[:i].count(8) % 2 == 0
            bound = bool(pair and self.rng.random() < SONG.melisma)
            if bound:
                slurs.append(f'<slur startid="#n{number}-{i}" endid="#n{number}-{i + 1}"/>')
        return "".join(_beamed(notes, values)), "".join(slurs)

    def measure(self, number: int) -> str:
        """Write a measure with its directions."""
        notes, marks = self.melody(number)
        staves = f'<staff n="1"><layer n="1">{notes}</layer></staff>'
        if self.piano:
            chord = (
                '<chord dur="{d}"{dots}><note pname="{a}" oct="{o}"/><note pname="{b}" oct="{o}"/></chord>'
            )
            d, dots = (2, ' dots="1"') if self.beats == 3 else (1, "")
            right, left = (
                chord.format(d=d, dots=dots, a=a, b=b, o=o) for a, b, o in (("e", "g", 4), ("c", "g", 3))
            )
            staves += f'<staff n="2"><layer n="1">{right}</layer></staff>'
            staves += f'<staff n="3"><layer n="1">{left}</layer></staff>'
        if self.chords and number % 2 == 1:
            name = texts.pick(self.rng, _ROOTS) + texts.pick(self.rng, _QUALITIES)
            marks += self.text("harm", "chord name", name, tstamp=1, staff=1, place="above")
        if number == 1:
            marks += self.tempo()
        elif self.rng.random() < SONG.direction:
            kind = texts.pick(self.rng, tuple(DIRECTIONS))
            words = texts.pick(self.rng, DIRECTIONS[kind])
            staff, place = (2, "between") if self.piano else (1, "above")
            if self.piano:
                marks += self.text("dir", kind, words, tstamp=1, staff=staff, place="below")
            elif not self.chords:
                marks += self.text("dir", kind, words, tstamp=1, staff=staff, place=place)
        return f'<measure n="{number}">{staves}{marks}</measure>'

    def tempo(self) -> str:
        """Write a tempo, at times with a metronome mark."""
        word = texts.pick(self.rng, texts.TEMPI)
        mark = (
            f" ♩ = {int(self.rng.integers(*SONG.beats_a_minute))}"
            if self.rng.random() < SONG.metronome
            else ""
        )
        return self.text("tempo", "tempo", word + mark, tstamp=1, staff=1, place="above")


def _beamed(notes: list[str], values: tuple[int, ...]) -> Iterator[str]:
    """Put each pair of eighths under a beam."""
    i = 0
    while i < len(notes):
        if values[i] == 8:
            yield f"<beam>{notes[i]}{notes[i + 1]}</beam>"
            i += 2
        else:
            yield notes[i]
            i += 1


def verses_of(split: Split) -> tuple[str, ...]:
    """List the verses that songs of a split are made of.

    Parameters
    ----------
    split : {"train", "val", "test"}

    Returns
    -------
    tuple of str
        No verse is in two splits.
    """
    number = ("train", "val", "test").index(split)
    return texts.VERSES[number::3]


def random_song(rng: np.random.Generator, split: Split, measures: int = 14) -> str:
    """Write a song.

    Parameters
    ----------
    rng : Generator
        NumPy's source of random numbers.
    split : {"train", "val", "test"}
        Decides on the verses.
    measures : int

    Returns
    -------
    str
        MEI.
    """
    lines = [
        f"{texts.pick(rng, verses_of(split))} {texts.pick(rng, verses_of(split))}"
        for _ in range(int(rng.integers(*SONG.verses)))
    ]
    chords, piano = (bool(rng.random() < chance) for chance in (SONG.chords, SONG.piano))
    song = _Song(rng, [], 3 + int(rng.integers(2)), chords and not piano, piano)
    song.verses = [split_syllables(line) for line in lines]
    body = "".join(song.measure(number) for number in range(1, measures + 1))
    composer, lyricist = (str(name) for name in rng.permutation(texts.NAMES)[:2])
    head = "".join(
        (
            song.text("rend", "title", texts.title(rng), halign="center", valign="top", fontsize="x-large"),
            song.text("rend", "composer", composer, halign="right", valign="bottom"),
            song.text("rend", "lyricist", lyricist, halign="left", valign="bottom"),
        )
    )
    foot = song.text("rend", "copyright", f"© {int(rng.integers(*SONG.year))} Hartwig", halign="center")
    voice = song.text("label", "part name", texts.pick(rng, ("Voice", "Singstimme", "Chant", "Canto")))
    groups = f'<staffDef n="1" lines="5" clef.shape="G" clef.line="2">{voice}</staffDef>'
    if piano:
        name = song.text("label", "part name", texts.pick(rng, ("Piano", "Klavier", "Pianoforte")))
        groups += (
            f'<staffGrp symbol="brace" bar.thru="true">{name}'
            '<staffDef n="2" lines="5" clef.shape="G" clef.line="2"/>'
            '<staffDef n="3" lines="5" clef.shape="F" clef.line="4"/></staffGrp>'
        )
    return (
        '<mei xmlns="http://www.music-encoding.org/ns/mei" meiversion="5.0"><music><body><mdiv><score>'
        f'<scoreDef meter.count="{song.beats}" meter.unit="4" keysig="{rng.choice(("0", "1s", "2f"))}">'
        f"<pgHead>{head}</pgHead><pgFoot>{foot}</pgFoot><staffGrp>{groups}</staffGrp></scoreDef>"
        f"<section>{body}</section></score></mdiv></body></music></mei>"
    )


def split_syllables(line: str) -> list[tuple[str, str]]:
    """Split a verse into syllables.

    Parameters
    ----------
    line : str
        Hyphens separate the syllables of a word.

    Returns
    -------
    list of (str, str)
        Each syllable with MEI's `wordpos`.
    """
    pairs = []
    for word in line.split():
        parts = word.split("-")
        ends = ["s"] if len(parts) == 1 else ["i", *"m" * (len(parts) - 2), "t"]
        pairs += list(zip(parts, ends, strict=True))
    return pairs
