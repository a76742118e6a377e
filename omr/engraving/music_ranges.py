"""Every chance and range that random music is drawn with: name, unit, meaning, source.

Chances are from 0 to 1, for a page of average density whose style has no preference (`PageStyle`). A pair is
the range of a uniform draw of whole numbers: the lowest, and the first that is not drawn. Staff positions and
intervals are in steps of the scale.

Source of all values unless one is given: release 0.1.0, set by eye so that a few hundred pieces show every
class of the vocabulary. They are far from the frequencies of real music, which the corpus supplies.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StyleRanges:
    """How much pages differ (`omr.engraving.page_style`)."""

    density: tuple[float, float] = (0.35, 1.3)
    """Factor on the chance of every mark, drawn once a page: some pages have many marks, others few."""

    spread: float = 0.7
    """Standard deviation of the logarithm of the factor on the odds of each decision, drawn once a page."""

    favour: float = 12.0
    """Least factor on the odds of a favoured decision."""

    hinge_favour: float = 4.0
    """Least factor on the odds of a decision that a favoured class depends on."""

    surest: float = 0.9
    """Largest chance of a mark, before the factor of its decision."""

    favoured: int = 10
    """Classes that a piece favours."""

    favoured_asked: int = 5
    """Classes of these that are taken from those asked for, at most; the others are the classes that music
    has least of."""


@dataclass(frozen=True)
class PieceRanges:
    """The plan of a piece: its staves, keys, metres, length (`omr.engraving.random_music`)."""

    staves: tuple[float, ...] = (0.2, 0.32, 0.18, 0.16, 0.08, 0.06)
    """Parts of the pieces with one staff, two staves and so on."""

    two_voices: float = 0.3
    """Part of the staves with two voices."""

    upper: tuple[int, int] = (4, 12)
    """Staff positions of the upper of two voices, both ends included; 0 is the lowest line, 8 the highest."""

    lower: tuple[int, int] = (-4, 4)
    """Staff positions of the lower of two voices, both ends included."""

    only: tuple[int, int] = (-3, 11)
    """Staff positions of a voice that has its staff for itself, both ends included."""

    lyrics: float = 0.12
    """Chance that a staff is sung."""

    chords: tuple[float, ...] = (0.0, 0.1, 0.3)
    """Chances that a note is a chord, of which each staff has one; sung staves have no chords."""

    chord_staves: tuple[float, ...] = (0.35, 0.35, 0.3)
    """Parts of the staves with each of these chances."""

    crossed: float = 0.4
    """Part of the percussion staves with crosses for noteheads."""

    labelled: float = 0.4
    """Part of the groups of staves with the names of instruments."""

    accidentals: tuple[int, int] = (1, 8)
    """Accidentals of a key."""

    key_change: float = 0.05
    """Chance of a new key at a measure."""

    no_key: float = 0.25
    """Chance that a new key is none: naturals cancel the last one."""

    metre_change: float = 0.12
    """Chance of a new metre at a measure."""

    length: tuple[int, int] = (300, 700)
    """Notes and chords of a piece, where each measure counts as `measure_length` more."""

    measure_length: int = 4
    """Notes that a measure counts as, so that pieces of rests end too."""

    least_measures: int = 4
    """Measures of a piece, at least."""

    voltas: float = 0.03
    """Chance that two measures come under volta brackets."""

    repeat: float = 0.05
    """Chance of a repeat barline."""

    barline: float = 0.06
    """Chance of a double, dashed or heavy barline."""


@dataclass(frozen=True)
class MeasureRanges:
    """What a measure of a staff holds (`omr.engraving.random_music`)."""

    multi_measure_rest: float = 0.07
    """Chance of a multi-measure rest, of a piece with one staff; with more staves it is divided by them."""

    rested: tuple[int, int] = (2, 20)
    """Measures of most multi-measure rests."""

    long_rest: float = 0.3
    """Part of the multi-measure rests that may be long."""

    rested_long: tuple[int, int] = (2, 99)
    """Measures of these."""

    measure_repeat: float = 0.02
    """Chance of a sign to repeat the measure before."""

    measure_rest: float = 0.04
    """Chance of a measure rest."""

    both_voices: float = 0.85
    """Part of the measures in which the second of two voices sounds."""

    cue: float = 0.09
    """Chance of small notes."""

    small_breve: float = 0.15
    """Chance of a small double whole note where the metre has room for one."""

    small_whole: float = 0.02
    """Chance of a small whole note where the metre has room for one."""

    tempo: float = 0.04
    """Chance of a tempo mark."""

    chord_names: float = 0.05
    """Chance of chord names."""

    chord_name_beats: int = 2
    """Beats from one chord name to the next."""

    rehearsal_mark: float = 0.015
    """Chance of a rehearsal mark."""

    segno: float = 0.035
    """Chance of a segno, and of a coda."""


@dataclass(frozen=True)
class RhythmRanges:
    """How measures are divided (`omr.engraving.rhythm`)."""

    long_value: float = 0.3
    """Chance that several beats are one value."""

    whole_beat: float = 0.25
    """Chance that one beat is one value."""

    syncopation: float = 0.08
    """Chance that a value begins in the middle of a beat and ends in the middle of the next."""

    tuplet: float = 0.13
    """Chance that a beat is a tuplet."""

    stop: float = 0.15
    """Chance that a value with a flag is not divided further."""

    dotted: float = 0.2
    """Chance that a value is divided into three quarters and one."""

    merged: float = 0.25
    """Chance that a tuplet has a value of twice its unit."""


@dataclass(frozen=True)
class NoteRanges:
    """Notes and the signs at them (`omr.engraving.random_notes`)."""

    rest: float = 0.1
    """Chance of a rest."""

    rest_of_value: float = 0.03
    """Chance, besides, of a rest of each value."""

    unbeamed: float = 0.18
    """Chance that notes that could be beamed have flags."""

    free_stem: float = 0.06
    """Part of the notes without a beam whose stem is drawn at random, against the rule."""

    tremolo: float = 0.05
    """Chance of a tremolo."""

    clef_change: float = 0.025
    """Chance of a clef change after a beat."""

    crossed: float = 0.006
    """Chance of a cross for a notehead."""

    tie: float = 0.06
    """Chance of a tie to the next note."""

    articulation: float = 0.13
    """Chance of an articulation."""

    free_place: float = 0.4
    """Part of the articulations whose place is left to the engraver, on the side of the head."""

    # pitches

    ledger_lines: float = 0.03
    """Chance of a leap to ledger lines."""

    leap: tuple[int, int] = (3, 9)
    """Steps of the scale beyond the range of the voice."""

    leap_up: float = 0.5
    """Part of the leaps that go up where the staff has one voice."""

    chord_size: tuple[int, int] = (1, 4)
    """Notes of a chord besides the first."""

    chord_intervals: tuple[float, ...] = (0.18, 0.4, 0.2, 0.12, 0.1)
    """Parts of the intervals in chords that are of one step of the scale, two steps and so on."""

    widest_chord: int = 9
    """Steps of the scale in a chord, at most: a tenth, as far as a hand reaches."""

    # accidentals

    accidental: float = 0.1
    """Chance of an accidental."""

    editorial: float = 0.008
    """Chance of an editorial accidental: small, above the note."""

    # small notes

    long_cue: float = 0.5
    """Chance that a measure of small notes is one long note."""

    cue_accidental: float = 0.3
    """Chance of an accidental at a small note."""

    cue_chord: float = 0.4
    """Chance that a small note is a chord."""

    grace: float = 0.04
    """Chance of grace notes before a note."""

    grace_stem_down: float = 0.35
    """Chance that their stems go down."""

    one_grace: float = 0.75
    """Part of the notes with grace notes that have one."""

    graces: tuple[int, int] = (2, 5)
    """Grace notes of the others."""

    grace_step: tuple[int, int] = (-2, 4)
    """Steps of the scale from the note before to a grace note."""

    grace_accidental: float = 0.15
    """Chance of an accidental at a grace note."""


@dataclass(frozen=True)
class MarkRanges:
    """Marks at notes and along them (`omr.engraving.random_marks`)."""

    point: float = 0.012
    """Chance of each fermata, ornament, caesura and breath mark at a note."""

    arpeggio: float = 0.12
    """Chance that a chord is arpeggiated."""

    dynamics: float = 0.06
    """Chance of a dynamic at a note."""

    fingering: float = 0.06
    """Chance of a fingering at a note."""

    direction: float = 0.015
    """Chance of words at a note."""

    slur: float = 0.09
    """Chance that a slur begins at a note."""

    hairpin: float = 0.025
    """Chance that a hairpin begins at a note."""

    trill_line: float = 0.012
    """Chance that a trill with a wavy line begins at a note."""

    longest_trill_line: int = 3
    """Notes under a wavy line, at most."""

    glissando: float = 0.012
    """Chance that a glissando begins at a note."""

    octave_line: float = 0.01
    """Chance that an octave line begins at a note."""

    pedal: float = 0.012
    """Chance that the pedal goes down at a note."""

    long: float = 0.3
    """Part of the marks along notes that may be long."""

    end: float = 0.4
    """Chance at each note that a mark along notes ends at the next."""

    end_of_long: float = 0.1
    """The same for marks that may be long."""

    inner_slur: float = 0.4
    """Part of the long slurs with a short one inside."""

    long_slur: int = 6
    """Notes under a long slur, at least."""

    inner_notes: tuple[int, int] = (2, 4)
    """Notes under an inner slur."""


STYLE = StyleRanges()
PIECE = PieceRanges()
MEASURE = MeasureRanges()
RHYTHM = RhythmRanges()
NOTES = NoteRanges()
MARKS = MarkRanges()


@dataclass(frozen=True)
class SongRanges:
    """Songs with words (`omr.engraving.songs`). Source: set by eye."""

    leap: tuple[int, int] = (-2, 3)
    """Steps of the scale from one note to the next."""

    melisma: float = 0.12
    """Chance that a pair of eighths carries one syllable."""

    direction: float = 0.12
    """Chance of a direction in a measure."""

    metronome: float = 0.4
    """Chance of a metronome mark beside a tempo."""

    beats_a_minute: tuple[int, int] = (50, 180)
    """Number of a metronome mark."""

    verses: tuple[int, int] = (1, 4)
    """Number of verses."""

    chords: float = 0.5
    """Chance of names of chords; songs with a piano have none."""

    piano: float = 0.5
    """Chance of a piano."""

    year: tuple[int, int] = (1890, 2020)
    """Year of the copyright."""


SONG = SongRanges()
