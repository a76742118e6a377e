"""Remove false staves: five beams or ledger lines in a row that were taken for a staff."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from omr.notation.layout.placement import PageLayout, place
from omr.notation.limits import CleanupLimits, Limits
from omr.page import Staff, Symbol


def remove_false_staves(layout: PageLayout, *, limits: Limits = Limits()) -> PageLayout:
    """Remove the staves that are short and carry no clef.

    Parameters
    ----------
    layout : PageLayout
        As it was placed: where a staff is removed, the page is placed anew on those that are left.
    limits : Limits, optional

    Returns
    -------
    PageLayout
        The same one where every staff stays.
    """
    page = layout.page
    if len(page.staves) < 2:
        return layout
    clefs = [symbol for symbol in page.symbols if symbol.name.startswith("clef")]
    median_length = float(np.median([staff.box.width for staff in page.staves]))
    min_length = limits.cleanup.short_staff_ratio * median_length
    staves = tuple(
        staff
        for staff in page.staves
        if staff.box.width > min_length or any(_stands_on(clef, staff, limits.cleanup) for clef in clefs)
    )
    if len(staves) == len(page.staves):
        return layout
    return place(replace(page, staves=staves), limits=limits.layout)


def _stands_on(clef: Symbol, staff: Staff, limits: CleanupLimits) -> bool:
    """Tell whether the middle of a clef lies on a staff, or in line with its lines just before it."""
    x, y = clef.box.centre
    beside = staff.box.x0 - limits.clef_indent * staff.space < x < staff.box.x1
    return beside and staff.box.y0 < y < staff.box.y1
