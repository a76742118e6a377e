"""`omr export`: stored detections to music. `omr evaluate-music`: compare music with its truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omr.commands.early_checks import check_arguments
from omr.commands.reading import NOTHING_READ, read_music, read_nothing, show_reading
from omr.extras import needing
from omr.vocabulary import Names


def export(
    detections: Annotated[
        Path,
        typer.Argument(
            metavar="DETECTIONS",
            help="COCO file of `omr detect`, or of another program in the names of a vocabulary of --names.",
        ),
    ],
    *,
    output: Annotated[
        list[str],
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="File to write to, as in `omr detect`; may be given several times.",
        ),
    ],
    images: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder of the page images, for detections without staves. Default: that of DETECTIONS.",
        ),
    ] = None,
    min_score: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            help="Leave out symbols of a lower score. In files of `omr detect` this selects the symbols "
            "to show; the music is read from all.",
        ),
    ] = 0.0,
    names: Annotated[
        Names | None,
        typer.Option(help="Vocabulary of the symbols' names in files. Default: that of DETECTIONS."),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print what was decided for the whole piece, by which evidence.")
    ] = False,
) -> None:
    """Turn stored detections into music or another format.

    What could not be read is said, one line a page. Exit status: 0 when something was read, 2 when the file
    can't be used, 3 when neither a note nor a rest was read on any page.
    """
    check_arguments([detections], output)
    from omr.export.stored import load_detections
    from omr.formats import save_pages

    pages = load_detections(detections, images, min_score)
    reading, pages = read_music(pages)
    for file in save_pages(pages, output, names, music=reading.score):
        print("wrote", file)
    show_reading(reading, pages, explain=explain, handwriting=True)  # which weights, nobody knows
    if read_nothing(pages):
        raise typer.Exit(NOTHING_READ)


def evaluate_music(
    predicted: Annotated[
        Path, typer.Argument(metavar="PREDICTED", help="MusicXML or another format that music21 reads.")
    ],
    truth: Annotated[Path, typer.Argument(metavar="TRUTH", help="The same music without mistakes.")],
    *,
    ned: Annotated[bool, typer.Option("--ned", help="Compute OMR-NED too (package musicdiff).")] = False,
) -> None:
    """Compare music with its truth: notes, measures, keys, clefs, time signatures."""
    from rich.console import Console
    from rich.table import Table

    from omr.evaluation.music.comparison import align, compare, compare_signs
    from omr.evaluation.music.files import read_music

    with needing("evaluate"):
        import music21  # noqa: F401 (a missing extra is reported before the files are read)
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
