"""The segmentation baselines: what they learn from, how they learn, how maps become symbols."""

import numpy as np
import pytest
import torch
from torchvision.ops import box_iou

from omr.baselines.components import components
from omr.baselines.masks import class_maps, ink_cells
from omr.baselines.segmentation import Segmenter, cross_entropy, dice_loss
from omr.detectors import DETECTORS
from omr.detectors.base import to_ink
from omr.detectors.encoder import SIZES, EncoderSize

CLASSES = ("noteheadBlack", "stem", "beam", "slur")
BASELINES = [name for name, kind in DETECTORS.items() if issubclass(kind, Segmenter)]
SIZE = 96


def tensor(*boxes):
    return torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4)


def maps(ink, boxes, labels):
    labels = torch.tensor(labels, dtype=torch.int64)
    return class_maps(ink, boxes, labels, labels > 0)


# what is learnt from


def test_ink_in_the_box_is_the_symbol_and_paper_is_not():
    ink = torch.zeros(8, 8, dtype=torch.bool)
    ink[2:5, 2:5] = True
    ink[0, 0] = True
    found = maps(ink, tensor([1, 1, 6, 6]), [0])
    assert found.classes.tolist() == [0]
    assert found.truth[0].sum() == 9
    assert found.known.all()


def test_overlapping_symbols_both_own_their_common_ink():
    """A ledger line does not cut its notehead in two."""
    ink = torch.ones(6, 10, dtype=torch.bool)
    found = maps(ink, tensor([2, 1, 8, 5], [0, 2, 10, 3]), [0, 2])
    assert found.truth[:, 2, 4].all()
    assert found.known[0].all()


def test_whose_ink_it_is_inside_a_slurs_box_is_unknown_where_a_smaller_symbol_lies():
    ink = torch.ones(10, 20, dtype=torch.bool)
    found = maps(ink, tensor([0, 0, 20, 10], [4, 4, 8, 8]), [3, 0])
    notehead, slur = found.known
    assert notehead.all()
    assert not slur[4:8, 4:8].any()
    assert slur.sum() == 200 - 16


@pytest.mark.parametrize("left", np.arange(10, 12, 0.25))
def test_the_thinnest_stem_is_never_lost_between_cells(left):
    image = torch.zeros(1, 1, 40, 40)
    image[..., 10:30, int(left) : int(np.ceil(left + 1.5))] = 1
    found = maps(ink_cells(image, 2)[0], tensor([left, 10, left + 1.5, 30]) / 2, [1])
    assert found.truth[0, 5:15].any(1).all()


def test_boxes_off_the_crop_harm_nobody():
    found = maps(torch.ones(8, 8, dtype=torch.bool), tensor([-9, -9, -2, -2], [6, 6, 20, 20]), [0, 0])
    assert found.truth[0].sum() == 4


# how it is learnt


def test_the_short_cross_entropy_is_the_long_one():
    torch.manual_seed(0)
    logits = torch.randn(4, 6, 7)
    found = maps(torch.rand(6, 7) > 0.3, tensor([0, 0, 7, 6], [1, 1, 4, 4]), [3, 1])
    truth, known = torch.zeros(4, 6, 7), torch.ones(4, 6, 7)
    truth[found.classes], known[found.classes] = found.truth.float(), found.known.float()
    assert not known.all()
    cost = torch.nn.functional.binary_cross_entropy_with_logits(logits, truth, known, reduction="sum")
    torch.testing.assert_close(cross_entropy(logits, found), cost / 42)


def test_dice_gives_a_tiny_class_the_weight_of_a_large_one():
    ink = torch.ones(40, 40, dtype=torch.bool)
    found = maps(ink, tensor([0, 0, 2, 2], [5, 5, 40, 40]), [0, 1])
    nothing = torch.full((2, 40, 40), -12.0)
    lost = dice_loss(nothing, found)
    assert (lost > 0.75).all()
    found_both = torch.where(found.truth, 12.0, -12.0)
    assert (dice_loss(found_both, found) < 0.01).all()


# how maps become symbols


