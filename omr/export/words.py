"""The words of pages as plain text, to search a collection by its titles, directions and lyrics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from omr.formats import PageFormat
from omr.page import Page, Text
from omr.vocabulary import Names

_MIN_OVERLAP = 0.5
"""Share (0 to 1) of the lower of two texts' heights that their boxes share where they stand on one line."""


def to_txt(pages: Sequence[Page], names: Names | None = None) -> str:
    """Write the words of pages, line by line as they stand there.

    Parameters
    ----------
    pages : sequence of Page
    names : {"core", "deepscores", "muscima"}, optional
        Without meaning for words.

    Returns
    -------
    str
        One line for each line of words; syllables of one word are joined. A form feed ends each
        page; nothing else is written where no words were found or looked for.
    """
    return "".join("".join(f"{line}\n" for line in _lines(page.texts or ())) + "\f" for page in pages)


def _lines(texts: Sequence[Text]) -> Iterator[str]:
    """Join the texts that stand on one line, from left to right."""
    row: list[Text] = []
    for text in texts:
        if row and not _beside(row[-1], text):
            yield _joined(row)
            row = []
        row.append(text)
    if row:
        yield _joined(row)


def _beside(left: Text, right: Text) -> bool:
    """Tell whether a text goes on with the line of another one."""
    shared = min(left.box.y1, right.box.y1) - max(left.box.y0, right.box.y0)
    return shared > _MIN_OVERLAP * min(left.box.height, right.box.height) and right.box.x0 >= left.box.x0


def _joined(row: Sequence[Text]) -> str:
    """Join the texts of a line; a hyphen at the end of a syllable joins it to the next one."""
    line = " ".join(text.text.rstrip("_") for text in row if text.text.rstrip("_"))
    if all(text.kind == "lyrics" for text in row):
        return line.replace("- ", "")
    return line


FORMAT = PageFormat("txt", ".txt", "the words on the pages, line by line", to_txt)
