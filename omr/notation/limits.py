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
class LayoutLimits:
    """Thresholds of `omr.notation.layout`."""

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

    # Systems (systems.py)

    opening_distance: float = 1.0
    """Staff spaces between a barline and the left end of a staff whose system the barline opens, at most."""

    opening_height: float = 6.0
    """Minimum height in staff spaces of a barline that opens a system of several staves.

    A barline of one staff is 4 staff spaces high.
    """

    max_gap_in_line: float = 12.0
    """Staff spaces between two staves that nothing but barlines in line joins to a system, at most."""

    in_line_tolerance: float = 0.4
    """Staff spaces between the middles of two barlines on neighbouring staves that are in line, at most."""

    min_share_in_line: float = 0.75
    """Minimum share (0 to 1) of two staves' barlines in line, if nothing else joins the staves.

    The share is taken of the staff that has more barlines.
    """

    min_barlines_in_line: int = 3
    """Minimum number of barlines in line, if nothing else joins two staves."""

    min_barlines_in_line_near: int = 2
    """The same for two staves as near to each other as staves of one system are elsewhere on the page."""

    near_gap_ratio: float = 1.1
    """Ratio of the gap between two staves to the widest gap between joined staves of the page.

    Two staves whose ratio is at most this are as near to each other as the staves of one system.
    """

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

    # Part collation (part_collation.py)

    clef_cost: float = 1.0
    """Cost of matching two staves whose first clefs differ (no unit; lowest sum wins)."""

    place_in_part_cost: float = 2.0
    """Cost of matching two staves that differ in their place in their part, or in the size of that part."""

    bracket_cost: float = 0.5
    """Cost of matching a staff beside a bracket with one that has none."""


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

    barline_in_line_tolerance: float = 0.4
    """Staff spaces between a low-confidence barline and the detected one in line with it, at most."""

    # Line fragments (line_fragments.py)

    fragment_distance: float = 0.2
    """Staff spaces between the middles of two fragments of one line, at most.

    The strokes of a double barline are further apart.
    """

    max_barline_gap: float = 0.5
    """Staff spaces of a barline that may be missing between two of its fragments, at most."""

    min_stem_overlap: float = 0.5
    """Staff spaces by which two fragments of one stem overlap, at least.

    Stems of two voices may meet end to end; two stems never overlap.
    """

    barline_overshoot: float = 2.2
    """Staff spaces by which a true barline reaches beyond its staves at one end, at most.

    A line that reaches further at both ends is a fold or a streak of the scan.
    """

    opening_distance: float = 1.0
    """Staff spaces between the left end of a staff and a barline that opens its system, at most.

    Such a line is never removed: the longer a line, the less exactly its ends are known.
    """

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


# --- linking: stems, beams, flags, dots, accidentals, slurs -------------------------------------------


@dataclass(frozen=True)
class LinkingLimits:
    """Thresholds of `omr.notation.linking`."""


# --- semantics: clefs, keys, metres, pitches, rhythm, voices ------------------------------------------


@dataclass(frozen=True)
class SemanticsLimits:
    """Thresholds of `omr.notation.semantics`."""


# --- all ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """Thresholds of all stages, in their order."""

    layout: LayoutLimits = LayoutLimits()
    cleanup: CleanupLimits = CleanupLimits()
    linking: LinkingLimits = LinkingLimits()
    semantics: SemanticsLimits = SemanticsLimits()
