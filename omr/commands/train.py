"""`omr train`: a detector learns from datasets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omr.commands.extras import needing
from omr.errors import InputError


def train(
    datasets: Annotated[
        list[Path] | None, typer.Argument(metavar="DATASET...", help="Folders of datasets to learn from.")
    ] = None,
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The weights; a log lies beside them.")
    ],
    detector: Annotated[str, typer.Option(help="What to train; see `omr models`.")] = "dwdnet",
    trunk: Annotated[str | None, typer.Option(help="The net under dwdnet, e.g. unet.")] = None,
    validate: Annotated[
        Path | None, typer.Option(metavar="DATASET", help="Pages to measure on, never learnt from.")
    ] = None,
    lists: Annotated[
        str | None,
        typer.Option(help="Of a dataset that can be split in several ways: which, e.g. dependent, 84-28-28."),
    ] = None,
    adapt_to: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Pages without truth to adapt --init to: scans, photographs; of a dataset, its pictures.",
        ),
    ] = None,
    steps: Annotated[
        int, typer.Option(min=0, help="Optimiser steps in all; with --adapt-to, 0 takes statistics only.")
    ] = 4000,
    batch: Annotated[int, typer.Option(min=1, help="Crops a step.")] = 4,
    size: Annotated[
        int, typer.Option(min=96, help="Side of a crop, in pixels at the canonical scale.")
    ] = 512,
    rate: Annotated[float, typer.Option(help="Highest learning rate.")] = 2e-3,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same crops.")] = 0,
    init: Annotated[
        str | None, typer.Option(metavar="NAME|FILE", help="Weights to start from instead of chance.")
    ] = None,
    oversample: Annotated[
        str,
        typer.Option(metavar="CLASS,...", help="Classes to show more often: in a quarter of the crops."),
    ] = "",
    workers: Annotated[
        int, typer.Option(min=0, help="Processes that prepare crops, for each that trains.")
    ] = 1,
    processes: Annotated[
        int, typer.Option(min=0, help="Processes that train; 0 is one a GPU, and one on a CPU.")
    ] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, ...")] = "auto",
) -> None:
    """Train a detector, or go on where training was interrupted."""
    with needing("train"):
        from omr.datasets import open_dataset
        from omr.training import Plan, Trainer
        from omr.training.adaptation import adapt
    from omr.registry import new_detector, read
    from omr.vocabulary import CORE

    _refuse(detector, trunk, init, adapt_to, datasets, steps)
    oversampled = tuple(name.strip() for name in oversample.split(",") if name.strip())
    plan = Plan(steps, batch, size, rate, seed=seed, workers=workers, oversample=oversampled)
    wholes = [open_dataset(path) for path in datasets or ()]
    if lists and not adapt_to and not any(whole.several for whole in wholes):
        raise InputError(
            f"--lists {lists}: {wholes[0].path} is split in one way at most; leave the option out"
        )
    validation = open_dataset(validate).preferably("val", lists) if validate else None
    learner = read(init) if init else new_detector(detector, CORE, **({"trunk": trunk} if trunk else {}))
    data = [whole.preferably("train", lists) for whole in wholes]
    about = {"data": [str(whole.path) for whole in wholes], "lists": lists, "init": init}
    if adapt_to:
        learner, believed = adapt(learner, adapt_to, out.with_suffix(".adapted"), device, lists)
        data.append(believed)
        about["adapted to"] = str(adapt_to)
    trainer = Trainer(learner, data, validation, out, plan, about, device, processes)
    trainer.run()
    if not trainer.fabric.global_rank:
        print("wrote", out)


def _refuse(
    detector: str,
    trunk: str | None,
    init: str | None,
    adapt_to: Path | None,
    datasets: list[Path] | None,
    steps: int,
) -> None:
    """Say in one line what does not go together."""
    if trunk and detector != "dwdnet":
        raise InputError(f"--trunk {trunk}: only dwdnet has a choice of trunks; leave it out for {detector}")
    if init and trunk:
        raise InputError(f"--trunk {trunk}: the weights {init} have their own; leave one of the two out")
    if adapt_to and not init:
        raise InputError(f"--adapt-to {adapt_to}: what is to be adapted? give weights with --init")
    if not datasets and not adapt_to:
        raise InputError("train: nothing to learn from; give a folder with a dataset")
    if not steps and not adapt_to:
        raise InputError(
            "--steps 0: nothing would be learnt; it goes only with --adapt-to, for statistics alone"
        )
