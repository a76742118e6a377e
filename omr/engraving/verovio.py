"""Verovio as an engraver: scores in, labelled pages out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from omr.engraving import fonts
from omr.engraving.engraved_page import EngravedPage, used_height
from omr.engraving.glyphs import MusicFont
from omr.engraving.interface import Choose, Design
from omr.engraving.layout import Layout
from omr.engraving.random_music import random_mei
from omr.engraving.verovio_svg import Primitive, parse
from omr.engraving.verovio_symbols import label
from omr.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    import verovio

    from omr.engraving.corpus import Split


@dataclass(frozen=True)
class Verovio:
    """Verovio, with its own fonts and those that ``make fonts`` fetched."""

    program: ClassVar[str] = "verovio"
    distractors: ClassVar[float] = 0.5

    @property
    def random_music(self) -> Callable[[np.random.Generator, Sequence[str]], str]:
        """The writer of random music."""
        return random_mei

    def design(self, split: Split, rng: np.random.Generator) -> Design:
        """Draw a font and a layout for a piece.

        Parameters
        ----------
        split : {"train", "val", "test"}
            Decides on the fonts.
        rng : Generator
            NumPy's source of random numbers.

        Returns
        -------
        Design
        """
        choice = fonts.fonts(split)
        chosen = choice[int(rng.integers(len(choice)))]
        font = MusicFont(chosen.name, chosen.archive)
        layout = Layout.random(rng)
        return Design(font.name, lambda score, choose: engrave(score, font, layout, choose))


def engrave(
    score: str,
    font: MusicFont,
    layout: Layout,
    choose: Choose = range,
) -> Iterator[EngravedPage]:
    """Engrave a score.

    A few broken scores make verovio abort the whole process: call this in a process that may
    die (`omr.engraving.workers`).

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
    omr.engraving.labels.UnknownMusicError
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
        primitives = parse(toolkit.renderToSVG(int(page) + 1), layout.zoom, font)
        symbols = label(primitives, layout.space)
        height = used_height(primitives, layout)
        measures = _measures(primitives)
        yield EngravedPage(layout.width, height, layout.space, primitives, symbols, 1, measures, mei)


def _measures(primitives: Sequence[Primitive]) -> tuple[str, ...]:
    """List the ids of the measures that something is drawn in, in order."""
    groups = (primitive.group.inside("measure") for primitive in primitives)
    return tuple(dict.fromkeys(group.id for group in groups if group))


@lru_cache(maxsize=1)
def _toolkit() -> verovio.toolkit:
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    return verovio.toolkit()
