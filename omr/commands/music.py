"""`omr export`: stored symbols to music. `omr evaluate-music`: how much of the music is right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from omr.commands.extras import needing
from omr.errors import InputError

if TYPE_CHECKING:
    from omr.page import Page, Staff


def export(
    detections: Annotated[
        Path,
        typer.Argument(metavar="DETECTIONS", help="A COCO file of any detector, named in any vocabulary."),
    ],
    *,
    output: Annotated[
        list[str],
        typer.Option(
            "--output", "-o", metavar="OUT", help="Where to write: .musicxml, .mxl, .mid, .mei, ..."
        ),
    ],
    images: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where the page images lie, if not beside DETECTIONS."),
    ] = None,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="Leave out symbols that score less.")] = 0.0,
) -> None:
    """Turn stored detections into music, or any other format."""
    from omr.export import load_coco
    from omr.formats import check, save_pages

    for path in output:
        check(path)
    folder = images or detections.parent
    pages = [_with_staves(page, folder, detections) for page in load_coco(detections, min_score)]
    for file in save_pages(pages, output):
        print("wrote", file)


def _with_staves(page: Page, folder: Path, detections: Path) -> Page:
    """The page with its staves: those stored with it, else those on its image, else its symbols `staff`."""
    from omr.images import load_pages
    from omr.staves import find_staves

    if page.staves:
        return page
    image = folder / page.source
    if image.is_file():
        for loaded in load_pages(image):
            if loaded.number == page.number:
                return replace(page, staves=tuple(find_staves(loaded.grey)), image=loaded.grey)
    staves = _annotated_staves(page)
    if staves:
        return replace(page, staves=staves)
    raise InputError(
        f"{detections}: has no staves for {page.source}, and {image} isn't there; give --images FOLDER"
    )


def _annotated_staves(page: Page) -> tuple[Staff, ...]:
    """Level staves of five lines where symbols are called `staff`."""
    import numpy as np

    from omr.page import Staff

    boxes = sorted((s.box for s in page.symbols if s.name == "staff"), key=lambda box: box.y0)
    return tuple(
        Staff(np.array([box.x0, box.x1]), np.array([[y, y] for y in np.linspace(box.y0, box.y1, 5)]))
        for box in boxes
        if box.width > 0 and box.height > 0
    )


def evaluate_music(
    predicted: Annotated[
        Path, typer.Argument(metavar="PREDICTED", help="MusicXML, or whatever music21 reads.")
    ],
    truth: Annotated[Path, typer.Argument(metavar="TRUTH", help="The same music as it should be.")],
    *,
    ned: Annotated[bool, typer.Option("--ned", help="OMR-NED as well, by the package musicdiff.")] = False,
) -> None:
    """Compare music with its truth: notes, measures, keys, clefs, metres."""
    from rich.console import Console
    from rich.table import Table

    from omr.evaluation.music.comparison import align, compare, compare_signs
    from omr.evaluation.music.files import read_music

    found, true = read_music(predicted), read_music(truth)
    agreement = compare(found.notes, true.notes)
    signs = compare_signs(found.signs, true.signs, align(found.notes, true.notes))
    rows = {
        "notes: pitch": agreement.pitch,
        "notes: pitch, duration": agreement.duration,
        "notes: pitch, onset, duration": agreement.rhythm,
        "measures exactly right": agreement.measures,
        **{f"{name} right, by measure and staff": tally for name, tally in signs.items()},
    }
    table = Table("what")
    for column in ("true", "found", "right", "precision", "recall", "F1"):
        table.add_column(column, justify="right")
    for name, t in rows.items():
        figures = (f"{value:.3f}" for value in (t.precision, t.recall, t.f1))
        table.add_row(name, str(t.true), str(t.found), str(t.right), *figures)
    Console().print(table)
    if ned:
        with needing("music"):
            from omr.evaluation.music.ned import omr_ned, version

            distance = omr_ned(predicted, truth)
            print(
                f"OMR-NED (musicdiff {version()}):",
                "can't be compared" if distance is None else f"{distance:.3f}",
            )
