"""`omr engrave`: make a dataset of engraved pages with exact boxes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from omr.extras import needing


def engrave(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of the dataset.")],
    pages: Annotated[int, typer.Option(min=1, help="Number of pages.")] = 100,
    split: Annotated[
        Literal["train", "val", "test"], typer.Option(help="Split, which decides composers and fonts.")
    ] = "train",
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same pages.")] = 0,
    workers: Annotated[
        int, typer.Option(min=0, help="Engraving processes. 0: one for each processor core.")
    ] = 0,
    engraver: Annotated[
        Literal["verovio", "lilypond"],
        typer.Option(help="Engraving program; DeepScores was made with LilyPond."),
    ] = "verovio",
    fonts: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder to search for more music fonts for LilyPond.")
    ] = None,
) -> None:
    """Engrave pages of music with exact boxes, as a dataset in DeepScoresV2's format."""
    with needing("engrave"):
        from omr.engraving.dataset import build
        from omr.engraving.engravers import engraver as named
    print("wrote", build(out, pages, split, seed, workers, named(engraver, fonts)))
