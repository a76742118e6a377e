"""DWDNet with one part changed: it learns, is kept with its weights, and sees pages at its own scale."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from omr.detectors import CANONICAL_SPACE, Detector, save
from omr.detectors.base import to_ink
from omr.detectors.search import Found
from omr.errors import InputError
from omr.registry import DETECTORS, new_detector, read
from omr.watershed.presets import PRESETS
from tests.builders.crops import CLASSES, TINY, drawn, found_of


def tiny(**options: Any) -> Detector:
    torch.manual_seed(0)
    return DETECTORS["dwdnet"](CLASSES, **TINY["dwdnet"], **options)


@pytest.mark.slow
@pytest.mark.parametrize("options", [{"peaks": "stamp"}, {"heights": "levels"}], ids=str)
def test_variant_trained_and_read_again_finds_the_training_symbols(
    options: dict[str, str], tmp_path: Path
) -> None:
    image, boxes, labels = drawn()
    ink, net = to_ink(image), tiny(**options)
    wanted = net.targets(boxes, labels, image.shape)
    optimizer = torch.optim.AdamW(net.parameters(), lr=4e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=160)
    costs = []
    for step in range(160):
        net.train()
        loss = torch.stack(list(net(ink, [wanted]).values()))
        costs.append(loss.detach())
        loss.sum().backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 10)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        if step % 20 == 19 and found_of(net.eval().find(ink), boxes, labels) == (len(boxes), 0):
            break
    assert costs[-1].sum() < 0.2 * costs[0].sum()
    save(net, tmp_path / "x.safetensors")
    kept = read(tmp_path / "x.safetensors").eval()
    assert kept.config | options == kept.config
    assert found_of(kept.find(ink), boxes, labels) == (len(boxes), 0)


def test_read_weights_without_variant_options_gives_the_defaults() -> None:
    shipped = read("printed")
    assert {key: shipped.config[key] for key in ("peaks", "heights", "cut", "space")} == {
        "peaks": "sized",
        "heights": "regression",
        "cut": "watershed",
        "space": CANONICAL_SPACE,
    }


def test_cut_variants_share_weights() -> None:
    state = tiny().state_dict()
    net = tiny(cut="components")
    net.load_state_dict(state)
    assert net.decoding == PRESETS["components"].start
    net.set_thresholds({})
    assert net.decoding == PRESETS["components"].start  # not the watershed's
    tiny(space=8, peaks="stamp").load_state_dict(state)
    with pytest.raises(RuntimeError, match="size mismatch"):
        tiny(heights="levels").load_state_dict(state)


@pytest.mark.parametrize("space", [8, 16])
def test_detect_resizes_to_the_nets_own_staff_space(space: int, monkeypatch: pytest.MonkeyPatch) -> None:
    net = tiny(space=str(space)).eval()
    seen = []

    def find(ink: torch.Tensor) -> Found:
        seen.append(tuple(ink.shape[2:]))
        boxes = np.array([[space, space, 2 * space, 3 * space]], np.float32)  # a symbol of a space by two
        return Found(boxes, np.zeros(1, np.int64), np.ones(1, np.float32))

    monkeypatch.setattr(net, "find", find)
    page = np.full((480, 960), 255, np.uint8)
    (symbol,) = net.detect(page, 24)
    assert seen == [(20 * space, 40 * space)]
    np.testing.assert_allclose(symbol.box, (24, 24, 48, 72), atol=1e-3)
    net.detect(page)  # of a page of unknown staff space nothing can be said
    assert seen[1] == (480, 960)


@pytest.mark.parametrize("option", ["peaks", "heights", "cut"])
def test_new_detector_unknown_variant_lists_the_choices(option: str) -> None:
    with pytest.raises(InputError, match=rf"dwdnet: no {option} is called 'oak'; choose one of \w+, \w+$"):
        new_detector("dwdnet", CLASSES, **{option: "oak"})


# --- parts of the training --------------------------------------------------------------------------


def test_sizes_by_class_start_boxes_from_the_median_and_are_kept_with_the_weights(tmp_path: Path) -> None:
    _, boxes, labels = drawn()
    net = tiny(sizes="class")
    net.fit_to(boxes, labels)
    assert net.config["sizes"][1] == [2, 28]  # stems
    with torch.no_grad():
        for weight in net.heads.boxes.parameters():
            weight.zero_()
        for weight in net.heads.classes.parameters():
            weight.zero_()
        net.heads.classes[-1].bias[1] = 50
    place = torch.zeros(1, dtype=torch.long)
    layer = torch.from_numpy(net.class_layers.layer_of[1:2])
    features = torch.rand(1, net.trunk.channels)
    _, found = net.forward_cells(features, layer, place, place)
    assert ((found[0, 2:] - found[0, :2]) * net.trunk.stride).tolist() == pytest.approx([2, 28], rel=1e-3)
    save(net, tmp_path / "x.safetensors")
    torch.testing.assert_close(read(tmp_path / "x.safetensors").log_sizes, net.log_sizes)


def test_box_ramp_starts_low_and_counts_on_after_resuming() -> None:
    image, boxes, labels = drawn()
    net, plain = tiny(box_ramp=2), tiny()
    wanted = net.targets(boxes, labels, image.shape)
    full = plain(to_ink(image), [wanted])["box"].item()
    shares = [net(to_ink(image), [wanted])["box"].item() / full for _ in range(3)]
    assert shares == pytest.approx([0.25, 0.625, 1], rel=1e-4)
    again = tiny(box_ramp=2)
    again.load_state_dict(net.state_dict())
    assert int(again.batches) == 3


def test_cut_symbols_weigh_by_what_is_visible() -> None:
    boxes = np.array([[80, 10, 112, 20], [10, 10, 42, 20]], np.float32)  # the first is half outside
    labels = np.full(2, CLASSES.index("beam"))
    whole = tiny().targets(boxes, labels, (96, 96))
    visible = tiny(cut_symbols="visible").targets(boxes, labels, (96, 96))
    share = visible["cell_weight"] / whole["cell_weight"]
    assert share.unique().tolist() == pytest.approx([0.5, 1])


def test_parts_that_are_off_leave_weights_and_config_alone() -> None:
    net = tiny()
    assert not {"sizes", "box_ramp", "cut_symbols"} & net.config.keys()
    assert "batches" not in net.state_dict() and "log_sizes" not in net.state_dict()
    with pytest.raises(ValueError, match="no cut_symbols is called 'half'"):
        tiny(cut_symbols="half")
