"""What paper, printing, scanners and cameras do to a page, done to an engraved one.

Every effect has its own chance; a crop meets a few of them or none. Sizes are
in staff spaces, so a crop at 12 pixels and a page at 25 age alike. Staff lines
are a tenth of a staff space thick: what thins or thresholds is kept gentle
enough that most of every line survives, as on real pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Boxes = NDArray[np.float32]
Rng = np.random.Generator
Effect = Callable[[Image, Rng, float], Image]


def degrade(
    image: Image, boxes: Boxes, rng: Rng, strength: float = 1.0, staff_space: float = 12
) -> tuple[Image, Boxes]:
    """Age a page or a crop, for training.

    Parameters
    ----------
    image : array (height, width)
        Grey, 0 black.
    boxes : array (n, 4)
        x0, y0, x1, y1 in pixels of `image`.
    rng : Generator
        The result is a function of it and the other arguments.
    strength : float
        Scales every effect's chance: 0 leaves the page as it is, 1 is the usual mix.
    staff_space : float
        Of `image`, in pixels.

    Returns
    -------
    image, boxes
        Of the same sizes.
    """
    warp = random_warp(rng, image.shape, strength, staff_space)
    if warp is not None:
        image, boxes = warp(image, boxes)
    for chance, effect in EFFECTS:
        if rng.random() < chance * strength:
            image = effect(image, rng, staff_space)
    return image, boxes


def random_warp(
    rng: Rng, shape: tuple[int, ...], strength: float = 1.0, staff_space: float = 12
) -> Warp | None:
    """How `degrade` bends a page, if it does: the first thing that it draws from `rng`."""
    return Warp.random(rng, shape, staff_space) if rng.random() < 0.5 * strength else None


def scan(image: Image, boxes: Boxes, rng: Rng, staff_space: float) -> tuple[Image, Boxes]:
    """A whole page as a scanner or a phone gives it: always warped, always several effects."""
    image, boxes = Warp.random(rng, image.shape, staff_space)(image, boxes)
    ink = rng.choice(3, p=[0.4, 0.25, 0.35])  # too much, too little, as printed
    if ink < 2:
        image = (thicken, thin)[ink](image, rng, staff_space)
    image = wear(image, rng, staff_space)
    kind = rng.choice(["grey", "bitonal", "photo"], p=[0.5, 0.25, 0.25])
    if kind == "bitonal":
        return binarise(blur(image, rng, staff_space), rng, staff_space), boxes
    if rng.random() < 0.5:
        image = bleed_through(image, rng, staff_space)
    if kind == "photo" or rng.random() < 0.3:
        image = coarsen(image, rng, staff_space)
    for effect in (age_paper, blur, add_noise, compress):
        image = effect(image, rng, staff_space)
    if kind == "photo":
        image = shade(image, rng, staff_space)
    return image, boxes


@dataclass(frozen=True)
class Warp:
    """Rotation, perspective and a curved page, in one resampling.

    A point moves by `matrix` (3, 3) first; then it sinks by
    ``depth * sin(x * frequency + phase)`` pixels, the curve of an open book.
    """

    matrix: NDArray[np.float64]
    depth: float
    frequency: float
    phase: float

    @classmethod
    def random(cls, rng: Rng, shape: tuple[int, ...], staff_space: float) -> Warp:
        height, width = shape[:2]
        angle = np.clip(rng.normal(0, 0.6), -1.8, 1.8)
        matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1), [0, 0, 1]])
        tilt = np.eye(3)
        if rng.random() < 0.4:
            tilt[2, :2] = rng.normal(0, 0.012, 2) / (width, height)
        shear = np.eye(3)
        shear[0, 1] = rng.normal(0, 0.003)
        curved = rng.random() < 0.4
        depth = rng.uniform(0.1, 0.6) * staff_space if curved else 0.0
        wavelength = rng.uniform(40, 160) * staff_space
        return cls(shear @ tilt @ matrix, depth, 2 * np.pi / wavelength, rng.uniform(0, 2 * np.pi))

    def __call__(self, image: Image, boxes: Boxes) -> tuple[Image, Boxes]:
        return self.move_image(image), self.move_boxes(boxes)

    def move_points(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where points (n, 2) go; pixel centres lie at whole coordinates plus a half."""
        x, y, w = self.matrix @ np.vstack([points.T, np.ones(len(points))])
        x, y = x / w, y / w
        return np.stack([x, y + self.depth * np.sin(x * self.frequency + self.phase)], 1)

    def move_boxes(self, boxes: Boxes) -> Boxes:
        """Boxes around where five points of each edge go."""
        if not len(boxes):
            return boxes
        t = np.linspace(0, 1, 5)
        ends = np.zeros(5), np.ones(5)
        across = np.concatenate([t, t, *ends])
        down = np.concatenate([*ends, t, t])
        x = boxes[:, :1] + across * (boxes[:, 2:3] - boxes[:, :1])
        y = boxes[:, 1:2] + down * (boxes[:, 3:] - boxes[:, 1:2])
        moved = self.move_points(np.stack([x.ravel(), y.ravel()], 1).astype(np.float64)).reshape(*x.shape, 2)
        return np.concatenate([moved.min(1), moved.max(1)], 1).astype(np.float32)

    def move_image(self, image: Image) -> Image:
        return _grey(self.resample(image, cv2.INTER_LINEAR, 255))

    def move_map(self, numbers: NDArray[np.int32]) -> NDArray[np.int32]:
        """A map (height, width) of numbers, none of them blended; 0 comes in from outside."""
        exact = numbers.astype(np.float32)  # up to 2 to the 24th
        return self.resample(exact, cv2.INTER_NEAREST, 0).astype(np.int32)

    def resample(self, image: NDArray[Any], how: int, outside: float) -> NDArray[Any]:
        height, width = image.shape
        if self.depth == 0:
            half = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])  # opencv's pixel centres are whole
            matrix = half @ self.matrix @ np.linalg.inv(half)
            moved = cv2.warpPerspective(image, matrix, (width, height), flags=how, borderValue=outside)
            return np.asarray(moved)
        x = np.arange(width) + 0.5
        y = np.arange(height)[:, None] + 0.5 - self.depth * np.sin(x * self.frequency + self.phase)
        a = np.linalg.inv(self.matrix)
        w = a[2, 0] * x + a[2, 1] * y + a[2, 2]
        from_x = ((a[0, 0] * x + a[0, 1] * y + a[0, 2]) / w - 0.5).astype(np.float32)
        from_y = ((a[1, 0] * x + a[1, 1] * y + a[1, 2]) / w - 0.5).astype(np.float32)
        return np.asarray(cv2.remap(image, from_x, from_y, how, borderValue=outside))


