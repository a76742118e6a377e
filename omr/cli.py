"""The command line: parse, call, show."""

from __future__ import annotations

import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from omr.commands import dataset as dataset_commands
from omr.commands.benchmark import benchmark
from omr.commands.evaluate import evaluate
from omr.commands.extras import needing as _needing
from omr.commands.music import evaluate_music, export
from omr.errors import InputError
from omr.vocabulary import Names

if TYPE_CHECKING:
    from omr.page import Page

app = typer.Typer(
    help="Optical music recognition: finds every symbol on a page of music.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(dataset_commands.app, name="dataset")


def main() -> None:
    """Run a command; what the user got wrong becomes one line on stderr and exit status 2."""
    try:
        app(prog_name="omr")
    except InputError as error:
        _complain(error)
    except OSError as error:
        _complain(f"{error.filename}: {error.strerror}" if error.filename else error)
    else:
        return
    sys.exit(2)


def _complain(what: object) -> None:
    print("omr:", " ".join(str(what).split()), file=sys.stderr)


def _show_version(wanted: bool) -> None:
    if wanted:
        import omr

        print("omr", omr.__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    pass


@app.command()
def detect(
    inputs: Annotated[list[Path], typer.Argument(metavar="INPUT...", help="PNG, JPEG, TIFF or PDF files.")],
    *,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="Where to write, as often as you like: .musicxml, .mxl, .mid and .mei are the music, "
            ".json is COCO, .png an overlay, .csv a table; "
            "a folder takes a COCO file and an overlay a page. "
            "Without it: INPUT.coco.json and INPUT.overlay.png in the current folder.",
        ),
    ] = None,
    min_score: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Leave out symbols that score less; the weights know a good value."),
    ] = None,
    classes: Annotated[
        str | None, typer.Option(metavar="NAME,NAME", help="Only these symbols, by --names.")
    ] = None,
    names: Annotated[Names, typer.Option(help="Whose names the symbols get.")] = "core",
    weights: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="Shipped (`omr models`) or your own.")
    ] = "printed",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, ...")] = "auto",
    staff_space: Annotated[
        float | None,
        typer.Option(metavar="PIXELS", help="Distance between staff lines, in place of the measured one."),
    ] = None,
    dpi: Annotated[int, typer.Option(min=36, max=1200, help="Resolution at which PDFs are rendered.")] = 300,
) -> None:
    """Find the symbols on pages of music."""
    from omr.detectors import load
    from omr.export import check
    from omr.read import Reader

    for path in output or []:
        check(path)
    reader = Reader(
        detector=load(weights, device),
        staff_space=staff_space,
        min_score=min_score,
        classes=classes.split(",") if classes else None,
        names=names,
        dpi=dpi,
    )
    pages: list[Page] = []
    failed = False
    for source in inputs:
        try:
            with _warnings_in_one_line():
                found = list(_announced(reader.pages(source)))
        except InputError as error:  # the other files are still worth reading
            _complain(error)
            failed = True
            continue
        if not output:
            _save(found, [f"{source.stem}.coco.json", f"{source.stem}.overlay.png"])
        pages += found
    if pages:
        _save(pages, output or [])
        _show_symbols(pages)
    if failed:
        raise typer.Exit(2)


@contextmanager
def _warnings_in_one_line() -> Iterator[None]:
    from omr.read import ScaleWarning

    with warnings.catch_warnings():
        warnings.simplefilter("always", ScaleWarning)
        warnings.showwarning = lambda message, *_, **__: _complain(message)
        yield


def _announced(pages: Iterable[Page]) -> Iterator[Page]:
    """Say what was found on each page as soon as it is known."""
    for page in pages:
        print(f"{page.source}, page {page.number}: {len(page.symbols)} symbols, {len(page.staves)} staves")
        yield page


def _save(pages: list[Page], paths: list[str]) -> None:
    from omr.export import save_all

    for path in paths:
        for file in save_all(pages, path):
            print("wrote", file)


