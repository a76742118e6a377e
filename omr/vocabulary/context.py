"""What only the staff tells: names of published datasets for symbols known by their looks.

Positions on a staff are counted in half staff spaces from the top line
downwards: 0 is the top line, 1 the space below it, 8 the bottom line, and
beyond the staff they go on as ledger lines do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from omr.page import Box, Page, Staff, Symbol
from omr.vocabulary import BY_NAME, CLASSES, CORE, Names, check_names, to_core

ACCIDENTALS = {"accidentalFlat": "keyFlat", "accidentalNatural": "keyNatural", "accidentalSharp": "keySharp"}

SHARPS = (0, 3, 6, 2, 5, 1, 4)
"""Positions of F C G D A E B under a G clef, the octave (7 steps) left out: how a key signature grows."""

FLATS = SHARPS[::-1]


class Place(NamedTuple):
    """A symbol, the staff it belongs to, and its position there."""

    symbol: Symbol
    staff: int
    position: float


def classes_of(names: Names) -> tuple[str, ...]:
    """Every class that a page in the vocabulary `names` can hold, in a stable order."""
    if names == "core":
        return CORE
    listed = (name for c in CLASSES for name in (c.deepscores if names == "deepscores" else c.muscima))
    return tuple(dict.fromkeys((*listed, *(("tuple",) if names == "muscima" else ()), "staff")))


def to_core_page(page: Page, names: Names) -> Page:
    """Translate a page that is named in a vocabulary into core names.

    Parameters
    ----------
    page : Page
    names : "core", "deepscores" or "muscima"
        Vocabulary of the page's names, whatever its `vocabulary` says.

    Returns
    -------
    Page
        Without the symbols that the core vocabulary has no class for, such as staves.
    """
    return replace(page.named(lambda name: to_core(name, names)), vocabulary="core")


def core_page(page: Page) -> Page:
    """Give the page that the music is read from: every symbol detected, in core names.

    Parameters
    ----------
    page : Page
        In any vocabulary.

    Returns
    -------
    Page
        In core names, with its `detected` symbols where it has them apart, else with its own.
    """
    if page.detected is not None:
        return replace(page, symbols=page.detected, detected=None, vocabulary="core")
    if page.vocabulary == "core" and all(symbol.name in BY_NAME for symbol in page.symbols):
        return page
    return to_core_page(page, page.vocabulary)


def showing(page: Page, keep: Callable[[Symbol], bool]) -> Page:
    """Select the symbols that a page shows; its music stays as it is.

    Parameters
    ----------
    page : Page
        In any vocabulary.
    keep : callable
        Takes a symbol and returns whether it is shown.

    Returns
    -------
    Page
        With the symbols that the music is read from as `detected`.
    """
    return replace(page, symbols=tuple(filter(keep, page.symbols)), detected=core_page(page).symbols)


def in_names(page: Page, names: Names | None) -> Page:
    """Show a page in another vocabulary, whatever its own; its music stays as it is.

    Parameters
    ----------
    page : Page
    names : {"core", "deepscores", "muscima"} or None
        None for the page's own.

    Returns
    -------
    Page
        With the symbols that the music is read from as `detected`, where `symbols` differ from them.

    Raises
    ------
    InputError
        When there is no such vocabulary.
    """
    if names is None or check_names(names) == page.vocabulary:
        return page
    read = core_page(page).symbols
    renamed = rename(to_core_page(page, page.vocabulary), names)
    return replace(renamed, detected=None if names == "core" and renamed.symbols == read else read)


def rename(page: Page, names: Names) -> Page:
    """Give the symbols of a page the names of a vocabulary.

    Parameters
    ----------
    page : Page
        Named in core names, with its staves.
    names : "core", "deepscores" or "muscima"
        Where it has several names for a class, the staves decide; without
        staves the class's first name is taken. Symbols of classes that it has
        not are dropped. Except for core, each staff becomes a symbol `staff`;
        for muscima, the digits of a tuplet and its bracket are a `tuple` too.

    Returns
    -------
    Page
    """
    if names == "core":
        return replace(page, vocabulary="core")
    if names == "deepscores":
        told = _told_by_the_staff(_places(page), page.staves)
    else:
        told = dict.fromkeys(_tremolos(page.symbols), "multipleNoteTremolo")
    symbols = []
    for i, symbol in enumerate(page.symbols):
        if first := _first_name(symbol.name, names):
            symbols.append(replace(symbol, name=told.get(i, first)))
    if names == "muscima":
        symbols += _tuples(page.symbols)
    symbols += [Symbol("staff", staff.box) for staff in page.staves]
    renamed = page.named(lambda name: _first_name(name, names))
    return replace(renamed, symbols=tuple(symbols), vocabulary=names)


def _first_name(core: str, names: Names) -> str | None:
    """Of a core class in another vocabulary, where it has one."""
    known = BY_NAME[core]
    return next(iter(known.deepscores if names == "deepscores" else known.muscima), None)


def _places(page: Page) -> list[Place]:
    """Put each symbol on the staff nearest to its centre; nowhere where there is none."""
    if not page.staves or not page.symbols:
        return []
    x, y = np.array([_anchor(symbol) for symbol in page.symbols]).T
    tops, bottoms, away = [], [], []
    for staff in page.staves:
        top, bottom = np.interp(x, staff.xs, staff.ys[0]), np.interp(x, staff.xs, staff.ys[-1])
        beside = np.maximum(0, np.maximum(staff.xs[0] - x, x - staff.xs[-1]))
        tops.append(top)
        bottoms.append(bottom)
        away.append(np.maximum(0, np.maximum(top - y, y - bottom)) + beside)
    nearest = np.argmin(away, axis=0)
    here = np.arange(len(x))
    top, bottom = np.array(tops)[nearest, here], np.array(bottoms)[nearest, here]
    positions = (y - top) / np.maximum(bottom - top, 1e-6) * 8
    return [Place(*p) for p in zip(page.symbols, nearest.tolist(), positions.tolist(), strict=True)]


def _anchor(symbol: Symbol) -> tuple[float, float]:
    """The point of a symbol that says where on the staff it is: its centre, but a flat's belly."""
    down = 0.73 if symbol.name.startswith("accidentalFlat") else 0.5
    return symbol.box.centre[0], symbol.box.y0 + down * symbol.box.height


