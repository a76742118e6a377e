"""Thresholds of `omr.notation.semantics`: clefs, keys, metres, pitches, rhythm, voices."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SignatureLimits:
    """Thresholds of clefs, key signatures and time signatures.

    Heights on a staff are in steps: half staff spaces, the distance from a line to the next space.
    """

    # Clefs (clefs.py)

    usual_clef_line_tolerance: float = 0.75
    """Staff spaces by which an F clef may lie off its usual line and still name it, less than this."""

    g_clef_line_tolerance: float = 1.2
    """The same for a G clef, whose tail detectors cut: hardly any music has it on another line.

    Where it lies further off, the staff was found a line off, and the clef still tells the pitches.
    """

    clef_number_gap: float = 1.5
    """Staff spaces between the box of a clef and that of the 8 or 15 at it, less than this: they touch."""

    clef_number_reach: float = 2.0
    """Staff spaces from the middle of a clef to the middle of the 8 or 15 at it, less than this."""

    # Key signatures (key_signatures.py)

    key_distance: float = 3.5
    """Staff spaces from a clef or barline to the first accidental of a key signature, at most."""

    key_accidental_gap: float = 1.2
    """Staff spaces between two accidentals of one key signature, at most."""

    altered_head_reach: float = 1.2
    """Staff spaces from an accidental to the notehead that it alters, in place of a key, less than this.

    Accidentals of a chord stand side by side: the reach grows by the width of each that is found.
    """

    altered_head_overlap: float = 0.5
    """Staff spaces by which the boxes of an accidental and of the notehead it alters may overlap."""

    altered_head_steps: float = 0.8
    """Steps between an accidental and the notehead that it alters, less than this."""

    key_steps_beyond_staff: float = 2.5
    """Steps above the top line or below the bottom line at which accidentals of a key may stand."""

    key_steps: float = 0.8
    """Steps by which an accidental of a key signature may lie off its place, at most.

    Scans bend staves, and boxes are cut.
    """

    strict_key_steps: float = 0.5
    """The same where a key signature is less likely: within a system, after a barline."""

    # Time signatures (time_signatures.py)

    figure_gap: float = 0.6
    """Staff spaces between two figures of one time signature, less than this."""

    time_steps_beyond_staff: float = 2.0
    """Steps above the top line or below the bottom line at which the middle of a figure may lie."""


@dataclass(frozen=True)
class KeyAgreementLimits:
    """Costs of `omr.notation.semantics.key_agreement`, in accidentals that a key signature is off.

    Source: a change of key has to explain more differences than it costs. Chosen so that one staff that lost
    its signature on one system changes nothing, and a new key that both staves of a piano show on two systems
    is believed without any other sign.
    """

    max_staff_cost: float = 2.0
    """Cost of one staff of one system whose signature differs by so many accidentals or more."""

    change_at_system: float = 2.0
    """Cost of a change of key where a system opens, with nothing but its signatures to show it."""

    change_after_section: float = 1.0
    """The same where the system before ends with a double barline or a repeat, as before a new key."""

    change_within_system: float = 1.0
    """Cost of a change of key within a system, where a signature stands after a barline."""

    silent_staff: float = 1.5
    """Added cost of a change within a system for each staff that shows no signature there."""

    weight_within_system: float = 1.0
    """Weight of a signature within a system, as a multiple of one where a system opens."""

    min_transposed: int = 2
    """Number of systems on which a part's key differs alike from the others', if it transposes, at least."""

    min_transposed_share: float = 0.6
    """The same as a share (0 to 1) of the systems that show the part's key."""


@dataclass(frozen=True)
class MetreAgreementLimits:
    """Thresholds of `omr.notation.semantics.metre_agreement`.

    Source: a time signature is believed unless most of its measures contradict it, and alike.
    """

    min_measures: int = 4
    """Number of measures with notes in the span of a time signature that may contradict it, at least."""

    min_share: float = 0.5
    """Share (0 to 1) of these measures that last alike, at least."""


@dataclass(frozen=True)
class ConfirmedRestLimits:
    """Thresholds of `omr.notation.semantics.confirmed_rests`."""

    min_score: float = 0.1
    """Minimum score (0 to 1) of a low-confidence rest that the rhythm may confirm."""

    min_gain: float = 0.4
    """Cost of the rhythm (`RhythmLimits`) that a measure saves by its confirmed rests, at least."""

    max_iou: float = 0.3
    """IoU (0 to 1) of two symbols above which they are guesses at the same ink."""

    max_places: int = 2
    """Places in a measure at which a rest is tried, so that the search ends in time."""

    max_classes: int = 3
    """Kinds of rest tried at one place."""


