"""What every registered detector promises."""

import json

import numpy as np
import pytest
import torch

from omr.detectors import save
from omr.detectors.base import to_ink
from omr.detectors.search import Found
from omr.registry import DETECTORS, load_tensors, read
from tests.builders.crops import CLASSES, NARROW, TINY, drawn, found_of
from tests.builders.detector import slow_but_dwdnet


def tiny(name):
    torch.manual_seed(0)
    return DETECTORS[name](CLASSES, **TINY.get(name, NARROW))


@pytest.fixture(params=slow_but_dwdnet(DETECTORS))
def detector(request):
    return tiny(request.param)


def targets(detector, count, size=96):
    rng = np.random.default_rng(count)
    corner = rng.uniform(-10, size, (count, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(2, 40, (count, 2))], 1).astype(np.float32)
    return detector.targets(boxes, rng.integers(0, len(CLASSES), count), (size, size))


@pytest.mark.slow
def test_losses_are_finite_and_reach_every_weight(detector):
    images = torch.rand(2, 1, 96, 96)
    losses = detector(images, [targets(detector, 12), targets(detector, 1)])
    total = torch.stack(list(losses.values())).sum()
    assert torch.isfinite(total)
    total.backward()
    unused = [name for name, p in detector.named_parameters() if p.grad is None]
    assert not unused


def test_losses_of_a_crop_without_symbols_are_finite(detector):
    losses = detector(torch.rand(2, 1, 96, 96), [targets(detector, 0), targets(detector, 0)])
    assert all(torch.isfinite(loss) for loss in losses.values())


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(64, 64), (33, 97), (200, 40), (1, 50)])
def test_detect_page_of_any_size_gives_symbols_inside_it_best_first(detector, shape):
    image = np.random.default_rng(0).integers(0, 255, shape, dtype=np.uint8)
    symbols = detector.eval().detect(image, 9.5)
    scores = [s.score for s in symbols]
    assert scores == sorted(scores, reverse=True)
    for s in symbols:
        assert s.name in CLASSES
        assert 0 <= s.score <= 1
        assert 0 <= s.box.x0 < s.box.x1 <= shape[1]
        assert 0 <= s.box.y0 < s.box.y1 <= shape[0]


def test_to_ink_makes_dark_pixels_1():
    image = np.array([[0, 255]], np.uint8)
    assert to_ink(image).flatten().tolist() == [1, 0]


def test_set_thresholds_restores_what_thresholds_gives(detector):
    detector.min_score = 0.37
    other = tiny(detector.name)
    other.set_thresholds(detector.thresholds)
    assert other.thresholds == detector.thresholds


# what a detector has learnt by heart

STEPS, LOOK_EVERY, RATE = 160, 40, 4e-3
MORE_STEPS = {
    "faster_rcnn": 320,
    "mask_rcnn": 320,
}  # they learn proposals first, and the latter masks as well


@pytest.fixture(scope="module", params=list(DETECTORS))
def learnt(request):
    """A detector that was shown one crop until it knew it."""
    image, boxes, labels = drawn()
    learner = tiny(request.param)
    learner.fit_to(boxes, labels)
    ink = to_ink(image)
    wanted = learner.targets(boxes, labels, image.shape)
    optimizer = torch.optim.AdamW(learner.parameters(), lr=RATE)
    steps = MORE_STEPS.get(request.param, STEPS)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    for step in range(steps):
        learner.train()
        loss = torch.stack(list(learner(ink, [wanted]).values())).sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learner.parameters(), 10)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        if step % LOOK_EVERY == LOOK_EVERY - 1:
            learner.eval()
            if found_of(learner.find(ink), boxes, labels) == (len(boxes), 0):
                break
    return learner.eval()


@pytest.mark.slow
def test_find_after_training_gives_the_training_symbols(learnt):
    image, boxes, labels = drawn()
    right, wrong = found_of(learnt.find(to_ink(image)), boxes, labels)
    assert right == len(boxes)
    assert wrong <= len(boxes)  # windows in a grid find things more than once


@pytest.mark.slow
def test_find_page_of_several_tiles_gives_symbols_of_all(learnt):
    image, boxes, labels = drawn()
    copies = 18  # of 96 pixels: beyond a tile
    page = np.tile(image, copies)
    everywhere = np.concatenate([boxes + np.float32([96 * i, 0, 96 * i, 0]) for i in range(copies)])
    right, _ = found_of(learnt.find(to_ink(page)), everywhere, np.tile(labels, copies))
    assert right > 0.8 * len(everywhere)


@pytest.mark.slow
def test_read_after_save_finds_the_same(learnt, tmp_path):
    ink = to_ink(drawn()[0])
    save(learnt, tmp_path / "first.safetensors")  # rounds the weights
    first = read(tmp_path / "first.safetensors").eval()
    save(first, tmp_path / "second.safetensors")
    second = read(tmp_path / "second.safetensors").eval()
    assert json.loads(json.dumps(second.config)) == json.loads(json.dumps(learnt.config))
    for one, other in zip(vars(first.find(ink)).values(), vars(second.find(ink)).values(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.slow
def test_load_in_the_fastest_precision_finds_the_same(learnt, tmp_path):
    image, boxes, labels = drawn()
    save(learnt, tmp_path / "x.safetensors")
    right, _ = found_of(load_tensors(tmp_path / "x.safetensors", "cpu").find(to_ink(image)), boxes, labels)
    assert right == len(boxes)


class Echo(DETECTORS["dwdnet"]):
    """Finds the dark rectangles of a page exactly, at whatever scale it is shown them."""

    def find(self, ink):
        from skimage.measure import label, regionprops

        regions = regionprops(label(ink[0, 0].numpy() > 0.5))
        boxes = np.array([[r.bbox[1], r.bbox[0], r.bbox[3], r.bbox[2]] for r in regions], np.float32)
        return Found(boxes, np.zeros(len(boxes), np.int64), np.ones(len(boxes), np.float32))


@pytest.mark.parametrize("space", [11.3, 17.0, 23.7])
def test_detect_at_any_staff_space_gives_boxes_in_page_pixels(space):
    image = np.full((1403, 1777), 255, np.uint8)
    boxes = [[x, y, x + 40, y + 60] for x in (20, 900, 1700) for y in (15, 700, 1300)]
    for x0, y0, x1, y1 in boxes:
        image[y0:y1, x0:x1] = 0
    found = sorted(s.box for s in Echo(CLASSES).eval().detect(image, space))
    error = np.array(found) - np.array(sorted(map(tuple, boxes)))
    # an edge is seen to a pixel of the small page, and no edge is off on average
    assert np.abs(error).max() < space / 12
    assert abs(error.mean()) < 0.1 * space / 12
