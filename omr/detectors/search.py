"""What reads a page, and how: the search at a detector's own staff space."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from omr.detectors.refinement import refine
from omr.images import ink_mask, resize
from omr.page import Box, Symbol

CANONICAL_SPACE = 12.0
"""Staff space, in pixels, at which detectors see a page unless they are told otherwise."""

MIN_RESCALING = 0.01
"""Relative change of the staff space below which a page is not resized: it would only be blurred."""


@dataclass(frozen=True)
class Found:
    """The `n` symbols that a detector found on a page at its own staff space, in any order.

    Attributes
    ----------
    boxes : array (n, 4)
        x0, y0, x1, y1 in pixels of the image that was searched.
    classes : array (n,)
        Index into the detector's `classes`.
    scores : array (n,)
        From 0 to 1.
    """

    boxes: NDArray[np.float32]
    classes: NDArray[np.int64]
    scores: NDArray[np.float32]


class PageDetector(Protocol):
    """Finds the symbols of pages: all that `omr.inference.Reader` asks of a detector.

    Attributes
    ----------
    min_score : float
        Score, 0 to 1, below which a symbol is not shown.
    """

    min_score: float

    def detect(self, image: NDArray[np.uint8], staff_space: float | None = None) -> list[Symbol]:
        """Find the symbols of a page at any resolution.

        Parameters
        ----------
        image : array (height, width) of uint8
            Grey values; 0 is black.
        staff_space : float, optional
            Of the page, in its pixels.

        Returns
        -------
        list of Symbol
            Every candidate, best first, whatever its score, in pixels of `image`.
        """


def search(
    image: NDArray[np.uint8],
    staff_space: float | None,
    space: float,
    classes: Sequence[str],
    find: Callable[[NDArray[np.uint8]], Found],
) -> list[Symbol]:
    """Show a page to a detector at the detector's staff space, and bring the boxes back.

    Parameters
    ----------
    image : array (height, width) of uint8
        Grey values; 0 is black.
    staff_space : float or None
        Of the page, in its pixels; None where the page is at `space` already.
    space : float
        Staff space, in pixels, at which the detector sees pages.
    classes : sequence of str
        The detector's.
    find : callable
        Finds the symbols of a grey page at `space`.

    Returns
    -------
    list of Symbol
        Every candidate, best first, whatever its score. Boxes in pixels of `image`, refined by its ink
        (`omr.detectors.refinement`).
    """
    small = at_space(image, staff_space, space)
    found = find(small)
    height, width = image.shape
    boxes = found.boxes * pixels_of(image, small)
    boxes[:, 0::2] = boxes[:, 0::2].clip(0, width)
    boxes[:, 1::2] = boxes[:, 1::2].clip(0, height)
    order = np.argsort(-found.scores, kind="stable")
    best_first = (values[order].tolist() for values in (found.classes, boxes, found.scores))
    symbols = (
        Symbol(classes[c], Box(*box), score)
        for c, box, score in zip(*best_first, strict=True)
        if box[2] > box[0] and box[3] > box[1]
    )
    return refine(ink_mask(image), symbols, staff_space or space)


def at_space(
    image: NDArray[np.uint8], staff_space: float | None, space: float = CANONICAL_SPACE
) -> NDArray[np.uint8]:
    """Resize a page to another staff space.

    Parameters
    ----------
    image : array (height, width)
    staff_space : float or None
        Of the page, in its pixels; None where it is unknown.
    space : float
        The staff space wanted, in pixels.

    Returns
    -------
    array (height, width)
        The page itself where its staff space is unknown or within 1 % of `space`.
    """
    scale = space / (staff_space or space)
    if abs(scale - 1) < MIN_RESCALING:
        return image
    return resize(image, (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))))


def pixels_of(image: NDArray[np.uint8], small: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Give the factors from boxes on a resized page to boxes on the page.

    Sizes are whole pixels, so the factors of the two axes differ by a little: half a pixel at the far end
    of a page, which is half a stem.

    Parameters
    ----------
    image : array (height, width)
        The page.
    small : array (height, width)
        The page at another staff space.

    Returns
    -------
    array (4,)
        Of x0, y0, x1 and y1.
    """
    x, y = image.shape[1] / small.shape[1], image.shape[0] / small.shape[0]
    return np.array([x, y, x, y], np.float32)