def _told_by_the_staff(places: Sequence[Place], staves: Sequence[Staff]) -> dict[int, str]:
    """DeepScoresV2 names, by index of the symbol, of those for which the class alone is not enough."""
    told: dict[int, str] = {}
    for i, place in enumerate(places):
        name = place.symbol.name
        if name.startswith("notehead"):
            where = "OnLine" if round(place.position) % 2 == 0 else "InSpace"
            told[i] = name.removesuffix("Small") + where + ("Small" if name.endswith("Small") else "")
        elif name == "clefC":
            told[i] = "clefCAlto" if place.position > 3 else "clefCTenor"
        elif len(BY_NAME[name].deepscores) == 2 and name.startswith("artic"):
            told[i] = name + ("Above" if _is_above(place, places, staves[place.staff].space) else "Below")
    for number, staff in enumerate(staves):
        here = sorted(
            (i for i, p in enumerate(places) if p.staff == number), key=lambda i: places[i].symbol.box.x0
        )
        for i in _key_signatures([places[i] for i in here], staff.space):
            told[here[i]] = ACCIDENTALS[places[here[i]].symbol.name]
    return told


def _is_above(mark: Place, places: Sequence[Place], space: float) -> bool:
    """Whether a mark stands above its notehead: the nearest one over or under it, else the staff's middle."""
    x, y = mark.symbol.box.centre
    heads = [
        head
        for p in places
        if p.symbol.name.startswith("notehead")
        and abs((head := p.symbol.box.centre)[0] - x) < space
        and abs(head[1] - y) < 8 * space
    ]
    return y < min(heads, key=lambda head: abs(head[1] - y))[1] if heads else mark.position < 4


# --- what MUSCIMA++ tells apart -----------------------------------------------------------------------


def _tuples(symbols: Sequence[Symbol]) -> Iterator[Symbol]:
    """The composites of MUSCIMA++: a tuplet's digits, as one, with the bracket they stand in."""
    digits = [s for s in symbols if s.name.startswith("tuplet") and s.name[-1].isdigit()]
    brackets = [s.box for s in symbols if s.name == "tupletBracket"]
    numbers: list[Symbol] = []
    for digit in sorted(digits, key=lambda s: s.box.x0):
        reach = digit.box.height / 2
        last = next((n for n in numbers if _near(n.box, digit.box, reach) and digit.box.x0 >= n.box.x0), None)
        if last:
            numbers.remove(last)
        numbers.append(replace(digit, box=last.box.joined(digit.box)) if last else digit)
    for number in numbers:
        around = (b for b in brackets if b.x0 <= number.box.centre[0] <= b.x1)
        bracket = next((b for b in around if _near(b, number.box, number.box.height / 2)), number.box)
        yield Symbol("tuple", number.box.joined(bracket), number.score)


