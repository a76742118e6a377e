"""Threshold selection (the selection itself is tested with the trainer)."""

from pathlib import Path

import numpy as np
import pytest
import torch

from omr.baselines.boxes import BoxDetector
from omr.baselines.tiled import Candidates
from omr.datasets import open_dataset
from omr.training.thresholds import select_thresholds, spread
from tests.builders.datasets import DRAWN_CLASSES, drawn_dataset


class Twice(BoxDetector):
    """Finds every symbol of the first page, and a copy of it that overlaps it by 0.45."""

    name = "twice"

    def __init__(self, boxes: np.ndarray, labels: np.ndarray) -> None:
        super().__init__(DRAWN_CLASSES)
        self.truth = torch.from_numpy(boxes), torch.from_numpy(labels)
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def losses(self, images, targets):
        return {}

    def look(self, ink):
        boxes, labels = self.truth
        copies = boxes + (boxes[:, 2:] - boxes[:, :2]).repeat(1, 2) * torch.tensor([0, 0.38, 0, 0.38])
        scores = torch.linspace(0.5, 0.9, len(boxes))
        return Candidates(torch.cat([boxes, copies]), labels.repeat(2), torch.cat([scores + 0.01, scores]))


def test_select_thresholds_chooses_the_overlap_of_copies_by_validation_pages(tmp_path: Path):
    data = open_dataset(drawn_dataset(tmp_path))
    page = data.core(0)
    boxes = np.array([s.box for s in page.symbols], np.float32) * 12 / data.staff_space(0)
    detector = Twice(boxes, np.array([DRAWN_CLASSES.index(s.name) for s in page.symbols])).eval()
    assert detector.same_symbol == 0.5  # keeps the copies
    select_thresholds(detector, data, [0])
    assert detector.same_symbol < 0.45
    assert detector.thresholds.keys() == {"min_score", "same_symbol"}


@pytest.mark.parametrize(("total", "count"), [(1, 5), (10, 3), (24, 6), (3, 3)])
def test_spread_gives_distinct_pages_that_reach_both_ends(total, count):
    pages = spread(total, count)
    assert len(set(pages)) == len(pages) == min(total, count)
    assert (pages[0], pages[-1]) == (0, total - 1)
