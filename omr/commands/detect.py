"""`omr detect`: find the symbols on pages and read their music."""

from __future__ import annotations

from typing import Annotated

import typer

from omr.commands.early_checks import check_arguments
from omr.vocabulary import Names

_MANY = "Many inputs"
"""Panel of the help with the options for many inputs."""


def detect(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="PNG, JPEG, WebP, BMP, TIFF or PDF files, HEIC with pillow-heif; score.pdf[2-5] for some "
            "pages. Folders, patterns, lists of files (.txt, or - for standard input) with -o OUT/.",
        ),
    ],
    *,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="File to write to; may be given several times. The suffix names the format: "
            ".musicxml, .mxl, .mid and .mei hold music; .json (COCO), .png (overlay), .csv (table) and "
            ".xml (MuNG) hold symbols, .txt words; .html is a page to look at, scan and music side by side. "
            "Or a folder, which takes the results of each input as those of a piece "
            "of its own. Default: INPUT.coco.json and INPUT.overlay.png in the current folder.",
        ),
    ] = None,
    pages: Annotated[
        str | None, typer.Option(metavar="2-5,8", help="Numbers of the pages to read of each input, from 1.")
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
    join: Annotated[
        bool, typer.Option("--join", help="Take all inputs as the pages of one piece, in their order.")
    ] = False,
    on_exists: Annotated[
        str | None,
        typer.Option(
            metavar="skip|overwrite|number",
            help="What happens where a result is there already. Default: files of this program that -o names "
            "are replaced, everything else is refused. Inputs are never overwritten.",
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT,FORMAT",
            help="Formats of the results in a folder. Default: musicxml,json,png.",
            rich_help_panel=_MANY,
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=0,
            metavar="N",
            help="Processes that read, each on one processor core. Default: one for each core; 0 reads in "
            "this process, without limits of memory.",
            rich_help_panel=_MANY,
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Leave out what an earlier run has done with the same content and settings.",
            rich_help_panel=_MANY,
        ),
    ] = False,
    engine: Annotated[
        str | None,
        typer.Option(
            metavar="processes|ray", help="What runs the workers; ray is a cluster.", rich_help_panel=_MANY
        ),
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(
            help="Of the Ray cluster. Default: RAY_ADDRESS, else this machine.", rich_help_panel=_MANY
        ),
    ] = None,
    page_seconds: Annotated[
        float, typer.Option(min=0, help="Longest time that a page may take; 0 for any.")
    ] = 300.0,
) -> None:
    """Find the symbols on pages of music and read the music.

    What could not be read is said, one line a page. Exit status: 0 when something was read, 2 when an input
    can't be used, 3 when neither a note nor a rest was read on any page, 130 when it was interrupted.
    """
    check_arguments(inputs, output or [], weights)
    from omr.batch.settings import Settings, check_on_exists
    from omr.commands import detect_files, detect_many
    from omr.images import parse_pages

    settings = Settings(
        weights=weights,
        device=device,
        staff_space=staff_space,
        min_score=min_score,
        classes=tuple(name.strip() for name in classes.split(",") if name.strip()) if classes else None,
        names=names,
        dpi=dpi,
        words=words,
        pages=parse_pages(pages) if pages else (),
        resume=resume,
        on_exists=check_on_exists(on_exists),
        page_seconds=page_seconds,
    )
    many = detect_many.Many(to, jobs, engine, address)
    if folder := detect_many.output_folder(output or [], many, resume):
        status = detect_many.detect_many(inputs, folder, settings, many, join=join)
    else:
        status = detect_files.detect_files(inputs, output or [], settings, join=join, explain=explain)
    if status:
        raise typer.Exit(status)
