"""`omr engrave`: datasets of pages made here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from omr.commands.extras import needing


def engrave(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder for the dataset.")],
    pages: Annotated[int, typer.Option(min=1, help="How many.")] = 100,
    split: Annotated[
        Literal["train", "val", "test"], typer.Option(help="Decides the pieces and the fonts.")
    ] = "train",
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same pages.")] = 0,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 is one a processor.")] = 0,
    engraver: Annotated[
        Literal["verovio", "lilypond"], typer.Option(help="The program; DeepScores was made with LilyPond.")
    ] = "verovio",
    fonts: Annotated[
        Path | None, typer.Option(metavar="DIR", help="More music fonts for LilyPond, somewhere inside.")
    ] = None,
) -> None:
    """Engrave a dataset of pages with exact boxes, in DeepScoresV2's format."""
    with needing("engrave"):
        from omr.engraving.dataset import build
        from omr.engraving.engravers import engraver as named
    print("wrote", build(out, pages, split, seed, workers, named(engraver, fonts)))
