"""Thresholds of `omr.notation.cleanup`: duplicates, false staves, line fragments, low-confidence symbols."""

from __future__ import annotations

from dataclasses import dataclass


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
