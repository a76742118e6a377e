"""Thresholds of the notation stages: one frozen dataclass a stage, one documented field a threshold.

Every stage function takes the thresholds of its stage as the keyword `limits` and passes them on to its
helpers; the defaults are those of `Limits()`. To read a piece with another threshold, replace its field:

>>> from dataclasses import replace
>>> limits = Limits()
>>> stricter = replace(limits, layout=replace(limits.layout, joining_coverage=0.5))
>>> stricter.layout.joining_coverage
0.5

Lengths are in staff spaces: the distance between neighbouring staff lines, the page's median. A *coverage* is
the share (0 to 1) of a staff's height, from its top line to its bottom line, that an upright symbol (barline,
brace, bracket) runs along, as `omr.notation.layout.coverage.staff_coverage` measures it. Unless a field
names another source, its default is that of release 0.1.0, chosen on validation pieces.
"""

from __future__ import annotations

from dataclasses import dataclass

# --- layout: placed symbols, systems, measures, parts ------------------------------------------------


@dataclass(frozen=True)
class LedgerLimits:
    """Thresholds of `omr.notation.layout.ledger_spacing`.

    Distances are in half staff spaces from the outer line of the staff, spacings in staff spaces. Source:
    histograms of the ledger lines on nine scanned rags of 1899 to 1908. The first ledger line lies 2.0 to 2.7
    from the staff, the second 4.0 to 5.0, and nothing in between.
    """

    nearest: float = 1.2
    """Distance from the staff below which a ledger line is a wrong one: the first is 2 away."""

    min_count: int = 3
    """Number of ledger lines on one side of a page's staves that tell their spacing, at least."""

    min_spacing: float = 0.96
    """Smallest spacing tried."""

    max_spacing: float = 1.26
    """Largest spacing tried; engravers by hand went up to 1.18."""

    step: float = 0.01
    """Step between the spacings tried."""

    max_error: float = 0.6
    """Distance of a ledger line from its place that counts as much as any larger one."""

    in_place: float = 0.5
    """Distance of a ledger line from its place below which it refines the spacing."""

    # Counting noteheads from ledger lines (ledger_lines.py). Source: histograms of 1,900 heads beyond the
    # staff on 12 pages of 1878 to 1899. From the ledger line next to them, heads are -0.3 to 0.25 or 0.75 to
    # 1.7 away, and 6 of 1,600 in between.

    min_overlap: float = 0.5
    """Share (0 to 1) of a notehead's width that a ledger line of its covers, at least."""

    most_beyond: float = 0.4
    """Distance by which a ledger line of a notehead may be further from the staff than the head's middle."""

    min_apart: float = 1.3
    """Distance between ledger lines of a notehead up to which the outer one is the edge of the head."""

    clearly_apart: float = 1.7
    """Distance between ledger lines of a notehead from which they are two for sure."""

    stands_on: float = 0.5
    """Distance from the line up to which a head stands on it; a head further out touches it from outside."""

    touches: float = 1.75
    """Distance from the line from which a head doesn't touch it: the next ledger line is 2 away."""


