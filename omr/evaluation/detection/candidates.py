"""What is to be measured: all that a detector finds, or that somebody stored, comparably named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from omr.evaluation.detection.crops import STAFF
from omr.evaluation.detection.parts import Part
from omr.evaluation.detection.protocols import Comparison
from omr.evaluation.detection.stored import match_pages
from omr.images import PageImage
from omr.inference import Reader
from omr.page import Page
from omr.staves import find_staves


def read(part: Part, rules: Comparison, reader: Reader) -> Page:
    """Every candidate of a detector that sees this part alone; the image is not kept."""
    page = reader.read(PageImage(part.image(), part.page.source, part.number))
    return _comparable(part, rules.found(replace(page, image=None)))


def stored(parts: Sequence[Part], rules: Comparison, pages: Sequence[Page], file: Path) -> list[Page]:
    """Stored candidates of each part.

    Parameters
    ----------
    parts : sequence of Part
    rules : Comparison
    pages : sequence of Page
        As they were stored, named in the dataset's names or in core names. In
        the latter case the staves on the image tell what the looks don't.
    file : Path
        Where they were stored, for messages.

    Raises
    ------
    InputError
        When a page is missing, stored twice, or stored at another size.
    """
    wanted = {part.index: part.page for part in parts}
    matched = dict(zip(wanted, match_pages(list(wanted.values()), pages, file), strict=True))
    names = rules.names_of(matched.values())
    found = []
    for part in parts:
        page = part.of(matched[part.index])
        if names == "core" and rules.target != "core":
            page = replace(page, staves=tuple(find_staves(part.image())))
        found.append(_comparable(part, rules.found(page, names)))
    return found


def _comparable(part: Part, page: Page) -> Page:
    """On a crop staves are no symbols, neither in the truth nor here."""
    return page if part.strip is None else page.only(lambda s: s.name not in STAFF)
