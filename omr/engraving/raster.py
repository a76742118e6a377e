"""Primitives to pixels: the page, and masks of its symbols, drawn with skia."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import skia

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from omr.page import Box


class Drawn(Protocol):
    """Anything with ink: its filled outline and the outline's exact bounds, in page pixels."""

    @property
    def path(self) -> skia.Path: ...

    @property
    def box(self) -> Box: ...


def draw(
    primitives: Iterable[Drawn], width: int, height: int, origin: tuple[int, int] = (0, 0)
) -> NDArray[np.uint8]:
    """Draw black on white with antialiasing.

    Parameters
    ----------
    primitives : iterable of Drawn
    width, height : int
        Of the image, in pixels.
    origin : (x, y)
        The page pixel that becomes the image's top left one.

    Returns
    -------
    array (height, width) of uint8
        0 is black.
    """
    image = np.full((height, width), 255, np.uint8)
    info = skia.ImageInfo.Make(width, height, skia.kGray_8_ColorType, skia.kOpaque_AlphaType)
    canvas = skia.Surface.MakeRasterDirect(info, image, width).getCanvas()
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
