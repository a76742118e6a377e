"""What training leaves open, chosen on validation pages: how to cut the landscape, what a score means.

The choices are stored with the weights, as StarDist does with its thresholds.
Test pages never come here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from omr.datasets import Dataset
from omr.detectors.base import Detector, at_space, pixels_of, to_ink
from omr.detectors.calibration import Calibration
from omr.detectors.dwdnet import DeepWatershedDetector
from omr.evaluation.detection import Report, best_threshold, evaluate, matches
from omr.page import Box, Page, Symbol
from omr.watershed import Decoding, Instances


@dataclass
class _Example:
    """A validation page: its truth, the features that the net sees, the ratio of its pixels to the net's."""

    truth: Page
    features: torch.Tensor
    pixels: NDArray[np.float32]


def spread(total: int, count: int) -> list[int]:
    """Numbers of `count` pages, evenly spread over `total`."""
    return np.unique(np.linspace(0, total - 1, min(count, total)).astype(int)).tolist()


def predict(detector: Detector, dataset: Dataset, pages: Sequence[int]) -> tuple[list[Page], list[Page]]:
    """Truth in core names, and every candidate of the detector at the known staff space."""
    truth, found = [], []
    for i in pages:
        truth.append(_truth(detector, dataset, i))
        found.append(truth[-1].with_symbols(detector.detect(dataset.image(i), dataset.staff_space(i))))
    return truth, found


def _truth(detector: Detector, dataset: Dataset, i: int) -> Page:
    return dataset.core(i).only(lambda s: s.name in detector.classes)


def tune(detector: Detector, dataset: Dataset, pages: Sequence[int]) -> None:
    """Choose all that is chosen on validation pages, and give it to the detector.

    Parameters
    ----------
    detector : Detector
        Ready for use (`omr.registry.load`).
    dataset : Dataset
        Validation pages.
    pages : sequence of int
        Which of them; a dozen do.
    """
    if isinstance(detector, DeepWatershedDetector):
        _tune_decoding(detector, dataset, pages)
    else:
        detector.min_score = best_threshold(*predict(detector, dataset, pages))


@torch.inference_mode()
def _tune_decoding(detector: DeepWatershedDetector, dataset: Dataset, pages: Sequence[int]) -> None:
    examples = [_look(detector, dataset, i) for i in pages]
    truth = [example.truth for example in examples]
    detector.calibration = Calibration()
    best = detector.decoding
    for field, values in detector.cut.options.items():
        tried = [replace(best, **{field: value}) for value in values]
        best = max(tried, key=lambda how: _worth(evaluate(truth, _found(detector, examples, how))))
    detector.decoding = best
    detector.calibration = _calibrate(detector, examples)
    detector.min_score = best_threshold(truth, _found(detector, examples, best))


def _worth(report: Report) -> float:
    """Finding things counts as much as boxes that fit: a coarser cut helps these and loses those."""
    return report.map50 + report.ap


def _look(detector: DeepWatershedDetector, dataset: Dataset, i: int) -> _Example:
    image = dataset.image(i)
    small = at_space(image, dataset.staff_space(i), detector.space)
    features = detector.features(to_ink(small).to(detector.device))
    return _Example(_truth(detector, dataset, i), features, pixels_of(image, small))


def _found(detector: DeepWatershedDetector, examples: Sequence[_Example], how: Decoding) -> list[Page]:
    return [_page(detector, example, detector.instances(example.features, how)) for example in examples]


def _page(detector: DeepWatershedDetector, example: _Example, found: Instances) -> Page:
    """Every instance in order, so that matches can be told of each."""
    boxes = found.boxes * detector.trunk.stride * example.pixels
    scores = detector.scores(found)
    return example.truth.with_symbols(
        Symbol(detector.classes[c], Box(*box), score)
        for c, box, score in zip(found.classes.tolist(), boxes.tolist(), scores.tolist(), strict=True)
    )


def _calibrate(detector: DeepWatershedDetector, examples: Sequence[_Example]) -> Calibration:
    found = [detector.instances(example.features, detector.decoding) for example in examples]
    right = [
        matches([example.truth], [_page(detector, example, here)], 0.5)[1]
        for example, here in zip(examples, found, strict=True)
    ]
    return Calibration.fit(
        np.concatenate([here.peaks for here in found]),
        np.concatenate([here.votes for here in found]),
        np.concatenate([here.classes for here in found]),
        np.concatenate(right),
        len(detector.classes),
    )
