"""Measure the accuracy of weights on whole pages: clean, scanned, and the published page of DeepScoresV2.

    python benchmarks/accuracy.py [--weights printed] [--test data/test] [--pages 60]

The engraved test set is made by `omr engrave data/test --pages 60 --split test --seed 1`. Its scanned variant
is the same pages through `omr.datasets.degrade.scan`, page i with seed i. The published page is the sample of
DeepScoresV2 in the folder that OMR_DATA names. Pages are read as `omr detect` reads them: staff spaces are
measured on the image.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.progress import track

from omr.datasets import Dataset, open_dataset
from omr.datasets.degrade import scan
from omr.evaluation.detection import Report, evaluate, matches
from omr.images import PageImage
from omr.inference import Reader
from omr.page import Box, Page, Symbol
from omr.registry import load
from omr.vocabulary import to_core
from omr.vocabulary.translation import to_core_page

USUAL_SPACE = 12.0
"""Staff space in pixels for pages that have none to measure: the canonical one."""

LEAST_SIDE = 0.5
"""Sides, in pixels, of the smallest box that is left of a symbol at the edge of a warped page."""


def main(
    weights: str = "printed",
    test: Annotated[Path, typer.Option(help="Engraved test set.")] = Path("data/test"),
    pages: int = 60,
) -> None:
    """Print the accuracy tables."""
    warnings.simplefilter("ignore")
    detector = load(weights)
    core = Reader(detector=detector, min_score=0)
    engraved = open_dataset(test, "test")
    count = min(pages, len(engraved))
    for title, variant in (("Engraved test pages, clean", clean), ("Engraved test pages, scanned", scanned)):
        pairs = list(track(variant(engraved, count), total=count, description=title))
        truth = [page for page, _ in pairs]
        found = [core.page(image) for _, image in track(pairs, description="reading")]
        show(title, evaluate(truth, found), truth, found, detector.min_score)
    if data := os.environ.get("OMR_DATA"):
        real_page(Path(data) / "deepscores-v2-sample", detector.min_score, core)


def clean(dataset: Dataset, count: int) -> Iterator[tuple[Page, PageImage]]:
    """Yield the truth in core names and the image of each page."""
    for i in range(count):
        page = to_core_page(dataset[i], dataset.names)
        yield page, PageImage(dataset.image(i), page.source)


def scanned(dataset: Dataset, count: int) -> Iterator[tuple[Page, PageImage]]:
    """Yield the same pages, degraded as by a scanner or a phone."""
    for i, (page, image) in enumerate(clean(dataset, count)):
        boxes = np.array([s.box for s in page.symbols], np.float32)
        space = dataset.staff_space(i) or USUAL_SPACE
        grey, boxes = scan(image.grey, boxes, np.random.default_rng(i), space)
        height, width = grey.shape
        boxes = boxes.clip(0, [width, height, width, height])
        symbols = (Symbol(s.name, Box(*map(float, b))) for s, b in zip(page.symbols, boxes, strict=True))
        whole = (s for s in symbols if min(s.box.width, s.box.height) > LEAST_SIDE)
        yield page.with_symbols(whole), PageImage(grey, image.source)


def real_page(path: Path, min_score: float, core: Reader) -> None:
    """Print the figures of the published page: in core names, of its noteheads, in its own names."""
    sample = open_dataset(path)
    truth, image = to_core_page(sample[0], sample.names), PageImage(sample.image(0), sample[0].source)
    found = core.page(image)
    # detections of classes that DeepScores has no name for are ignored
    named = {to_core(name, "deepscores") for name in sample.categories}
    found = found.only(lambda s: s.name in named)
    title = "The published page of DeepScoresV2, core names"
    show(title, evaluate([truth], [found]), [truth], [found], min_score)
    heads = [page.only(lambda s: s.name.startswith("notehead")) for page in (truth, found)]
    _, right = matches([heads[0]], [heads[1].only(lambda s: s.score >= min_score)])
    total = len(heads[0].symbols)
    print(f"Noteheads: {right.sum()} of {total} found, {len(right) - right.sum()} false.\n")
    own = Reader(detector=core.detector, min_score=0, names="deepscores").page(image)
    report = evaluate([sample[0]], [own])
    print(f"In DeepScores' own names: {report.summary}.\n")


def show(title: str, report: Report, truth: list[Page], found: list[Page], min_score: float) -> None:
    """Print the figures of a set of pages, and its table of classes."""
    _, right = matches(truth, [page.only(lambda s: s.score >= min_score) for page in found])
    total = sum(len(page.symbols) for page in truth)
    print(f"\n### {title}\n\n{report.summary}.")
    print(
        f"At the shipped threshold of {min_score:.2f}: precision {100 * right.mean():.1f}, "
        f"recall {100 * right.sum() / total:.1f}.\n\n{report.markdown()}\n"
    )


if __name__ == "__main__":
    typer.run(main)
