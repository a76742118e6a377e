"""Even light: a page divided by the brightness of its paper, which closing estimates.

After J. Parker, C. Jennings, A. Salkauskas, "Thresholding Using an Illumination Model", ICDAR 1993, with a
morphological closing for the model: ink is smaller than the closing's window, shadows are larger.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from omr.normalise.limits import LIGHT, LightLimits

Grey = NDArray[np.uint8]


def even_light(image: Grey, space: float, *, limits: LightLimits = LIGHT) -> Grey:
    """Even out the light of a page that has shadows, dark edges or a desk around it.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.
    space : float
        Staff space of `image`, in pixels.
    limits : LightLimits, optional

    Returns
    -------
    array (height, width) of uint8
        The image itself where its light is even.
    """
    scale = min(1.0, limits.space / space)
    height, width = image.shape
    small = cv2.resize(
        image, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA
    )
    side = round(limits.window * space * scale) | 1
    light = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    bright = float(np.median(light))
    if np.percentile(light, limits.dark) > limits.uneven * bright:
        return image
    smooth = cv2.GaussianBlur(light, (0, 0), limits.blur * space * scale)
    gain = np.float32(bright) / np.maximum(smooth.astype(np.float32), np.float32(limits.least))
    large = cv2.resize(gain, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(image, large, dtype=cv2.CV_8U), np.uint8)