def _show_symbols(pages: list[Page]) -> None:
    """A table of the classes, the most frequent first."""
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


@app.command()
def models() -> None:
    """List detectors and weights."""
    from rich.console import Console
    from rich.table import Table

    from omr.detectors import DETECTORS, shipped

    detectors = Table("detector", "what it is")
    for name, detector in DETECTORS.items():
        detectors.add_row(name, detector.summary)
    weights = Table("weights", "MB", "what they read", "card")
    for name, path in shipped().items():
        card = path.with_suffix(".md")
        about = _first_paragraph(card.read_text(encoding="utf-8")) if card.exists() else ""
        weights.add_row(name, f"{path.stat().st_size / 1e6:.1f}", about, str(card) if card.exists() else "")
    Console().print(detectors, weights)


def _first_paragraph(markdown: str) -> str:
    paragraphs = (" ".join(p.split()) for p in markdown.split("\n\n"))
    return next((p for p in paragraphs if p and not p.startswith("#")), "")


@app.command()
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
    with _needing("engrave"):
        from omr.engraving.dataset import build
        from omr.engraving.engravers import engraver as named
    print("wrote", build(out, pages, split, seed, workers, named(engraver, fonts)))


@app.command()
def train(
    datasets: Annotated[
        list[Path], typer.Argument(metavar="DATASET...", help="Folders of datasets to learn from.")
    ],
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The weights; a log lies beside them.")
    ],
    detector: Annotated[str, typer.Option(help="What to train; see `omr models`.")] = "dwdnet",
    trunk: Annotated[str | None, typer.Option(help="The net under dwdnet, e.g. unet.")] = None,
    validate: Annotated[
        Path | None, typer.Option(metavar="DATASET", help="Pages to measure on, never learnt from.")
    ] = None,
    steps: Annotated[int, typer.Option(min=1, help="Optimiser steps in all.")] = 4000,
    batch: Annotated[int, typer.Option(min=1, help="Crops a step.")] = 4,
    size: Annotated[
        int, typer.Option(min=64, help="Side of a crop, in pixels at the canonical scale.")
    ] = 512,
    rate: Annotated[float, typer.Option(help="Highest learning rate.")] = 2e-3,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same crops.")] = 0,
    init: Annotated[
        str | None, typer.Option(metavar="NAME|FILE", help="Weights to start from instead of chance.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, help="Processes that prepare crops, for each that trains.")
    ] = 1,
    processes: Annotated[
        int, typer.Option(min=0, help="Processes that train; 0 is one a GPU, and one on a CPU.")
    ] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, ...")] = "auto",
) -> None:
    """Train a detector, or go on where training was interrupted."""
    with _needing("train"):
        from omr.datasets import open_dataset
        from omr.training import Plan, Trainer, new_detector
    from omr.detectors.weights import read
    from omr.vocabulary import CORE

    if trunk and detector != "dwdnet":
        raise InputError(f"--trunk {trunk}: only dwdnet has a choice of trunks; leave it out for {detector}")
    plan = Plan(steps=steps, batch=batch, size=size, rate=rate, seed=seed, workers=workers)
    if init and trunk:
        raise InputError(f"--trunk {trunk}: the weights {init} have their own; leave one of the two out")
    validation = open_dataset(validate).preferably("val") if validate else None
    learner = read(init) if init else new_detector(detector, CORE, **({"trunk": trunk} if trunk else {}))
    data = [open_dataset(path).preferably("train") for path in datasets]
    about = {"data": [str(path) for path in datasets], "init": init}
    trainer = Trainer(learner, data, validation, out, plan, about, device, processes)
    trainer.run()
    if not trainer.fabric.global_rank:
        print("wrote", out)


app.command()(benchmark)
app.command()(evaluate)
app.command()(evaluate_music)
app.command()(export)
