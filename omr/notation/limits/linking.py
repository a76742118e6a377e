"""Thresholds of `omr.notation.linking`: stems, beams, flags, dots, accidentals, curves."""

from __future__ import annotations

from dataclasses import dataclass

from omr.notation.limits.positive import require_positive


@dataclass(frozen=True)
class StemLimits:
    """Thresholds of the modules of `omr.notation.linking` that find, extend and join stems.

    The cost of a head on a stem is 0 where an engraver attaches them and must stay below 1.
    """

    reach: float = 1.2
    """Staff spaces beyond a head's sides within which stems are tried: leaning stems are wide."""

    aside: float = 0.6
    """Staff spaces between a side of a head and the course of a stem that cost 1."""

    outside: float = 1.0
    """Staff spaces between a head and the end of a stem that cost 1."""

    diagonal: float = 0.3
    """Cost of each staff space that a stem is both aside and short."""

    column_width: float = 0.5
    """Head widths between the middles of two heads above each other that share a recovered stem, at most."""

    recovered_aside: float = 0.2
    """Staff spaces between a side of a head and a recovered stem, at most."""

    max_stem_width: float = 0.25
    """Thickness of a stem in staff spaces, at most: paper lies beside it."""

    max_wide: float = 0.4
    """Share (0 to 1) of the rows of a stem with ink on both sides, at most: staff lines, beams and heads."""

    min_recovered: float = 1.5
    """Staff spaces that a recovered stem goes on beyond its outermost head, at least."""

    max_recovered: float = 7.0
    """Length in staff spaces of a recovered stem beyond the middle of its outermost head, less than this."""

    beam_half: float = 15.0
    """Staff spaces from a head's side to the middle of a beam that a worn stem leads to, at most."""

    min_dashes: float = 0.35
    """Share (0 to 1) of a worn stem's way to its beam that is inked, at least."""

    whole_on_stem: float = 0.6
    """Cost of a whole head on a stem below which it is a half."""

    end_at_whole: float = 0.6
    """Staff spaces from the end of a stem with open heads to the middle of a whole head on it, at most."""

    min_stem: float = 2.0
    """Height in staff spaces of a stem that makes a whole head a half, at least."""

    unison: float = 0.3
    """Staff spaces between the middles of two heads in one place (two voices in unison), at most."""

    extension: float = 6.0
    """Staff spaces by which a stem may be detected too short: a chord may span more than an octave."""

    extension_aside: float = 0.35
    """Staff spaces between a head's side and the course of a stem that is extended to it, at most."""

    extension_ink: float = 0.9
    """Minimum share (0 to 1) of the pixel rows between stem and head with ink in the stem's course."""

    max_gap: float = 0.3
    """Staff spaces between two stems of one direction in one place that are one stem, less than this."""

    min_overlap: float = 0.5
    """Staff spaces by which two such stems overlap, at least, where the page's ink is not known."""

    beyond_paper: float = 0.4
    """Added cost of a head that paper parts from the end of its stem."""

    beyond_ink: float = 0.5
    """Share (0 to 1) that remains of the cost of a head beyond its stem, where ink leads there."""

    min_beyond_end: float = 0.2
    """Staff spaces between a head and the end of its stem from which the ink between them is looked at."""

    min_confirmed: float = 0.1
    """Minimum score (0 to 1) of a low-confidence stem that a head without a stem may confirm."""

    max_cost_confirmed: float = 0.6
    """Cost of a head on a low-confidence stem, less than this."""

    min_beyond: float = 0.6
    """Staff spaces that a confirmed stem goes on beyond its head, more than this: less is the head's side."""

    max_tip_extension: float = 3.5
    """Staff spaces by which the free end of a stem may be detected too short: the usual stem (Gould)."""

    max_worn: float = 0.25
    """Staff spaces of paper in the line of a worn stem, less than this."""

    tip_aside: float = 0.5
    """Staff spaces between a stem and the end of its beam or the left edge of its flag, at most."""

    tip_slack: float = 0.3
    """Staff spaces by which a beam's box may be off, and the least by which a stem is extended."""

    flag_width: float = 1.5
    """Staff spaces from a stem to the middle of its flag, at most: flags are 1.1 wide (Bravura)."""