def thicken(image: Image, rng: Rng, staff_space: float) -> Image:
    """Ink that ran, by up to a twentieth of a staff space on every side."""
    return _spread(image, rng.uniform(0.005, 0.05) * staff_space, cv2.MORPH_ERODE)


def thin(image: Image, rng: Rng, staff_space: float) -> Image:
    """Too little ink: a line loses up to two fifths of its thickness."""
    return _spread(image, rng.uniform(0.005, 0.02) * staff_space, cv2.MORPH_DILATE)


def wear(image: Image, rng: Rng, staff_space: float) -> Image:
    """Ink that flaked off in small patches, and specks of dirt."""
    fine = _texture(image.shape, rng, 0.25 * staff_space)
    flaked = fine > rng.uniform(1.6, 2.6)
    image = np.where(flaked, np.maximum(image, rng.integers(120, 255)), image).astype(np.uint8)
    if rng.random() < 0.5:
        specks = fine < -rng.uniform(2.6, 3.4)
        image = np.where(specks, np.minimum(image, rng.integers(0, 140)), image).astype(np.uint8)
    return image


def bleed_through(image: Image, rng: Rng, staff_space: float) -> Image:
    """The other side of the leaf: the page mirrored, moved, blurred and faint."""
    back = _grey(cv2.GaussianBlur(image[:, ::-1], (0, 0), rng.uniform(0.05, 0.2) * staff_space))
    back = np.roll(back, rng.integers(0, 1 + image.shape[0] // 2), axis=0)
    faint = rng.uniform(0.04, 0.22)
    return np.minimum(image, (255 - (255 - back) * faint).astype(np.uint8))


def age_paper(image: Image, rng: Rng, staff_space: float) -> Image:
    """Paper that is not white, with a grain and stains, and ink that is not black."""
    paper = rng.uniform(175, 255)
    ink = rng.uniform(0, 80)
    table = np.linspace(min(ink, paper - 90), paper, 256).astype(np.uint8)
    image = _grey(cv2.LUT(image, table))
    stains = _texture(image.shape, rng, rng.uniform(0.4, 8) * staff_space) * np.float32(rng.uniform(1, 7))
    return _add(image, stains)


def shade(image: Image, rng: Rng, staff_space: float) -> Image:
    """Uneven light: a slope, or the shadow of a binding or a hand."""
    height, width = image.shape
    y, x = np.linspace(-1, 1, height, dtype=np.float32)[:, None], np.linspace(-1, 1, width, dtype=np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    along = np.float32(np.cos(angle)) * x + np.float32(np.sin(angle)) * y
    if rng.random() < 0.5:
        light = 1 - np.float32(rng.uniform(0.05, 0.25)) * (1 + along)
    else:
        edge = np.float32(rng.uniform(-1, 1))
        softness = np.float32(rng.uniform(2, 8))
        light = 1 - np.float32(rng.uniform(0.1, 0.4)) / (1 + np.exp(-softness * (along - edge)))
    return _clip(image * light)


def blur(image: Image, rng: Rng, staff_space: float) -> Image:
    """A lens out of focus: seldom far out."""
    return _grey(cv2.GaussianBlur(image, (0, 0), 0.02 * 4 ** rng.uniform() * staff_space))


def coarsen(image: Image, rng: Rng, staff_space: float) -> Image:
    """Scanned at a low resolution, 100 to 200 dpi: a staff space of 7 to 14 pixels, enlarged again."""
    scale = rng.uniform(7, 14) / staff_space
    if scale >= 1:
        return image
    height, width = image.shape
    small = cv2.resize(image, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    return _grey(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))


def add_noise(image: Image, rng: Rng, staff_space: float) -> Image:
    """A sensor's noise."""
    return _add(image, rng.standard_normal(image.shape, np.float32) * np.float32(rng.uniform(1, 12)))


def compress(image: Image, rng: Rng, staff_space: float) -> Image:
    """JPEG's blocks and ripples."""
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 90))])
    return _grey(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE))


