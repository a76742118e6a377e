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
