import numpy as np
import pytest
import torch
from torchvision.models.detection.image_list import ImageList

from omr.baselines.anchors import AnchorGrid, by_shape, fit_anchors, shape_iou, tolerance
from omr.registry import DETECTORS

SHAPES = ((1.5, 40), (14, 12), (60, 7), (5, 5))


def boxes_of(shapes, counts, seed=0):
    """Boxes of given shapes, a tenth larger or smaller, anywhere; the shape's number is the label."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(shapes)), counts)
    size = np.array(shapes)[labels] * rng.uniform(0.9, 1.1, (len(labels), 2))
    corner = rng.uniform(0, 500, (len(labels), 2))
    return np.concatenate([corner, corner + size], 1).astype(np.float32), labels


def test_fit_anchors_finds_rare_shapes():
    boxes, labels = boxes_of(SHAPES, (5000, 500, 300, 60))
    anchors = np.array(fit_anchors(boxes, labels, len(SHAPES)))
    assert shape_iou(np.array(SHAPES, float), anchors).max(1).min() > 0.85
    assert (np.diff(anchors.prod(1)) >= 0).all()


def test_fit_anchors_more_than_shapes_works():
    boxes, labels = boxes_of(SHAPES[:1], (1,))
    assert len(fit_anchors(boxes, labels, 6)) == 6


def test_fit_anchors_without_boxes_is_refused():
    with pytest.raises(ValueError, match="no boxes"):
        fit_anchors(np.zeros((0, 4), np.float32), np.zeros(0, np.int64), 3)


def test_anchor_grid_centres_every_anchor_on_every_cell():
    grid = AnchorGrid([[(2.5, 8)], [(10, 4), (6, 6)]])
    maps = [torch.zeros(1, 3, 4, 6), torch.zeros(1, 3, 2, 3)]
    (laid,) = grid(ImageList(torch.zeros(1, 1, 16, 24), [(16, 24)]), maps)
    assert laid.shape == (4 * 6 + 2 * 3 * 2, 4)
    assert laid[0].tolist() == [0.75, -2, 3.25, 6]
    assert laid[7].tolist() == [4 + 0.75, 4 - 2, 4 + 3.25, 4 + 6]  # second row, second column
    assert laid[25].tolist() == [1, 1, 7, 7]  # the other anchor of the coarse level's first cell


def test_tolerance_is_that_of_the_shorter_side_for_thin_shapes():
    assert tolerance((2, 292)) < tolerance((5, 5)) < tolerance((14, 12)) < tolerance((60, 60))
    assert tolerance((0.3, 50)) == 0


def test_by_shape_deals_thin_shapes_to_the_finest_level_whatever_their_area():
    fine, coarse = by_shape([(30, 30), (2, 292), (5, 5), (60, 60)], [(0, 3), (2, 4)])
    assert fine == [(2, 292), (5, 5), (30, 30)] and coarse == [(30, 30), (60, 60)]


def test_anchors_of_release_0_1_0_are_shared_out_evenly_in_their_order():
    flat = [(float(side), 4.0) for side in range(1, 7)]
    detector = DETECTORS["faster_rcnn"](("stem", "beam"), encoder="tiny", anchors=flat)
    assert detector.grid.levels == [flat[:2], flat[2:4], flat[4:]]
    detector.fit_to(*boxes_of(SHAPES, (30, 30, 30, 30)))
    assert [len(level) for level in detector.grid.levels] == [2, 2, 2]


@pytest.mark.parametrize("name", ["faster_rcnn", "ssd", "yolo"])
def test_config_keeps_fitted_anchors(name):
    detector = DETECTORS[name](("stem", "beam"), encoder="tiny")
    detector.fit_to(*boxes_of(SHAPES, (30, 30, 30, 30)))
    again = DETECTORS[name](**detector.config)
    assert again.anchors == detector.anchors != list(detector.typical)


def test_anchors_that_cannot_be_shared_out_are_refused():
    with pytest.raises(ValueError, match="evenly"):
        DETECTORS["yolo"](("stem",), anchors=[(4, 4)])
    with pytest.raises(ValueError, match="of 1 levels; the detector has 3"):
        DETECTORS["yolo"](("stem",), anchors=[[(4, 4)]])