@dataclass(frozen=True)
class SystemLimits:
    """Weights of what tells that two neighbouring staves are of one system (`StaffPairEvidence.weights`).

    Weights are natural logarithms of odds: 3 is about 20 to 1 for one system, -3 about 20 to 1 against it.
    Source: engraving practice (E. Gould, *Behind Bars*, 2011, "Systems": an opening line joins the staves
    of every system of two staves or more; braces join the staves of one player, barlines run through the
    staves of a family), and how often the detector misses an opening line: on 12 of 951 systems of 51
    scanned pieces. Not chosen by `benchmarks/tune_notation.py`.
    """

    brace: float = 6.0
    """A brace along both staves."""

    bracket: float = 4.0
    """A bracket along both staves; detectors take braces for brackets, hardly anything else."""

    opening: float = 4.0
    """An opening line along both staves; it may be the edge of the page."""

    no_opening: float = -3.0
    """No opening line: the detector missed 12 of 951 on 51 scanned piano pieces."""

    separate_braces: float = -3.0
    """One brace ends at the upper staff and another one begins at the lower staff, and nothing joins them."""

    separate_brackets: float = -2.0
    """One bracket ends at the upper staff and another one begins at the lower staff."""

    opened_apart: float = -2.0
    """Each staff but the first that one barline opens above the gap and another one below it."""

    through: float = 4.5
    """All barlines run through the gap; some of them, that share of it."""

    not_through: float = -1.0
    """Added to the same: none runs through it. Voices of a choir have barlines of their own."""

    columns_that_tell: int = 3
    """Number of barlines from which their share through the gap has its full weight."""

    in_line: float = 0.9
    """Each barline that stands in line on both staves."""

    out_of_line: float = 1.2
    """Each barline, as a weight against, that stands on one staff and not on the other."""

    max_line: float = 4.0
    """Weight of all barlines in line or out of line together, at most."""

    uneven: float = 0.25
    """Coefficient of variation of the distances between barlines in line from which they have full weight.

    Lines of measures of one width stand in line on all systems of a page.
    """

    even_weight: float = 0.25
    """Share (0 to 1) of that weight that barlines at equal distances have, at least."""

    gap: float = 3.0
    """A gap that is narrower than the page's typical one by a factor of e."""

    max_gap: float = 1.5
    """Weight of the gap, for or against, at most."""

    min_gap_ratio: float = 0.1
    """Ratio of a gap to the typical one below which it counts as this."""


@dataclass(frozen=True)
class StructureLimits:
    """Costs of a piece's structure and of its systems (`omr.notation.layout.structure_search`).

    Costs are negative logarithms of odds, so that they add up with the weights of `SystemLimits`. Source:
    engraving practice; set by hand on engraved ensembles (`tests/notation/test_ensembles.py`) and two scanned
    sonata movements with ossias. Not chosen by `benchmarks/tune_notation.py`.
    """

    staff: float = 0.5
    """Each staff of the structure: of two that explain the pages alike, the smaller one."""

    part: float = 3.0
    """Each part of the structure: pieces seldom get a part for a line or two."""

    hidden_part: float = 0.1
    """Each part that a system hides, while the staves of a page are assigned."""

    missing_staff: float = 6.0
    """Each staff that a system lacks of a part that it shows."""

    missing_brace: float = 1.5
    """Two neighbouring staves of one part without a brace: one in five is missed or taken for a bracket."""

    spurious_brace: float = 4.0
    """A brace along two neighbouring staves of different parts."""

    clef: float = 0.5
    """A staff whose first clef is not the usual one of its staff of the structure."""

    bracket: float = 0.25
    """A staff beside a bracket whose staff of the structure usually has none, or the other way round."""

    family: float = 0.5
    """Two neighbouring staves that a bracket or barlines join and that are usually of two families of
    instruments, or the other way round."""

    variant_staff: float = 6.0
    """A staff of ordinary size and length that a system shows besides those of the structure (an ossia)."""

    short_variant_staff: float = 0.5
    """The same for a staff that is shorter than its neighbour, as ossias are; nothing if it has no notes."""

    odd_variant_staff: float = 4.0
    """The same for a staff of full length that is small, as ossias and the parts above a piano are, or that
    has neither notes nor rests, as a false staff has."""

    variant_system: float = 8.0
    """All staves of a piece for one player a second time in a system: two readings of a passage."""

    stray_staff: float = 3.0
    """A system of such staves alone, besides the cost of each of them."""

    short_staff_ratio: float = 0.9
    """Length of a staff as a share of its neighbour's, below which it is short."""

    small_staff_ratio: float = 0.85
    """Staff space as a share of the page's median, below which a staff is small.

    Small staves have 0.6 to 0.8 of the size of the others (E. Gould, *Behind Bars*, 2011, "Ossia").
    """

    max_candidates: int = 12
    """Number of structures that are compared, at most: the most frequent ones, and the fullest."""


