"""Names of DeepScoresV2 that the looks of a symbol leave open: its staff and its neighbours decide."""

from __future__ import annotations

from collections.abc import Sequence

from omr.page import Page
from omr.vocabulary.classes import BY_NAME
from omr.vocabulary.key_signatures import key_accidentals
from omr.vocabulary.staves import StaffSymbol, on_staves

KEY_NAMES = {
    "accidentalFlat": "keyFlat",
    "accidentalNatural": "keyNatural",
    "accidentalSharp": "keySharp",
}
"""Names of accidentals in key signatures, by core class."""

_LOWEST_TENOR = 3
"""Position of a C clef, in steps below the top line, up to which it is a tenor clef (2), not an alto (4)."""

_HEAD_REACH = 8.0
"""Staff spaces at most, up or down, from an articulation to its notehead. Release 0.1.0."""


def names_in_context(page: Page) -> dict[int, str]:
    """Name the symbols for which DeepScoresV2 has several names.

    Parameters
    ----------
    page : Page
        In core names, with its staves.

    Returns
    -------
    dict of int to str
        Name by index into the page's symbols: noteheads on lines and in spaces, alto and tenor clefs,
        articulations above and below, accidentals of key signatures.
    """
    symbols = on_staves(page)
    told: dict[int, str] = {}
    for i, placed in enumerate(symbols):
        name = placed.symbol.name
        if name.startswith("notehead"):
            where = "OnLine" if round(placed.position) % 2 == 0 else "InSpace"
            told[i] = name.removesuffix("Small") + where + ("Small" if name.endswith("Small") else "")
        elif name == "clefC":
            told[i] = "clefCAlto" if placed.position > _LOWEST_TENOR else "clefCTenor"
        elif len(BY_NAME[name].deepscores) == 2 and name.startswith("artic"):
            above = _is_above(placed, symbols, page.staves[placed.staff].space)
            told[i] = name + ("Above" if above else "Below")
    for number, staff in enumerate(page.staves):
        here = sorted(
            (i for i, p in enumerate(symbols) if p.staff == number), key=lambda i: symbols[i].symbol.box.x0
        )
        for i in key_accidentals([symbols[i] for i in here], staff.space):
            told[here[i]] = KEY_NAMES[symbols[here[i]].symbol.name]
    return told


def _is_above(mark: StaffSymbol, symbols: Sequence[StaffSymbol], space: float) -> bool:
    """Tell whether a mark stands above the nearest head over or under it, else above the staff's middle."""
    x, y = mark.symbol.box.centre
    heads = [
        head
        for p in symbols
        if p.symbol.name.startswith("notehead")
        and abs((head := p.symbol.box.centre)[0] - x) < space
        and abs(head[1] - y) < _HEAD_REACH * space
    ]
    return y < min(heads, key=lambda head: abs(head[1] - y))[1] if heads else mark.position < 4
