"""The segmentation baselines: what they learn from, how they learn, how maps become symbols."""

import numpy as np
import pytest
import torch
from torchvision.ops import box_iou

from omr.baselines.components import components
from omr.baselines.masks import ClassMaps, class_maps, ink_cells, pixels_by_cell
from omr.baselines.segmentation import Segmenter, cross_entropy, dice_loss
from omr.detectors.base import to_ink
from omr.detectors.encoder import SIZES, EncoderSize
from omr.registry import DETECTORS

CLASSES = ("noteheadBlack", "stem", "beam", "slur")
BASELINES = [name for name, kind in DETECTORS.items() if issubclass(kind, Segmenter)]
SIZE = 96


def tensor(*boxes):
    return torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4)


# what is learnt from


def drawn_maps(cells, boxes, labels, instances=None):
    """The truth of a crop as full maps; classes other than 0 span."""
    labels = torch.tensor(labels, dtype=torch.int64)
    owners = None if instances is None else pixels_by_cell(instances, 2)
    found = class_maps(cells, boxes, labels, labels > 0, owners)
    truth, known = torch.zeros(2, len(found.classes), *cells.shape, dtype=torch.bool)
    truth[:, cells], known[:, cells] = found.truth, found.known
    return truth, known


def test_class_maps_ink_in_the_box_is_the_symbols():
    cells = torch.zeros(8, 8, dtype=torch.bool)
    cells[2:5, 2:5] = True
    cells[0, 0] = True
    truth, known = drawn_maps(cells, tensor([1, 1, 6, 6]), [0])
    assert truth[0].sum() == 9
    assert (known[0] == cells).all()


def test_class_maps_ledger_line_does_not_split_its_notehead():
    cells = torch.ones(6, 10, dtype=torch.bool)
    truth, known = drawn_maps(cells, tensor([2, 1, 8, 5], [0, 2, 10, 3]), [0, 2])
    assert truth[:, 2, 4].all()
    assert known[0].all()


def test_class_maps_without_masks_smaller_symbols_in_a_slurs_box_are_unknown():
    cells = torch.ones(10, 20, dtype=torch.bool)
    truth, known = drawn_maps(cells, tensor([0, 0, 20, 10], [4, 4, 8, 8]), [3, 0])
    assert known[0].all()
    assert not known[1, 4:8, 4:8].any()
    assert known[1].sum() == truth[1].sum() == 200 - 16


def test_class_maps_smaller_slur_in_a_larger_ones_box_stays_slur():
    cells = torch.ones(10, 20, dtype=torch.bool)
    truth, known = drawn_maps(cells, tensor([0, 0, 20, 10], [4, 4, 8, 8]), [3, 3])
    assert truth.all()
    assert known.all()


def test_class_maps_with_masks_slur_owns_its_ink_and_others_are_unknown():
    instances = torch.zeros(20, 40, dtype=torch.int64)
    instances[2, :] = 1  # the slur, an arc of a pixel's width
    instances[8:16, 8:16] = 2  # a notehead below it
    cells = torch.ones(10, 20, dtype=torch.bool)  # and staff lines all over
    truth, known = drawn_maps(cells, tensor([0, 0, 20, 10], [4, 4, 8, 8]), [3, 0], instances)
    notehead, slur = truth
    assert (notehead == (instances == 2)[::2, ::2]).all()
    assert slur[1].all()
    assert slur.sum() == 20
    assert (~known[1]).sum() == 16  # the notehead might lie on more of it; the staff lines are not it
    assert not known[1, 4:8, 4:8].any()


@pytest.mark.parametrize("left", np.arange(10, 12, 0.25))
def test_ink_cells_keep_the_thinnest_stem(left):
    image = torch.zeros(1, 1, 40, 40)
    image[..., 10:30, int(left) : int(np.ceil(left + 1.5))] = 1
    truth, _ = drawn_maps(ink_cells(image, 2)[0], tensor([left, 10, left + 1.5, 30]) / 2, [1])
    assert truth[0, 5:15].any(1).all()


def test_class_maps_boxes_beyond_the_crop_are_cut():
    cells = torch.ones(8, 8, dtype=torch.bool)
    truth, _ = drawn_maps(cells, tensor([-9, -9, -2, -2], [6, 6, 20, 20]), [0, 0])
    assert truth[0].sum() == 4


# how it is learnt


