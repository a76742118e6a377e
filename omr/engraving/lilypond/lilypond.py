"""LilyPond as an engraver: scores in, labelled pages out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from omr.engraving.engraved_page import EngravedPage, used_height
from omr.engraving.interface import Choose, Design
from omr.engraving.lilypond import svg
from omr.engraving.lilypond.grob_symbols import label
from omr.engraving.lilypond.musicxml import Score, to_musicxml
from omr.engraving.lilypond.paper import Paper
from omr.engraving.lilypond.program import compile_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from omr.engraving.corpus import Split
    from omr.engraving.lilypond.fonts import LilyPondFont

_FINER = 4  # LilyPond rounds the corners of all strokes
_PAGES = 2.5  # of an excerpt: its last page is seldom full
_A_STAFF = 10.0  # staff spaces from one staff to the next
_A_SYSTEM = 3.0  # more between systems
_CLEF_AND_KEY = 8.0  # staff spaces at the head of a system


@dataclass(frozen=True)
class LilyPond:
    """LilyPond; all its fonts serve all splits, as in DeepScores, whose splits are by piece.

    Attributes
    ----------
    fonts : tuple of LilyPondFont
    """

    fonts: tuple[LilyPondFont, ...]
    program: ClassVar[str] = "LilyPond"
    distractors: ClassVar[float] = 0.0  # DeepScores has none
    random_music: ClassVar[None] = None

    def design(self, split: Split, rng: np.random.Generator) -> Design:
        """Draw a font and a paper for a piece.

        Parameters
        ----------
        split : {"train", "val", "test"}
            Makes no difference: every split has all fonts.
        rng : Generator
            NumPy's source of random numbers.

        Returns
        -------
        Design
        """
        font = self.fonts[int(rng.integers(len(self.fonts)))]
        paper = Paper.random(rng)
        return Design(font.name, lambda score, choose: engrave(score, font, paper, choose))


def engrave(score: str, font: LilyPondFont, paper: Paper, choose: Choose = range) -> Iterator[EngravedPage]:
    """Engrave a few pages of a score.

    Parameters
    ----------
    score : str
        MusicXML, Humdrum or ABC.
    font : LilyPondFont
    paper : Paper
    choose : callable
        Given the number of pages of the excerpt, says which of them to make (from 0).

    Yields
    ------
    EngravedPage

    Raises
    ------
    omr.errors.InputError
        When the score can't be read.
    omr.engraving.lilypond.program.LilyPondError
        When LilyPond can't engrave it.
    omr.engraving.labels.UnknownMusicError
        When a page has something on it that has no name.
    """
    pages = compile_pages(_excerpt(Score(to_musicxml(score)), paper), paper.preamble(font), font.folder)
    layout = paper.layout
    for number in choose(len(pages)):
        ink = svg.parse(pages[number], layout.space, font)
        height = used_height(ink, layout)
        yield EngravedPage(layout.width, height, layout.space, ink, label(ink, layout.space), _FINER)


def _excerpt(score: Score, paper: Paper) -> str:
    """As many measures as fill a few pages, or all there are."""
    width, height = paper.room
    systems = max(1.0, height // (score.staves * _A_STAFF + _A_SYSTEM))
    room = _PAGES * systems * (width - _CLEF_AND_KEY) * 1.2 / paper.spacing
    widths = score.widths()
    last = score.measures  # the last measure from which on there is enough
    left = room
    while last and left > 0:
        last -= 1
        left -= widths[last]
    first = round(paper.start * last)
    end = first
    while end < score.measures and room > 0:
        room -= widths[end]
        end += 1
    return score.excerpt(first, end)