@dataclass(frozen=True)
class LayoutLimits:
    """Thresholds of `omr.notation.layout`."""

    ledger: LedgerLimits = LedgerLimits()
    systems: SystemLimits = SystemLimits()
    structure: StructureLimits = StructureLimits()

    # Placing symbols (placement.py)

    off_page_margin: float = 1.0
    """Page sizes by which a box may lie beyond the page; symbols further away are dropped as absurd."""

    max_lean: float = 0.8
    """Share (0 to 1) of a box's width that a skewed page may have added to it, at most.

    The box of an upright line on a page that is skewed is wider than the line; placing takes the excess away.
    """

    # Uprights that cross staves (coverage.py)

    crossing_coverage: float = 0.5
    """Minimum coverage of a staff by an upright that crosses it, and by a barline that ends a measure there.

    On 41 scanned pages and 10 of MUSCIMA++, 98.6 % of barlines that touch a staff cover over 0.9 of it;
    those that cover less are true barlines whose ends were cut off.
    """

    joining_coverage: float = 0.25
    """Minimum coverage of each of two staves by a barline, brace or bracket that joins them.

    Less than `crossing_coverage`, because detectors cut the ends of long symbols off, and an upright that
    reaches into both staves joins them whatever is missing: none begins or ends in the middle of a staff.
    """

    # Evidence on systems (system_evidence.py)

    opening_distance: float = 1.0
    """Staff spaces between the middle of a barline and the left end of a staff that it opens, at most."""

    opening_height: float = 6.0
    """Minimum height in staff spaces of a barline that opens a system of several staves.

    A barline of one staff is 4 staff spaces high.
    """

    in_line_tolerance: float = 0.4
    """Staff spaces between the middles of two barlines in line, one above the other, at most."""

    # Measures (measures.py)

    heavy_stroke_ratio: float = 1.8
    """Minimum width of a heavy stroke, as a multiple of the median barline of its system.

    A heavy barline is 0.5 staff spaces wide, a thin one 0.16 (Bravura's engraving defaults, SMuFL).
    """

    max_stroke_gap: float = 0.9
    """Staff spaces between strokes of one barline (double, final, repeat), at most."""

    min_stroke_distance: float = 0.2
    """Staff spaces between the middles of two strokes that stand beside each other, at least.

    Nearer ones are one stroke that is interrupted between two staves.
    """

    min_share_of_staves: float = 0.5
    """Minimum share (0 to 1) of a system's staves that a barline crosses to end a measure."""

    repeat_dot_reach: float = 1.6
    """Staff spaces from a barline's outer stroke to the middles of its repeat dots, at most."""

    repeat_dot_overlap: float = 0.3
    """Staff spaces by which the middle of a repeat dot may lie inside of the outer stroke."""

    end_tolerance: float = 1.5
    """Staff spaces between the end of a system and the barline that stands there, at most.

    Where no barline stands so near, the first or last measure ends by this much beyond the system.
    """

    min_empty_measure: float = 6.0
    """Minimum width in staff spaces of a measure without notes or rests.

    Narrower room holds a clef or a signature of the next measure.
    """


# --- cleanup: duplicates, false staves, line fragments, low-confidence symbols -------------------------


