"""Collect the candidates to evaluate, from a detector or from a file, in the names of a protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from omr.evaluation.detection.crops import STAFF
from omr.evaluation.detection.protocols import Comparison
from omr.evaluation.detection.regions import Region
from omr.evaluation.detection.stored import match_pages
from omr.images import PageImage
from omr.inference import Reader
from omr.page import Page
from omr.staves import find_staves


def detect(region: Region, rules: Comparison, reader: Reader) -> Page:
    """Detect the candidates of a region.

    Parameters
    ----------
    region : Region
        The detector sees these pixels only.
    rules : Comparison
        Decides names and classes.
    reader : Reader
        Its `min_score` should be 0: COCO's figures rank candidates of every score.

    Returns
    -------
    Page
        Boxes in pixels of the region; without the image.
    """
    page = reader.page(PageImage(region.image(), region.page.source, region.number))
    return _without_staves_on_crops(region, rules.found(replace(page, image=None)))


def stored(regions: Sequence[Region], rules: Comparison, pages: Sequence[Page], file: Path) -> list[Page]:
    """Pick the stored candidates of each region.

    Parameters
    ----------
    regions : sequence of Region
    rules : Comparison
        Decides names and classes.
    pages : sequence of Page
        Whole pages as they were stored, in the dataset's names or in core names. For core names,
        staves are detected on the image where the protocol's names depend on them.
    file : Path
        The file of the pages, for messages.

    Returns
    -------
    list of Page
        A page for each region, with boxes in pixels of the region.

    Raises
    ------
    InputError
        When a page is missing, stored twice, or stored at another size.
    """
    wanted = {region.index: region.page for region in regions}
    matched = dict(zip(wanted, match_pages(list(wanted.values()), pages, file), strict=True))
    names = rules.names_of(matched.values())
    found = []
    for region in regions:
        page = region.of(matched[region.index])
        if names == "core" and rules.target != "core":
            page = replace(page, staves=tuple(find_staves(region.image())))
        found.append(_without_staves_on_crops(region, rules.found(page, names)))
    return found


def _without_staves_on_crops(region: Region, page: Page) -> Page:
    """Drop staves found on a crop, because the truth of a crop has none."""
    return page if region.strip is None else page.only(lambda s: s.name not in STAFF)