def test_cross_entropy_equals_the_explicit_sum():
    torch.manual_seed(0)
    logits = torch.randn(4, 30)
    maps = ClassMaps(torch.tensor([1, 3]), torch.rand(2, 30) > 0.5, torch.rand(2, 30) > 0.2)
    truth, known = torch.zeros(4, 30), torch.ones(4, 30)
    truth[maps.classes], known[maps.classes] = maps.truth.float(), maps.known.float()
    cost = torch.nn.functional.binary_cross_entropy_with_logits(logits, truth, known, reduction="sum")
    torch.testing.assert_close(cross_entropy(logits, maps), cost / 30)


def test_dice_loss_weighs_classes_equally():
    truth = torch.zeros(2, 1000, dtype=torch.bool)
    truth[0, :4] = truth[1, 4:] = True
    maps = ClassMaps(torch.arange(2), truth, torch.ones_like(truth))
    assert (dice_loss(torch.full((2, 1000), -12.0), maps) > 0.75).all()
    assert (dice_loss(torch.where(truth, 12.0, -12.0), maps) < 0.01).all()


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


def test_components_separate_symbols_have_exact_boxes():
    shapes = [(0, 3, 5, 16, 17), (0, 21, 5, 34, 16), (1, 41, 4, 43, 33)]
    found = components(*drawn(*shapes), stride=2)
    assert boxes_of(found, 0) == [(3, 5, 16, 17), (21, 5, 34, 16)]
    assert boxes_of(found, 1) == [(41, 4, 43, 33)]
    np.testing.assert_allclose(found.scores, 0.9, rtol=1e-5)


def test_components_touching_symbols_of_a_class_merge():
    found = components(*drawn((0, 4, 4, 16, 14), (0, 16, 8, 28, 18)), stride=2)
    assert boxes_of(found, 0) == [(4, 4, 28, 18)]


def test_components_touching_symbols_of_different_classes_stay_apart():
    found = components(*drawn((0, 4, 4, 16, 14), (1, 16, 8, 28, 18)), stride=2)
    assert boxes_of(found, 0) + boxes_of(found, 1) == [(4, 4, 16, 14), (16, 8, 28, 18)]


def test_components_score_is_the_mean_probability():
    probability = np.zeros((1, 5, 5), np.float32)
    probability[0, 1, 1:4] = 0.6, 0.8, 1.0
    found = components(probability, np.ones((10, 10), bool), 2)
    np.testing.assert_allclose(found.scores, [0.8], rtol=1e-6)


def test_components_odd_edge_and_component_without_ink():
    probability = np.zeros((1, 4, 4), np.float32)
    probability[0, 3, 3] = probability[0, 0, 0] = 1
    ink = np.zeros((7, 7), bool)
    ink[6, 6] = True
    assert boxes_of(components(probability, ink, 2), 0) == [(0, 0, 2, 2), (6, 6, 7, 7)]


def test_components_of_an_empty_map_are_none():
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


@pytest.mark.slow
@pytest.mark.parametrize("name", BASELINES)
def test_segmenter_learns_a_crop_and_finds_its_symbols(name, monkeypatch):
    monkeypatch.setitem(SIZES, "tiny", EncoderSize((16, 16, 16, 16, 16), (1, 1, 1, 1)))
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


@pytest.mark.slow
def test_segmenter_learns_from_instance_masks():
    torch.manual_seed(0)
    detector = DETECTORS["unet"](CLASSES, encoder="light", channels=16).eval()
    image, boxes, labels = crop()
    ink = to_ink(image)
    target = detector.targets(boxes, labels, image.shape)
    # the ink in each box is its symbol's own, so masks say the same as boxes ...
    instances = torch.zeros(SIZE, SIZE, dtype=torch.int64)
    for number, (x0, y0, x1, y1) in enumerate(boxes.astype(int), 1):
        instances[y0:y1, x0:x1] = number
    by_boxes, by_masks = (detector(ink, [t]) for t in (target, target | {"instances": instances}))
    torch.testing.assert_close(by_masks, by_boxes)
    # ... until a beam's ink turns out not to be its own
    by_masks = detector(ink, [target | {"instances": instances * (instances != 3)}])
    assert not torch.isclose(by_masks["cross_entropy"], by_boxes["cross_entropy"])


@pytest.mark.parametrize("name", BASELINES)
def test_segmenter_config_holds_its_options(name):
    detector = DETECTORS[name](CLASSES, encoder="light", channels=16)
    again = DETECTORS[name](**detector.config)
    assert again.config == detector.config
    assert again.trunk.channels == 16


def test_segmenters_are_registered():
    assert {"unet", "fcn32s", "fcn16s", "fcn8s", "deeplab"} <= set(BASELINES)