@dataclass(frozen=True)
class StaffAssignmentLimits:
    """Thresholds of `omr.notation.linking.staff_assignment`."""

    surely_near: float = 1.5
    """Half staff spaces beyond the outer lines up to which a head surely belongs to its nearest staff."""

    missing_ledger_cost: float = 2.0
    """Cost of a missing ledger line, in staff spaces of distance."""

    other_staff_cost: float = 2.0
    """Cost of a head on another staff than the rest of its stem, in staff spaces of distance."""

    most_ledgers: int = 12
    """Ledger lines that a note may need; more are not looked for."""

    ledger_reach: float = 1.2
    """Staff spaces between the middles of a head and of a ledger line of it, at most."""

    ledger_off: float = 0.6
    """Half staff spaces between a ledger line and its place, at most."""

    clef_number_aside: float = 2.0
    """Staff spaces between the middles of a clef and of its octave number, at most."""


@dataclass(frozen=True)
class ChordLimits:
    """Thresholds of `omr.notation.linking.chords`."""

    stack_width: float = 1.4
    """Head widths between the middles of two stemless heads of one chord, at most."""

    stack_aside: float = 0.5
    """Head widths from which a stemless head stands beside the others, as in a second."""

    second: float = 1.5
    """Half staff spaces between two heads below which they form a second, and one stands beside the other."""


@dataclass(frozen=True)
class FlagLimits:
    """Thresholds of `omr.notation.linking.flags`. Costs are in staff spaces."""

    reach: float = 1.2
    """Staff spaces between the left edge of a flag and the middle of its stem, at most."""

    beside: float = 0.6
    """Staff spaces between the left edge of a flag and the box of its stem, at most."""

    tip_weight: float = 0.5
    """Cost of each staff space between the tip of the stem and the outer end of the flag."""

    turned_cost: float = 1.0
    """Cost of a flag whose class says the other direction than its stem."""

    max_cost: float = 2.0
    """Cost from which a flag is on no stem."""


@dataclass(frozen=True)
class BeamInkLimits:
    """Thresholds of `omr.notation.linking.beam_ink`, in staff spaces unless another unit is named."""

    thickness: float = 0.5
    """Thickness of a beam (E. Gould, *Behind Bars*, 2011, "Beams")."""

    pitch: float = 0.77
    """Distance between the middles of two beams: 0.75 by Gould, 0.81 by LilyPond."""

    spread: float = 0.1
    """Excess thickness of beams that have run together: the ink spread, or a staff line touches."""

    min_thickness: float = 0.35
    """Thickness below which a run of ink is a staff line or a slur."""

    max_gap: float = 0.55
    """Paper between two beams of one stack, at most."""

    min_gap: float = 0.1
    """Paper between two beams of one stack where too few pairs of a page tell it."""

    max_thickness: float = 1.1
    """Thickness from which a run of ink is surely more than one beam: two of 0.5 take 1.25."""

    min_measured: int = 12
    """Number of beams, and of pairs of them, that tell how thick and how far apart a page's beams are."""

    from_tip: float = 0.6
    """Distance of the first beam from the tips of the stems, at most: a tip is detected that exactly."""

    beyond_tip: float = 0.05
    """How far inwards a run of ink may reach and still lie beyond the tips."""

    outwards: float = 2.2
    """How far beyond the tips a column is looked at."""

    inwards: float = 4.2
    """How far from the tips to the heads a column is looked at: five beams."""

    step: float = 0.05
    """Distance between two samples of a column."""

    columns: int = 13
    """Columns looked at in each of three places: beside either stem, and between the stems."""

    inset: float = 0.3
    """Distance of the first column from the middle of a stem: half its width and the blur of a scan."""

    inset_share: float = 0.25
    """The same as a share (0 to 1) of the distance between the stems, at most."""

    beside: float = 0.75
    """Distance from a stem up to which its shortest hooks reach."""

    beside_share: float = 0.5
    """The same as a share (0 to 1) of the distance between the stems, at most."""

    paper_percentile: float = 90.0
    """Percentile of the grey levels around two stems that is the level of paper."""

    contrast: float = 40.0
    """Grey levels (0 to 255) between ink and paper, at least."""

    def __post_init__(self) -> None:
        require_positive(self, "step", "columns", "pitch")