@dataclass(frozen=True)
class MultiMeasureRestLimits:
    """Thresholds of rests of several measures and their numbers."""

    number_reach: float = 3.0
    """Staff spaces between the middles of the rest and of its number along the staff, less than this."""

    steps_beyond_staff: float = 0.5
    """Half staff spaces outside of the outer lines from which on a number belongs to the rest."""

    longest: int = 999
    """Measures of the longest rest that is believed."""

    margin: float = 0.4
    """Staff spaces added around a number's box before its digits are read from the page's ink."""

    line_margin: float = 0.15
    """Staff spaces between the outer line of a staff and the ink that may belong to a digit."""

    min_digit_height: float = 1.3
    """Minimum height in staff spaces of a digit.

    Digits of time signatures, which these are, are 2 staff spaces high (SMuFL).
    """

    max_digit_height: float = 3.5
    """Maximum height in staff spaces of a digit."""

    max_digit_aspect: float = 2.5
    """Width of a connected piece of ink over its height, above which it holds no digits."""

    two_digits_aspect: float = 1.1
    """Width of a connected piece of ink over its height, from which on it is two digits that touch."""


@dataclass(frozen=True)
class SoundingLimits:
    """Thresholds of what takes time in a measure."""

    tuplet_beside_measure: float = 1.5
    """Staff spaces before and after a measure within which a tuplet's number may belong to it."""

    tuplet_distance: float = 14.0
    """Staff spaces from a tuplet's number to the middle of the nearest staff of the measure, at most."""

    half_as_many: float = 0.2
    """Cost, in the rhythm search, of a 4 or 8 over notes in the time of half as many.

    Plain notes of the next value would sound the same; in the time of 3 or 6 they would not.
    """

    no_tuplet: float = 0.6
    """Cost, in the rhythm search, of a number that makes no tuplet: a fingering, or a volta bracket's."""

    dotted_ratio: float = 0.01
    """Cost, in the rhythm search, of a number over notes in the time of a dotted value."""


@dataclass(frozen=True)
class RhythmLimits:
    """Costs and limits of the rhythm search.

    A cost has no unit; the explanation of a measure with the lowest sum wins. A cost of 1 is about what one
    misread flag costs. Source: set by judgement, checked on 96 degraded pages of validation pieces and on
    scanned rags. On those validation pages, values around the chosen ones read the notes alike: F1 is 0.9640
    without `uneven_triplet` and 0.9644 with 0.2 to 0.8.
    """

    # The search (rhythm_search.py)

    beam_width: int = 24
    """Number of explanations that the search keeps from column to column."""

    quick_width: int = 4
    """The same for a first search, whose cost bounds the next: most measures add up as printed."""

    max_cost_as_printed: float = 0.35
    """Cost up to which a measure is taken as printed, without a search that doubts durations."""

    max_cost_adding_up: float = 0.7
    """Cost, doubted durations and pauses of lesser voices left out, up to which a measure adds up."""

    max_sounds_doubted: int = 150
    """Number of sounds in a measure above which no duration is doubted, so that the search ends in time."""

    column_width: float = 0.8
    """Staff spaces between the leftmost sound of a column and the others, less than this."""

    narrow_column_width: float = 0.4
    """The same for a second try, where music is set so tightly that columns run together."""

    max_merged_gap: float = 1.8
    """Staff spaces between two columns that may start at the same time, less than this."""

    max_tuplet_lateness: float = 1 / 11
    """Quarters by which a note may start later than its column where a note of a tuplet stands in that."""

    spacing_exponent: float = 0.6
    """Exponent of a note's duration in the space it gets (verovio's non-linear spacing)."""

    min_missing: float = 0.5
    """Quarters that a measure must be shorter than its metre to be a pickup: nobody leaves less out."""

    # Costs of voices

    skipped: float = 0.8
    """Cost of a column that starts when not the first but the second voice ends; twice that for the third."""

    merged: float = 0.8
    """Cost of two columns, more than `column_width` apart, that start at the same time."""

    paused: float = 0.8
    """Cost of a voice that goes on after a pause without a rest."""

    silent_staff: float = 1.2
    """The same where the staff is silent meanwhile: engravers leave out rests beside other voices only."""

    entered: float = 1.0
    """Cost of a voice that enters after the measure has started, without a rest."""

    alike_stems: float = 0.5
    """Cost of a voice that begins beside another of its staff with stems that go the same way."""

    crossed_staff: float = 0.75
    """Cost of a voice that goes on at another staff, outside of a beamed group."""

    left_group: float = 1.0
    """Cost of a beamed group that is divided between voices."""

    turned_stem: float = 0.02
    """Cost of a voice whose next stem points the other way."""

    against_tuplet: float = 0.1
    """Cost of a note that starts up to `max_tuplet_lateness` after its column, in or beside a tuplet."""

    # Costs of the measure's end

    short_part: float = 1.5
    """Cost of a part that ends before the measure does, or of a measure a little shorter than its metre."""

    short_measure: float = 0.5
    """Cost of a measure that all parts end early, by `min_missing` or more."""

    long_part: float = 3.0
    """Cost of a part that goes on after the end of the measure."""

    short_voice: float = 0.15
    """Cost of a voice that ends before another voice of its part."""

    # Costs of doubted durations

    dot_doubted: float = 1.2
    """Cost of one augmentation dot more or less than found, at full confidence."""

    flag_doubted: float = 1.0
    """Cost of one flag or beam more or less than found, at full confidence."""

    notehead_doubted: float = 2.5
    """Cost of a filled notehead for an open one, or the other way round, at full confidence."""

    triplet: float = 0.9
    """Cost of a beamed group that three divides as triplets without a number; twice that for other groups."""

    uneven_triplet: float = 0.4
    """Added cost of one of several values: with it, a misread flag is likelier."""

    further_triplet: float = 0.05
    """The same for each further group of one value: who leaves one number out leaves all of them out."""

    max_cost_of_triplets: float = 1.25
    """Cost up to which triplets without a number explain a measure, so that no duration is doubted.

    `triplet` and seven times `further_triplet`: one pattern for a whole measure of eight groups.
    """

    doubt_weight_base: float = 0.4
    """Share (0 to 1) of a doubt's cost that remains where the detector's score is 0."""

    uneven: float = 0.25
    """Cost, for each octave by which the space between columns differs from what the durations ask for.

    It counts only where durations are doubted.
    """

    max_unevenness: float = 1.5
    """Octaves of such a difference that count at most."""

    # The piece (rhythm.py)

    small_note_gain: float = 0.5
    """Cost that a measure must save for small quarters and longer notes to take time as no grace notes do."""

    false_head: float = 1.0
    """Cost of a black head without a stem that is no note: that of a misread flag."""

    max_false_heads: int = 2
    """Number of black heads without a stem in a measure that may be no notes, at most."""

    min_share_of_usual_length: float = 0.5
    """Share (0 to 1) of the measures without a metre that have one length, for the others to take it, too."""


