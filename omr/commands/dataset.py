"""`omr dataset`: survey a dataset, convert it, draw a page with its truth."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from omr.errors import InputError

if TYPE_CHECKING:
    from omr.datasets import Dataset

app = typer.Typer(help="Survey datasets, convert them, draw their pages.", no_args_is_help=True)

SHOWN_ENTRIES = 20
"""Broken entries that `omr dataset info` lists."""

DatasetPath = Annotated[
    Path, typer.Argument(metavar="DATASET", help="Folder, annotation file or archive, as published.")
]
Split = Annotated[
    str | None, typer.Option(metavar="NAME", help="Only this split, such as train, val or test.")
]


@app.command()
def info(
    dataset: DatasetPath,
    *,
    split: Split = None,
    measure: Annotated[int, typer.Option(min=0, help="Images to open for page sizes and staff spaces.")] = 10,
) -> None:
    """Print classes and counts, page sizes, staff spaces, and broken entries."""
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
    for line in found.broken[:SHOWN_ENTRIES]:
        print(" ", line)
    if len(found.broken) > SHOWN_ENTRIES:
        print(f"  and {len(found.broken) - SHOWN_ENTRIES} more")


@app.command()
def convert(
    dataset: DatasetPath,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder to write; must not exist.")],
    *,
    to: Annotated[
        str, typer.Option(metavar="FORMAT", help="coco, deepscores, deepscores-v1, mung, voc or yolo.")
    ],
    split: Split = None,
    core: Annotated[
        bool, typer.Option("--core", help="Write core names in place of the published ones.")
    ] = False,
) -> None:
    """Convert a dataset to another format."""
    from omr.datasets import Dataset
    from omr.datasets.writing import write

    print("wrote", write(Dataset(dataset, split), out, to, core))


@app.command()
def show(
    dataset: DatasetPath,
    page: Annotated[
        str, typer.Argument(metavar="PAGE", help="Number of the page, from 1, or name of its file.")
    ] = "1",
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="PNG file to write. Default: PAGE.truth.png."),
    ] = None,
    split: Split = None,
    core: Annotated[
        bool, typer.Option("--core", help="Use core names in place of the published ones.")
    ] = False,
) -> None:
    """Draw a page with its ground truth."""
    from dataclasses import replace

    from omr.datasets import Dataset

    data = Dataset(dataset, split)
    i = _index(data, page)
    truth = data.core(i) if core else data[i]
    try:
        truth = replace(truth, image=data.image(i))
    except InputError as error:  # a missing image does not hide the truth
        print(f"drawn on white: {error}", file=sys.stderr)
    print("wrote", truth.save(output or f"{Path(truth.source).stem}.truth.png"))


def _index(data: Dataset, page: str) -> int:
    """Return the index of a page given by its number or its file name."""
    if page.isdigit():
        if not 1 <= int(page) <= len(data):
            raise InputError(f"{data.path}: no page {page}; it has {len(data)}")
        return int(page) - 1
    for i, known in enumerate(data):
        if Path(known.source).stem == Path(page).stem:
            return i
    raise InputError(f"{data.path}: no page of the name {page}; give its number, from 1")