@dataclass(frozen=True)
class BeamLimits:
    """Thresholds of `omr.notation.linking.beams` and `omr.notation.linking.beam_correction`."""

    thickness: float = 0.5
    """Thickness of a beam in staff spaces (E. Gould, *Behind Bars*, 2011, "Beams")."""

    pitch: float = 0.8
    """Staff spaces between the middles of two beams, as detectors' boxes have them."""

    reach: float = 1.2
    """Staff spaces between an end of a beam's box and a stem that it may join, at most."""

    coverage: float = 0.5
    """Minimum share (0 to 1) of the way between two stems that a beam joining them covers."""

    hook: float = 1.9
    """Staff spaces of width from which a beam is no hook (a beam at one stem alone)."""

    hook_coverage: float = 0.8
    """Minimum share (0 to 1) of the way between two stems that a beam no wider than a hook covers."""

    hook_aside: float = 0.4
    """Staff spaces between a hook's box and its stem, at most."""

    one_stem: float = 0.2
    """Staff spaces between two stems of two voices in one place, at most: a beam at one is at both."""

    overhang: float = 0.5
    """Lengths of a beam by which its slope is continued beyond the ends of its box, at most."""

    head_room: float = 0.5
    """Staff spaces of a stem next to its outermost head where no beam lies."""

    min_inwards: float = 0.3
    """Staff spaces inwards from the tip that beams of the shortest stems may lie, at least."""

    stack: float = 4.4
    """Beam pitches inwards from the tip that a beam may lie, at most: five beams."""

    inside: float = 0.5
    """Staff spaces between a stem and the ends of a beam from which the stem is inside of the group."""

    beyond: float = 1.0
    """Staff spaces that a beam may lie beyond the tip of a stem at the end of its group, at most."""

    beyond_inside: float = 4.0
    """Beam pitches that a beam may lie beyond the tip of a stem inside of its group ("French" beaming)."""

    same_level: float = 0.5
    """Beam pitches between two fragments of one beam at a stem, at most."""

    fragment_overlap: float = 0.5
    """Share (0 to 1) of the shorter of two boxes from which boxes side by side are two beams."""

    at_tip: float = 0.5
    """Staff spaces beyond the tip up to which the first beam of a stem may lie."""

    faced: float = 0.3
    """Staff spaces beyond a stem's tip from which a beam at tips of stems from the other side is theirs."""

    sure: float = 0.9
    """Minimum score (0 to 1) of a beam that is kept where the page's ink shows none."""

    close_order: float = 1.3
    """Beam pitches between two beams of a stack, at most; beyond the tip only those count."""

    max_distance: float = 16.0
    """Staff spaces between neighbouring stems that ink alone may join by a beam, at most."""

    open_room: float = 4.0
    """Staff spaces of room for beams beside stems whose heads lie on their other side."""

    kneed_span: float = 0.3
    """Minimum share (0 to 1) of a group that stems of one direction span to tell the slope of its beams."""

    ink: BeamInkLimits = BeamInkLimits()


@dataclass(frozen=True)
class StrokeLimits:
    """Thresholds of `omr.notation.linking.strokes`."""

    aside: float = 1.2
    """Staff spaces between the middles of a stroke and of its stem, at most."""

    beyond: float = 1.0
    """Staff spaces that the middle of a stroke may lie beyond the ends of its stem."""


@dataclass(frozen=True)
class DotLimits:
    """Thresholds of `omr.notation.linking.dots`. Costs are in staff spaces."""

    reach: float = 5.0
    """Staff spaces between the middles of a dot and of its head or rest, at most."""

    gap: float = 3.5
    """Staff spaces between the boxes of a head and of its dot, at most: heads of a second, and two dots."""

    overlap: float = 0.3
    """Staff spaces by which the boxes of a head and of its dot may overlap."""

    gap_weight: float = 0.3
    """Cost of each staff space between the boxes."""

    height_weight: float = 1.5
    """Cost of each staff space between a dot and its place beside a head."""

    below_line_cost: float = 0.2
    """Cost of a dot in the space below the line of its note; it stands above as a rule (Gould, "Dots")."""

    other_space_cost: float = 0.5
    """Cost of a dot one space above or below the space of its note, as in close chords."""

    rest_height: float = 1.0
    """Staff spaces between the middles of a rest and of its dot that cost nothing."""

    max_cost: float = 1.6
    """Cost from which a dot belongs to no note."""

    row_height: float = 0.3
    """Staff spaces of height between dots in a row, at most."""

    most: int = 3
    """Dots of one note that are counted."""


