"""`omr evaluate`: accuracy of a detector, or of stored detections, on a dataset."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from omr.errors import InputError
from omr.extras import needing

if TYPE_CHECKING:
    from omr.evaluation.detection.protocols import Comparison
    from omr.evaluation.detection.regions import Region
    from omr.evaluation.detection.study import Origin, Study
    from omr.inference import Reader
    from omr.page import Page

ProtocolName = Literal["all", "core", "essential", "frequent", "compatible"]
"""The keys of `omr.evaluation.detection.protocols.PROTOCOLS`, known before anything heavy is imported."""


def evaluate(
    dataset: Annotated[Path, typer.Argument(metavar="DATASET", help="Dataset with the truth.")],
    *,
    weights: Annotated[
        str | None,
        typer.Option(metavar="NAME|FILE", help="Shipped weights (`omr models`) or a file. Default: printed."),
    ] = None,
    detector: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Detector (`omr models`) to evaluate with its shipped weights."),
    ] = None,
    detections: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Evaluate stored detections instead: a COCO file of any program."),
    ] = None,
    split: Annotated[
        str | None, typer.Option(help="Split of the dataset. Default: test, where it has one.")
    ] = None,
    pages: Annotated[int | None, typer.Option(min=1, help="Evaluate only the first pages.")] = None,
    protocol: Annotated[
        ProtocolName,
        typer.Option(
            help="Classes to compare. all: the dataset's own; core: classes that only the staff tells apart "
            "are merged; essential, frequent: 73 and 56 classes of MUSCIMA++; compatible: DeepScoresV2's "
            "annotation set that is compatible with MUSCIMA++."
        ),
    ] = "all",
    staves: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Evaluate crops of N staves in place of whole pages."),
    ] = None,
    min_score: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Score threshold of precision, recall and confusions. Default: that of the weights; for "
            "stored detections, the one with the best F1.",
        ),
    ] = None,
    json: Annotated[
        Path | None, typer.Option("--json", "-o", metavar="FILE", help="Write all figures as JSON.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write a web page with curves, confusions and worst pages."),
    ] = None,
    worst: Annotated[int, typer.Option(min=0, help="Number of worst pages to list and to draw.")] = 3,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, ...")] = "auto",
) -> None:
    """Compare detections with the truth: COCO's figures, precision and recall, confusions."""
    with needing("evaluate"):
        import faster_coco_eval  # noqa: F401 (a missing extra is reported before the pages are read)
        import matplotlib  # noqa: F401

        from omr.datasets import open_dataset
        from omr.evaluation.detection import Study
        from omr.evaluation.detection.candidates import stored
        from omr.evaluation.detection.protocols import PROTOCOLS, Comparison
        from omr.evaluation.detection.regions import regions_of
        from omr.evaluation.detection.report import write_folder, write_json
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
    regions = list(regions_of(data, min(len(data), pages or len(data)), staves, core=core))
    if not regions:
        raise InputError(f"{dataset}: has no {'staves' if staves else 'pages'} to evaluate; give another")
    origin: Origin = "shipped" if min_score is None else "given"
    if detections:
        evaluated = str(detections)
        found = stored(regions, rules, load_coco(detections), detections)
    else:
        evaluated = weights or (_weights_of(detector) if detector else "printed")
        reader = Reader(detector=load(evaluated, device), min_score=0)
        found = _detect(regions, rules, reader)
        min_score = reader.detector.min_score if min_score is None else min_score
    truth = [rules.truth(region.truth, "core" if core else None) for region in regions]
    study = Study.of(truth, found, [region.space for region in regions], min_score, origin)
    about = {
        "dataset": f"{dataset}, split {split}" if split else str(dataset),
        "detections" if detections else "weights": evaluated,
        "protocol": f"{protocol}: {PROTOCOLS[protocol].about}",
        "images": f"crops, {staves} staves each" if staves else "whole pages",
    }
    _show(study, worst)
    if json:
        write_json(study, about, json)
        print("wrote", json)
    if report:
        write_folder(study, about, report, lambda i: regions[i].image(), worst)
        print("wrote", report / "index.html")


def _detect(regions: Sequence[Region], rules: Comparison, reader: Reader) -> list[Page]:
    """Detect on every region, with a progress bar."""
    from rich.console import Console
    from rich.progress import track

    from omr.evaluation.detection.candidates import detect
    from omr.inference import ScaleWarning

    console = Console(stderr=True)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ScaleWarning)
        found = [detect(region, rules, reader) for region in track(regions, "detecting", console=console)]
    if caught:
        console.print(
            f"omr: no staff found on {len(caught)} of {len(regions)} images, so their scale is unknown"
        )
    return found


def _show(study: Study, worst: int) -> None:
    """Print the tables of a study."""
    from rich.console import Console

    from omr.evaluation.detection.report import tables

    console = Console()
    for table in tables(study, worst):
        console.print(table.rich())


def _weights_of(detector: str) -> str:
    """Return the name of the first shipped weights of a detector."""
    from omr.registry import DETECTORS
    from omr.weights import header, shipped

    if detector not in DETECTORS:
        raise InputError(f"{detector}: no such detector; choose one of {', '.join(DETECTORS)}")
    for name, path in shipped().items():
        if header(path)["detector"] == detector:
            return name
    raise InputError(f"{detector}: no weights are shipped for it; train some and give them with --weights")
