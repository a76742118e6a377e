"""`omr benchmark`: all detectors trained and measured on equal terms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omr.commands.evaluate import ProtocolName
from omr.commands.extras import needing
from omr.errors import InputError


def benchmark(
    dataset: Annotated[
        Path | None, typer.Argument(metavar="[DATASET]", help="Folder of a dataset to learn from.")
    ] = None,
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="For weights, results, table, pictures.")
    ],
    steps: Annotated[
        int | None, typer.Option(min=1, help="Optimiser steps of every row; 2000 by default.")
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0, help="Instead of steps: the learning time of every row.")
    ] = None,
    rows: Annotated[
        str | None, typer.Option(metavar="NAME,NAME", help="Only these rows; every detector by default.")
    ] = None,
    ablations: Annotated[
        bool, typer.Option("--ablations", help="DWDNet with one part changed at a time: a table of its own.")
    ] = False,
    validate: Annotated[
        str | None,
        typer.Option(metavar="DATASET|SPLIT", help="For learning curves and thresholds; val by default."),
    ] = None,
    test: Annotated[
        str | None, typer.Option(metavar="DATASET|SPLIT", help="Pages to measure on; test by default.")
    ] = None,
    pages: Annotated[int | None, typer.Option(min=1, help="Only so many test pages, evenly spread.")] = None,
    protocol: Annotated[
        ProtocolName,
        typer.Option(help="What to compare, as in `omr evaluate`; core asks the detectors alone."),
    ] = "core",
    batch: Annotated[int, typer.Option(min=1, help="Crops a step.")] = 4,
    size: Annotated[int, typer.Option(min=96, help="Side of a crop, in pixels.")] = 512,
    seed: Annotated[int, typer.Option(min=0, help="Of crops and fresh weights.")] = 0,
    validations: Annotated[int, typer.Option(min=1, help="Points of the learning curves.")] = 5,
    validation_pages: Annotated[int, typer.Option(min=1, help="Pages for each of them.")] = 4,
    processes: Annotated[
        int, typer.Option(min=1, help="Processes that train side by side, each on a batch of its own.")
    ] = 1,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, ...")] = "auto",
    quick: Annotated[
        bool, typer.Option(help="Two steps on tiny data, engraved here without DATASET: does it all work?")
    ] = False,
) -> None:
    """Train and measure every detector on the same crops within the same budget; resumes where it was."""
    from rich.console import Console

    with needing("train"):
        import faster_coco_eval  # noqa: F401 (needed after all is trained, which is too late to miss it)
        import matplotlib  # noqa: F401

        from omr.benchmark.report import write_report
        from omr.benchmark.rounds import done, run
        from omr.benchmark.rows import EVERY, chosen
        from omr.benchmark.setup import Setup
        from omr.benchmark.tables import failures, ratios, tables
    if steps is not None and minutes is not None:
        raise InputError("--steps and --minutes exclude each other; give one of them")
    if dataset is None and not quick:
        raise InputError("no dataset; give one, or --quick for tiny pages engraved here")
    wanted = chosen(rows.split(",") if rows else None, ablations=ablations)
    if quick and not (rows or ablations):
        wanted = EVERY
    setup = Setup(
        dataset=str(dataset), validate=validate, test=test, minutes=minutes,
        steps=None if minutes is not None else steps or 2000,
        pages=pages, protocol=protocol, batch=batch, size=size, seed=seed, processes=processes,
        device=device, validations=validations, validation_pages=validation_pages,
    )  # fmt: skip
    if quick:
        from omr.benchmark import quick as small

        with needing("engrave"):
            setup = small.quick(setup, small.tiny(dataset, out))
    asked = run(setup, wanted, out)
    results = done(out)
    for table in tables(results, setup):
        Console().print(table.rich())
    for line in (*ratios(results), *failures(results)):
        print(line)
    for file in write_report(results, setup, out):
        print("wrote", file)
    if any(result.failure for result in asked):
        raise typer.Exit(1)
