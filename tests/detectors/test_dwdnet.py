"""DWDNet with its net replaced by one that knows the truth."""

import numpy as np
import torch

from omr.detectors.dwdnet import Maps
from omr.registry import DETECTORS
from omr.vocabulary import BY_NAME, LAYERS
from omr.watershed import Instances

CLASSES = ("noteheadBlack", "stem", "beam", "slur")
BOXES = np.array([[20, 60, 32, 70], [30.5, 20, 32, 65], [30, 18, 90, 24], [10, 5, 120, 40]], np.float32)


def test_targets_decoded_give_symbols_of_all_layers(monkeypatch):
    detector = DETECTORS["dwdnet"](CLASSES).eval()
    truth = detector.targets(BOXES, np.arange(4), (96, 128))
    energy = truth["energy"].clamp(1e-4, 1 - 1e-4)
    owners = np.full(energy.shape, -1)
    owners[tuple(truth["cells"].numpy())] = truth["labels"].numpy()

    known = Maps(energy.permute(1, 2, 0), torch.zeros(48, 64, detector.trunk.channels))
    monkeypatch.setattr(detector, "maps", lambda ink: known)

    def read_boxes(features, layer, row, column, _):
        return torch.from_numpy(BOXES[owners[layer, row, column]] / detector.trunk.stride)

    monkeypatch.setattr(detector.heads, "read_boxes", read_boxes)
    # one class a layer, in the layers' order
    monkeypatch.setattr(detector, "class_logits", lambda features, layer: 20 * torch.eye(4)[layer])
    symbols = detector.detect(np.full((96, 128), 255, np.uint8))
    assert sorted(s.name for s in symbols) == sorted(CLASSES)
    for s in symbols:
        np.testing.assert_allclose(s.box, BOXES[CLASSES.index(s.name)], atol=0.01)


def test_class_logits_of_other_layers_are_excluded():
    detector = DETECTORS["dwdnet"](CLASSES)
    features = torch.randn(40, detector.trunk.channels) * 10
    layer = torch.arange(40) % len(LAYERS)
    winners = detector.class_logits(features, layer).argmax(1)
    for here, winner in zip(layer.tolist(), winners.tolist(), strict=True):
        assert BY_NAME[CLASSES[winner]].layer == LAYERS[here]


def test_targets_mark_edges_beyond_the_crop_unseen():
    detector = DETECTORS["dwdnet"](CLASSES)
    truth = detector.targets(
        np.array([[10, 10, 40, 30], [80, 10, 140, 30]], np.float32), np.array([2, 2]), (96, 96)
    )
    left = truth["cells"][2] < 30
    assert truth["seen"][left].all()
    assert (truth["seen"][~left] == torch.tensor([True, True, False, True])).all()


def test_layers_option_keeps_classes_in_their_trained_layer():
    names = ("noteheadBlack", "graceNoteAcciaccaturaStemUp")
    now = DETECTORS["dwdnet"](names, encoder="tiny")
    before = DETECTORS["dwdnet"](names, encoder="tiny", layers={names[1]: "glyph"})
    glyph, level = LAYERS.index("glyph"), LAYERS.index("level")
    assert now.class_layers.layer_of.tolist() == [glyph, level]
    assert before.class_layers.layer_of.tolist() == [glyph, glyph]
    config = {key: value for key, value in before.config.items() if key != "classes"}
    assert DETECTORS["dwdnet"](names, **config).class_layers.layer_of.tolist() == [glyph, glyph]
    assert "layers" not in now.config


def test_scores_of_less_likely_classes_are_at_most_the_rest():
    detector = DETECTORS["dwdnet"](CLASSES, encoder="tiny")
    peaks, votes = np.full(4, 0.95, np.float32), np.array([0.9, 0.8, 0.3, 0.8], np.float32)
    classes, symbols = np.array([0, 1, 2, 1]), np.array([0, 0, 0, 1])
    found = Instances(np.zeros((4, 4), np.float32), classes, peaks, votes, np.array([0, 1, 2, 0]), symbols)
    alone = detector.calibration(peaks, votes, classes)
    scores = detector.scores(found)
    assert scores[0] == alone[0] and scores[3] == alone[3] > 0.5  # the likeliest of each symbol
    np.testing.assert_allclose(scores[1:3], np.minimum(alone[1:3], 1 - alone[0]))
