"""`omr detect`: find the symbols on pages and read their music."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from omr.commands.messages import complain
from omr.commands.reading import NOTHING_READ, read_music, read_nothing, show_reading
from omr.errors import InputError
from omr.vocabulary import Names

if TYPE_CHECKING:
    from omr.page import Page


def detect(
    inputs: Annotated[list[Path], typer.Argument(metavar="INPUT...", help="PNG, JPEG, TIFF or PDF files.")],
    *,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="File or folder to write to; may be given several times. The suffix names the format: "
            ".musicxml, .mxl, .mid and .mei hold the music of all inputs as one piece; .json (COCO), "
            ".png (overlay), .csv (table) and .xml (MuNG) hold symbols, .txt words; .html is a page to look "
            "at, scan and music side by side. A folder takes a COCO file and an overlay for each "
            "page. Default: INPUT.coco.json and INPUT.overlay.png in the current folder.",
        ),
    ] = None,
    min_score: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Show symbols of at least this score. The music is read from all symbols. "
            "Default: the threshold stored with the weights.",
        ),
    ] = None,
    classes: Annotated[
        str | None,
        typer.Option(
            metavar="NAME,NAME",
            help="Show these classes only, in the vocabulary of --names. The music is read from all symbols.",
        ),
    ] = None,
    names: Annotated[Names, typer.Option(help="Vocabulary of the symbols' names in files.")] = "core",
    weights: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="Shipped weights (`omr models` lists them) or a file.")
    ] = "printed",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, ...")] = "auto",
    staff_space: Annotated[
        float | None,
        typer.Option(
            metavar="PIXELS", help="Distance between neighbouring staff lines, in place of the measured one."
        ),
    ] = None,
    dpi: Annotated[int, typer.Option(min=36, max=1200, help="Resolution at which PDFs are rendered.")] = 300,
    words: Annotated[
        bool | None,
        typer.Option(
            "--words/--no-words",
            help="Read titles, lyrics and directions. Default: where the extra `text` is installed.",
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print what was decided for the whole piece, by which evidence.")
    ] = False,
) -> None:
    """Find the symbols on pages of music and read the music.

    What could not be read is said, one line a page. Exit status: 0 when something was read, 2 when an input
    can't be used, 3 when neither a note nor a rest was read on any page.
    """
    from omr.formats import check
    from omr.inference import Reader

    for path in output or []:
        check(path)
    reader = Reader(
        weights,
        device,
        staff_space=staff_space,
        min_score=min_score,
        classes=classes.split(",") if classes else None,
        names=names,
        dpi=dpi,
        words=words,
    )
    pages: list[Page] = []
    failed = False
    for source in inputs:
        try:
            with _warnings_in_one_line():
                found = list(_announced(reader.detect_pages(source)))
        except InputError as error:  # the other files are still worth reading
            complain(error)
            failed = True
            continue
        if not output:
            files = [f"{source.stem}.coco.json", f"{source.stem}.overlay.png"]
            found = _read(found, files, explain, weights)
        pages += found
    if pages and output:
        pages = _read(pages, output, explain, weights)
    if pages:
        _show_symbols(pages)
        if words is None and reader.recogniser is None:
            print("words (titles, lyrics, directions) were not read: run `pip install 'omr-music[text]'`")
    if failed:
        raise typer.Exit(2)
    if read_nothing(pages):
        raise typer.Exit(NOTHING_READ)


def _read(pages: list[Page], paths: list[str], explain: bool, weights: str) -> list[Page]:
    """Read the music of a piece, write the files, and say what could not be read."""
    from omr.formats import save_pages

    reading, pages = read_music(pages)
    for file in save_pages(pages, paths, music=reading.score):
        print("wrote", file)
    show_reading(reading, pages, explain=explain, handwriting=weights != "printed", bare_announced=True)
    return pages


@contextmanager
def _warnings_in_one_line() -> Iterator[None]:
    """Print warnings about pages as messages."""
    from omr.inference import PageWarning

    with warnings.catch_warnings():
        warnings.simplefilter("always", PageWarning)
        warnings.showwarning = lambda message, *_, **__: complain(message)
        yield


def _announced(pages: Iterable[Page]) -> Iterator[Page]:
    """Print the number of symbols and staves of each page as soon as it is read."""
    for page in pages:
        print(f"{page.source}, page {page.number}: {len(page.symbols)} symbols, {len(page.staves)} staves")
        yield page


def _show_symbols(pages: list[Page]) -> None:
    """Print a table of the classes, the most frequent first."""
    from rich.console import Console
    from rich.table import Table

    scores: dict[str, list[float]] = defaultdict(list)
    for page in pages:
        for symbol in page.symbols:
            scores[symbol.name].append(symbol.score)
    table = Table("symbol")
    table.add_column("found", justify="right")
    table.add_column("mean score", justify="right")
    for name, found in sorted(scores.items(), key=lambda item: (-len(item[1]), item[0])):
        table.add_row(name, str(len(found)), f"{sum(found) / len(found):.2f}")
    Console().print(table)
