"""The music of a score engraved as SVG, one drawing a printed page, by verovio."""

from __future__ import annotations

import re

from omr.export.musicxml import to_musicxml
from omr.export.verovio_toolkit import make_toolkit
from omr.score import Score

OPTIONS = {
    "xmlIdSeed": 1,
    "breaks": "encoded",
    "adjustPageHeight": True,
    "svgViewBox": True,
    "svgRemoveXlink": True,
    "header": "none",
    "footer": "none",
    "pageHeight": 60000,
    "pageWidth": 2400,
    "scale": 40,
    "spacingSystem": 14,
}
"""Verovio's options: systems and pages break where they do in print, and a drawing is as high as its page."""

_INDENT = re.compile(r"\n\s*")
_FOREIGN_ID = re.compile(r' id="[a-z][a-z0-9]*"(?= class=)')


def engrave_pages(score: Score) -> tuple[str, ...] | None:
    """Engrave the pages of a score.

    Parameters
    ----------
    score : Score

    Returns
    -------
    tuple of str or None
        SVG of each printed page that has music; measures, notes and rests have the ids of
        `omr.export.musicxml.to_musicxml`. None where verovio isn't installed.
    """
    try:
        toolkit = make_toolkit(OPTIONS)
    except ModuleNotFoundError:
        return None
    if not score.parts:
        return ()
    if not toolkit.loadData(to_musicxml(score, ids=True)):
        return ()
    return tuple(_compact(toolkit.renderToSVG(page)) for page in range(1, toolkit.getPageCount() + 1))


def _compact(svg: str) -> str:
    """Leave out indentation and the ids that nothing refers to."""
    return _FOREIGN_ID.sub("", _INDENT.sub("", svg))
