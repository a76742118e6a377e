"""What the viewer shows of a piece, as values for JSON: symbols, links, measures, notes, engraving, sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from omr.export.html.engraving import engrave_pages
from omr.export.html.families import family_of
from omr.export.html.pictures import picture_of
from omr.export.html.playback import playback
from omr.export.musicxml import to_musicxml
from omr.notation.graph import graph_of
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.pipeline import LinkedPiece, Reading
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.page import Page, Symbol
from omr.score import Event, Note, Score
from omr.view import upright
from omr.vocabulary import CORE

USED, LEFT_OUT, CONFIRMED = range(3)
"""State of a symbol: the music is read from it; it is not; it is, although its score is below the
detector's threshold, since other symbols confirm it."""

PIXEL_DIGITS = 1
"""Decimals of coordinates: tenths of a pixel can't be seen."""

_ALTERS = {-2: "𝄫", -1: "♭", 0: "", 1: "♯", 2: "𝄪"}


def piece_content(
    pages: Sequence[Page], reading: Reading, picture: Callable[[Page], str] = picture_of
) -> dict[str, Any]:
    """Collect what the viewer shows of a piece.

    Parameters
    ----------
    pages : sequence of Page
        In core names, in the order of the piece.
    reading : Reading
        The music on them.
    picture : callable, optional
        Takes a page and returns the URL of its picture.

    Returns
    -------
    dict
        For JSON. Coordinates are in pixels of the original image or, in a page's ``straight``, of its view.
    """
    measure_pages = _measure_pages(reading.piece.drafts)
    sheets = {page: sheet for sheet, page in enumerate(dict.fromkeys(measure_pages))}
    engraved = engrave_pages(reading.score)
    told = _told_by_page(reading.score, measure_pages)
    return {
        "title": _title(pages),
        "classes": [{"name": name, "family": family_of(name)} for name in CORE],
        "pages": [
            _page_content(page, number, reading, told.get(number, {}), sheets.get(number), picture)
            for number, page in enumerate(pages)
        ],
        "engraved": engraved,
        "parts": [part.name for part in reading.score.parts],
        "playback": playback(reading.score, measure_pages),
        "musicxml": to_musicxml(reading.score),
    }


def _title(pages: Sequence[Page]) -> str:
    """Name the piece after its files."""
    sources = list(dict.fromkeys(page.source or "page" for page in pages))
    return ", ".join(sources[:2]) + (f" and {len(sources) - 2} more" if len(sources) > 2 else "") or "No page"


def _measure_pages(drafts: Sequence[MeasureDraft]) -> list[int]:
    """Give the page of each measure of the score, in which rests of several measures are written out."""
    return [draft.page for draft in drafts for _ in range(max(1, draft.resting or 0))]


# --- pages --------------------------------------------------------------------------------------------


def _page_content(
    page: Page,
    number: int,
    reading: Reading,
    told: dict[int, str],
    sheet: int | None,
    picture: Callable[[Page], str],
) -> dict[str, Any]:
    piece = reading.piece
    linked = piece.pages[number]
    listed = _listed(page, linked)
    quality = reading.qualities[number]
    measures = list(_measures(number, piece, reading.score))
    content = {
        "name": page.source or "page",
        "number": page.number,
        "sheet": sheet,
        "quality": quality.score,
        "symbols": [[index, CORE.index(s.name), round(s.score, 3), state] for index, s, state in listed],
        "links": _links(linked, piece.drafts, number, {index for index, _, _ in listed}),
        "told": told,
        "measures": [{key: value for key, value in each.items() if key != "corners"} for each in measures],
        **_geometry(page, [symbol for _, symbol, _ in listed], picture),
    }
    corners = np.array([each["corners"] for each in measures], np.float64).reshape(-1, 2)
    if page.view is None:
        return {**content, "straight": None, "outlines": _outlines(corners)}
    # the same symbols on the picture that was read
    straight = upright(replace(page, ink=None, symbols=tuple(symbol for _, symbol, _ in listed)))
    return {
        **content,
        "outlines": _outlines(page.view.to_original(corners)),
        "straight": {**_geometry(straight, straight.symbols, picture), "outlines": _outlines(corners)},
    }


def _geometry(page: Page, symbols: Sequence[Symbol], picture: Callable[[Page], str]) -> dict[str, Any]:
    """Collect size, picture, boxes and staff lines."""
    return {
        "width": page.width,
        "height": page.height,
        "picture": picture(page),
        "boxes": [[round(float(edge), PIXEL_DIGITS) for edge in symbol.box] for symbol in symbols],
        "space": round(float(np.median([staff.space for staff in page.staves])), 2) if page.staves else None,
    }


