"""Uneven light on a page: light that falls off evenly, and shadows with a soft edge."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Light = NDArray[np.float32]


def random_direction(shape: tuple[int, ...], rng: np.random.Generator) -> Light:
    """Draw a direction across a page.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the page, in pixels.
    rng : numpy.random.Generator

    Returns
    -------
    array (height, width) of float32
        How far each pixel lies in that direction from the middle of the page, in half pages (-1.4 to 1.4).
    """
    height, width = shape[:2]
    y, x = np.linspace(-1, 1, height, dtype=np.float32)[:, None], np.linspace(-1, 1, width, dtype=np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    return np.asarray(np.float32(np.cos(angle)) * x + np.float32(np.sin(angle)) * y, np.float32)


def slope(along: Light, loss: float) -> Light:
    """Let the light fall off evenly.

    Parameters
    ----------
    along : array (height, width) of float32
        How far each pixel lies from the lamp, in half pages from the middle of the page.
    loss : float
        Part (0 to 1) of the light that is lost in the middle of the page.

    Returns
    -------
    array (height, width) of float32
        Part (0 to 1) of the light that reaches each pixel.
    """
    return np.asarray(1 - np.float32(loss) * (1 + along), np.float32)


def shadow(along: Light, loss: float, edge: float, softness: float) -> Light:
    """Cast a shadow with a soft edge.

    Parameters
    ----------
    along : array (height, width) of float32
        How far each pixel lies in the direction of the shadow, in half pages from the middle of the page.
    loss : float
        Part (0 to 1) of the light that the shadow takes.
    edge : float
        Half pages: where the shadow begins.
    softness : float
        Inverse of the width of its edge, in half pages.

    Returns
    -------
    array (height, width) of float32
        Part (0 to 1) of the light that reaches each pixel.
    """
    lit = np.exp(-np.float32(softness) * (along - np.float32(edge)))
    return np.asarray(1 - np.float32(loss) / (1 + lit), np.float32)