def drawn(*rectangles, shape=(40, 60)):
    """Class maps at stride 2 and the ink of rectangles (class, x0, y0, x1, y1), exactly as they are."""
    probability, ink = np.zeros((2, shape[0] // 2, shape[1] // 2), np.float32), np.zeros(shape, bool)
    for k, x0, y0, x1, y1 in rectangles:
        ink[y0:y1, x0:x1] = True
        probability[k, y0 // 2 : -(-y1 // 2), x0 // 2 : -(-x1 // 2)] = 0.9
    return probability, ink


def boxes_of(found, k):
    return sorted(map(tuple, found.boxes[found.classes == k].astype(int).tolist()))


def test_separate_symbols_come_out_with_their_ink_to_the_pixel():
    shapes = [(0, 3, 5, 16, 17), (0, 21, 5, 34, 16), (1, 41, 4, 43, 33)]
    found = components(*drawn(*shapes), stride=2)
    assert boxes_of(found, 0) == [(3, 5, 16, 17), (21, 5, 34, 16)]
    assert boxes_of(found, 1) == [(41, 4, 43, 33)]
    np.testing.assert_allclose(found.scores, 0.9, rtol=1e-5)


def test_touching_symbols_of_one_class_merge_which_is_the_known_limit():
    found = components(*drawn((0, 4, 4, 16, 14), (0, 16, 8, 28, 18)), stride=2)
    assert boxes_of(found, 0) == [(4, 4, 28, 18)]


def test_touching_symbols_of_different_classes_do_not():
    found = components(*drawn((0, 4, 4, 16, 14), (1, 16, 8, 28, 18)), stride=2)
    assert boxes_of(found, 0) + boxes_of(found, 1) == [(4, 4, 16, 14), (16, 8, 28, 18)]


def test_the_score_is_the_mean_probability_of_the_cells():
    probability = np.zeros((1, 5, 5), np.float32)
    probability[0, 1, 1:4] = 0.6, 0.8, 1.0
    found = components(probability, np.ones((10, 10), bool), 2)
    np.testing.assert_allclose(found.scores, [0.8], rtol=1e-6)


def test_a_page_with_an_odd_edge_and_a_component_without_ink():
    probability = np.zeros((1, 4, 4), np.float32)
    probability[0, 3, 3] = probability[0, 0, 0] = 1
    ink = np.zeros((7, 7), bool)
    ink[6, 6] = True
    assert boxes_of(components(probability, ink, 2), 0) == [(0, 0, 2, 2), (6, 6, 7, 7)]


def test_nothing_found_is_no_error():
    found = components(np.zeros((2, 4, 4), np.float32), np.ones((8, 8), bool), 2)
    assert found.boxes.shape == (0, 4)


# all of it


def crop():
    """A notehead, a stem, a beam, far enough from one another for stride 32."""
    image = np.full((SIZE, SIZE), 255, np.uint8)
    boxes = np.array([[8, 10, 24, 22], [70, 8, 72, 40], [20, 70, 60, 77]], np.float32)
    for x0, y0, x1, y1 in boxes.astype(int):
        image[y0:y1, x0:x1] = 0
    return image, boxes, np.arange(3)


@pytest.mark.parametrize("name", BASELINES)
def test_it_learns_a_crop_and_finds_its_symbols(name, monkeypatch):
    monkeypatch.setitem(SIZES, "tiny", EncoderSize((8, 12, 16, 16, 16), (1, 1, 1, 1)))
    torch.manual_seed(0)
    detector = DETECTORS[name](CLASSES, encoder="tiny", channels=16)
    image, boxes, labels = crop()
    ink = to_ink(image).expand(2, -1, -1, -1)
    targets = [detector.targets(boxes, labels, image.shape)] * 2
    optimizer = torch.optim.Adam(detector.parameters(), 5e-3)
    for step in range(300):
        optimizer.zero_grad()
        torch.stack(list(detector(ink, targets).values())).sum().backward()
        optimizer.step()
        if step % 20 == 19:
            symbols = sorted(detector.eval().detect(image), key=lambda s: CLASSES.index(s.name))
            if [s.name for s in symbols] == [CLASSES[k] for k in labels]:
                overlap = box_iou(tensor(*(s.box for s in symbols)), torch.from_numpy(boxes)).diagonal()
                if overlap.min() > 0.75:
                    return
            detector.train()
    pytest.fail(f"after 300 steps it finds {symbols}")


@pytest.mark.parametrize("name", BASELINES)
def test_its_options_are_its_config(name):
    detector = DETECTORS[name](CLASSES, encoder="light", channels=16)
    again = DETECTORS[name](**detector.config)
    assert again.config == detector.config
    assert again.trunk.channels == 16


def test_all_the_nets_of_the_mission_are_there():
    assert {"unet", "fcn32s", "fcn16s", "fcn8s", "deeplab"} <= set(BASELINES)
