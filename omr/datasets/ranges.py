"""Every chance and range that degraded pages and photographs are drawn with: name, unit, meaning, source.

A pair is the range of a uniform draw: its lowest and its highest value (of whole numbers, the highest is not
drawn). A chance or a part is from 0 to 1.

Source of all values unless one is given: release 0.1.0, set by eye.

Staff lines are a tenth of a staff space thick: effects that thin or threshold are gentle enough that most of
every line survives, as on real pages.
"""

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[float, float]
"""The lowest and the highest value of a uniform draw."""


@dataclass(frozen=True)
class WarpRanges:
    """How a page is warped (`omr.datasets.warp`)."""

    chance: float = 0.5
    """Part of the training pages that are warped at strength 1."""

    angle: float = 0.6
    """Degrees: standard deviation of the rotation."""

    largest_angle: float = 1.8
    """Degrees: limit of the rotation."""

    tilted: float = 0.4
    """Part of the warps with perspective."""

    tilt: float = 0.012
    """Standard deviation of the change of scale from one side of the page to the other, by perspective."""

    shear: float = 0.003
    """Standard deviation of the horizontal shear, in pixels a pixel."""

    curved: float = 0.4
    """Part of the warps with a curved page."""

    depth: Range = (0.1, 0.6)
    """Staff spaces: depth of the curve."""

    wavelength: Range = (40, 160)
    """Staff spaces: wavelength of the curve."""


@dataclass(frozen=True)
class ScanRanges:
    """What happens to a whole page that is scanned (`omr.datasets.degrade.scan`)."""

    ink: tuple[float, float, float] = (0.4, 0.25, 0.35)
    """Parts of the pages with too much ink, with too little ink, and with ink as printed."""

    kinds: tuple[float, float, float] = (0.5, 0.25, 0.25)
    """Parts of the pages that are scanned in grey, scanned in black and white, and photographed."""

    bleed_through: float = 0.5
    """Part of the pages in grey that show the other side of the leaf."""

    coarse: float = 0.3
    """Part of the pages scanned in grey that have a low resolution; all photographs do."""


@dataclass(frozen=True)
class InkRanges:
    """How far ink spreads or shrinks on every side, in staff spaces."""

    spread: Range = (0.005, 0.05)
    """Staff spaces that every edge moves outwards; real scans have lines of 0.13 to 0.18 staff spaces."""

    shrinkage: Range = (0.005, 0.02)
    """Staff spaces that every edge moves inwards: a line loses up to two fifths of its thickness."""


@dataclass(frozen=True)
class WearRanges:
    """How ink flakes off and dirt sticks to a page. Both follow one texture of unit variance."""

    grain: float = 0.25
    """Staff spaces: width of the patches of the texture."""

    flaked: Range = (1.6, 2.6)
    """Standard deviations of the texture above which ink is lost."""

    flaked_grey: tuple[int, int] = (120, 255)
    """Grey level of the paper where ink is lost."""

    dirty: float = 0.5
    """Part of the worn pages with specks of dirt."""

    specks: Range = (2.6, 3.4)
    """Standard deviations of the texture below which there is dirt."""

    speck_grey: tuple[int, int] = (0, 140)
    """Grey level of the dirt."""


@dataclass(frozen=True)
class BleedThroughRanges:
    """How the other side of the leaf shows."""

    blur: Range = (0.05, 0.2)
    """Staff spaces: standard deviation of its blur."""

    largest_shift: float = 0.5
    """Page heights that it is moved down at most."""

    darkness: Range = (0.04, 0.22)
    """Darkness of its ink, in darknesses of the ink of this side."""


@dataclass(frozen=True)
class PaperRanges:
    """Grey levels (0 to 255) of old paper and old ink."""

    paper: Range = (175, 255)
    """Grey level of the paper."""

    ink: Range = (0, 80)
    """Grey level of the ink."""

    least_contrast: float = 90
    """Grey levels between paper and ink, at least."""

    stain_size: Range = (0.4, 8)
    """Staff spaces: width of a stain."""

    stain_depth: Range = (1, 7)
    """Grey levels: standard deviation of the stains."""


