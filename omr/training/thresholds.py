"""Threshold selection: what training leaves open is chosen on validation pages.

For DWDNet that is how the energy landscape is cut (`omr.watershed.Decoding`) and what a score means
(`omr.detectors.calibration`, since its score has two parts), for box detectors from which IoU on two boxes
are one symbol, for segmentation the probability from which a cell belongs to a symbol; for all of them the
score from which a symbol is shown. All are chosen by the same sum of mAP50 and AP on the same pages. The
choice is stored with the weights, as StarDist does with its thresholds. Test pages are never used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from omr.datasets import Dataset
from omr.detectors import Detector
from omr.detectors.base import to_ink
from omr.detectors.calibration import Calibration
from omr.detectors.dwdnet import DeepWatershedDetector, Maps
from omr.detectors.search import at_space, pixels_of
from omr.evaluation.detection import Report, best_threshold, evaluate, matches
from omr.page import Box, Page, Symbol
from omr.watershed import Decoding, Instances

CORRECT_IOU = 0.5
"""IoU with a true symbol of its class from which a found symbol counts as correct in the calibration; the
IoU of mAP50."""


@dataclass(frozen=True)
class _ValidationPage:
    """A validation page as DWDNet sees it.

    Attributes
    ----------
    truth : Page
        In core names.
    maps : Maps
        What the net sees.
    pixels : array (4,)
        Factors from boxes on the image that the net saw to boxes on the page.
    """

    truth: Page
    maps: Maps
    pixels: NDArray[np.float32]


def spread(total: int, count: int) -> list[int]:
    """Pick page numbers evenly spread over a dataset.

    Parameters
    ----------
    total : int
        Pages of the dataset.
    count : int
        Pages wanted.

    Returns
    -------
    list of int
        `count` of the numbers 0 to `total` - 1, the first and the last among them; all where there are
        fewer.

    Examples
    --------
    >>> spread(10, 4)
    [0, 3, 6, 9]
    """
    pages: list[int] = np.unique(np.linspace(0, total - 1, min(count, total)).astype(int)).tolist()
    return pages


def predict(detector: Detector, dataset: Dataset, pages: Sequence[int]) -> tuple[list[Page], list[Page]]:
    """Read pages at their known staff space.

    Parameters
    ----------
    detector : Detector
        In evaluation mode.
    dataset : Dataset
    pages : sequence of int
        Their numbers in the dataset.

    Returns
    -------
    truth : list of Page
        In core names, without classes that the detector does not know.
    found : list of Page
        Every candidate, whatever its score.
    """
    truth, found = [], []
    for i in pages:
        truth.append(_truth(detector, dataset, i))
        found.append(truth[-1].with_symbols(detector.detect(dataset.image(i), dataset.staff_space(i))))
    return truth, found


def validate(detector: Detector, dataset: Dataset, pages: Sequence[int]) -> Report:
    """Measure a detector on whole pages.

    Parameters
    ----------
    detector : Detector
        In evaluation mode.
    dataset : Dataset
    pages : sequence of int
        Their numbers in the dataset.

    Returns
    -------
    Report
        COCO figures.
    """
    return evaluate(*predict(detector, dataset, pages))


def _truth(detector: Detector, dataset: Dataset, i: int) -> Page:
    return dataset.core(i).only(lambda s: s.name in detector.classes)


def select_thresholds(detector: Detector, dataset: Dataset, pages: Sequence[int]) -> None:
    """Select all that is selected on validation pages, and set it on the detector.

    Parameters
    ----------
    detector : Detector
        Ready for use (`omr.registry.load`); changed in place.
    dataset : Dataset
        Validation pages.
    pages : sequence of int
        Numbers of the pages to use; a dozen suffice.
    """
    if isinstance(detector, DeepWatershedDetector):
        _select_decoding(detector, dataset, pages)
    else:
        _select_values(detector, dataset, pages)
        detector.min_score = best_threshold(*predict(detector, dataset, pages))


@torch.inference_mode()
def _select_values(detector: Detector, dataset: Dataset, pages: Sequence[int]) -> None:
    """Search the selectable thresholds one after the other, on boxes as the net gives them, like DWDNet's."""
    truth = [_truth(detector, dataset, i) for i in pages]
    for key, values in detector.selectable.items():
        worth = {}
        for value in values:
            detector.set_thresholds({key: value})
            found = [
                page.with_symbols(unrefined(detector, dataset.image(i), dataset.staff_space(i)))
                for i, page in zip(pages, truth, strict=True)
            ]
            worth[value] = _worth(evaluate(truth, found))
        detector.set_thresholds({key: max(values, key=worth.__getitem__)})


