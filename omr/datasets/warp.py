"""Warps of a page: rotation, perspective and the curve of an open book, of image, boxes and masks alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from omr.datasets.ranges import WARP

Image = NDArray[np.uint8]
Boxes = NDArray[np.float32]
Rng = np.random.Generator


def random_warp(
    rng: Rng, shape: tuple[int, ...], strength: float = 1.0, staff_space: float = 12
) -> Warp | None:
    """Draw the warp of a training page, if it gets one.

    `omr.datasets.degrade.degrade` draws it first of all from `rng`.

    Parameters
    ----------
    rng : numpy.random.Generator
    shape : tuple of int
        Height and width of the image, in pixels.
    strength : float
        Scales the chance of a warp: 0 for none, 1 for every second page.
    staff_space : float
        Of the image, in pixels.

    Returns
    -------
    Warp or None
    """
    return Warp.random(rng, shape, staff_space) if rng.random() < WARP.chance * strength else None


@dataclass(frozen=True)
class Warp:
    """Warp a page by rotation, perspective and the curve of a page, in one resampling.

    A point is moved by `matrix` first; then it sinks by
    ``depth * sin(x * frequency + phase)`` pixels.

    Attributes
    ----------
    matrix : array (3, 3)
        Of homogeneous coordinates in pixels; pixel centres lie at whole coordinates plus a half.
    depth : float
        Pixels; 0 for a flat page.
    frequency : float
        Radians a pixel.
    phase : float
        Radians.
    """

    matrix: NDArray[np.float64]
    depth: float
    frequency: float
    phase: float

    @classmethod
    def random(cls, rng: Rng, shape: tuple[int, ...], staff_space: float) -> Warp:
        """Draw a warp.

        Parameters
        ----------
        rng : numpy.random.Generator
        shape : tuple of int
            Height and width of the image, in pixels.
        staff_space : float
            Of the image, in pixels.

        Returns
        -------
        Warp
        """
        height, width = shape[:2]
        angle = np.clip(rng.normal(0, WARP.angle), -WARP.largest_angle, WARP.largest_angle)
        matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1), [0, 0, 1]])
        tilt = np.eye(3)
        if rng.random() < WARP.tilted:
            tilt[2, :2] = rng.normal(0, WARP.tilt, 2) / (width, height)
        shear = np.eye(3)
        shear[0, 1] = rng.normal(0, WARP.shear)
        curved = rng.random() < WARP.curved
        depth = rng.uniform(*WARP.depth) * staff_space if curved else 0.0
        wavelength = rng.uniform(*WARP.wavelength) * staff_space
        return cls(shear @ tilt @ matrix, depth, 2 * np.pi / wavelength, rng.uniform(0, 2 * np.pi))

    def __call__(self, image: Image, boxes: Boxes) -> tuple[Image, Boxes]:
        """Move an image and the boxes (n, 4) on it."""
        return self.move_image(image), self.move_boxes(boxes)

    def move_points(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Move points.

        Parameters
        ----------
        points : array (n, 2)
            x and y in pixels.

        Returns
        -------
        array (n, 2)
        """
        x, y, w = self.matrix @ np.vstack([points.T, np.ones(len(points))])
        x, y = x / w, y / w
        return np.stack([x, y + self.depth * np.sin(x * self.frequency + self.phase)], 1)

    def move_boxes(self, boxes: Boxes) -> Boxes:
        """Move boxes.

        Parameters
        ----------
        boxes : array (n, 4)
            x0, y0, x1, y1 in pixels.

        Returns
        -------
        array (n, 4) of float32
            The boxes around five moved points of each edge.
        """
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
        """Move an image; paper comes in from outside.

        Parameters
        ----------
        image : array (height, width) of uint8
            0 is black.

        Returns
        -------
        array (height, width) of uint8
        """
        return np.asarray(self._resample(image, cv2.INTER_LINEAR, 255), np.uint8)

    def move_map(self, numbers: NDArray[np.int32]) -> NDArray[np.int32]:
        """Move a map of numbers without blending them; 0 comes in from outside.

        Parameters
        ----------
        numbers : array (height, width) of int32
            Below 2 to the 24th.

        Returns
        -------
        array (height, width) of int32
        """
        exact = numbers.astype(np.float32)  # up to 2 to the 24th
        return self._resample(exact, cv2.INTER_NEAREST, 0).astype(np.int32)

    def _resample(self, image: NDArray[Any], how: int, outside: float) -> NDArray[Any]:
        """Resample an image as OpenCV's interpolation `how` does, with `outside` beyond its edges."""
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
