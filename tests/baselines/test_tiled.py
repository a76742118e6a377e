import numpy as np
import pytest
import torch
from skimage.measure import label, regionprops

from omr.baselines.tiled import Candidates, find_in_tiles


def components(ink):
    """A detector that sees every connected piece of ink of its tile, cut off or not."""
    regions = regionprops(label(ink[0, 0].numpy() > 0.5))
    boxes = torch.tensor([[r.bbox[1], r.bbox[0], r.bbox[3], r.bbox[2]] for r in regions]).reshape(-1, 4)
    return Candidates(boxes.float(), torch.zeros(len(boxes), dtype=torch.int64), torch.ones(len(boxes)))


@pytest.mark.parametrize("size", [(64, 64), (300, 200), (130, 517)])
def test_find_in_tiles_gives_every_symbol_once_and_whole(size):
    height, width = size
    ink = torch.zeros(1, 1, *size)
    boxes = [(x, y, x + 9, y + 5) for x in range(3, width - 12, 17) for y in range(2, height - 8, 13)]
    for x0, y0, x1, y1 in boxes:
        ink[..., y0:y1, x0:x1] = 1
    found = find_in_tiles(ink, components, tile=128, overlap=32, iou=0.5)
    assert sorted(map(tuple, found.boxes.tolist())) == sorted(boxes)


def test_find_in_tiles_suppresses_copies_within_a_class_only():
    def look(_):
        boxes = torch.tensor([[0, 0, 10, 10], [1, 0, 10, 10], [0, 0, 10, 10.0]])
        return Candidates(boxes, torch.tensor([0, 0, 1]), torch.tensor([0.5, 0.9, 0.7]))

    found = find_in_tiles(torch.zeros(1, 1, 32, 32), look, tile=64, overlap=32, iou=0.5)
    np.testing.assert_allclose(sorted(found.scores), [0.7, 0.9])