@torch.inference_mode()
def unrefined(detector: Detector, image: NDArray[np.uint8], space: float | None) -> list[Symbol]:
    """Find the symbols of a page, with the boxes that the net gives, not refined by the page's ink.

    Parameters
    ----------
    detector : Detector
        In evaluation mode.
    image : array (height, width) of uint8
    space : float or None
        Staff space of the page, in pixels; None where the page is at the detector's already.

    Returns
    -------
    list of Symbol
        Every candidate, in any order, in pixels of `image`.
    """
    small = at_space(image, space, detector.space)
    found = detector.find(to_ink(small).to(detector.device))
    boxes = found.boxes * pixels_of(image, small)
    return [
        Symbol(detector.classes[c], Box(*box), score)
        for c, box, score in zip(found.classes.tolist(), boxes.tolist(), found.scores.tolist(), strict=True)
    ]


@torch.inference_mode()
def _select_decoding(detector: DeepWatershedDetector, dataset: Dataset, pages: Sequence[int]) -> None:
    """Search the fields of the decoding one after the other, then fit the calibration, then `min_score`."""
    examples = [_see(detector, dataset, i) for i in pages]
    truth = [example.truth for example in examples]
    detector.calibration = Calibration()
    best = detector.decoding
    for field, values in detector.preset.options.items():
        tried = [replace(best, **{field: value}) for value in values]
        best = max(tried, key=lambda how: _worth(evaluate(truth, _read(detector, examples, how))))
    detector.decoding = best
    detector.calibration = _calibrate(detector, examples)
    detector.min_score = best_threshold(truth, _read(detector, examples, best))


def _worth(report: Report) -> float:
    """Sum mAP50 and AP: a coarser cut of the landscape improves the boxes and loses symbols."""
    return report.map50 + report.ap


def _see(detector: DeepWatershedDetector, dataset: Dataset, i: int) -> _ValidationPage:
    image = dataset.image(i)
    small = at_space(image, dataset.staff_space(i), detector.space)
    maps = detector.maps(to_ink(small).to(detector.device))
    return _ValidationPage(_truth(detector, dataset, i), maps, pixels_of(image, small))


def _read(
    detector: DeepWatershedDetector, examples: Sequence[_ValidationPage], decoding: Decoding
) -> list[Page]:
    return [_page(detector, example, detector.instances(example.maps, decoding)) for example in examples]


def _page(detector: DeepWatershedDetector, example: _ValidationPage, found: Instances) -> Page:
    """Make a page of all instances, in their order."""
    boxes = found.boxes * detector.trunk.stride * example.pixels
    scores = detector.scores(found)
    return example.truth.with_symbols(
        Symbol(detector.classes[c], Box(*box), score)
        for c, box, score in zip(found.classes.tolist(), boxes.tolist(), scores.tolist(), strict=True)
    )


def _calibrate(detector: DeepWatershedDetector, examples: Sequence[_ValidationPage]) -> Calibration:
    """Fit the calibration to which instances are correct."""
    found = [detector.instances(example.maps, detector.decoding) for example in examples]
    correct = [
        matches([example.truth], [_page(detector, example, here)], CORRECT_IOU)[1]
        for example, here in zip(examples, found, strict=True)
    ]
    return Calibration.fit(
        np.concatenate([here.peaks for here in found]),
        np.concatenate([here.votes for here in found]),
        np.concatenate([here.classes for here in found]),
        np.concatenate(correct),
        len(detector.classes),
    )
