"""Words of the score: directions and chord names at their moments, credits, names of parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from omr.notation.layout.part_collation import PartCollation
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.page import Text
from omr.score import Credit

CREDITS = ("title", "subtitle", "composer", "lyricist", "arranger", "copyright")
"""Kinds of text that are credits of the piece."""

MARKS = {
    "tempo": "tempo",
    "expression": "words",
    "dynamics": "words",
    "technique": "words",
    "jump": "words",
    "rehearsal mark": "rehearsal",
    "chord name": "harmony",
}
"""Kinds of `omr.score.Mark`, by kind of text."""

_ABOVE = frozenset({"tempo", "rehearsal mark", "chord name"})
"""Kinds of text that belong to the staff below them."""


_BELOW = 0.7
"""Weight of the distance below a staff: directions stand below the staves of instruments more often than
above."""


class PartName(NamedTuple):
    """The names of a part.

    Attributes
    ----------
    name : str
        As printed at its first system; "" where none is.
    short : str
        As printed at later systems; "" where none is.
    """

    name: str = ""
    short: str = ""


def find_credits(pages: Sequence[LinkedPage]) -> tuple[Credit, ...]:
    """Collect the title, the names and the rights of a piece: those on its first page.

    Parameters
    ----------
    pages : sequence of LinkedPage

    Returns
    -------
    tuple of Credit
        In reading order; lines of one kind that follow each other are one credit.
    """
    found: list[Credit] = []
    for text in pages[0].layout.page.texts or () if pages else ():
        if text.kind not in CREDITS:
            continue
        same = next((i for i, credit in enumerate(found) if credit.kind == text.kind), None)
        if same is None or text.kind == "subtitle":
            found.append(Credit(text.kind, text.text))
        else:
            found[same] = Credit(text.kind, f"{found[same].text} {text.text}")
    return tuple(found)


def find_part_names(
    drafts: Sequence[MeasureDraft], pages: Sequence[LinkedPage], collation: PartCollation
) -> list[PartName]:
    """Find the names of the parts: left of the first system the full ones, of later ones the short ones.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        In the order of the piece.
    pages : sequence of LinkedPage
    collation : PartCollation

    Returns
    -------
    list of PartName
        Of each part.
    """
    first: dict[int, str] = {}
    later: dict[int, str] = {}
    seen: set[int] = set()
    for draft in drafts:
        if not draft.opens_system:
            continue
        named = _names_at(draft, pages[draft.page], collation)
        here = {collation.part_of(line)[0] for line in draft.staff_numbers}
        for part, name in named.items():
            (later if part in seen else first).setdefault(part, name)
        seen |= here
    return [PartName(first.get(part, ""), later.get(part, "")) for part in range(len(collation.sizes))]


def _names_at(draft: MeasureDraft, page: LinkedPage, collation: PartCollation) -> dict[int, str]:
    """Find the names beside one system, by part."""
    names: dict[int, list[str]] = defaultdict(list)
    layout = page.layout
    extents: dict[int, list[float]] = defaultdict(list)
    for staff, line in zip(draft.staves, draft.staff_numbers, strict=True):
        extents[collation.part_of(line)[0]] += layout.edges(staff, layout.span(staff)[0])
    top, bottom = min(min(ys) for ys in extents.values()), max(max(ys) for ys in extents.values())
    for text in layout.page.texts or ():
        y = text.box.centre[1]
        if text.kind == "part name" and top - 2 * layout.space < y < bottom + 2 * layout.space:
            part = min(extents, key=lambda p: abs((min(extents[p]) + max(extents[p])) / 2 - y))
            names[part].append(text.text)
    return {part: " ".join(lines) for part, lines in names.items()}


def texts_of_system(page: LinkedPage, staves: Sequence[int]) -> Iterator[tuple[Text, int]]:
    """Go through the directions and chord names of a system, each with its staff.

    Parameters
    ----------
    page : LinkedPage
    staves : sequence of int
        Of the system, from top to bottom, as counted on the page.

    Yields
    ------
    Text, int
        In reading order.
    """
    for text in page.layout.page.texts or ():
        if text.kind in MARKS and (staff := _staff_of(page, text)) in staves:
            yield text, staff


def _staff_of(page: LinkedPage, text: Text) -> int:
    """Find the staff of a text: the nearest one, of a tempo or a chord name the next below."""
    x, y = text.box.centre
    distances = []
    for staff in range(len(page.layout.staves)):
        top, bottom = page.layout.edges(staff, x)
        if text.kind in _ABOVE and (top + bottom) / 2 < y:
            continue
        distance = max(top - y, (y - bottom) * _BELOW, 0.0)
        distances.append((distance, staff))
    return min(distances)[1] if distances else -1
