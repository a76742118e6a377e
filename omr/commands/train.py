"""`omr train`: train a detector on datasets, or adapt weights to pages without truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omr.errors import InputError
from omr.extras import needing


def train(
    datasets: Annotated[
        list[Path] | None, typer.Argument(metavar="DATASET...", help="Datasets to learn from.")
    ] = None,
    *,
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Weights to write; log and learning curve go beside them."
        ),
    ],
    detector: Annotated[str, typer.Option(help="Detector to train (`omr models`).")] = "dwdnet",
    trunk: Annotated[
        str | None, typer.Option(help="Trunk of dwdnet, such as unet. Default: refinenet.")
    ] = None,
    validate: Annotated[
        Path | None,
        typer.Option(metavar="DATASET", help="Dataset to validate on; no page of it is learnt from."),
    ] = None,
    lists: Annotated[
        str | None,
        typer.Option(help="Which split of a dataset that has several, such as dependent or 84-28-28."),
    ] = None,
    adapt_to: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Images without truth (scans, photographs, or a dataset's) to adapt --init to.",
        ),
    ] = None,
    steps: Annotated[
        int, typer.Option(min=0, help="Optimiser steps; 0 with --adapt-to only takes statistics.")
    ] = 4000,
    batch: Annotated[int, typer.Option(min=1, help="Crops a step.")] = 4,
    size: Annotated[
        int, typer.Option(min=96, help="Side of a crop, in pixels at the canonical staff space.")
    ] = 512,
    rate: Annotated[float, typer.Option(help="Peak learning rate.")] = 2e-3,
    seed: Annotated[int, typer.Option(min=0, help="Seed of crops and initial weights.")] = 0,
    init: Annotated[
        str | None, typer.Option(metavar="NAME|FILE", help="Weights to start from. Default: random ones.")
    ] = None,
    oversample: Annotated[
        str,
        typer.Option(metavar="CLASS,...", help="Classes to show more often: in a quarter of the crops."),
    ] = "",
    workers: Annotated[
        int, typer.Option(min=0, help="Processes that prepare crops, for each training process.")
    ] = 1,
    processes: Annotated[
        int, typer.Option(min=0, help="Training processes. 0: one for each GPU, one on a CPU.")
    ] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, ...")] = "auto",
) -> None:
    """Train a detector. The same command continues an interrupted training."""
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
        learner, pseudo_labelled = adapt(learner, adapt_to, out.with_suffix(".adapted"), device, lists)
        data.append(pseudo_labelled)
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
    """Raise `InputError` for options that exclude or need each other."""
    if trunk and detector != "dwdnet":
        raise InputError(f"--trunk {trunk}: only dwdnet has a choice of trunks; leave it out for {detector}")
    if init and trunk:
        raise InputError(f"--trunk {trunk}: the weights {init} have their own; leave one of the two out")
    if adapt_to and not init:
        raise InputError(f"--adapt-to {adapt_to}: no weights to adapt; give some with --init")
    if not datasets and not adapt_to:
        raise InputError("no dataset to learn from; give one or more")
    if not steps and not adapt_to:
        raise InputError(
            "--steps 0: only --adapt-to can do without steps, to take statistics; give at least 1"
        )