@dataclass(frozen=True)
class CleanupLimits:
    """Thresholds of `omr.notation.cleanup`."""

    # False staves (false_staves.py)

    short_staff_ratio: float = 0.5
    """Length of a staff as a share of the page's median staff; a shorter one needs a clef to be kept."""

    clef_indent: float = 1.0
    """Staff spaces by which the middle of a clef may lie to the left of its staff."""

    # Low-confidence symbols (low_confidence.py)

    min_beam_score: float = 0.1
    """Minimum score (0 to 1) of a low-confidence beam that stems may confirm."""

    min_barline_score: float = 0.1
    """Minimum score (0 to 1) of a low-confidence barline that staves and other barlines may confirm."""

    min_clef_score_with_dots: float = 0.15
    """Minimum score (0 to 1) of a low-confidence F clef that its two dots may confirm."""

    clef_dots_reach: float = 0.6
    """Staff spaces beyond the right side of an F clef to the middles of its dots, at most."""

    clef_dots_off: float = 0.5
    """Half staff spaces from the line that an F clef names to the middle between its dots, less than this.

    The dots of a repeat are two half staff spaces lower.
    """

    min_bracket_score: float = 0.05
    """Minimum score (0 to 1) of a low-confidence bracket that staves may confirm."""

    max_iou_with_detected: float = 0.5
    """Maximum IoU (0 to 1) of a low-confidence symbol with a detected one.

    Above, it is another guess at the same ink.
    """

    beam_end_distance: float = 0.6
    """Staff spaces between an end of a beam and the stem that confirms it, at most."""

    beam_tip_overshoot: float = 0.5
    """Staff spaces by which a beam may lie beyond the tip of its stem.

    This is the thickness of a beam (E. Gould, *Behind Bars*, 2011, "Beams").
    """

    beam_tip_depth: float = 2.9
    """Staff spaces from the tip of a stem to the outer edge of a beam, at most: four beams stacked."""

    bracket_distance: float = 2.0
    """Staff spaces between a bracket and the left ends of its staves, at most."""

    bracket_overlap: float = 0.5
    """Staff spaces by which a bracket may stand inside of its staves."""

    confirmed_barline_coverage: float = 0.75
    """Minimum coverage of a staff by a low-confidence barline.

    More than `LayoutLimits.crossing_coverage`, because a stem may cover half a staff and be taken for one.
    """

    barline_end_tolerance: float = 0.8
    """Staff spaces between an end of a low-confidence barline and the outer line of its staves, at most."""

    # Line fragments (line_fragments.py)

    fragment_distance: float = 0.2
    """Staff spaces between the middles of two fragments of one line, at most.

    The strokes of a double barline are further apart.
    """

    max_barline_gap: float = 0.5
    """Staff spaces of a barline that may be missing between two of its fragments, at most."""

    min_stem_overlap: float = 0.5
    """Staff spaces by which two fragments of one stem overlap, at least, if the ink between is not known.

    Stems of two voices may meet end to end; two stems never overlap.
    """

    max_stem_gap: float = 1.0
    """Staff spaces of a stem that may be missing between two of its fragments where ink goes on there."""

    stem_gap_ink: float = 0.9
    """Minimum share (0 to 1) of the pixel rows of that gap with ink in the stem's course."""

    # Small noteheads (small_heads.py)

    small_head_ratio: float = 0.82
    """Maximum height of a small notehead, as a multiple of the page's median notehead of full size.

    Small heads of the music fonts Bravura, Leland and Leipzig are 0.66 to 0.75 as high as full ones.
    """

    min_full_heads: int = 10
    """Number of noteheads of full size that tell how high one is, at least; with fewer, all heads do."""

    # Open heads taken for black ones (head_kinds.py)

    head_middle: float = 0.6
    """Share (0 to 1) of a head's width and height that is looked at, around its middle."""

    min_light: float = 0.35
    """Lightness (0 ink, 1 paper) of a pixel above which it is paper."""

    min_black_heads: int = 20
    """Number of black heads that tell how dark black heads are on a page, at least."""

    black_percentile: float = 90.0
    """Percentile of the black heads of a page, by how light they are, that is a light one."""

    max_light_in_black: float = 0.06
    """Lightness (0 ink, 1 paper) of the light ones of the black heads up to which a page is judged."""

    min_light_in_open: float = 0.09
    """Lightness (0 ink, 1 paper) of the middle of a head from which it is open.

    Source: scans of 1899 to 1908. Black heads have 0.00 to 0.05 there, open ones 0.13 to 0.65.
    """

    # False barlines (false_barlines.py)

    barline_outside: float = 1.2
    """Staff spaces by which a barline may stand beyond the ends of every staff that it crosses.

    A line that stands further away is the edge or the shadow of the page.
    """

    barline_overshoot: float = 2.2
    """Staff spaces by which a true barline reaches beyond its staves at one end, at most.

    A line that reaches further at both ends is a fold or a streak of the scan.
    """

    # Parts of clefs (clef_parts.py)

    clef_part_overlap: float = 0.6
    """Share (0 to 1) of a symbol within the box of a clef, above which it is a part of the clef.

    Accidentals and notes stand beside clefs; on real scans what lies within lies there with nearly all of it.
    """

    min_clef_score: float = 0.5
    """Minimum score (0 to 1) of a clef whose parts are removed."""

    # Duplicates (duplicates.py)

    duplicate_overlap: float = 0.5
    """Share (0 to 1) of the smaller of two boxes within the larger, above which one is a duplicate."""

    notehead_overlap: float = 0.55
    """The same for noteheads: those of a second overlap a little."""

    curve_overlap: float = 0.8
    """The same for slurs and ties: the box of a short one lies within that of a long one."""

    beam_overlap: float = 0.85
    """The same for beams: the boxes of stacked beams that slope overlap."""

    duplicate_score_ratio: float = 1.0
    """Ratio (0 to 1) of a duplicate's score to the score of the symbol it lies on, at most."""

    notehead_score_ratio: float = 0.8
    """The same for noteheads: two with alike scores in one place are two voices in unison."""

    curve_score_ratio: float = 0.9
    """The same for slurs and ties."""

    beam_score_ratio: float = 0.9
    """The same for beams."""


