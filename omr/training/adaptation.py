"""Unsupervised domain adaptation: a detector is adapted to pages of another kind, without any truth.

Two steps. The statistics of batch normalisation are taken from the new pages (Y. Li et al., "Adaptive
Batch Normalization for practical domain adaptation", Pattern Recognition 80, 2018). Then the symbols that
the detector finds there with a high score become the truth (pseudo-labels) of the training that follows,
on degraded crops of the pages that it read undegraded (D.-H. Lee, "Pseudo-Label", 2013; Q. Xie et al.,
"Self-training with Noisy Student", CVPR 2020). Symbols with a middling score become ignore regions.

The result is a folder with a COCO dataset, which ``omr dataset show`` displays and from which an
interrupted training is resumed.
"""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import torch
from rich.progress import track
from torch.nn.modules.batchnorm import _BatchNorm

from omr.datasets import Coco, Dataset, open_dataset
from omr.datasets.crops import Crops
from omr.detectors import Detector, weights
from omr.detectors.search import at_space
from omr.errors import InputError
from omr.export.coco import to_coco
from omr.files import replacing
from omr.images import PageImage, load_pages
from omr.page import Page
from omr.registry import read
from omr.staves import staff_space
from omr.training.batches import TrainingCrops, collate
from omr.training.thresholds import spread

LOG = logging.getLogger(__name__)

CONFIDENT = 0.8
"""Score, 0 to 1, from which a symbol becomes a pseudo-label (release 0.1.0, see benchmarks/adaptation.py)."""

LOW_CONFIDENCE = 0.1
"""Score, 0 to 1, from which a symbol that is not `CONFIDENT` becomes an ignore region; below, paper."""

MAX_PAGES = 60
"""Pages to adapt to; of more, this many evenly spread over all of them."""

CROPS = 240
"""Crops that the statistics are taken from."""

BATCH = 4
"""Crops that are normalised together, as in training (`Plan.batch`)."""

CROP_SIZE = 448
"""Height and width of each crop, in pixels at the detector's staff space."""

FINEST_SPACE = 24.0
"""Staff space, in pixels, to which finer pages are brought: twice that of the shipped detectors."""

_STATISTICS = "renormalised.safetensors"
"""The adapted detector, in the result's folder; the last file that is written."""

_TRUTH = "believed.json"
"""The pseudo-labels, in the result's folder."""


def adapt(
    detector: Detector, source: Path, folder: Path, device: str = "auto", lists: str | None = None
) -> tuple[Detector, Dataset]:
    """Renormalise a detector on pages without truth, and write what it finds there as pseudo-labels.

    Parameters
    ----------
    detector : Detector
        As it was trained (`omr.registry.read`).
    source : Path
        An image, a PDF, a folder of them, or a dataset, whose truth is not used.
    folder : Path
        For the result; a result that is there already is read.
    device : str
        "auto", "cpu", "cuda", ...
    lists : str, optional
        Which of several published splits of a dataset: its test pages are not adapted to.

    Returns
    -------
    detector : Detector
        With the statistics of those pages.
    dataset : Dataset
        The pages with the pseudo-labels.

    Raises
    ------
    InputError
        When there is no page with staves in `source`.
    """
    if not (folder / _STATISTICS).exists():
        (folder / "images").mkdir(parents=True, exist_ok=True)
        pages = list(_normalised(_pages(source, lists), folder / "images"))
        if not pages:
            raise InputError(f"{source}: no page with staves to adapt to; give a folder of pages")
        # crops are drawn where symbols are, so the pages are read once before they are renormalised on
        _write_pseudo_labels(detector, pages, folder, device)
        renormalise(detector, Coco(folder))
        _write_pseudo_labels(detector, pages, folder, device)
        weights.save(detector, folder / _STATISTICS, {"adapted to": str(source)})
    return read(folder / _STATISTICS), Coco(folder)


@torch.no_grad()
def renormalise(detector: Detector, dataset: Dataset) -> None:
    """Take the statistics of batch normalisation from crops of a dataset, each crop with equal weight.

    Parameters
    ----------
    detector : Detector
        Changed in place; in evaluation mode afterwards.
    dataset : Dataset

    Raises
    ------
    InputError
        When the dataset has no symbol that the detector knows.
    """
    crops = TrainingCrops(
        Crops([dataset], detector.classes, detector.space, CROP_SIZE, seed=0, strength=0), detector
    )
    norms = [module for module in detector.modules() if isinstance(module, _BatchNorm)]
    momenta = [norm.momentum for norm in norms]
    detector.train()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # PyTorch then takes the mean of all batches
    for k in track(range(0, CROPS, BATCH), "statistics"):
        detector.losses(*collate([crops[k + i, CROP_SIZE] for i in range(BATCH)]))
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    detector.eval()


def _pages(source: Path, lists: str | None) -> Iterator[PageImage]:
    """Give at most `MAX_PAGES` pages of a dataset's training part, or of a folder's files."""
    if not source.exists():
        raise InputError(f"{source}: is not there; give a folder of pages")
    try:
        whole = open_dataset(source)
    except InputError:
        files = sorted(file for file in source.iterdir() if file.is_file()) if source.is_dir() else [source]
        for i in spread(len(files), MAX_PAGES):
            try:
                yield from load_pages(files[i])
            except InputError as error:
                LOG.warning("%s", error)
    else:
        dataset = whole.preferably("train", lists)
        for i in spread(len(dataset), MAX_PAGES):
            yield PageImage(dataset.image(i), dataset[i].source)


def _normalised(pages: Iterable[PageImage], folder: Path) -> Iterator[tuple[Page, float]]:
    """Give the pages that have staves, with their staff space; write their images, none finer than needed."""
    for number, page in enumerate(pages, start=1):
        space = staff_space(page.grey)
        if space is None:
            LOG.warning("%s, page %d: no staff found; left out", page.source, page.number)
            continue
        kept = min(space, FINEST_SPACE)
        grey = at_space(page.grey, space, kept)
        name = f"{number:04d}.png"
        cv2.imwrite(str(folder / name), grey)
        yield Page(grey.shape[1], grey.shape[0], source=name), kept


def _write_pseudo_labels(
    detector: Detector, pages: list[tuple[Page, float]], folder: Path, device: str
) -> None:
    """Read the pages; write the symbols found as the truth of a dataset."""
    ready = weights.ready(copy.deepcopy(detector), device)
    read = []
    for page, space in track(pages, "reading pages without truth"):
        found = ready.detect(next(load_pages(folder / "images" / page.source)).grey, space)
        read.append(page.with_symbols(symbol for symbol in found if symbol.score >= LOW_CONFIDENCE))
    _write_coco(read, folder / _TRUTH)


def _write_coco(pages: list[Page], path: Path) -> None:
    """Write a COCO file in which symbols that are not `CONFIDENT` are crowds: ignore regions."""
    content = to_coco(pages)
    for annotation in content["annotations"]:
        annotation["iscrowd"] = int(annotation["score"] < CONFIDENT)
    with replacing(path) as part:
        part.write_text(json.dumps(content), encoding="utf-8")
