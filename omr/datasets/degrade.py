"""Degradation: the effects of paper, printing, scanners and cameras on an engraved page.

Every effect has its own chance; a crop gets a few of them or none. Sizes are in staff spaces,
so a crop at 12 pixels a staff space and a page at 25 degrade alike. `omr.datasets.ranges` says
what the effects are drawn from.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from omr.datasets.light import random_direction, shadow, slope
from omr.datasets.ranges import BITONAL, BLEED_THROUGH, INK, PAPER, RESOLUTION, SCAN, SHADE, WEAR
from omr.datasets.warp import Boxes, Image, Rng, Warp, random_warp

Effect = Callable[[Image, Rng, float], Image]

_SAMPLED = 8
"""Pixels between those whose median is the grey level of the paper."""


def degrade(
    image: Image, boxes: Boxes, rng: Rng, strength: float = 1.0, staff_space: float = 12
) -> tuple[Image, Boxes]:
    """Degrade a page or a crop for training.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.
    boxes : array (n, 4)
        x0, y0, x1, y1 in pixels of `image`.
    rng : numpy.random.Generator
        The result is a function of it and the other arguments.
    strength : float
        Scales the chance of every effect: 0 leaves the page as it is, 1 is the usual mix.
    staff_space : float
        Of `image`, in pixels.

    Returns
    -------
    image : array (height, width) of uint8
    boxes : array (n, 4)
        Moved with the ink.
    """
    warp = random_warp(rng, image.shape, strength, staff_space)
    if warp is not None:
        image, boxes = warp(image, boxes)
    for chance, effect in EFFECTS:
        if rng.random() < chance * strength:
            image = effect(image, rng, staff_space)
    return image, boxes


def scan(image: Image, boxes: Boxes, rng: Rng, staff_space: float) -> tuple[Image, Boxes]:
    """Degrade a whole page as a scanner or a phone does: always warped, always by several effects.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.
    boxes : array (n, 4)
        x0, y0, x1, y1 in pixels of `image`.
    rng : numpy.random.Generator
        The result is a function of it and the other arguments.
    staff_space : float
        Of `image`, in pixels.

    Returns
    -------
    image : array (height, width) of uint8
    boxes : array (n, 4)
        Moved with the ink.
    """
    image, boxes = Warp.random(rng, image.shape, staff_space)(image, boxes)
    ink = rng.choice(len(SCAN.ink), p=SCAN.ink)
    if ink < 2:
        image = (_thicken, _thin)[ink](image, rng, staff_space)
    image = _wear(image, rng, staff_space)
    kind = rng.choice(["grey", "bitonal", "photo"], p=SCAN.kinds)
    if kind == "bitonal":
        return _binarise(_blur(image, rng, staff_space), rng, staff_space), boxes
    if rng.random() < SCAN.bleed_through:
        image = _bleed_through(image, rng, staff_space)
    if kind == "photo" or rng.random() < SCAN.coarse:
        image = _coarsen(image, rng, staff_space)
    for effect in (_age_paper, _blur, _add_noise, _compress):
        image = effect(image, rng, staff_space)
    if kind == "photo":
        image = _shade(image, rng, staff_space)
    return image, boxes


def _thicken(image: Image, rng: Rng, staff_space: float) -> Image:
    """Spread the ink on every side."""
    return _spread(image, rng.uniform(*INK.spread) * staff_space, cv2.MORPH_ERODE)


def _thin(image: Image, rng: Rng, staff_space: float) -> Image:
    """Take ink away on every side."""
    return _spread(image, rng.uniform(*INK.shrinkage) * staff_space, cv2.MORPH_DILATE)


def _wear(image: Image, rng: Rng, staff_space: float) -> Image:
    """Flake ink off in small patches, and add specks of dirt."""
    fine = _texture(image.shape, rng, WEAR.grain * staff_space)
    flaked = fine > rng.uniform(*WEAR.flaked)
    image = np.where(flaked, np.maximum(image, rng.integers(*WEAR.flaked_grey)), image).astype(np.uint8)
    if rng.random() < WEAR.dirty:
        specks = fine < -rng.uniform(*WEAR.specks)
        image = np.where(specks, np.minimum(image, rng.integers(*WEAR.speck_grey)), image).astype(np.uint8)
    return image


def _bleed_through(image: Image, rng: Rng, staff_space: float) -> Image:
    """Show the other side of the leaf: the page mirrored, moved, blurred and faint."""
    back = _grey(cv2.GaussianBlur(image[:, ::-1], (0, 0), rng.uniform(*BLEED_THROUGH.blur) * staff_space))
    back = np.roll(back, rng.integers(0, 1 + int(image.shape[0] * BLEED_THROUGH.largest_shift)), axis=0)
    faint = rng.uniform(*BLEED_THROUGH.darkness)
    return np.minimum(image, (255 - (255 - back) * faint).astype(np.uint8))


def _age_paper(image: Image, rng: Rng, staff_space: float) -> Image:
    """Make the paper less white, with a grain and stains, and the ink less black."""
    paper = rng.uniform(*PAPER.paper)
    ink = rng.uniform(*PAPER.ink)
    table = np.linspace(min(ink, paper - PAPER.least_contrast), paper, 256).astype(np.uint8)
    image = _grey(cv2.LUT(image, table))
    stains = _texture(image.shape, rng, rng.uniform(*PAPER.stain_size) * staff_space)
    return _add(image, stains * np.float32(rng.uniform(*PAPER.stain_depth)))


def _shade(image: Image, rng: Rng, staff_space: float) -> Image:
    """Light the page unevenly: a slope, or the shadow of a binding or a hand."""
    along = random_direction(image.shape, rng)
    if rng.random() < SHADE.slope:
        return _clip(image * slope(along, rng.uniform(*SHADE.fall_off)))
    edge, softness = rng.uniform(*SHADE.edge), rng.uniform(*SHADE.softness)
    return _clip(image * shadow(along, rng.uniform(*SHADE.shadow), edge, softness))


def _blur(image: Image, rng: Rng, staff_space: float) -> Image:
    """Blur as a lens out of focus does, seldom by much."""
    sigma = RESOLUTION.blur * RESOLUTION.blur_factor ** rng.uniform()
    return _grey(cv2.GaussianBlur(image, (0, 0), sigma * staff_space))


def _coarsen(image: Image, rng: Rng, staff_space: float) -> Image:
    """Scan at a low resolution, and enlarge again."""
    scale = rng.uniform(*RESOLUTION.coarse) / staff_space
    if scale >= 1:
        return image
    height, width = image.shape
    small = cv2.resize(image, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    return _grey(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))


def _add_noise(image: Image, rng: Rng, staff_space: float) -> Image:
    """Add the noise of a sensor."""
    noise = rng.standard_normal(image.shape, np.float32)
    return _add(image, noise * np.float32(rng.uniform(*RESOLUTION.noise)))


def _compress(image: Image, rng: Rng, staff_space: float) -> Image:
    """Compress as JPEG, with its blocks and ripples."""
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*RESOLUTION.quality))])
    return _grey(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE))


def _binarise(image: Image, rng: Rng, staff_space: float) -> Image:
    """Make the page black and white, at the resolution at which many archives scan."""
    height, width = image.shape
    scale = max(1.0, rng.uniform(*BITONAL.staff_space) / staff_space)
    large = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    paper = np.median(large[::_SAMPLED, ::_SAMPLED])
    contrast = paper - large.min()
    if rng.random() < BITONAL.one_level:
        level = paper - max(BITONAL.least_contrast, contrast) * rng.uniform(*BITONAL.level)
        black = cv2.threshold(large, level, 255, cv2.THRESH_BINARY)[1]
    else:
        window = int(BITONAL.window * scale * staff_space) | 1  # OpenCV asks for an odd number
        margin = max(BITONAL.least_margin, contrast * rng.uniform(*BITONAL.margin))
        black = cv2.adaptiveThreshold(
            large, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, window, margin
        )
    return _grey(cv2.resize(black, (width, height), interpolation=cv2.INTER_AREA))


EFFECTS: tuple[tuple[float, Effect], ...] = (
    (0.25, _thicken),
    (0.15, _thin),
    (0.2, _wear),
    (0.15, _bleed_through),
    (0.3, _age_paper),
    (0.3, _blur),
    (0.2, _coarsen),
    (0.2, _shade),
    (0.25, _add_noise),
    (0.2, _compress),
    (0.15, _binarise),
)
"""Each effect with its chance in training, in the order in which they happen to a page."""


def _spread(image: Image, radius: float, operation: int) -> Image:
    """Move every edge by `radius` pixels; a fraction is a blend of the two whole radii around it."""
    whole = int(radius)
    inner = _morph(image, whole, operation) if whole else image
    outer = _morph(image, whole + 1, operation)
    return _grey(cv2.addWeighted(inner, 1 - radius + whole, outer, radius - whole, 0))


def _morph(image: Image, radius: int, operation: int) -> Image:
    """Erode or dilate by a disc of `radius` pixels."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return _grey(cv2.morphologyEx(image, operation, kernel))


def _texture(shape: tuple[int, ...], rng: Rng, grain: float) -> NDArray[np.float32]:
    """Make smooth noise of about unit variance whose patches are `grain` pixels wide."""
    height, width = shape[:2]
    small = rng.standard_normal((int(height / grain) + 2, int(width / grain) + 2), np.float32)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _add(image: Image, values: NDArray[np.float32]) -> Image:
    """Add values (height, width) to an image."""
    return _clip(image + values)


def _clip(values: NDArray[np.float32]) -> Image:
    """Round and clip values to grey levels."""
    return _grey(cv2.convertScaleAbs(np.maximum(values, 0)))


def _grey(image: object) -> Image:
    """Declare an array an image."""
    return np.asarray(image, np.uint8)
