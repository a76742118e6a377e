"""Pictures of pages at a size that the viewer needs, as data URLs."""

from __future__ import annotations

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from omr.page import Page
from omr.staves import median_space

PICTURE_SPACE = 13.0
"""Pixels of a staff space in the picture, at most: accidentals and dots are clear when the picture is shown
at twice its size, and a page of music takes 150 to 350 KB. Set by looking at pictures."""

LONGEST_SIDE = 3000
"""Pixels of the longer side of the picture, at most, whatever its staff space."""

QUALITY = 55
"""Quality (0 to 100) of WebP pictures. Set by looking at pictures."""

LEVELS = 16
"""Shades of grey of PNG pictures, which are smaller than WebP for engravings without noise."""


def picture_of(page: Page) -> str:
    """Make the picture of a page.

    Parameters
    ----------
    page : Page
        Whose `image` is shown or, where there is none and the page is its own view, its `ink`.

    Returns
    -------
    str
        A data URL; "" where there is no picture.
    """
    if page.image is not None:
        return _url(_reduced(page.image, page))
    if page.ink is not None and page.view is None:
        return _url(page.ink.grey)
    return ""


def _reduced(grey: NDArray[np.uint8], page: Page) -> NDArray[np.uint8]:
    """Reduce a picture to the size that the viewer needs."""
    import cv2

    space = median_space(page.staves)
    scale = min(1.0, PICTURE_SPACE / space if space else 1.0, LONGEST_SIDE / max(grey.shape))
    if scale == 1.0:
        return grey
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def _url(grey: NDArray[np.uint8]) -> str:
    """Encode a picture as PNG of few shades or as WebP, whichever is smaller."""
    step = 255 // (LEVELS - 1)
    shades = Image.fromarray(
        ((grey.astype(np.int16) + step // 2) // step).clip(0, LEVELS - 1).astype(np.uint8)
    )
    shades.putpalette([level * step for level in range(LEVELS) for _ in range(3)])
    png, webp = io.BytesIO(), io.BytesIO()
    shades.save(png, "PNG", bits=4)
    Image.fromarray(grey).save(webp, "WEBP", quality=QUALITY, method=4)
    kind, content = min(("png", png.getvalue()), ("webp", webp.getvalue()), key=lambda pair: len(pair[1]))
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"