def _listed(page: Page, linked: LinkedPage) -> list[tuple[int, Symbol, int]]:
    """List the symbols with their index and state; unconfirmed low-confidence symbols are left out."""
    used = {placed.index for placed in linked.layout.symbols}
    found = (*page.symbols, *page.low_confidence)
    count = len(page.symbols)
    return [
        (index, symbol, (USED if index in used else LEFT_OUT) if index < count else CONFIRMED)
        for index, symbol in enumerate(found)
        if (index < count or index in used) and symbol.name in CORE
    ]


def _links(
    linked: LinkedPage, drafts: Sequence[MeasureDraft], number: int, listed: set[int]
) -> list[tuple[int, int]]:
    """List the links between symbols by their indices."""
    graph = graph_of(linked, [draft for draft in drafts if draft.page == number])
    page = linked.layout.page
    count = len(page.symbols)
    confirmed = sorted(s.index for s in linked.layout.symbols if s.index >= count)
    symbol_of = {node: node for node in range(count)}
    symbol_of |= {count + n: index for n, index in enumerate(confirmed)}
    pairs = ((symbol_of.get(a, -1), symbol_of.get(b, -1)) for a, b in sorted(graph.edges))
    return [(a, b) for a, b in pairs if a in listed and b in listed]


# --- measures -----------------------------------------------------------------------------------------


def _measures(number: int, piece: LinkedPiece, score: Score) -> Iterator[dict[str, Any]]:
    """Describe the measures of a page; corners are in pixels of its view."""
    index = 0
    for draft in piece.drafts:
        count = max(1, draft.resting or 0)
        if draft.page == number:
            measure = score.parts[0].measures[index]
            yield {
                "index": index,
                "count": count,
                "number": measure.number,
                "problem": measure.problem,
                "corners": _corners(piece.pages[number], draft),
            }
        index += count


def _corners(linked: LinkedPage, draft: MeasureDraft) -> list[tuple[float, float]]:
    """Give the four corners of a measure, clockwise from the upper left one, half a staff space around it."""
    layout, region = linked.layout, draft.region
    outer = []
    for x in (region.x0, region.x1):
        top = layout.edges(draft.staves[0], x)[0] - layout.space
        bottom = layout.edges(draft.staves[-1], x)[1] + layout.space
        outer.append([(layout.on_image(x, y), y) for y in (top, bottom)])
    (upper_left, lower_left), (upper_right, lower_right) = outer
    return [upper_left, upper_right, lower_right, lower_left]


def _outlines(corners: NDArray[np.float64]) -> list[list[float]]:
    """Flatten the corners of measures, eight numbers each."""
    rounded = corners.reshape(-1, 8).round(PIXEL_DIGITS)
    return [[float(value) for value in row] for row in rounded]


# --- notes in words -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """Where an event stands, for its description."""

    part: str
    measure: int
    onset: Fraction


def _told_by_page(score: Score, measure_pages: Sequence[int]) -> dict[int, dict[int, str]]:
    """Describe the note or rest that each symbol was read as, by page and symbol."""
    told: dict[int, dict[int, str]] = {}
    for part in score.parts:
        for index, measure in enumerate(part.measures):
            here = told.setdefault(measure_pages[index], {})
            for event in measure.events():
                place = _Place(part.name if len(score.parts) > 1 else "", measure.number, event.onset)
                for note in event.notes:
                    here.setdefault(note.symbol, _in_words(event, note, place))
                if not event.notes:
                    here.setdefault(event.symbol, _in_words(event, None, place))
    return {
        page: {symbol: text for symbol, text in here.items() if symbol >= 0} for page, here in told.items()
    }


def _in_words(event: Event, note: Note | None, place: _Place) -> str:
    """Describe a note or rest, as "C♯5, dotted quarter, measure 3, beat 2, Part 1"."""
    if note is None:
        what = "Rest"
    elif note.unpitched:
        what = "Percussion"
    else:
        what = f"{note.pitch.step}{_ALTERS.get(note.pitch.alter, '')}{note.pitch.octave}"
    dots = ("", "dotted ", "double-dotted ", "triple-dotted ")[min(event.dots, 3)]
    value = "whole measure" if event.whole_measure else f"{dots}{event.value}"
    grace = "grace note, " if event.grace else ""
    beat = f"{float(event.onset + 1):.3g}"
    words = [what, grace + value, f"measure {place.measure}", f"quarter {beat}", place.part]
    return ", ".join(word for word in words if word)