@dataclass(frozen=True)
class CompositionLimits:
    """Thresholds of what is written into the score."""

    span_end_overshoot: float = 1.0
    """Staff spaces by which the end of a hairpin or octave line may lie before the last note under it."""

    volta_coverage: float = 0.3
    """Share (0 to 1) of a measure's width that a volta bracket covers, more than this, to include it."""

    max_number: int = 16
    """Highest number of slurs, hairpins or octave lines at a time (MusicXML 4.0, number-level)."""


@dataclass(frozen=True)
class LyricsLimits:
    """Costs of aligning syllables with notes, in staff spaces between a syllable and its note.

    Chosen on engraved validation pages (`benchmarks/words.py --split val`).
    """

    left_out: float = 8.0
    """Of a syllable that gets no note."""

    whole: float = 1.0
    """Of each place at which a piece of a word could be taken apart and is not."""

    left_aligned: float = 0.5
    """Of a syllable that begins under its note in place of being centred there."""

    max_parts: int = 3
    """Parts that a piece of a word is taken apart to, at most."""


@dataclass(frozen=True)
class QualityLimits:
    """Coefficients of the estimate of how well a page was read (`omr.notation.semantics.quality`).

    Source: least squares on 51 scanned pieces for piano (21 rags of 1899 to 1917, 30 movements by Mozart)
    against their note F1 (pitch and duration, in order); the correlation of estimate and F1, each piece left
    out of its own fit, is 0.64, the mean difference 0.02. Pages as bad as handwriting were in no fit.
    """

    best: float = 0.984
    """Estimate for a page whose measures all add up without cost."""

    cost_weight: float = 0.037
    """What the estimate falls for each unit of the mean cost of a measure's rhythm (`Timing.cost`)."""

    max_cost: float = 20.0
    """Cost of one measure that counts at most."""

    min_low_score: float = 0.15
    """Minimum score (0 to 1) of a low-confidence notehead that counts as a note that may be missing."""

    poor: float = 0.85
    """Estimate (0 to 1) below which a page was probably not read well.

    None of the 51 pieces has such an estimate; 6 of 6 pages of MUSCIMA++, read with printed weights, have.
    """

    handwritten: float = 0.96
    """Mean detection score (0 to 1) of the noteheads below which a page read with printed weights looks
    handwritten: it is 0.98 and more on 176 pages of the 51 pieces, below this on 7 of 8 of MUSCIMA++."""

    min_heads: int = 20
    """Number of noteheads from which their mean score and the estimate tell something."""


@dataclass(frozen=True)
class SemanticsLimits:
    """Thresholds of `omr.notation.semantics`, by idea."""

    signatures: SignatureLimits = SignatureLimits()
    keys: KeyAgreementLimits = KeyAgreementLimits()
    metres: MetreAgreementLimits = MetreAgreementLimits()
    confirmed_rests: ConfirmedRestLimits = ConfirmedRestLimits()
    multi_measure_rests: MultiMeasureRestLimits = MultiMeasureRestLimits()
    sounding: SoundingLimits = SoundingLimits()
    rhythm: RhythmLimits = RhythmLimits()
    composition: CompositionLimits = CompositionLimits()
    lyrics: LyricsLimits = LyricsLimits()
    quality: QualityLimits = QualityLimits()