def binarise(image: Image, rng: Rng, staff_space: float) -> Image:
    """Black and white, as many archives scan, at a staff space of 18 to 30 pixels."""
    height, width = image.shape
    scale = max(1.0, rng.uniform(18, 30) / staff_space)
    large = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.7:
        paper = np.median(large[::8, ::8])
        level = paper - max(60, paper - large.min()) * rng.uniform(0.3, 0.5)
        black = cv2.threshold(large, level, 255, cv2.THRESH_BINARY)[1]
    else:
        window = int(2 * scale * staff_space) | 1
        margin = (np.median(large[::8, ::8]) - large.min()) * rng.uniform(0.1, 0.25)
        black = cv2.adaptiveThreshold(
            large, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, window, max(8.0, margin)
        )
    return _grey(cv2.resize(black, (width, height), interpolation=cv2.INTER_AREA))


EFFECTS: tuple[tuple[float, Effect], ...] = (
    (0.25, thicken),
    (0.15, thin),
    (0.2, wear),
    (0.15, bleed_through),
    (0.3, age_paper),
    (0.3, blur),
    (0.2, coarsen),
    (0.2, shade),
    (0.25, add_noise),
    (0.2, compress),
    (0.15, binarise),
)
"""Each effect with its chance in training, in the order in which they happen to a page."""


def _spread(image: Image, radius: float, operation: int) -> Image:
    """Move every edge by `radius` pixels; a fraction is a blend of the two whole radii around it."""
    whole = int(radius)
    inner = _morph(image, whole, operation) if whole else image
    outer = _morph(image, whole + 1, operation)
    return _grey(cv2.addWeighted(inner, 1 - radius + whole, outer, radius - whole, 0))


def _morph(image: Image, radius: int, operation: int) -> Image:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return _grey(cv2.morphologyEx(image, operation, kernel))


def _texture(shape: tuple[int, ...], rng: Rng, grain: float) -> NDArray[np.float32]:
    """Smooth noise of about unit variance whose patches are `grain` pixels wide."""
    height, width = shape[:2]
    small = rng.standard_normal((int(height / grain) + 2, int(width / grain) + 2), np.float32)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _add(image: Image, values: NDArray[np.float32]) -> Image:
    return _clip(image + values)


def _clip(values: NDArray[np.float32]) -> Image:
    return _grey(cv2.convertScaleAbs(np.maximum(values, 0)))


def _grey(image: object) -> Image:
    return np.asarray(image, np.uint8)
