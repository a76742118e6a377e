"""How the landscape is cut into symbols: where validation looks for the best `Decoding`.

A threshold and connected components are the watershed in which no saddle is
deep enough to part two summits (`basins`, depth 1): what hangs together above
the foreground is one symbol.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from omr.watershed.energy import Decoding


@dataclass(frozen=True)
class Cut:
    """
    Attributes
    ----------
    start : Decoding
        Of a net that has seen no validation pages.
    options : mapping of str to tuple of float
        The values to try for each field of `Decoding`, one field after the other.
    """

    start: Decoding
    options: Mapping[str, tuple[float, ...]]


_VOTES = {"summit": (0.5, 0.7, 0.85), "overlap": (0.4, 0.5, 0.7)}

CUTS: Mapping[str, Cut] = {
    "watershed": Cut(
        Decoding(),
        {"foreground": (0.1, 0.15, 0.2, 0.3), "depth": (0.05, 0.1, 0.15, 0.25), **_VOTES},
    ),
    # whose threshold has two tasks: low, it finds the faint; high, it parts what overlaps
    "components": Cut(
        Decoding(foreground=0.5, depth=1.0),
        {"foreground": (0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), **_VOTES},
    ),
}
"""By name."""
