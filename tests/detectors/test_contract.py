"""What every registered detector promises."""

import numpy as np
import pytest
import torch

from omr.detectors import DETECTORS
from omr.detectors.base import Found, to_ink

CLASSES = ("noteheadBlack", "stem", "beam", "slur")


@pytest.fixture(params=list(DETECTORS))
def detector(request):
    torch.manual_seed(0)
    return DETECTORS[request.param](CLASSES)


def targets(detector, count, size=96):
    rng = np.random.default_rng(count)
    corner = rng.uniform(-10, size, (count, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(2, 40, (count, 2))], 1).astype(np.float32)
    return detector.targets(boxes, rng.integers(0, len(CLASSES), count), (size, size))


def test_losses_are_finite_and_reach_every_weight(detector):
    images = torch.rand(2, 1, 96, 96)
    losses = detector(images, [targets(detector, 12), targets(detector, 1)])
    total = torch.stack(list(losses.values())).sum()
    assert torch.isfinite(total)
    total.backward()
    unused = [name for name, p in detector.named_parameters() if p.grad is None]
    assert not unused


def test_a_crop_without_symbols_can_be_learnt_from(detector):
    losses = detector(torch.rand(2, 1, 96, 96), [targets(detector, 0), targets(detector, 0)])
    assert all(torch.isfinite(loss) for loss in losses.values())


@pytest.mark.parametrize("shape", [(64, 64), (33, 97), (200, 40), (1, 50)])
def test_a_page_of_any_size_gives_symbols_on_it_best_first(detector, shape):
    image = np.random.default_rng(0).integers(0, 255, shape, dtype=np.uint8)
    symbols = detector.eval().detect(image, 9.5)
    scores = [s.score for s in symbols]
    assert scores == sorted(scores, reverse=True)
    for s in symbols:
        assert s.name in CLASSES
        assert 0 <= s.score <= 1
        assert 0 <= s.box.x0 < s.box.x1 <= shape[1]
        assert 0 <= s.box.y0 < s.box.y1 <= shape[0]


def test_ink_is_dark():
    image = np.array([[0, 255]], np.uint8)
    assert to_ink(image).flatten().tolist() == [1, 0]


def test_tuning_is_taken_on(detector):
    detector.min_score = 0.37
    other = type(detector)(CLASSES)
    other.tune(detector.tuning)
    assert other.tuning == detector.tuning


class Echo(DETECTORS["dwdnet"]):
    """Finds the dark rectangles of a page exactly, at whatever scale it is shown them."""

    def find(self, ink):
        from skimage.measure import label, regionprops

        regions = regionprops(label(ink[0, 0].numpy() > 0.5))
        boxes = np.array([[r.bbox[1], r.bbox[0], r.bbox[3], r.bbox[2]] for r in regions], np.float32)
        return Found(boxes, np.zeros(len(boxes), np.int64), np.ones(len(boxes), np.float32))


@pytest.mark.parametrize("space", [11.3, 17.0, 23.7])
def test_boxes_come_back_in_the_pages_own_pixels_to_its_far_corner(space):
    image = np.full((1403, 1777), 255, np.uint8)
    boxes = [[x, y, x + 40, y + 60] for x in (20, 900, 1700) for y in (15, 700, 1300)]
    for x0, y0, x1, y1 in boxes:
        image[y0:y1, x0:x1] = 0
    found = sorted(s.box for s in Echo(CLASSES).eval().detect(image, space))
    error = np.array(found) - np.array(sorted(map(tuple, boxes)))
    # an edge is seen to a pixel of the small page, and no edge is off on average
    assert np.abs(error).max() < space / 12
    assert abs(error.mean()) < 0.1 * space / 12
