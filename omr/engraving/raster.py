"""Rasterise primitives with skia: the grey image of a page, and masks of its symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np
import skia

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from omr.page import Box

_STRIP = 128
"""Height in pixels of the strips that are drawn one after the other."""


class Drawn(Protocol):
    """A primitive with ink: its filled outline and the exact bounds of the outline, in page pixels."""

    @property
    def path(self) -> skia.Path:
        """Filled outline."""

    @property
    def box(self) -> Box:
        """Exact bounds of the outline."""


def draw(
    primitives: Iterable[Drawn], width: int, height: int, origin: tuple[int, int] = (0, 0), finer: int = 1
) -> NDArray[np.uint8]:
    """Draw black on white with antialiasing.

    Parameters
    ----------
    primitives : iterable of Drawn
    width, height : int
        Of the image, in pixels.
    origin : (x, y)
        Page pixel at the top left corner of the image.
    finer : int
        Factor by which the image is drawn larger before averaging. Beside round corners smaller than a
        pixel skia draws a little ink too much; averaging makes it invisible.

    Returns
    -------
    array (height, width) of uint8
        0 is black.
    """
    if finer == 1:
        return _draw(primitives, width, height, origin, 1)
    image = np.full((height, width), 255, np.uint8)
    drawn = [primitive for primitive in primitives if not primitive.path.isEmpty()]
    for top in range(0, height, _STRIP):  # strips keep the enlarged image small in memory
        strip = image[top : top + _STRIP]
        above, below = origin[1] + top, origin[1] + top + len(strip)
        inside = [primitive for primitive in drawn if primitive.box.y0 <= below and primitive.box.y1 >= above]
        large = _draw(inside, finer * width, finer * len(strip), (origin[0], above), finer)
        cv2.resize(large, (width, len(strip)), dst=strip, interpolation=cv2.INTER_AREA)
    return image


def _draw(
    primitives: Iterable[Drawn], width: int, height: int, origin: tuple[int, int], scale: int
) -> NDArray[np.uint8]:
    image = np.full((height, width), 255, np.uint8)
    info = skia.ImageInfo.Make(width, height, skia.kGray_8_ColorType, skia.kOpaque_AlphaType)
    canvas = skia.Surface.MakeRasterDirect(info, image, width).getCanvas()
    canvas.scale(scale, scale)
    canvas.translate(-origin[0], -origin[1])
    paint = skia.Paint(AntiAlias=True, Color=skia.ColorBLACK)
    for primitive in primitives:
        canvas.drawPath(primitive.path, paint)
    return image


def paint(
    layers: Iterable[Iterable[Drawn]], values: Iterable[int], width: int, height: int
) -> NDArray[np.uint32]:
    """Paint each layer with its value, without antialiasing.

    Parameters
    ----------
    layers : iterable of primitives
        Painted in this order; a later one covers an earlier.
    values : iterable of int
        The value of each layer, from 1 to 0xFFFFFF.
    width, height : int
        Of the image, in pixels.

    Returns
    -------
    array (height, width) of uint32
        0 where there is no layer.
    """
    pixels = np.zeros((height, width), np.uint32)
    info = skia.ImageInfo.Make(width, height, skia.kBGRA_8888_ColorType, skia.kPremul_AlphaType)
    canvas = skia.Surface.MakeRasterDirect(info, pixels, width * 4).getCanvas()
    brush = skia.Paint(AntiAlias=False)
    for layer, value in zip(layers, values, strict=True):
        brush.setColor(0xFF000000 | value)
        for primitive in layer:
            canvas.drawPath(primitive.path, brush)
    pixels &= np.uint32(0xFFFFFF)
    return pixels
