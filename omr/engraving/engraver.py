"""A score's text to pages of labelled symbols."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from omr.engraving import raster, svg
from omr.engraving.symbols import LabelledSymbol, label
from omr.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import verovio
    from numpy.typing import NDArray

    from omr.engraving.glyphs import MusicFont
    from omr.engraving.layout import Layout
    from omr.engraving.raster import Drawn


@dataclass(frozen=True)
class EngravedPage:
    """One page: its size in pixels, everything drawn on it and every symbol with its exact box.

    `finer` is how many times as large it is drawn before it is averaged (`raster.draw`).
    `mei` is the whole score as verovio understood it; measures have the ids that the page's groups have.
    """

    width: int
    height: int
    space: float
    primitives: Sequence[Drawn]
    symbols: Sequence[LabelledSymbol]
    finer: int = 1
    mei: str = field(default="", repr=False)

    @property
    def measures(self) -> list[str]:
        """The ids of the measures on the page, in order; none where verovio did not engrave it."""
        groups = (p.group.inside("measure") for p in self.primitives if isinstance(p, svg.Primitive))
        return list(dict.fromkeys(group.id for group in groups if group))

    def draw(self) -> NDArray[np.uint8]:
        """The page image, (height, width), 0 black."""
        return raster.draw(self.primitives, self.width, self.height, finer=self.finer)

    def paint(self, values: Sequence[int]) -> NDArray[np.uint32]:
        """A map, (height, width), of each symbol painted in its value (1 to 0xFFFFFF), small ones on top."""
        order = sorted(range(len(self.symbols)), key=lambda n: -_area(self.symbols[n]))
        layers = ([self.primitives[i] for i in self.symbols[n].primitives] for n in order)
        return raster.paint(layers, (values[n] for n in order), self.width, self.height)


def _area(symbol: LabelledSymbol) -> float:
    return symbol.box.width * symbol.box.height


def engrave(
    score: str,
    font: MusicFont,
    layout: Layout,
    choose: Callable[[int], Sequence[int]] = range,
) -> Iterator[EngravedPage]:
    """Engrave a score.

    A few broken scores make verovio abort the whole process: call this in a
    process that may die (`omr.engraving.workers`).

    Parameters
    ----------
    score : str
        MEI, MusicXML, Humdrum or ABC.
    font : MusicFont
    layout : Layout
    choose : callable
        Given the number of pages, says which of them to make (from 0); all of them by default.

    Yields
    ------
    EngravedPage

    Raises
    ------
    omr.errors.InputError
        When verovio can't read the score.
    omr.engraving.symbols.UnknownMusicError
        When a page has something on it that has no name.
    """
    toolkit = _toolkit()
    toolkit.resetOptions()
    options = {**layout.options, "font": font.name}
    if font.archive:
        options["fontAddCustom"] = [str(font.archive)]
    toolkit.setOptions(options)
    if not toolkit.loadData(score):
        raise InputError("a score that verovio can't read; give MEI, MusicXML, Humdrum or ABC")
    mei = toolkit.getMEI()
    for page in choose(toolkit.getPageCount()):
        primitives = svg.parse(toolkit.renderToSVG(int(page) + 1), layout.zoom, font)
        symbols = label(primitives, layout.space)
        height = used_height(primitives, layout)
        yield EngravedPage(layout.width, height, layout.space, primitives, symbols, mei=mei)


def used_height(primitives: Sequence[Drawn], layout: Layout) -> int:
    """The page's height: less where its lowest quarter stays empty, more where a system is too tall."""
    bottom = round(max((primitive.box.y1 for primitive in primitives), default=0.0) + 4 * layout.space)
    bottom = min(bottom, 2 * layout.height)  # whatever goes further is a slip of the engraver
    return layout.height if 0.75 * layout.height < bottom <= layout.height else bottom


@lru_cache(maxsize=1)
def _toolkit() -> verovio.toolkit:
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    return verovio.toolkit()
