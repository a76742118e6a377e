"""Pages and their music as one HTML file to look at: the scan beside the music engraved again.

The file needs no other file and no network: picture, symbols, links, MusicXML, engraving and viewer are in
it. `content` makes what the viewer shows, `viewer` puts it into the page.
"""

from __future__ import annotations

from collections.abc import Sequence

from omr.formats import PageFormat
from omr.page import Page
from omr.vocabulary import Names
from omr.vocabulary.translation import core_page


def to_html(pages: Sequence[Page], names: Names | None = None) -> str:
    """Write the pages of a piece and the music on them as one HTML file.

    Parameters
    ----------
    pages : sequence of Page
        In any vocabulary, in the order of the piece.
    names : {"core", "deepscores", "muscima"}, optional
        Has no effect: the report shows the symbols that the music is read from, in core names.

    Returns
    -------
    str
        The same pages give the same text.
    """
    from omr.export.html.content import piece_content
    from omr.export.html.viewer import report
    from omr.notation.pipeline import read_piece  # brings OpenCV and scipy

    pages = [core_page(page) for page in pages]
    return report(piece_content(pages, read_piece(pages)))


FORMAT = PageFormat(
    "html",
    ".html",
    "HTML: one file to look at, scan and music side by side",
    to_html,
    mark=" · omr</title>".encode(),
)
