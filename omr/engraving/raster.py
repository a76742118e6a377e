"""Primitives to pixels: the page, and masks of its symbols, drawn with skia."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np
import skia

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from omr.page import Box

_STRIP = 128  # pixels of height


class Drawn(Protocol):
    """Anything with ink: its filled outline and the outline's exact bounds, in page pixels."""

    @property
    def path(self) -> skia.Path: ...

    @property
    def box(self) -> Box: ...


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
        The page pixel that becomes the image's top left one.
    finer : int
        How many times as large to draw before averaging. Beside round corners smaller than a
        pixel skia spills a little ink, which so becomes too little to see.

    Returns
    -------
    array (height, width) of uint8
        0 is black.
    """
    if finer == 1:
        return _draw(primitives, width, height, origin, 1)
    image = np.full((height, width), 255, np.uint8)
    drawn = [primitive for primitive in primitives if not primitive.path.isEmpty()]
    for top in range(0, height, _STRIP):  # for memory's sake
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
    """Paint each layer in its value, without antialiasing.

    Parameters
    ----------
    layers : iterable of primitives
        Painted in this order; a later one covers an earlier.
    values : iterable of int
        One a layer, from 1 to 0xFFFFFF.

    Returns
    -------
    array (height, width) of uint32
        0 where no layer is.
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
