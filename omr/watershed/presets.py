"""Ways to cut a landscape into symbols, as thresholds of `decode` and the values to select them from.

Connected components above a threshold are the watershed in which no saddle is deep enough to separate two
summits: `Decoding.depth` 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from omr.watershed.decoding import Decoding


@dataclass(frozen=True)
class Preset:
    """A way to cut the landscape.

    Attributes
    ----------
    start : Decoding
        Thresholds of a net that has seen no validation pages.
    options : mapping of str to tuple of float
        The values that threshold selection tries for each field of `Decoding`, one field after the other.
    """

    start: Decoding
    options: Mapping[str, tuple[float, ...]]


_VOTES = {"summit": (0.5, 0.7, 0.85), "overlap": (0.4, 0.5, 0.7)}

PRESETS: Mapping[str, Preset] = {
    "watershed": Preset(
        Decoding(),
        {"foreground": (0.1, 0.15, 0.2, 0.3), "depth": (0.05, 0.1, 0.15, 0.25), **_VOTES},
    ),
    # one threshold has two tasks: a low one finds faint symbols, a high one separates overlapping symbols
    "components": Preset(
        Decoding(foreground=0.5, depth=1.0),
        {"foreground": (0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), **_VOTES},
    ),
}
"""By the name in the option ``cut`` of DWDNet, which weights store."""
