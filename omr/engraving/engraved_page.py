"""An engraved page: what every engraver makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from omr.engraving import raster

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from omr.engraving.labels import LabelledSymbol
    from omr.engraving.layout import Layout
    from omr.engraving.raster import Drawn

_MARGIN = 4
"""Staff spaces below the lowest ink of a page whose height is chosen by its ink."""

_TALLEST = 2
"""Heights of the layout that a page may be tall."""

_LEAST_FILLED = 0.75
"""Part of the layout's height that ink must reach down to for the page to keep that height."""


@dataclass(frozen=True)
class EngravedPage:
    """An engraved page with every symbol in its exact box.

    Attributes
    ----------
    width, height : int
        Pixels.
    space : float
        Staff space of a staff at normal size, in pixels.
    primitives : sequence of Drawn
        Everything drawn, in drawing order.
    symbols : sequence of LabelledSymbol
    finer : int
        How many times as large the page is drawn before it is averaged (`raster.draw`).
    measures : tuple of str
        The ids of its measures in `mei`, in order; empty where verovio did not engrave it.
    mei : str
        The whole score as verovio understood it; empty where verovio did not engrave it.
    """

    width: int
    height: int
    space: float
    primitives: Sequence[Drawn]
    symbols: Sequence[LabelledSymbol]
    finer: int = 1
    measures: tuple[str, ...] = ()
    mei: str = field(default="", repr=False)

    def draw(self) -> NDArray[np.uint8]:
        """Draw the page.

        Returns
        -------
        array (height, width) of uint8
            0 is black.
        """
        return raster.draw(self.primitives, self.width, self.height, finer=self.finer)

    def paint(self, values: Sequence[int]) -> NDArray[np.uint32]:
        """Paint each symbol in a value, small ones on top.

        Parameters
        ----------
        values : sequence of int
            One for each symbol, 1 to 0xFFFFFF.

        Returns
        -------
        array (height, width) of uint32
            0 where there is no symbol.
        """
        order = sorted(range(len(self.symbols)), key=lambda n: -_area(self.symbols[n]))
        layers = ([self.primitives[i] for i in self.symbols[n].primitives] for n in order)
        return raster.paint(layers, (values[n] for n in order), self.width, self.height)


def _area(symbol: LabelledSymbol) -> float:
    """Give the area of a symbol's box, in square pixels."""
    return symbol.box.width * symbol.box.height


def used_height(primitives: Sequence[Drawn], layout: Layout) -> int:
    """Choose the height of a page.

    Parameters
    ----------
    primitives : sequence of Drawn
        Everything drawn on it.
    layout : Layout

    Returns
    -------
    int
        Pixels; less than the layout's where its lowest quarter stays empty, more where a system
        is too tall.
    """
    bottom = round(max((primitive.box.y1 for primitive in primitives), default=0.0) + _MARGIN * layout.space)
    bottom = min(bottom, _TALLEST * layout.height)  # further down is an engraver's slip
    return layout.height if _LEAST_FILLED * layout.height < bottom <= layout.height else bottom
