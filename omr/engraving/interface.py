"""The interface of an engraver: what a block of pages is made with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np

    from omr.engraving.corpus import Split
    from omr.engraving.engraved_page import EngravedPage

Choose = Callable[[int], Sequence[int]]
"""Given the number of pages of a piece, says which of them to make (from 0)."""


@dataclass(frozen=True)
class Design:
    """Font and layout of the pages of one piece.

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
    """A program that turns scores into labelled pages.

    It is sent to worker processes, so it can be pickled.

    Attributes
    ----------
    program : str
        Its name for people.
    distractors : float
        Part (0 to 1) of its pages that get distractors: stamps, notes in the margin and the like.
    random_music : callable or None
        Given random numbers and the classes to favour, writes a piece that this
        engraver reads; None where nothing does.
    """

    @property
    def program(self) -> str:
        """Its name for people."""

    @property
    def distractors(self) -> float:
        """Part (0 to 1) of its pages that get distractors."""

    @property
    def random_music(self) -> Callable[[np.random.Generator, Sequence[str]], str] | None:
        """The writer of random music for it, or None."""

    def design(self, split: Split, rng: np.random.Generator) -> Design:
        """Draw a font and a layout for a piece.

        Parameters
        ----------
        split : {"train", "val", "test"}
            The split that the piece is in.
        rng : numpy.random.Generator

        Returns
        -------
        Design
        """
