"""Every threshold of staff detection: name, unit, meaning.

Source of all values: release 0.1.0, chosen on validation pages. Lengths in staff spaces
hold at any resolution; lengths in pixels are those of the page image.
"""

from __future__ import annotations

from dataclasses import dataclass

LINES = 5
"""Lines of a staff; staves of one line are not looked for."""


@dataclass(frozen=True)
class GaugeLimits:
    """How the staff space and the line thickness are measured (`omr.staves.gauge`)."""

    columns: int = 256
    """Columns that the page is squeezed to."""

    narrowest_column: int = 4
    """Pixels of the page that a squeezed column stands for at least; narrow pages get fewer columns."""

    paper_window_share: int = 25
    """The grey level of the paper is a mean over the page height divided by this number."""

    least_paper_window: int = 31
    """Pixels of height of that mean at least."""

    paper_window_columns: int = 5
    """Squeezed columns of that mean."""

    faintest_line: int = 12
    """Grey levels (0 to 255) that a line must be darker than the paper."""

    smallest_space: float = 4
    """Pixels; smaller staff spaces can't be told from texture."""

    uneven: float = 0.1
    """Part of a staff space by which the distances of five lines may differ, at least `uneven_pixels`."""

    uneven_pixels: float = 1.0
    """Pixels by which the distances between five lines may always differ."""

    thickest_line: float = 0.4
    """Part of a staff space that a line may be thick, at least `thickest_line_pixels`."""

    thickest_line_pixels: float = 2.0
    """Pixels that a line may always be thick."""

    least_crossings: int = 8
    """Crossings of five lines that a staff size needs; fewer are chance."""

    least_crossings_share: float = 0.1
    """Part (0 to 1) of the page's crossings that a staff size needs."""

    most_sizes: int = 3
    """Staff sizes looked for on one page."""

    same_size: float = 0.12
    """Part by which the staff spaces of one size differ at most."""

    other_size: float = 0.2
    """Part by which the staff space of another size differs at least."""

    least_contrast: float = 0.5
    """Contrast of a further staff size, in contrasts of the clearest one, at least."""

    mode_bin: float = 0.02
    """Bins of the histogram of staff spaces, in natural logarithms of pixels."""

    mode_window: int = 5
    """Bins that the histogram is summed over."""


@dataclass(frozen=True)
class FollowLimits:
    """How the comb of five lines answers and is followed across the page (`omr.staves.following`)."""

    thickest: float = 0.6
    """Staff spaces; ink that is thicker is no line."""

    darkness_of_a_line: float = 0.6
    """Part of the measured contrast at which a pixel counts fully as line."""

    least_darkness: float = 8.0
    """Grey levels at which a pixel counts fully as line, at least."""

    comb_slack: float = 0.08
    """Staff spaces by which a line may be off its tooth of the comb, at least one pixel."""

    comb_scales: tuple[float, ...] = (0.92, 1.0, 1.08)
    """Sizes of the comb in measured staff spaces."""

    comb_margin: float = 3.3
    """Staff spaces by which the largest comb reaches beyond its middle line."""

    memory: float = 8.0
    """Staff spaces over which the weight of a column falls to 1/e."""

    steepest: float = 0.1
    """Slope that a staff may have: 0.1 is nearly six degrees."""

    ridge_blur: float = 0.25
    """Staff spaces to each side over which answers are averaged, so that the middle height wins."""

    column: float = 0.3
    """Mean answer of the comb (0 to 1) below which a column shows no staff."""

    column_in_company: float = 0.2
    """The same where other staves of the page run alike: two of five lines may have worn away."""

    walk_on: float = 0.3
    """Part of the least column answer at which a path still goes on."""

    clearance: float = 4.0
    """Staff spaces above and below a found path in which there is no other staff."""

    gap: float = 8.0
    """Staff spaces without lines that part a path into two staves."""

    shortest_piece: float = 3.0
    """Staff spaces of the shortest stretch looked at."""

    shortest: float = 6.0
    """Staff spaces of the shortest staff."""

    end: float = 1.4
    """Least column answers below which a stretch's ends are cut off."""

    mean: float = 2.0
    """Least column answers that a whole staff must exceed on average."""


