"""Read the music on pages, and say what a user should know about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from omr.commands.messages import complain

if TYPE_CHECKING:
    from omr.notation.pipeline import Reading
    from omr.page import Page

NOTHING_READ = 3
"""Exit status of a run that read neither a note nor a rest on any page."""

_SHOWN = 8
"""Numbers of odd measures that are listed at most."""


def read_music(pages: Sequence[Page]) -> tuple[Reading, list[Page]]:
    """Read the music on the pages of a piece.

    Parameters
    ----------
    pages : sequence of Page
        In any vocabulary.

    Returns
    -------
    reading : Reading
    pages : list of Page
        The same pages, each with the quality of its reading.
    """
    from omr.notation import pipeline
    from omr.vocabulary.translation import core_page

    reading = pipeline.read_piece([core_page(page) for page in pages])
    rated = [replace(page, quality=quality) for page, quality in zip(pages, reading.qualities, strict=True)]
    return reading, rated


def show_reading(
    reading: Reading,
    pages: Sequence[Page],
    *,
    explain: bool,
    handwriting: bool = False,
    bare_announced: bool = False,
) -> None:
    """Print what could not be read, one line a page at most, and what was decided.

    Parameters
    ----------
    reading : Reading
    pages : sequence of Page
        With their quality.
    explain : bool
        Whether to print the decisions.
    handwriting : bool
        Whether the weights were made for handwriting.
    bare_announced : bool
        Whether pages without staves have been announced already.
    """
    for page in pages:
        if bare_announced and not page.staves:
            continue
        if said := remark(page, handwriting=handwriting):
            complain(f"{page.source}, page {page.number}: {said}")
    if explain:
        for decision in reading.decisions:
            print(decision.line())


def read_nothing(pages: Sequence[Page]) -> bool:
    """Tell whether no page has a note or a rest.

    Parameters
    ----------
    pages : sequence of Page
        With their quality.

    Returns
    -------
    bool
    """
    return not any(page.quality and page.quality.has_music for page in pages)


def remark(page: Page, *, handwriting: bool = False) -> str:
    """Say what could not be read on a page.

    Parameters
    ----------
    page : Page
        With its quality.
    handwriting : bool
        Whether the weights were made for handwriting.

    Returns
    -------
    str
        One line; "" where nothing is to be said.
    """
    from omr.notation.limits import QualityLimits

    limits, quality = QualityLimits(), page.quality
    if quality is None:
        return ""
    if quality.score is None:
        return "no music was read"
    said = []
    tells = quality.heads >= limits.min_heads
    if tells and quality.score < limits.poor:
        said.append(f"probably not read well (estimate: {quality.score:.0%} of the notes right)")
    if not handwriting and tells and (quality.head_score or 0.0) < limits.handwritten:
        said.append("looks handwritten: try --weights handwritten")
    if odd := quality.odd_measures:
        numbers = ", ".join(map(str, odd[:_SHOWN])) + (", ..." if len(odd) > _SHOWN else "")
        verb = "doesn't" if len(odd) == 1 else "don't"
        said.append(f"{len(odd)} of {quality.measures} measures {verb} add up ({numbers})")
    if quality.ossias:
        said.append(
            "1 ossia was left out" if quality.ossias == 1 else f"{quality.ossias} ossias were left out"
        )
    return "; ".join(said)
