"""`omr dataset`: what is in a dataset, the same in another format, a page with its truth."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from omr.errors import InputError

if TYPE_CHECKING:
    from omr.datasets import Dataset

app = typer.Typer(help="Look at datasets and convert them.", no_args_is_help=True)

_SHOWN = 20  # broken entries

PathToRead = Annotated[
    Path, typer.Argument(metavar="DATASET", help="A folder, an annotation file or an archive, as published.")
]
Split = Annotated[
    str | None, typer.Option(metavar="NAME", help="Only this part, such as train, val or test.")
]


@app.command()
def info(
    dataset: PathToRead,
    *,
    split: Split = None,
    measure: Annotated[int, typer.Option(min=0, help="Images to open, for staff spaces and sizes.")] = 10,
) -> None:
    """Classes and counts, sizes, staff spaces, and broken entries."""
    from rich.console import Console
    from rich.table import Table

    from omr.datasets import Dataset
    from omr.datasets.survey import survey

    data = Dataset(dataset, split)
    found = survey(data, measure)
    table = Table("class")
    table.add_column("symbols", justify="right")
    for name, count in found.classes.most_common():
        table.add_row(name, str(count))
    console = Console()
    console.print(table)
    print(f"{type(data).__name__}, names: {data.names}, splits: {', '.join(data.splits) or 'none'}")
    print(f"{found.pages} pages, {found.classes.total()} symbols, {len(found.classes)} classes")
    widths, heights = zip(*found.sizes, strict=True) if found.sizes else ((0,), (0,))
    print(f"pages of {min(widths)} to {max(widths)} x {min(heights)} to {max(heights)} pixels")
    if found.spaces:
        least, most = min(found.spaces), max(found.spaces)
        print(f"staff space of {least:.1f} to {most:.1f} pixels on {len(found.spaces)} pages")
    print(f"{len(found.broken)} broken entries")
    for line in found.broken[:_SHOWN]:
        print(" ", line)
    if len(found.broken) > _SHOWN:
        print(f"  and {len(found.broken) - _SHOWN} more")


@app.command()
def convert(
    dataset: PathToRead,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A new folder.")],
    *,
    to: Annotated[
        str, typer.Option(metavar="FORMAT", help="coco, deepscores, deepscores-v1, mung, voc or yolo.")
    ],
    split: Split = None,
    core: Annotated[
        bool, typer.Option("--core", help="Write core names; otherwise names as published.")
    ] = False,
) -> None:
    """Write a dataset in another format."""
    from omr.datasets import Dataset
    from omr.datasets.writing import write

    print("wrote", write(Dataset(dataset, split), out, to, core))


@app.command()
def show(
    dataset: PathToRead,
    page: Annotated[
        str, typer.Argument(metavar="PAGE", help="Its number, from 1, or its file's name.")
    ] = "1",
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="A PNG; by default PAGE.truth.png here."),
    ] = None,
    split: Split = None,
    core: Annotated[bool, typer.Option("--core", help="Core names; otherwise names as published.")] = False,
) -> None:
    """Draw a page with its ground truth."""
    from dataclasses import replace

    from omr.datasets import Dataset

    data = Dataset(dataset, split)
    i = _number(data, page)
    truth = data.core(i) if core else data[i]
    try:
        truth = replace(truth, image=data.image(i))
    except InputError as error:  # the truth can be looked at all the same
        print(f"drawn on white: {error}", file=sys.stderr)
    print("wrote", truth.save(output or f"{Path(truth.source).stem}.truth.png"))


def _number(data: Dataset, page: str) -> int:
    """The place of a page that is named by its number or its file."""
    if page.isdigit():
        if not 1 <= int(page) <= len(data):
            raise InputError(f"{data.path}: no page {page}; it has {len(data)}")
        return int(page) - 1
    for i, known in enumerate(data):
        if Path(known.source).stem == Path(page).stem:
            return i
    raise InputError(f"{data.path}: no page of the name {page}; give its number, from 1")
