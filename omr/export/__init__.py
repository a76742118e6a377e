"""Output formats, one module each; page formats take pages, score formats take a score.

To add a format, write a module with a `omr.formats.PageFormat` or `omr.formats.ScoreFormat` and name it
below. The modules load heavy libraries inside their functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from omr import formats
from omr.errors import InputError
from omr.export import coco, html, mei, midi, mung, musicxml, overlay, table, words
from omr.export.coco import load_coco
from omr.formats import check
from omr.page import Page
from omr.score import Score
from omr.vocabulary import Names, check_names
from omr.vocabulary.translation import core_page

__all__ = ["check", "load_coco", "save", "save_all"]


def _read(pages: Sequence[Page]) -> Score:
    """Read the music on the pages of a piece, whatever the vocabulary of their names."""
    from omr.notation import pipeline  # brings OpenCV and scipy

    return pipeline.read([core_page(page) for page in pages])


formats.register(
    coco.FORMAT,
    overlay.FORMAT,
    table.FORMAT,
    words.FORMAT,
    musicxml.FORMAT,
    musicxml.COMPRESSED,
    midi.FORMAT,
    mung.FORMAT,
    mei.FORMAT,
    html.FORMAT,
)
formats.register_music_reader(_read)
formats.register_names_check(check_names)


def save(music: Page | Score | Iterable[Page], path: str | Path, names: Names | None = None) -> Path:
    """Write pages, the music on them, or a score to a file.

    Parameters
    ----------
    music : Page, Score or iterable of Page
        Several pages are one piece in all formats of music.
    path : str or Path
        Its suffix names the format: ``.json`` is COCO, ``.png`` an overlay, ``.csv`` a table, ``.xml``
        MuNG, ``.txt`` the words; ``.musicxml``, ``.mxl``, ``.mid`` and ``.mei`` hold music. A folder, or a
        name that ends in ``/``, takes a COCO file and an overlay for each page. Missing folders are made.
    names : {"core", "deepscores", "muscima"}, optional
        Vocabulary of the symbols' names in the file; by default each page's own.

    Returns
    -------
    Path
        The file, the first of several.

    Raises
    ------
    InputError
        When the suffix names no format, there is nothing to write, or the file can't be written.

    Examples
    --------
    >>> save(pages, "piece.musicxml")  # doctest: +SKIP
    """
    return save_all(music, [path], names)[0]


def save_all(
    music: Page | Score | Iterable[Page], paths: Iterable[str | Path], names: Names | None = None
) -> list[Path]:
    """Write several files, as `save` does one; the music on pages is read once for all of them.

    Parameters
    ----------
    music : Page, Score or iterable of Page
    paths : iterable of str or Path
    names : {"core", "deepscores", "muscima"}, optional

    Returns
    -------
    list of Path
        Every file that was written.

    Raises
    ------
    InputError
        As `save`.
    """
    if isinstance(paths, str | Path):
        raise InputError(f"{paths}: give a list of paths, as [{str(paths)!r}]")
    if names is not None:
        check_names(names)
    if isinstance(music, Score):
        return [formats.save_score(music, path) for path in paths]
    pages = [music] if isinstance(music, Page) else list(music)
    return list(formats.save_pages(pages, paths, names))
