"""A detector made at home on pages of another kind, of which nobody has named a symbol.

Two things are done on such pages. The statistics by which the net normalises
are taken from them (Y. Li et al., "Adaptive Batch Normalization for practical
domain adaptation", Pattern Recognition 80, 2018). Then what it is sure to see
becomes the truth from which it learns on, degraded where it had looked at the
page as it is (D.-H. Lee, "Pseudo-Label", 2013; Q. Xie et al., "Self-training
with Noisy Student", CVPR 2020). Of what it half believes nothing is learnt.

All of it is written to a folder, a COCO dataset that can be looked at (`omr
dataset show`) and from which an interrupted training goes on.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import torch
from rich.progress import track
from torch.nn.modules.batchnorm import _BatchNorm

from omr.datasets import Coco, Dataset, open_dataset
from omr.datasets.crops import Crops
from omr.detectors import Detector, weights
from omr.detectors.base import at_space
from omr.errors import InputError, complain
from omr.export.coco import to_coco
from omr.images import PageImage, load_pages
from omr.page import Page
from omr.registry import read
from omr.staves import staff_space
from omr.training import TrainingCrops, collate
from omr.training.thresholds import spread

CONFIDENT = 0.8
"""Score from which a symbol is taken for true."""
LOW_CONFIDENCE = 0.1
"""Score from which something may be there: neither a symbol to learn nor paper."""
MOST = 60
"""Pages to learn from; of more, as many spread over all of them."""
CROPS, _TOGETHER = 240, 4
"""Crops that the statistics are taken from, and how many are normalised together, as in training."""
_FINEST = 24.0
"""Staff space, in pixels, to which finer pages are brought: twice what the net sees."""
_STATISTICS, _TRUTH = "renormalised.safetensors", "believed.json"


def adapt(
    detector: Detector, source: Path, folder: Path, device: str = "auto", lists: str | None = None
) -> tuple[Detector, Dataset]:
    """Renormalise a detector on pages without truth, and name what it is sure of there.

    Parameters
    ----------
    detector : Detector
        As it was trained (`omr.registry.read`).
    source : Path
        An image, a PDF, a folder of them, or a dataset, whose truth is not looked at.
    folder : Path
        For the result; where it is there already it is read.
    device : str
    lists : str, optional
        Of a dataset that can be split in several ways, which: its test pages are not adapted to.

    Returns
    -------
    Detector
        With the statistics of those pages.
    Dataset
        The pages with what it believes to be on them.

    Raises
    ------
    InputError
        When there is no page with staves in `source`.
    """
    if not (folder / _STATISTICS).exists():  # the last that is written
        (folder / "images").mkdir(parents=True, exist_ok=True)
        pages = list(_kept(_pages(source, lists), folder / "images"))
        if not pages:
            raise InputError(f"{source}: no page with staves to adapt to; give a folder of pages")
        _believe(detector, pages, folder, device)  # where symbols are: crops of empty paper tell nothing
        renormalise(detector, Coco(folder))
        _believe(detector, pages, folder, device)
        weights.save(detector, folder / _STATISTICS, {"adapted to": str(source)})
    return read(folder / _STATISTICS), Coco(folder)


@torch.no_grad()
def renormalise(detector: Detector, dataset: Dataset, size: int = 448) -> None:
    """Take the statistics of batch normalisation from crops of a dataset, all crops weighing alike.

    Raises
    ------
    InputError
        When the dataset has no symbol that the detector knows.
    """
    crops = TrainingCrops(
        Crops([dataset], detector.classes, detector.space, size, seed=0, strength=0), detector
    )
    norms = [module for module in detector.modules() if isinstance(module, _BatchNorm)]
    momenta = [norm.momentum for norm in norms]
    detector.train()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the mean of all batches
    for k in track(range(0, CROPS, _TOGETHER), "statistics"):
        detector.losses(*collate([crops[k + i, size] for i in range(_TOGETHER)]))
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    detector.eval()


def _pages(source: Path, lists: str | None) -> Iterator[PageImage]:
    """Pages of a dataset's training part, or of a folder's files; of many, some from all over."""
    if not source.exists():
        raise InputError(f"{source}: is not there; give a folder of pages")
    try:
        whole = open_dataset(source)
    except InputError:
        files = sorted(file for file in source.iterdir() if file.is_file()) if source.is_dir() else [source]
        for i in spread(len(files), MOST):
            try:
                yield from load_pages(files[i])
            except InputError as error:
                complain(error)
    else:
        dataset = whole.preferably("train", lists)
        for i in spread(len(dataset), MOST):
            yield PageImage(dataset.image(i), dataset[i].source)


def _kept(pages: Iterable[PageImage], folder: Path) -> Iterator[tuple[Page, float]]:
    """Those that have staves, with their staff space; their pictures are written as fine as is of use."""
    for number, page in enumerate(pages, start=1):
        space = staff_space(page.grey)
        if space is None:
            complain(f"{page.source}, page {page.number}: no staff found; left out")
            continue
        kept = min(space, _FINEST)
        grey = at_space(page.grey, space, kept)
        name = f"{number:04d}.png"
        cv2.imwrite(str(folder / name), grey)
        yield Page(grey.shape[1], grey.shape[0], source=name), kept


def _believe(detector: Detector, pages: list[tuple[Page, float]], folder: Path, device: str) -> None:
    """Read the pages; write what was found as the truth of a dataset."""
    ready = weights.ready(copy.deepcopy(detector), device)
    read = []
    for page, space in track(pages, "reading pages without truth"):
        found = ready.detect(next(load_pages(folder / "images" / page.source)).grey, space)
        read.append(page.with_symbols(symbol for symbol in found if symbol.score >= LOW_CONFIDENCE))
    _write(read, folder / _TRUTH)


def _write(pages: list[Page], path: Path) -> None:
    """A COCO file in which what is half believed is a crowd."""
    content = to_coco(pages)
    for annotation in content["annotations"]:
        annotation["iscrowd"] = int(annotation["score"] < CONFIDENT)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content), encoding="utf-8")
    part.replace(path)
