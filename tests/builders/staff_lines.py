"""Draw pages of staves to be turned, tilted and curled."""

from __future__ import annotations

import numpy as np

SPACE = 14
"""Staff space, in pixels."""

TOPS = (120, 300, 480, 660, 840)
"""Heights of the top lines, in pixels."""


def drawn_page(width: int = 1000, height: int = 1100) -> np.ndarray:
    """Five staves with three barlines each, and blots for notes."""
    rng = np.random.default_rng(0)
    page = np.full((height, width), 255, np.uint8)
    for top in TOPS:
        for line in range(5):
            page[top + line * SPACE : top + line * SPACE + 2, 80:-80] = 0
        for x in rng.integers(120, width - 120, 3):
            page[top : top + 4 * SPACE, x : x + 3] = 0
        for x in rng.integers(120, width - 120, 20):
            y = top + int(rng.integers(0, 8)) * SPACE // 2
            page[y - 6 : y + 6, x - 8 : x + 8] = 0
    return page
