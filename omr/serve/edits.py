"""Edits: what a person changes on a page, as values that can be stored and applied again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from omr.errors import InputError
from omr.page import Box, Page, StaffJoin, Symbol
from omr.vocabulary import BY_NAME

MOST_SYMBOLS = 2000
"""Symbols that one edit may add, change or remove: more than a page has that a person edits."""


@dataclass(frozen=True)
class Edit:
    """One step that can be undone.

    Indices count the symbols and then the low-confidence symbols of the page as it is before the step.

    Attributes
    ----------
    page : int
        Of the piece, from 0.
    label : str
        What it does, in words.
    removed : tuple of int
        Indices of symbols.
    changed : tuple of (int, Symbol)
        Indices of symbols and what takes their places.
    added : tuple of Symbol
    joins : tuple of StaffJoin
        What is said about systems.
    """

    page: int
    label: str
    removed: tuple[int, ...] = ()
    changed: tuple[tuple[int, Symbol], ...] = ()
    added: tuple[Symbol, ...] = ()
    joins: tuple[StaffJoin, ...] = ()


def apply(pages: Sequence[Page], edit: Edit) -> tuple[Page, ...]:
    """Apply an edit.

    Parameters
    ----------
    pages : sequence of Page
        In core names.
    edit : Edit

    Returns
    -------
    tuple of Page
        What was changed or added counts as certain: its score is 1.

    Raises
    ------
    InputError
        When the page or a symbol isn't there.
    """
    if not 0 <= edit.page < len(pages):
        raise InputError(f"page {edit.page + 1}: there are {len(pages)} pages; load the piece again")
    page = pages[edit.page]
    found = (*page.symbols, *page.low_confidence)
    touched = {*edit.removed, *(index for index, _ in edit.changed)}
    if any(not 0 <= index < len(found) for index in touched):
        raise InputError(f"page {edit.page + 1}: a symbol isn't there; load the piece again")
    changed = dict(edit.changed)
    count = len(page.symbols)
    # a low-confidence symbol that is changed becomes one that is certain
    raised = [symbol for index, symbol in edit.changed if index >= count]
    symbols = [
        changed.get(index, symbol)
        for index, symbol in enumerate(page.symbols)
        if index in changed or index not in touched
    ]
    low = [symbol for index, symbol in enumerate(page.low_confidence, start=count) if index not in touched]
    mended = replace(
        page,
        symbols=(*symbols, *raised, *edit.added),
        low_confidence=tuple(low),
        staff_joins=(*page.staff_joins, *edit.joins),
        detected=None,
    )
    return (*pages[: edit.page], mended, *pages[edit.page + 1 :])


# --- files and requests -------------------------------------------------------------------------------


def to_entry(edit: Edit) -> dict[str, Any]:
    """Write an edit for JSON.

    Parameters
    ----------
    edit : Edit

    Returns
    -------
    dict
    """
    return {
        "page": edit.page,
        "label": edit.label,
        "removed": list(edit.removed),
        "changed": [{"index": index, **_entry(symbol)} for index, symbol in edit.changed],
        "added": [_entry(symbol) for symbol in edit.added],
        "joins": [{"y": join.y, "joined": join.joined} for join in edit.joins],
    }


def from_entry(entry: Any, where: str) -> Edit:
    """Read an edit from parsed JSON.

    Parameters
    ----------
    entry : object
        As `to_entry` writes it; lists may be missing.
    where : str
        Of the edit, for messages.

    Returns
    -------
    Edit

    Raises
    ------
    InputError
        When it is not as documented.
    """
    try:
        removed = tuple(_index(index) for index in entry.get("removed", ()))
        changed = tuple((_index(each["index"]), _symbol(each)) for each in entry.get("changed", ()))
        added = tuple(_symbol(each) for each in entry.get("added", ()))
        joins = tuple(StaffJoin(_finite(each["y"]), bool(each["joined"])) for each in entry.get("joins", ()))
        edit = Edit(
            _index(entry["page"]), str(entry.get("label", "Edit"))[:80], removed, changed, added, joins
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{where}: is no edit ({type(error).__name__}: {error})") from error
    if max(map(len, (removed, changed, added, joins))) > MOST_SYMBOLS:
        raise InputError(f"{where}: touches more than {MOST_SYMBOLS} symbols; make it in several steps")
    return edit


def _entry(symbol: Symbol) -> dict[str, Any]:
    return {"name": symbol.name, "box": [round(float(edge), 2) for edge in symbol.box]}


def _symbol(entry: Any) -> Symbol:
    """Read a symbol; one that a person set is certain."""
    name = entry["name"]
    if name not in BY_NAME:
        raise ValueError(f"{name!r} is no class")
    x0, y0, x1, y1 = map(_finite, entry["box"])
    if x1 <= x0 or y1 <= y0:
        raise ValueError("a box without a size")
    return Symbol(name, Box(x0, y0, x1, y1), 1.0)


def _index(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is no index")
    return value


def _finite(value: Any) -> float:
    number = float(value)
    if not isfinite(number):
        raise ValueError(f"{value!r} is no finite number")
    return number
