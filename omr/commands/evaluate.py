"""`omr evaluate`: figures of a detector, or of stored detections, on a dataset."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from omr.commands.extras import needing
from omr.errors import InputError

if TYPE_CHECKING:
    from omr.evaluation.detection.parts import Part
    from omr.evaluation.detection.protocols import Comparison
    from omr.evaluation.detection.study import Origin
    from omr.inference import Reader
    from omr.page import Page

ProtocolName = Literal["all", "core", "essential", "frequent", "compatible"]
"""The keys of `omr.evaluation.detection.protocols.PROTOCOLS`, at hand before anything heavy is imported."""


def evaluate(
    dataset: Annotated[Path, typer.Argument(metavar="DATASET", help="Folder of a dataset.")],
    *,
    weights: Annotated[
        str | None,
        typer.Option(metavar="NAME|FILE", help="Shipped (`omr models`) or your own; printed by default."),
    ] = None,
    detector: Annotated[
        str | None, typer.Option(metavar="NAME", help="A detector (`omr models`), with its shipped weights.")
    ] = None,
    detections: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Measure these instead: a COCO file, from here or elsewhere."),
    ] = None,
    split: Annotated[str | None, typer.Option(help="Which part of the dataset.")] = None,
    pages: Annotated[int | None, typer.Option(min=1, help="Only the first pages.")] = None,
    protocol: Annotated[
        ProtocolName,
        typer.Option(
            help="What to compare. all: the dataset's own names; core: one class a look; "
            "essential, frequent: 73 and 56 classes of MUSCIMA++; compatible: DeepScoresV2's set that is."
        ),
    ] = "all",
    staves: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Crops of N staves instead of whole pages."),
    ] = None,
    min_score: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Threshold for precision, recall and mistakes; by default the weights' own, "
            "for stored detections that with the best F1.",
        ),
    ] = None,
    json: Annotated[
        Path | None, typer.Option("--json", "-o", metavar="FILE", help="Everything for machines.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="A web page with curves, mistakes, worst pages.")
    ] = None,
    worst: Annotated[int, typer.Option(min=0, help="Worst pages to list and draw.")] = 3,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, ...")] = "auto",
) -> None:
    """Measure a detector as the field does: COCO's figures on whole pages, detections unlimited."""
    from rich.console import Console

    with needing("train"):
        import faster_coco_eval  # noqa: F401 (needed after all is read, which is too late to miss it)
        import matplotlib  # noqa: F401

        from omr.datasets import open_dataset
        from omr.evaluation.detection import Study
        from omr.evaluation.detection.candidates import stored
        from omr.evaluation.detection.parts import parts_of
        from omr.evaluation.detection.protocols import PROTOCOLS, Comparison
        from omr.evaluation.detection.report import tables, write_folder, write_json
    from omr.export import load_coco
    from omr.inference import Reader
    from omr.registry import load

    if sum(option is not None for option in (weights, detector, detections)) > 1:
        raise InputError("--weights, --detector and --detections exclude each other; give one of them")
    if report and report.exists() and not report.is_dir():
        raise InputError(f"{report}: is a file; give a folder for the report")
    data = open_dataset(dataset, split).preferably("test")
    rules = Comparison.on(data, PROTOCOLS[protocol])
    core = rules.target == "core"
    parts = list(parts_of(data, min(len(data), pages or len(data)), staves, core=core))
    if not parts:
        raise InputError(f"{dataset}: has no {'staves' if staves else 'pages'} to measure on; give another")
    origin: Origin = "shipped" if min_score is None else "given"
    if detections:
        measured = str(detections)
        found = stored(parts, rules, load_coco(detections), detections)
    else:
        measured = weights or (_weights_of(detector) if detector else "printed")
        reader = Reader(detector=load(measured, device), min_score=0)
        found = _read(parts, rules, reader)
        min_score = reader.detector.min_score if min_score is None else min_score
    truth = [rules.truth(part.truth, "core" if core else None) for part in parts]
    study = Study.of(truth, found, [part.space for part in parts], min_score, origin)
    about = {
        "dataset": f"{dataset}, split {split}" if split else str(dataset),
        "detections" if detections else "weights": measured,
        "protocol": f"{protocol}: {PROTOCOLS[protocol].about}",
        "images": f"crops, {staves} staves each" if staves else "whole pages",
    }
    for table in tables(study, worst):
        Console().print(table.rich())
    if json:
        write_json(study, about, json)
        print("wrote", json)
    if report:
        write_folder(study, about, report, lambda i: parts[i].image(), worst)
        print("wrote", report / "index.html")


def _read(parts: list[Part], rules: Comparison, reader: Reader) -> list[Page]:
    """Every candidate in each part, with a bar that shows how far reading is."""
    from rich.console import Console
    from rich.progress import track

    from omr.evaluation.detection.candidates import read
    from omr.inference import ScaleWarning

    shown = Console(stderr=True)
    with warnings.catch_warnings(record=True) as unseen:
        warnings.simplefilter("always", ScaleWarning)
        found = [read(part, rules, reader) for part in track(parts, "reading", console=shown)]
    if unseen:
        shown.print(
            f"omr: no staff seen on {len(unseen)} of {len(parts)} images, so that their scale is unknown"
        )
    return found


def _weights_of(detector: str) -> str:
    """The first shipped weights of a detector."""
    from omr.registry import DETECTORS, read
    from omr.weights import shipped

    if detector not in DETECTORS:
        raise InputError(f"{detector}: no such detector; choose one of {', '.join(DETECTORS)}")
    for name, path in shipped().items():
        if read(path).name == detector:
            return name
    raise InputError(f"{detector}: no weights are shipped for it; train some and give them with --weights")