@dataclass(frozen=True)
class StaffLimits:
    """What counts as a staff, and how its course is measured (`omr.staves.detection`, `course`)."""

    line_reach: float = 0.3
    """Staff spaces around its expected place in which a line is measured, at least two pixels."""

    least_line: float = 0.2
    """Sum of squared line weights (each 0 to 1) in a column that is enough to measure a line."""

    smoothing: float = 4.0
    """Staff spaces to each side over which the course of a line is smoothed."""

    ink_of_a_line: float = 0.4
    """Part of the line's usual depth (`usual_depth`) that counts as ink."""

    usual_depth: float = 60
    """Percentile (0 to 100) of the depths along the lines that is the usual one; a line may be fainter
    than the notes on it."""

    least_ink: float = 0.3
    """Part (0 to 1) of its lines that a staff must show; the ratio of line thickness to staff space is
    added, since thick lines are not broken as thin ones are."""

    least_ink_in_company: float = 0.2
    """The same where other staves of the page run alike."""

    whole: float = 0.6
    """Part (0 to 1) of a staff's lines that is left; below it, other staves of the page may have lost all."""

    faint: float = 40
    """Grey levels of contrast below which lines may drown in the grain of the paper."""

    same_size: float = 0.1
    """Part by which the spaces of staves of one size differ at most."""

    along: float = 0.7
    """Part (0 to 1) of another staff's breadth that a worn staff must run along."""

    parallel_reach: float = 1.5
    """Staff spaces by which a worn staff is moved to fit the comb best."""

    apart: float = 1.35
    """Staff heights from middle line to middle line of two different staves at least."""

    more_crossings: float = 2.0
    """Where line crossings show more than this many times the staves that lines show, they are trusted."""


@dataclass(frozen=True)
class AlignmentLimits:
    """How a staff that was followed a line too high or too low is recognised (`omr.staves.alignment`)."""

    near: float = 0.2
    """Staff spaces around its place within which a line is looked for, at least one pixel."""

    thick: float = 0.4
    """Staff spaces above and below its place at which there is no ink where a line alone is seen; a beam is
    half a staff space thick, a line a fifth at most."""

    section: float = 16.0
    """Staff spaces along the staff of the sections that are looked at one by one, each over half of the
    next."""

    least_free: float = 1.5
    """Staff spaces of a line's width in a section that nothing hides; less tells nothing."""

    most_lines: int = 2
    """Lines that a staff is moved by at most; two pairs of beams hide as many."""

    clearly: float = 0.2
    """Part (0 to 1) of the width by which a line beyond the staff is seen more than the outer line on the
    other side, from which it belongs to the staff; ledger lines are seen on less than half of the width."""


@dataclass(frozen=True)
class CrossingLimits:
    """How staves are recovered from line crossings in barlines and stems (`omr.staves.line_crossings`)."""

    shortest_stroke: int = 15
    """Pixels of the shortest stroke that can be told from texture; odd, so that opening shifts nothing."""

    gaps: tuple[int, ...] = (15, 31)
    """Pixels between the dots of a faded stroke; each is tried, for a larger gap also joins other ink."""

    slender: float = 0.15
    """Breadth of a stroke's box in heights, at least `slender_pixels`; a page may be skewed."""

    slender_pixels: int = 3
    """Pixels of breadth that a stroke may always have."""

    smallest_space: float = 6
    """Pixels of the smallest staff space; bold letters in small print have thick places as well."""

    uneven: float = 0.1
    """Part of a staff space by which the distances between crossings may differ, at least one pixel."""

    thickest_line: float = 0.4
    """Staff spaces that a crossing may be high, at least `thickest_line_pixels`."""

    thickest_line_pixels: float = 2.0
    """Pixels that a crossing may always be high."""

    alone: float = 1.25
    """Staff spaces beyond the five crossings without a sixth."""

    same_size: float = 0.06
    """Natural logarithm of the ratio of two staff spaces of one page at most."""

    fewest: int = 8
    """Strokes with five crossings at one distance that a page must have; fewer may be anything."""

    most: int = 4000
    """Strokes with five crossings on a page; more are texture."""

    steepest: float = 0.06
    """Slope from stroke to stroke of one staff at most."""

    farthest: float = 3.0
    """Staff spaces that a staff may rise or fall from stroke to stroke."""

    apart: float = 5.4
    """Staff spaces between the middles of two staves at least."""

    neighbours: int = 3
    """Strokes to each side that tell how high a staff's strokes stand."""

    astray: float = 0.35
    """Staff spaces by which a stroke's crossings may be off those of its neighbours."""


GAUGE = GaugeLimits()
FOLLOW = FollowLimits()
STAFF = StaffLimits()
ALIGNMENT = AlignmentLimits()
CROSSING = CrossingLimits()
