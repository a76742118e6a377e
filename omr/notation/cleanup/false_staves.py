"""Staves that aren't there: five beams or ledger lines in a row look like one, and part a system in two."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from omr.page import Page, Staff, Symbol

_SHORT = 0.5
"""Staves shorter than so much of the usual staff of the page are looked at twice."""


def without_false_staves(page: Page) -> Page:
    """The page without short staves that no clef stands on."""
    if len(page.staves) < 2:
        return page
    usual = float(np.median([staff.box.width for staff in page.staves]))
    clefs = [symbol for symbol in page.symbols if symbol.name.startswith("clef")]
    staves = (s for s in page.staves if s.box.width > _SHORT * usual or any(_stands_on(c, s) for c in clefs))
    return replace(page, staves=tuple(staves))


def _stands_on(clef: Symbol, staff: Staff) -> bool:
    x, y = clef.box.centre
    near = staff.box.x0 - staff.space < x < staff.box.x1
    return near and staff.box.y0 < y < staff.box.y1
