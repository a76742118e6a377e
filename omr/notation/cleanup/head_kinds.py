"""Correct black noteheads that the page shows to be open: there is paper inside of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import ndimage

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.limits import CleanupLimits

_BLACK, _HALF = "noteheadBlack", "noteheadHalf"


def correct_head_kinds(layout: PageLayout, *, limits: CleanupLimits = CleanupLimits()) -> PageLayout:
    """Rename black noteheads whose inside is as light as that of open ones.

    The heads of a page tell how dark the inside of a black one is: where black heads are mottled, no head is
    renamed.

    Parameters
    ----------
    layout : PageLayout
        Without its ink nothing is renamed.
    limits : CleanupLimits, optional

    Returns
    -------
    PageLayout
    """
    heads = layout.by_name.get(_BLACK, ())
    if layout.ink is None or len(heads) < limits.min_black_heads:
        return layout
    light = {head: _light_share(layout, head, limits) for head in heads}
    usual = float(np.percentile(list(light.values()), limits.black_percentile))
    if usual > limits.max_light_in_black:
        return layout
    open_heads = {head for head, share in light.items() if share > limits.min_light_in_open}
    if not open_heads:
        return layout
    return layout.with_symbols(replace(s, name=_HALF) if s in open_heads else s for s in layout.symbols)


def _light_share(layout: PageLayout, head: PlacedSymbol, limits: CleanupLimits) -> float:
    """Measure how light (0 to 1) the middle of a head is, where ink encloses the paper on all sides."""
    assert layout.ink is not None
    grey, scale = layout.ink.grey, layout.ink.scale
    x = layout.on_image(head.x, head.y)
    half_width, half_height = scale * head.box.width / 2, scale * head.box.height / 2
    top, bottom = round(scale * head.y - half_height), round(scale * head.y + half_height) + 1
    left, right = round(scale * x - half_width), round(scale * x + half_width) + 1
    box = grey[max(0, top) : bottom, max(0, left) : right]
    if not box.size:
        return 0.0
    light = box / _WHITE
    rows, columns = (_middle(size, limits) for size in box.shape)
    if light[rows, columns].mean() <= limits.min_light_in_open:
        return float(light[rows, columns].mean())
    parts, _ = ndimage.label(light > limits.min_light)
    outside = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    light[np.isin(parts, outside[outside > 0])] = 0.0
    return float(light[rows, columns].mean())


def _middle(size: int, limits: CleanupLimits) -> slice:
    """Give the pixels around the middle of a head."""
    margin = int((1 - limits.head_middle) / 2 * size)
    return slice(margin, size - margin)


_WHITE = 255.0
"""Grey level of paper."""
