"""Correct noteheads that were taken for small ones: on their page they are as large as the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.limits import CleanupLimits

_SMALL = "Small"


def correct_small_heads(layout: PageLayout, *, limits: CleanupLimits = CleanupLimits()) -> PageLayout:
    """Rename small noteheads that are as high as the page's noteheads of full size.

    Parameters
    ----------
    layout : PageLayout
    limits : CleanupLimits, optional

    Returns
    -------
    PageLayout
    """
    heads = [symbol for symbol in layout.named("notehead") if not symbol.name.startswith("noteheadWhole")]
    full = [head for head in heads if not head.name.endswith(_SMALL)]
    if len(full) == len(heads):
        return layout
    measured = full if len(full) >= limits.min_full_heads else heads
    height = limits.small_head_ratio * float(np.median([head.box.height for head in measured]))
    return layout.with_symbols(_full_size(s) if _is_full(s, height) else s for s in layout.symbols)


def _is_full(symbol: PlacedSymbol, height: float) -> bool:
    """Tell whether a symbol is called a small notehead and yet higher than one."""
    is_small = symbol.name.startswith("notehead") and symbol.name.endswith(_SMALL)
    return is_small and symbol.box.height > height


def _full_size(head: PlacedSymbol) -> PlacedSymbol:
    return replace(head, name=head.name.removesuffix(_SMALL))
