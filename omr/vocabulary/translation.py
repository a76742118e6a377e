"""Pages from one vocabulary to another, without a change to the music that is read from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from omr.page import Page, Symbol
from omr.view import on_original, upright
from omr.vocabulary.classes import BY_NAME, CLASSES, CORE, Names, check_names, to_core
from omr.vocabulary.composites import tremolo_beams, tuplet_groups
from omr.vocabulary.context import names_in_context


def classes_of(names: Names) -> tuple[str, ...]:
    """List every class that a page in a vocabulary can hold.

    Parameters
    ----------
    names : {"core", "deepscores", "muscima"}

    Returns
    -------
    tuple of str
        In a stable order.
    """
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

    Examples
    --------
    >>> from omr.page import Box
    >>> page = Page(80, 60, (Symbol("barline", Box(9, 9, 10, 49)), Symbol("stem", Box(20, 9, 21, 30))))
    >>> named = in_names(page, "deepscores")  # which has no barlines
    >>> [symbol.name for symbol in named.symbols], [symbol.name for symbol in core_page(named).symbols]
    (['stem'], ['barline', 'stem'])
    """
    if names is None or check_names(names) == page.vocabulary:
        return page
    if page.view is not None:  # names tell lines from spaces of level staves
        return on_original(in_names(upright(page), names), page.view, page)
    read = core_page(page).symbols
    renamed = rename(to_core_page(page, page.vocabulary), names)
    return replace(renamed, detected=None if names == "core" and renamed.symbols == read else read)


def rename(page: Page, names: Names) -> Page:
    """Give the symbols of a page the names of a vocabulary; `in_names` does so with any page.

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
        told = names_in_context(page)
    else:
        told = dict.fromkeys(tremolo_beams(page.symbols), "multipleNoteTremolo")
    symbols = []
    for i, symbol in enumerate(page.symbols):
        if first := _first_name(symbol.name, names):
            symbols.append(replace(symbol, name=told.get(i, first)))
    if names == "muscima":
        symbols += tuplet_groups(page.symbols)
    symbols += [Symbol("staff", staff.box) for staff in page.staves]
    renamed = page.named(lambda name: _first_name(name, names))
    return replace(renamed, symbols=tuple(symbols), vocabulary=names)


def _first_name(core: str, names: Names) -> str | None:
    """Name a core class in another vocabulary as where the context is unknown, if it has a name there."""
    known = BY_NAME[core]
    return next(iter(known.deepscores if names == "deepscores" else known.muscima), None)
