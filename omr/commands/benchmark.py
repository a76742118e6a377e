"""`omr benchmark`: all detectors trained and measured on equal terms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omr.commands.evaluate import ProtocolName
from omr.errors import InputError
from omr.extras import needing

DEFAULT_STEPS = 2000
"""Optimiser steps of every row where neither steps nor minutes are given."""


def benchmark(
    dataset: Annotated[
        Path | None, typer.Argument(metavar="[DATASET]", help="Dataset to learn from.")
    ] = None,
    *,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FOLDER", help="Folder for weights, results, tables and plots."),
    ],
    steps: Annotated[
        int | None,
        typer.Option(min=1, help=f"Optimiser steps of every row. Default: {DEFAULT_STEPS}."),
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0, help="Learning time of every row, in place of steps.")
    ] = None,
    rows: Annotated[
        str | None,
        typer.Option(metavar="NAME,NAME", help="Rows to run, by name. Default: every detector and trunk."),
    ] = None,
    ablations: Annotated[
        bool, typer.Option("--ablations", help="Also run DWDNet with one part changed at a time.")
    ] = False,
    validate: Annotated[
        str | None,
        typer.Option(
            metavar="DATASET|SPLIT", help="Pages for learning curves and thresholds. Default: split val."
        ),
    ] = None,
    test: Annotated[
        str | None,
        typer.Option(metavar="DATASET|SPLIT", help="Pages to measure on. Default: split test."),
    ] = None,
    pages: Annotated[
        int | None, typer.Option(min=1, help="Number of test pages, evenly spread. Default: all.")
    ] = None,
    protocol: Annotated[
        ProtocolName, typer.Option(help="Classes to compare, as in `omr evaluate`.")
    ] = "core",
    batch: Annotated[int, typer.Option(min=1, help="Crops a step in each training process.")] = 4,
    size: Annotated[int, typer.Option(min=96, help="Side of a crop, in pixels.")] = 512,
    seed: Annotated[int, typer.Option(min=0, help="Seed of crops and initial weights.")] = 0,
    validations: Annotated[int, typer.Option(min=1, help="Points of the learning curve.")] = 5,
    validation_pages: Annotated[int, typer.Option(min=1, help="Pages for each of these points.")] = 4,
    processes: Annotated[
        int, typer.Option(min=1, help="Processes that train together, each with a batch of its own.")
    ] = 1,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, ...")] = "auto",
    quick: Annotated[
        bool,
        typer.Option(help="Only check that all runs: two steps on a tiny dataset, engraved if need be."),
    ] = False,
) -> None:
    """Train and measure every detector on the same crops within the same budget.

    The same command continues an interrupted run.
    """
    from rich.console import Console

    with needing("train"):
        import faster_coco_eval  # noqa: F401 (a missing extra is reported before anything is trained)
        import matplotlib  # noqa: F401

        from omr.benchmark.report import write_report
        from omr.benchmark.runner import finished, run
        from omr.benchmark.settings import Settings
        from omr.benchmark.table_rows import ALL_ROWS, choose
        from omr.benchmark.tables import failures, ratios, tables
        from omr.benchmark.tiny_dataset import make_tiny_dataset, quick_settings
    if steps is not None and minutes is not None:
        raise InputError("--steps and --minutes exclude each other; give one of them")
    if dataset is None and not quick:
        raise InputError("no dataset; give one, or --quick for tiny pages engraved here")
    chosen = choose(rows.split(",") if rows else None, ablations=ablations)
    if quick and not (rows or ablations):
        chosen = ALL_ROWS
    settings = Settings(
        dataset=str(dataset), validate=validate, test=test, minutes=minutes,
        steps=None if minutes is not None else steps or DEFAULT_STEPS,
        pages=pages, protocol=protocol, batch=batch, size=size, seed=seed, processes=processes,
        device=device, validations=validations, validation_pages=validation_pages,
    )  # fmt: skip
    if quick:
        with needing("engrave"):
            settings = quick_settings(settings, make_tiny_dataset(dataset, out))
    run_now = run(settings, chosen, out)
    results = finished(out)
    for table in tables(results, settings):
        Console().print(table.rich())
    for line in (*ratios(results), *failures(results)):
        print(line)
    for file in write_report(results, settings, out):
        print("wrote", file)
    if any(result.failure for result in run_now):
        raise typer.Exit(1)
