"""Every threshold of normalisation: name, unit, meaning, source.

Source of all values unless one is given: chosen on the pages of `examples` and on scans, turned, tilted and
photographed by `omr.datasets.photo`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DirectionLimits:
    """How the direction of the staff lines is measured (`omr.normalise.direction`)."""

    longest_side: int = 800
    """Pixels of the longer side of the reduced picture."""

    line_windows: tuple[int, ...] = (3, 9)
    """Pixels of the reduced picture; darker runs that are as thick are no lines. The window with the most
    prominent profile tells: the small one leaves out beams, the large one takes in the thick lines of a
    strip."""

    slant_window: int = 9
    """The same for stems and barlines."""

    faintest: int = 12
    """Grey levels (0 to 255) that a line must be darker than what is above and below it."""

    most_points: int = 12_000
    """Pixels of lines that are looked at; of more, every so many."""

    steepest: float = 24.0
    """Degrees: largest skew looked for."""

    coarse: float = 0.75
    """Degrees between the angles of the first look."""

    fine: float = 0.05
    """Degrees between the angles of the second look."""

    clearly: float = 1.2
    """Sharpness of the profile along the lines, in sharpnesses of the best profile of the other axis, from
    which a page is taken to lie on its side."""

    largest_slant: float = 8.0
    """Degrees: largest slant of stems and barlines looked for on a level picture."""

    skew: float = 3.0
    """Degrees of skew from which a page is rotated before its staves are looked for; they are followed up to
    five degrees, and the rest of the skew is told better by their course."""


DIRECTION = DirectionLimits()


@dataclass(frozen=True)
class FlatteningLimits:
    """When and how a page is made level and flat (`omr.normalise.flattening`).

    Of 176 pages scanned on a flatbed, the most uneven has a slope of 0.024, a bend of 0.27 and a narrowing of
    0.013; 99 in 100 have a slope below 0.02.
    """

    slope: float = 0.02
    """Slope of the steepest staves from which a page is made level; 0.02 is one degree."""

    bend: float = 0.7
    """Staff spaces by which a staff leaves the straight line between its ends, from which a page is made
    flat; staves are followed as far, but slanted symbols are missed."""

    narrowing: float = 0.05
    """Natural logarithm of the ratio of the staff spaces at both ends of the staves, or at the top and the
    bottom of the page, from which a page that was tilted is made flat."""

    other_size: float = 0.07
    """Natural logarithm of the ratio of staff spaces from which two staves are of different sizes."""

    percentile: float = 80
    """Percentile (0 to 100) of a page's staves that these three measures are taken from."""

    samples: int = 32
    """Points at which each staff line is looked at."""

    margin_off: float = 0.5
    """Staff spaces by which the end of a staff may be off the margin; indented staves weigh less."""

    level_off: float = 0.1
    """Staff spaces by which a level staff may rise and fall: the weight of levelness."""

    space_off: float = 0.02
    """Part by which the staff spaces of a page differ: the weight of evenness."""

    usual_shear: float = 0.05
    """Slope of the margins against the normal of the staves that is usual where no margin tells."""

    usual_perspective: float = 0.3
    """Change of scale over half the page's longer side that is usual."""

    across: int = 8
    """Degree, along the staves, of the polynomial of the curl."""

    down: int = 2
    """Degree, from staff to staff, of the polynomial of the curl, less than the number of staves."""

    stiffness: float = 1e-3
    """Weight of the smallness of the polynomial's coefficients."""

    cell: int = 64
    """Pixels of the view between the points of its mesh."""

    beyond: float = 0.3
    """Part of the height and width of the staves that the view shows around them at most."""

    least_found: float = 0.9
    """Staves of the flat view that must be found again, in staves of the image; with fewer, the image is
    read as it is."""


@dataclass(frozen=True)
class FacingLimits:
    """How two facing pages are told from one (`omr.normalise.facing`).

    Source: printed music is upright, with inner margins of 10 mm at least and staff spaces of 1.5 to 2 mm.
    """

    least_aspect: float = 1.0
    """Width of the picture in heights, from which it may show two pages."""

    gutter: float = 4.0
    """Staff spaces between the staves of the two pages at least; a tight binding hides a part of both
    margins."""

    off_middle: float = 0.15
    """Part of the picture's width by which the gutter is off its middle at most."""

    least_staves: int = 3
    """Staves of each page at least."""


@dataclass(frozen=True)
class LightLimits:
    """When and how uneven light is evened out (`omr.normalise.light`)."""

    space: float = 4.0
    """Staff space, in pixels, of the reduced picture that the light is measured on."""

    window: float = 3.0
    """Staff spaces; darker patches that are smaller are ink, larger ones shadow or desk."""

    blur: float = 1.5
    """Staff spaces of the standard deviation by which the measured light is blurred."""

    uneven: float = 0.8
    """Light of dark paper in that of bright paper below which the light is evened out."""

    dark: float = 5
    """Percentile (0 to 100) of the page's light that counts as dark paper; the bright paper is the median."""

    least: float = 40
    """Grey levels that paper is taken to have at least: black borders stay black."""


@dataclass(frozen=True)
class OrientationLimits:
    """How upside-down and mirrored pages are recognised (`omr.normalise.orientation`)."""

    clef_reach: float = 8.0
    """Staff spaces from the left end of a staff within which its clef stands; before it, a bracket may."""

    clef_room: float = 2.0
    """Staff spaces above and below a staff within which its clef's middle stands."""

    enough_clefs: float = 0.5
    """Part (0 to 1) of the staves that begin with a clef, from which a page is upright without doubt."""

    heads: float = 0.5
    """Noteheads for each stem below which a page may be mirrored: slanted heads are not recognised there."""

    more_heads: float = 2.0
    """Noteheads of the mirror image, in noteheads of the page as it is, from which the page is mirrored."""

    least_heads: int = 8
    """The same at least; a strip with fewer tells nothing."""

    staves: int = 3
    """Staves of the strip that is searched each way up where there is doubt."""

    around: float = 4.0
    """Staff spaces above and below these staves that the strip shows."""

    clearly: float = 1.5
    """Sum of the telling symbols' scores of another way up, in those of the page as it is, from which the
    page is turned."""

    least: float = 1.5
    """The same sum at least: fewer symbols tell nothing."""


FACING = FacingLimits()
FLATTENING = FlatteningLimits()
LIGHT = LightLimits()
ORIENTATION = OrientationLimits()