@dataclass(frozen=True)
class ShadeRanges:
    """Uneven light on a scan. Lengths are in half pages: the page goes from -1 to 1."""

    slope: float = 0.5
    """Part of the pages whose light falls off evenly; the others have a shadow."""

    fall_off: Range = (0.05, 0.25)
    """Part of the light that is lost at the middle of the page; twice as much at the far side."""

    edge: Range = (-1, 1)
    """Half pages: where the shadow begins."""

    softness: Range = (2, 8)
    """Inverse of the width of the shadow's edge, in half pages."""

    shadow: Range = (0.1, 0.4)
    """Part of the light that the shadow takes."""


@dataclass(frozen=True)
class ResolutionRanges:
    """Blur, resolution, noise and compression of a scan."""

    blur: float = 0.02
    """Staff spaces: least standard deviation of the blur."""

    blur_factor: float = 4
    """Largest over least standard deviation of the blur; its logarithm is drawn uniformly."""

    coarse: Range = (7, 14)
    """Pixels a staff space at 100 to 200 dpi."""

    noise: Range = (1, 12)
    """Grey levels: standard deviation of the noise of the sensor."""

    quality: tuple[int, int] = (25, 90)
    """Quality of the JPEG compression, 0 to 100."""


@dataclass(frozen=True)
class BitonalRanges:
    """How a page is made black and white."""

    staff_space: Range = (18, 30)
    """Pixels: staff space of the scan, as many archives have it."""

    one_level: float = 0.7
    """Part of the scans with one threshold for the whole page; the others have one for each neighbourhood."""

    level: Range = (0.3, 0.5)
    """Threshold of the whole page: its distance from paper, in distances of the darkest ink from paper."""

    least_contrast: float = 60
    """Grey levels from paper to ink that are assumed at least, where the whole page has one threshold."""

    window: float = 2
    """Staff spaces: side of the neighbourhood whose mean is the threshold."""

    margin: Range = (0.1, 0.25)
    """How much darker ink is than the mean of its neighbourhood, in distances of the darkest ink from
    paper."""

    least_margin: float = 8
    """Grey levels that ink is darker than the mean of its neighbourhood, at least."""


@dataclass(frozen=True)
class PhotoRanges:
    """How a curled page is photographed (`omr.datasets.photo`).

    Source: chosen to look like pages photographed with a telephone by hand.
    """

    tilt: float = 20.0
    """Degrees: largest angle between the camera's axis and the normal of the page."""

    least_tilt: float = 0.2
    """Least angle between the camera's axis and the normal of the page, in largest angles."""

    roll: float = 4.0
    """Degrees: largest rotation of the camera around its axis."""

    distance: Range = (1.8, 3.0)
    """Distance of the camera, in longer sides of the page."""

    margin: Range = (0.0, 0.05)
    """Part of the photo, at its borders, that shows the desk."""

    bound: float = 0.5
    """Part of the photos on which the page rises towards a binding; the others bulge in the middle."""

    bound_left: float = 0.5
    """Part of the bindings that are at the left edge."""

    height: Range = (0.0, 0.05)
    """Page widths: height of the curl."""

    fall_off: Range = (0.12, 0.3)
    """Page widths: distance from the binding over which the curl falls to 1/e."""

    desk: Range = (30, 200)
    """Grey level of the desk."""

    lamp: Range = (0.05, 0.2)
    """Part of the light that is lost at the middle of the page; twice as much at the far side."""

    edge: Range = (-0.8, 0.8)
    """Half pages from the middle: where the shadow begins."""

    softness: Range = (4, 12)
    """Inverse of the width of the shadow's edge, in half pages."""

    shadow: Range = (0, 0.35)
    """Part of the light that the shadow takes."""

    exposure: Range = (200, 250)
    """Grey level of bright paper."""

    blur: Range = (0.0002, 0.0005)
    """Photo widths: standard deviation of the blur; 0.5 to 1.2 pixels on 2,500."""

    noise: Range = (1, 5)
    """Grey levels: standard deviation of the noise of the sensor."""

    quality: tuple[int, int] = (50, 92)
    """Quality of the JPEG compression, 0 to 100."""


WARP = WarpRanges()
SCAN = ScanRanges()
INK = InkRanges()
WEAR = WearRanges()
BLEED_THROUGH = BleedThroughRanges()
PAPER = PaperRanges()
SHADE = ShadeRanges()
RESOLUTION = ResolutionRanges()
BITONAL = BitonalRanges()
PHOTO = PhotoRanges()
