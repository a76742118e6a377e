"""Crops with a detector's targets, in batches for PyTorch's data loader."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from omr.datasets.crops import IGNORED, Crops
from omr.detectors import Detector
from omr.detectors.base import to_ink
from omr.training.plan import Plan

Example = tuple[Tensor, dict[str, Tensor]]
"""A crop (1, h, w) of ink, and its targets as the detector wants them."""

PREFETCHED = 4
"""Batches that each worker prepares ahead of the training (release 0.1.0)."""


class TrainingCrops(Dataset[Example]):
    """Crops with a detector's targets, by number and size.

    Parameters
    ----------
    crops : Crops
        The source of images, boxes and labels.
    detector : Detector
        Its `targets` and `ignore_regions` turn the truth of a crop into targets.
    """

    def __init__(self, crops: Crops, detector: Detector) -> None:
        self.crops = crops
        self._targets, self._ignore_regions = detector.targets, detector.ignore_regions
        self._with_masks = detector.learns_masks

    def __getitem__(self, key: tuple[int, int]) -> Example:
        """Make the crop of a number and a size (height and width in pixels)."""
        image, boxes, labels = self.crops.crop(*key)
        crowd = labels == IGNORED
        targets = self._targets(boxes[~crowd], labels[~crowd], (image.shape[0], image.shape[1]))
        if crowd.any():
            targets = self._ignore_regions(targets, boxes[crowd])
        if self._with_masks and (instances := self.crops.instances(*key)) is not None:
            targets["instances"] = torch.from_numpy(instances)
        return to_ink(image)[0], targets


def collate(batch: Sequence[Example]) -> tuple[Tensor, list[dict[str, Tensor]]]:
    """Stack the images of a batch; the targets stay a list, since crops differ in their symbols.

    Parameters
    ----------
    batch : sequence of (tensor (1, h, w), dict of tensors)

    Returns
    -------
    images : tensor (N, 1, h, w)
    targets : list of dict of tensors
    """
    images, targets = zip(*batch, strict=True)
    return torch.stack(images), list(targets)


def batch_loader(
    crops: TrainingCrops, plan: Plan, first_step: int, rank: int = 0, processes: int = 1
) -> DataLoader[Example]:
    """Make a loader that gives one batch for each step of a plan.

    Parameters
    ----------
    crops : TrainingCrops
    plan : Plan
    first_step : int
        The step that the first batch is for; later than 0 where a training is resumed.
    rank, processes : int
        The number of this process, from 0, and how many train together; each gets crops of its own.

    Returns
    -------
    DataLoader
        Of (images, targets) as `collate` returns them.
    """
    # OpenCV's threads do not survive the fork of the workers, which would wait for them
    cv2.setNumThreads(1)
    keys = [
        [((step * plan.batch + i) * processes + rank, size) for i in range(count)]
        for step in range(first_step, plan.steps)
        for count, size in [plan.crops(step)]
    ]
    return DataLoader(
        crops,
        batch_sampler=keys,
        num_workers=plan.workers,
        collate_fn=collate,
        prefetch_factor=PREFETCHED if plan.workers else None,
        worker_init_fn=_single_threaded,
    )


def _single_threaded(_: int) -> None:
    """Keep a worker to one thread: the cores are for the net."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
