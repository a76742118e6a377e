"""Photographs of pages: a curled sheet under a camera, with uneven light, blur, noise and JPEG.

The sheet is a cylinder whose axis is parallel to the height of the page, as in an open book (F. Courteille
and others, "Shape from Shading for the Digitization of Curved Documents", Machine Vision and Applications
2007); a pinhole camera looks at it from an angle. `Sheet` knows where each point of the page lies on the
photo.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from omr.datasets.light import random_direction, shadow, slope
from omr.datasets.ranges import PHOTO
from omr.datasets.warp import Image, Rng

Floats = NDArray[np.float64]

_MESH = 16
"""Pixels of the photo between points at which the camera's rays are followed; between them, bilinear."""

_SAMPLED = 8
"""Pixels between those that the grey level of bright paper is measured on."""

_BRIGHT = 95
"""Percentile of the grey levels that is taken for bright paper."""

_GRID = 33
"""Points a side of the page that the photo is made to contain."""

_STEPS = 8
"""Steps of the fixed-point iteration that finds where a ray meets the sheet."""

_SAMPLES = 512
"""Points of the page's width at which the curl is tabulated."""


@dataclass(frozen=True)
class Sheet:
    """A curled page under a camera: where each of its points lies on the photo, and back.

    Attributes
    ----------
    width, height : int
        Of the page and of the photo, in pixels.
    heights : array (n,)
        Height of the sheet above the desk, in pixels, at equal distances from its left to its right edge
        as the camera sees them from above.
    rotation : array (3, 3)
        Of the page into the camera's axes.
    distance : float
        From the camera to the middle of the page, in pixels.
    focal : float
        Pixels of the photo for each unit of the tangent of the viewing angle.
    middle : array (2,)
        The x and y of the camera's axis on the photo.
    """

    width: int
    height: int
    heights: Floats
    rotation: Floats
    distance: float
    focal: float
    middle: Floats

    @classmethod
    def random(cls, rng: Rng, shape: tuple[int, ...], tilt: float = PHOTO.tilt) -> Sheet:
        """Draw a sheet and a camera that sees all of it.

        Parameters
        ----------
        rng : numpy.random.Generator
        shape : tuple of int
            Height and width of the page, in pixels.
        tilt : float
            Degrees: largest angle of the camera to the normal of the page.

        Returns
        -------
        Sheet
        """
        height, width = shape[:2]
        t = np.linspace(0, 1, _SAMPLES)
        if rng.random() < PHOTO.bound:
            side = t if rng.random() < PHOTO.bound_left else 1 - t
            curl = np.exp(-side / rng.uniform(*PHOTO.fall_off))
        else:
            curl = np.sin(np.pi * t) ** 2
        heights = rng.uniform(*PHOTO.height) * width * curl
        direction, angle = rng.uniform(0, 2 * np.pi), np.radians(tilt) * rng.uniform(PHOTO.least_tilt, 1)
        lean, _ = cv2.Rodrigues(angle * np.array([np.cos(direction), np.sin(direction), 0.0]))
        roll, _ = cv2.Rodrigues(np.array([0.0, 0.0, np.radians(rng.uniform(-PHOTO.roll, PHOTO.roll))]))
        distance = float(rng.uniform(*PHOTO.distance) * max(width, height))
        sheet = cls(width, height, heights, roll @ lean, distance, 1.0, np.zeros(2))
        return sheet._filling(rng.uniform(*PHOTO.margin))

    def _filling(self, margin: float) -> Sheet:
        """Zoom and move the camera until the page fills the photo but for a margin (a share of it)."""
        x, y = np.meshgrid(np.linspace(0, self.width, _GRID), np.linspace(0, self.height, _GRID))
        points = self.move_points(np.stack([x.ravel(), y.ravel()], 1))
        low, high = points.min(0), points.max(0)
        size = np.array([self.width, self.height])
        focal = float((size * (1 - 2 * margin) / (high - low)).min())
        return Sheet(
            self.width,
            self.height,
            self.heights,
            self.rotation,
            self.distance,
            focal,
            size / 2 - focal * (low + high) / 2,
        )

    def _across(self) -> tuple[Floats, Floats]:
        """Tabulate the distance along the paper, and that seen from above, from the page's middle."""
        seen = np.linspace(-self.width / 2, self.width / 2, len(self.heights))
        along = np.r_[0, np.cumsum(np.hypot(np.diff(seen), np.diff(self.heights)))]
        # paper does not stretch: a curled page is narrower than a flat one
        seen *= self.width / along[-1]
        return along * self.width / along[-1] - self.width / 2, seen

    def move_points(self, points: Floats) -> Floats:
        """Find points of the page on the photo.

        Parameters
        ----------
        points : array (n, 2)
            x and y in pixels of the page.

        Returns
        -------
        array (n, 2)
            In pixels of the photo.
        """
        along, seen = self._across()
        x = np.interp(points[:, 0] - self.width / 2, along, seen)
        z = -np.interp(x, seen, self.heights)  # towards the camera
        camera = self.rotation @ np.stack([x, points[:, 1] - self.height / 2, z])
        return np.asarray((self.focal * camera[:2] / (camera[2] + self.distance)).T + self.middle, np.float64)

    def source_points(self, points: Floats) -> Floats:
        """Find points of the photo on the page.

        Parameters
        ----------
        points : array (n, 2)
            x and y in pixels of the photo.

        Returns
        -------
        array (n, 2)
            In pixels of the page; beyond it where the photo shows the desk.
        """
        along, seen = self._across()
        rays = np.hstack([(points - self.middle) / self.focal, np.ones((len(points), 1))]) @ self.rotation
        eye = self.rotation.T @ np.array([0, 0, -self.distance])
        x = np.zeros(len(points))
        for _ in range(_STEPS):  # the height where the ray meets the sheet, by fixed-point iteration
            t = (-np.interp(x, seen, self.heights) - eye[2]) / rays[:, 2]
            x = eye[0] + t * rays[:, 0]
        inside = np.interp(x, seen, along)
        beyond = x - np.clip(x, seen[0], seen[-1])
        y = eye[1] + t * rays[:, 1]
        return np.stack([inside + beyond + self.width / 2, y + self.height / 2], 1)

    def move_image(self, image: Image, desk: float) -> Image:
        """Photograph a page.

        Parameters
        ----------
        image : array (height, width) of uint8
        desk : float
            Grey level of what is beyond the page.

        Returns
        -------
        array (height, width) of uint8
        """
        xs, ys = (np.linspace(0, side, max(2, -(-side // _MESH)) + 1) for side in (self.width, self.height))
        x, y = np.meshgrid(xs, ys)
        mesh = self.source_points(np.stack([x.ravel(), y.ravel()], 1)).reshape(*x.shape, 2) - 0.5
        across, down = _weights(len(xs), self.width), _weights(len(ys), self.height)
        map_x, map_y = (down @ mesh[..., k].astype(np.float32) @ across.T for k in range(2))
        return np.asarray(cv2.remap(image, map_x, map_y, cv2.INTER_LINEAR, borderValue=desk), np.uint8)


def _weights(points: int, pixels: int) -> NDArray[np.float32]:
    """Weigh the points of one axis of a mesh for the middle of each pixel; array (pixels, points)."""
    at = (np.arange(pixels, dtype=np.float32)[:, None] + 0.5) * np.float32((points - 1) / pixels)
    return np.asarray(np.maximum(0, 1 - np.abs(at - np.arange(points, dtype=np.float32))), np.float32)


def photo(image: Image, rng: Rng, tilt: float = PHOTO.tilt) -> Image:
    """Photograph a page as with a telephone held over it by hand.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.
    rng : numpy.random.Generator
        The result is a function of it and the other arguments.
    tilt : float
        Degrees: largest angle of the camera to the normal of the page.

    Returns
    -------
    array (height, width) of uint8
        Of the page's size; around the page, the desk.
    """
    sheet = Sheet.random(rng, image.shape, tilt)
    taken = sheet.move_image(image, rng.uniform(*PHOTO.desk)).astype(np.float32)
    taken *= _light(image.shape, rng)
    paper = float(np.percentile(taken[::_SAMPLED, ::_SAMPLED], _BRIGHT))
    taken *= rng.uniform(*PHOTO.exposure) / max(1.0, paper)
    sigma = rng.uniform(*PHOTO.blur) * image.shape[1]
    taken = np.asarray(cv2.GaussianBlur(taken, (0, 0), sigma), np.float32)
    taken += rng.standard_normal(taken.shape, np.float32) * np.float32(rng.uniform(*PHOTO.noise))
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*PHOTO.quality))]
    _, data = cv2.imencode(".jpg", taken.clip(0, 255).astype(np.uint8), quality)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def _light(shape: tuple[int, ...], rng: Rng) -> NDArray[np.float32]:
    """Draw the share (0 to 1) of the light that reaches each pixel: a lamp at one side, a soft shadow."""
    loss = rng.uniform(*PHOTO.lamp)
    lamp = slope(random_direction(shape, rng), loss)
    edge, softness, loss = (rng.uniform(*r) for r in (PHOTO.edge, PHOTO.softness, PHOTO.shadow))
    return lamp * shadow(random_direction(shape, rng), loss, edge, softness)


def turned(image: Image, degrees: float) -> Image:
    """Turn a page clockwise on a canvas large enough for it.

    Parameters
    ----------
    image : array (height, width) of uint8
    degrees : float
        Quarter turns change no grey level; beside a page that is turned by another angle, there is white.

    Returns
    -------
    array (height, width) of uint8
        Of another size, but for half turns.
    """
    if degrees % 90 == 0:
        return np.ascontiguousarray(np.rot90(image, -round(degrees / 90)))
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -degrees, 1)
    c, s = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (int(np.ceil(width * c + height * s)), int(np.ceil(width * s + height * c)))
    matrix[0, 2] += (size[0] - width) / 2
    matrix[1, 2] += (size[1] - height) / 2
    return np.asarray(
        cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR, borderValue=255.0), np.uint8
    )