def _tremolos(symbols: Sequence[Symbol]) -> Iterator[int]:
    """Indices of the beams that are strokes of a tremolo: all noteheads on their stems are half notes'."""
    halves = [s.box for s in symbols if s.name == "noteheadHalf"]
    if not halves:
        return
    reach = 0.25 * min(box.height for box in halves)
    others = [s.box for s in symbols if s.name.startswith("notehead") and s.name != "noteheadHalf"]
    stems = [s.box for s in symbols if s.name == "stem"]
    of_halves = [stem for stem in stems if any(_near(stem, head, reach) for head in halves)]
    for i, symbol in enumerate(symbols):
        if symbol.name == "beam" and any(_near(stem, symbol.box, reach) for stem in of_halves):
            joined = [stem for stem in stems if _near(stem, symbol.box, reach)]
            if not any(_near(stem, head, reach) for stem in joined for head in others):
                yield i


def _near(a: Box, b: Box, reach: float) -> bool:
    """Whether boxes touch, or nearly."""
    return max(a.x0, b.x0) - min(a.x1, b.x1) <= reach and max(a.y0, b.y0) - min(a.y1, b.y1) <= reach


# --- key signatures ---------------------------------------------------------------------------------


def _key_signatures(places: Sequence[Place], space: float) -> Iterator[int]:
    """Indices of the accidentals of one staff, sorted by their left edges, that are key signatures.

    They stand right after a clef or a barline, close to each other, at the
    heights that the clef prescribes, and not right before a note they'd alter.
    After a clef others may follow at once; after a barline those would more
    likely all belong to a chord.
    """
    clef: Place | None = None
    for start, place in enumerate(places):
        name = place.symbol.name
        if name in ("clefG", "clefF", "clefC"):
            clef = place
        elif not name.startswith("barline"):
            continue
        group = _accidentals_after(places, start, space)
        shortest = 1 if place is clef else len(group)
        for count in range(len(group), max(shortest, 1) - 1, -1):
            if clef and _is_key([places[i] for i in group[:count]], _lowered(clef)):
                yield from group[:count]
                break


def _accidentals_after(places: Sequence[Place], start: int, space: float) -> list[int]:
    """The accidentals that follow a clef or barline at close quarters; none that belongs to the next note."""
    edge, reach = places[start].symbol.box.x1, 3.0 * space
    group: list[int] = []
    for i in range(start + 1, len(places)):
        symbol = places[i].symbol
        if symbol.name.startswith(("notehead", "rest")):
            while group and any(_alters(places[group[-1]], note, space) for note in places[i : i + 12]):
                group.pop()
            break
        if symbol.name in ACCIDENTALS:
            if symbol.box.x0 - edge > reach:
                break
            group.append(i)
            edge, reach = symbol.box.x1, 0.8 * space
    return group


def _alters(accidental: Place, note: Place, space: float) -> bool:
    near = -space < note.symbol.box.x0 - accidental.symbol.box.x1 < space
    return near and note.symbol.name.startswith("notehead") and abs(note.position - accidental.position) < 0.7


def _lowered(clef: Place) -> int:
    """Steps by which notes lie lower on the staff than under a G clef."""
    return {"clefG": 0, "clefF": 2}.get(clef.symbol.name, round(clef.position / 2) * 2 - 3)


def _is_key(group: Sequence[Place], lowered: int) -> bool:
    """Whether accidentals stand as in a key signature: sharps or flats in order, perhaps after naturals."""
    kinds = [place.symbol.name for place in group]
    steps = [(round(place.position) - lowered) % 7 for place in group]
    naturals = next((i for i, kind in enumerate(kinds) if kind != "accidentalNatural"), len(kinds))
    new = set(kinds[naturals:])
    if len(new) > 1 or "accidentalNatural" in new:
        return False
    order = SHARPS if "accidentalSharp" in new else FLATS
    old, fresh = steps[:naturals], steps[naturals:]
    rises = [(b - a) % 7 for a, b in pairwise(old)]
    return tuple(fresh) == order[: len(fresh)] and (all(r == 3 for r in rises) or all(r == 4 for r in rises))