# --- linking: stems, beams, flags, dots, accidentals, curves ------------------------------------------


@dataclass(frozen=True)
class StemLimits:
    """Thresholds of `omr.notation.linking.stems` and `omr.notation.linking.stem_extension`.

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


# --- semantics: clefs, keys, metres, pitches, rhythm, voices ------------------------------------------


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

    dotted_ratio: float = 0.01
    """Cost, in the rhythm search, of a number over notes in the time of a dotted value."""


@dataclass(frozen=True)
class RhythmLimits:
    """Costs and limits of the rhythm search.

    A cost has no unit; the explanation of a measure with the lowest sum wins. A cost of 1 is about what one
    misread flag costs.
    """

    # The search (rhythm_search.py)

    beam_width: int = 24
    """Number of explanations that the search keeps from column to column."""

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

    entered: float = 1.0
    """Cost of a voice that enters after the measure has started, without a rest."""

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
    quality: QualityLimits = QualityLimits()


# --- the notation graph --------------------------------------------------------------------------------


@dataclass(frozen=True)
class GraphLimits:
    """Thresholds of `omr.notation.graph`."""

    line_thickness: float = 0.12
    """Height in staff spaces of the nodes of staff lines."""

    ledger_reach: float = 2.0
    """Staff spaces between the middles of a head and of a ledger line of it, at most."""

    ledger_overlap: float = 0.4
    """Minimum share (0 to 1) of a head's width that a ledger line of it runs along."""

    ledger_off: float = 0.6
    """Half staff spaces that a head's own ledger line may lie beyond the head."""

    grace_reach: float = 14.0
    """Staff spaces between the middles of a grace note and of its main note, at most."""

    time_signature_gap: float = 0.6
    """Staff spaces between the boxes of two signs of one time signature, at most."""


# --- all ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """Thresholds of all stages, in their order."""

    layout: LayoutLimits = LayoutLimits()
    cleanup: CleanupLimits = CleanupLimits()
    linking: LinkingLimits = LinkingLimits()
    semantics: SemanticsLimits = SemanticsLimits()
    graph: GraphLimits = GraphLimits()