@dataclass(frozen=True)
class AccidentalLimits:
    """Thresholds of `omr.notation.linking.accidentals`. Costs are in staff spaces."""

    reach: float = 7.0
    """Staff spaces between the middles of an accidental and of its head, at most."""

    gap: float = 5.0
    """Staff spaces between the boxes of an accidental and of its head, at most: a chord may have several."""

    overlap: float = 0.5
    """Staff spaces by which the boxes of an accidental and of its head may overlap."""

    off: float = 0.75
    """Staff spaces of height between an accidental and its head, at most."""

    gap_weight: float = 0.15
    """Cost of each staff space between the boxes."""

    height_weight: float = 2.0
    """Cost of each staff space of height."""

    chord_width: float = 1.5
    """Staff spaces from the next head on an accidental's staff to another one of the same chord, at most: a
    head on the other side of the stem is 1.2 away."""

    passing_cost: float = 1.0
    """Cost of a head beyond that chord: accidentals stand before the chord that they alter. With stacked
    accidentals, whose boxes may be half a staff space off, it decides between two heads of like heights."""


@dataclass(frozen=True)
class TieLimits:
    """Thresholds of `omr.notation.linking.ties`. Costs are in staff spaces."""

    outside: float = 2.5
    """Staff spaces beyond an end of a tie up to which heads are tried."""

    inside: float = 1.0
    """Staff spaces inside of an end of a tie up to which heads are tried."""

    off: float = 1.8
    """Staff spaces of height between a head and the upper or lower edge of its tie, at most."""

    height_weight: float = 1.5
    """Cost of each staff space of height."""

    position: float = 0.9
    """Half staff spaces between the heights of the two heads, at most."""

    staff_end: float = 3.0
    """Staff spaces from the end of a staff from which a tie with one head goes on to the next system."""

    staff_start: float = 20.0
    """Staff spaces from the start of a staff up to which a tie with one head comes from another system.

    Clef, key and time signature stand there.
    """


@dataclass(frozen=True)
class MarkLimits:
    """Thresholds of `omr.notation.linking.marks`. Costs are in staff spaces."""

    reach: float = 1.5
    """Staff spaces between the middles of a mark above or below a note and of the note, at most."""

    beside_left: float = 4.0
    """Staff spaces to the left of an arpeggio, caesura or breath mark to look for its note."""

    beside_right: float = 2.5
    """The same to the right."""

    aside_weight: float = 1.5
    """Cost of each staff space between the middles along the staff."""

    height_weight: float = 0.4
    """Cost of each staff space of height between a mark and its chord."""

    beside_weight: float = 0.5
    """Cost of each staff space of any direction, for marks beside notes."""

    arpeggio_height_weight: float = 1.0
    """Cost of each staff space of height between an arpeggio and its chord."""

    at_stem_cost: float = 0.2
    """Cost of a mark over the stem instead of the heads."""

    max_cost: float = 5.0
    """Cost from which a mark belongs to no chord."""


@dataclass(frozen=True)
class SlurLimits:
    """Thresholds of `omr.notation.linking.slurs`. Costs are in staff spaces."""

    reach: float = 2.0
    """Staff spaces between an end of a slur and the middles of the chords tried, at most.

    Chosen with `max_end_cost` on the validation pages of MUSCIMA++ by `benchmarks/relations.py`.
    """

    max_end_cost: float = 3.0
    """Cost from which a chord is not at the end of a slur."""

    free_height: float = 1.0
    """Staff spaces of height between an end of a slur and a head or stem tip that cost nothing."""

    height_weight: float = 0.7
    """Cost of each further staff space of height."""

    one_chord_cost: float = 3.0
    """Cost of one chord at both ends."""

    two_sides_cost: float = 1.5
    """Cost of a slur above the chord at one end and below the chord at the other."""

    two_staves_cost: float = 1.0
    """Cost of chords on two staves."""

    system_end: float = 3.0
    """Staff spaces from the end of a system from which a slur with one chord goes on in the next system."""

    system_start: float = 20.0
    """Staff spaces from the start of a system up to which a slur with one chord comes from another system.

    Clef, key and time signature stand there.
    """


