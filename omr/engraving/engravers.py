"""The programs that engrave, behind one interface: what a block of pages is made with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from omr.engraving import fonts
from omr.engraving.engraver import EngravedPage, engrave
from omr.engraving.glyphs import MusicFont
from omr.engraving.layout import Layout
from omr.engraving.random_music import random_mei
from omr.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from omr.engraving.corpus import Split

#: Given the number of pages of a piece, says which of them to make (from 0).
Choose = Callable[[int], Sequence[int]]


@dataclass(frozen=True)
class Style:
    """How the pages of one piece look.

    Attributes
    ----------
    font : str
        Name of the music font.
    engrave : callable
        Called with a score's text and a `Choose`; yields the pages chosen.
    """

    font: str
    engrave: Callable[[str, Choose], Iterator[EngravedPage]]


class Engraver(Protocol):
    """A program that turns scores into labelled pages; picklable, for it is sent to worker processes.

    Attributes
    ----------
    program : str
        What people call it.
    decoys : float
        Share of its pages that get stamps, notes in the margin and the like.
    random_music : callable or None
        Given random numbers and the classes to favour, writes a piece that this
        engraver reads; None where nothing does.
    """

    @property
    def program(self) -> str: ...

    @property
    def decoys(self) -> float: ...

    @property
    def random_music(self) -> Callable[[np.random.Generator, Sequence[str]], str] | None: ...

    def style(self, split: Split, rng: np.random.Generator) -> Style:
        """Draw a font and a layout for a piece of `split`."""


@dataclass(frozen=True)
class Verovio:
    """Verovio, with its own fonts and those that ``make fonts`` fetched."""

    program: ClassVar[str] = "verovio"
    decoys: ClassVar[float] = 0.5

    @property
    def random_music(self) -> Callable[[np.random.Generator, Sequence[str]], str]:
        return random_mei

    def style(self, split: Split, rng: np.random.Generator) -> Style:
        choice = fonts.fonts(split)
        chosen = choice[int(rng.integers(len(choice)))]
        font = MusicFont(chosen.name, chosen.archive)
        layout = Layout.random(rng)
        return Style(font.name, lambda score, choose: engrave(score, font, layout, choose))


def engraver(name: str, folder: Path | None = None) -> Engraver:
    """The engraver "verovio" or "lilypond", the latter with the fonts in `folder`.

    Raises
    ------
    InputError
        When it isn't known or not installed, or when `folder` is for nothing.
    """
    if name == "verovio":
        if folder:
            raise InputError("--fonts is for LilyPond; verovio's fonts are those that `make fonts` fetches")
        return Verovio()
    if name == "lilypond":
        try:
            from omr.engraving.lilypond.engraver import LilyPond
            from omr.engraving.lilypond.fonts import find_fonts
        except ModuleNotFoundError as error:
            raise InputError(f"this needs {error.name}: run `pip install 'omr[lilypond]'`") from error
        return LilyPond(find_fonts(folder))
    raise InputError(f"no engraver is called {name!r}; there are verovio and lilypond")