@dataclass(frozen=True)
class TupletLimits:
    """Thresholds of `omr.notation.linking.tuplets`. Costs are in staff spaces."""

    digit_height: float = 0.4
    """Staff spaces of height between the digits of one number, at most."""

    digit_gap: float = 0.35
    """Staff spaces between the boxes of the digits of one number, at most."""

    bracket_height: float = 1.0
    """Staff spaces above or below its bracket that a number may stand."""

    beside: float = 2.0
    """Staff spaces that a number may stand to the left or right of its notes."""

    more_notes: int = 2
    """Notes and rests that a tuplet may have beyond its number: values shorter than its unit."""

    bracket_weight: float = 0.3
    """Weight of the distance between number and notes where there is a bracket."""

    ends_weight: float = 0.5
    """Cost of each staff space between the ends of the bracket and the outer notes."""

    height_weight: float = 1 / 3
    """Cost of each staff space of height between the notes and the number."""

    odd_unit_cost: float = 2.5
    """Cost of notes whose durations don't add up to the number times a note value."""

    finer_unit_cost: float = 1.5
    """Cost of a unit that is shorter than every note."""

    beam_gain: float = 0.8
    """What notes that make up one beamed group are cheaper."""

    loose_cost: float = 0.8
    """Cost of notes that are not under one beam, where no bracket stands."""

    max_cost: float = 4.5
    """Cost from which a number stands for no notes here."""


@dataclass(frozen=True)
class SpanLimits:
    """Thresholds of `octave_lines.py` and `volta_signs.py` in `omr.notation.linking`."""

    octave_margin: float = 0.6
    """Staff spaces beyond the ends of an octave line that the middles of its chords may stand."""

    volta_digit_reach: float = 5.0
    """Staff spaces from the start of a volta bracket to the middles of its digits, at most."""

    volta_digit_above: float = 0.3
    """Staff spaces above the top of a volta bracket that the middles of its digits may stand."""

    volta_digit_below: float = 2.5
    """Staff spaces below the top of a volta bracket to the middles of its digits, at most."""


@dataclass(frozen=True)
class DynamicsLimits:
    """Thresholds of `dynamics.py`, `hairpins.py` and `direction_staff.py` in `omr.notation.linking`."""

    letter_height: float = 1.2
    """Staff spaces of height between the middles of two letters of one word, at most."""

    letter_gap: float = 0.7
    """Staff spaces between the boxes of two letters of one word, at most."""

    letter_overlap: float = 1.0
    """Staff spaces by which the boxes of two letters of one word may overlap."""

    lower_ratio: float = 2.0
    """A direction between two staves belongs to the lower if the upper is further away by this ratio."""

    hairpin_left: float = 1.0
    """Staff spaces before the start of a hairpin that the middles of its chords may stand.

    Chosen with the three below on the training and validation pages of MUSCIMA++ by
    `benchmarks/relations.py`.
    """

    hairpin_right: float = 1.5
    """Staff spaces after the end of a hairpin that the middles of its chords may stand."""

    upper_share: float = 0.35
    """Share (0 to 1) of the gap between two parts, from the upper on, where a hairpin is the upper one's."""

    upper_share_in_part: float = 2 / 3
    """The same for two staves of one part: dynamics of keyboard music stand between its staves."""


@dataclass(frozen=True)
class LinkingLimits:
    """Thresholds of `omr.notation.linking`, by the module that uses them."""

    stems: StemLimits = StemLimits()
    staves: StaffAssignmentLimits = StaffAssignmentLimits()
    chords: ChordLimits = ChordLimits()
    flags: FlagLimits = FlagLimits()
    beams: BeamLimits = BeamLimits()
    strokes: StrokeLimits = StrokeLimits()
    dots: DotLimits = DotLimits()
    accidentals: AccidentalLimits = AccidentalLimits()
    ties: TieLimits = TieLimits()
    marks: MarkLimits = MarkLimits()
    slurs: SlurLimits = SlurLimits()
    tuplets: TupletLimits = TupletLimits()
    spans: SpanLimits = SpanLimits()
    dynamics: DynamicsLimits = DynamicsLimits()
