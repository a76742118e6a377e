"""What each of DWDNet's parts gives back, and what its replacements can't."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from scipy import ndimage
from torch.nn import functional

from omr.watershed import Decoding, Instances, basins, decode, encode
from omr.watershed.encoding import Floats, Ints
from omr.watershed.energy_outputs import ENERGY_OUTPUTS, LEVELS, Levels
from omr.watershed.peak_shapes import PEAK_SHAPES, STAMP
from omr.watershed.presets import PRESETS

SHAPE = (2, 80, 100)
OVERLAPPING = [[20, 30, 27, 36], [24, 31, 31, 37]]


def round_trip(
    boxes: ArrayLike,
    layers: ArrayLike,
    peaks: str = "sized",
    heights: str = "regression",
    how: Decoding | None = None,
) -> Instances:
    """What comes back when every cell tells the truth as well as it can; class i is box i."""
    true = np.asarray(boxes, np.float32).reshape(-1, 4)
    targets = encode(PEAK_SHAPES[peaks](true), np.asarray(layers, np.int64), SHAPE)
    energy = ENERGY_OUTPUTS[heights].energy(told(heights, torch.from_numpy(targets.energy[None])))[0].numpy()

    def read(layer: Ints, row: Ints, column: Ints) -> tuple[Floats, Floats]:
        owner = targets.owner[layer, row, column]
        return np.eye(len(true), dtype=np.float32)[owner], true[owner]

    return decode(energy, read, how)


def told(heights: str, energy: torch.Tensor) -> torch.Tensor:
    """The outputs (N, layers * outputs, height, width) of a net that knows the energy."""
    if heights == "regression":
        return energy.clamp(1e-6, 1 - 1e-6).logit()
    sure = functional.one_hot(Levels().level(energy), LEVELS) * 20.0
    return sure.movedim(-1, 2).flatten(1, 2)


def assert_same(found: Instances, boxes: ArrayLike) -> None:
    order = np.argsort(found.classes)
    np.testing.assert_array_equal(found.classes[order], np.arange(len(np.asarray(boxes))))
    np.testing.assert_allclose(found.boxes[order], np.asarray(boxes), atol=1e-3)


# --- peaks ------------------------------------------------------------------------------------------


def scattered(seed: int, apart: float) -> tuple[Floats, Ints]:
    """Boxes of all sizes; the centres of those of a layer are this far apart along an axis, or further."""
    rng = np.random.default_rng(seed)
    kept: list[tuple[int, Floats, Floats]] = []
    for _ in range(60):
        size = np.exp(rng.uniform(np.log(0.5), np.log((60, 40))))
        centre, layer = rng.uniform(3, (SHAPE[2] - 3, SHAPE[1] - 3)), int(rng.integers(SHAPE[0]))
        if all(abs(centre - other).max() >= apart for of, other, _ in kept if of == layer):
            kept.append((layer, centre, size))
    boxes = [np.concatenate([centre - size / 2, centre + size / 2]) for _, centre, size in kept]
    return np.array(boxes, np.float32), np.array([layer for layer, *_ in kept])


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_decode_stamps_gives_boxes_of_all_sizes_with_distant_centres(seed: int) -> None:
    # a cell may be half a cell off the centre, which costs a summit 0.5 / (STAMP / 2)
    boxes, layers = scattered(seed, apart=3.5)
    assert_same(round_trip(boxes, layers, peaks="stamp"), boxes)


def test_stamp_is_the_same_for_a_dot_and_a_beam() -> None:
    boxes = np.array([[10, 10, 12, 12], [0, 8, 60, 14]], np.float32)
    painted = PEAK_SHAPES["stamp"](boxes)
    np.testing.assert_allclose(painted[:, 2:] - painted[:, :2], STAMP)
    np.testing.assert_allclose(painted[:, :2] + painted[:, 2:], boxes[:, :2] + boxes[:, 2:])


def test_decode_two_parallel_lines_are_two_sized_peaks_but_one_stamp() -> None:
    lines = [[40, 20, 40.6, 44], [42, 20, 42.6, 44]]
    assert_same(round_trip(lines, [0, 0]), lines)
    assert (round_trip(lines, [0, 0], peaks="stamp").places == 0).sum() == 1


# --- heights ------------------------------------------------------------------------------------------


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
@pytest.mark.slow
def test_decode_levels_separates_stamps_with_saddles_a_level_below(seed: int) -> None:
    boxes, layers = scattered(seed, apart=5.0)
    assert_same(round_trip(boxes, layers, peaks="stamp", heights="levels"), boxes)


@pytest.mark.parametrize("heights", ENERGY_OUTPUTS)
def test_energy_output_of_the_true_energy_costs_next_to_nothing(heights: str) -> None:
    energy = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    kind = ENERGY_OUTPUTS[heights]
    raw = told(heights, energy)
    assert raw.shape == (2, 3 * kind.outputs, 8, 8)
    step = 0.5 / (LEVELS - 1) if heights == "levels" else 1e-5
    torch.testing.assert_close(kind.energy(raw), energy, atol=step + 1e-6, rtol=0)
    weight = torch.ones_like(energy)
    assert kind.loss(raw, energy, weight) < 1e-3 < kind.loss(raw.flip(3), energy, weight)


@pytest.mark.parametrize("heights", ENERGY_OUTPUTS)
def test_energy_output_bias_predicts_paper_without_certainty(heights: str) -> None:
    kind = ENERGY_OUTPUTS[heights]
    raw = kind.bias().repeat(2)[None, :, None, None]
    assert (kind.energy(raw) < 0.05).all()
    ink = torch.ones(1, 2, 1, 1)
    assert 0 < kind.loss(raw, 0 * ink, ink) < 0.2 * kind.loss(raw, ink, ink)


# --- cuts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_components_preset_gives_connected_components(seed: int) -> None:
    rng = np.random.default_rng(seed)
    energy = ndimage.gaussian_filter(rng.random(SHAPE), (0, 2, 2)).astype(np.float32)
    energy = (energy - energy.min()) / np.ptp(energy)
    cells, label = basins(energy, 0.5, PRESETS["components"].start.depth)
    ours = np.zeros(energy.size, np.int64)
    ours[cells] = label + 1
    in_layer = np.zeros((3, 3, 3))
    in_layer[1] = 1
    theirs, count = ndimage.label(energy > 0.5, in_layer)
    pairs = set(zip(ours.tolist(), theirs.ravel().tolist(), strict=True))
    assert len(pairs) == count + 1 == ours.max() + 1 > 5


def test_components_preset_low_threshold_merges_overlapping_symbols() -> None:
    touching = np.array([[20, 10, 27, 16], [20, 16, 27, 22]], np.float32)
    low, high = (Decoding(foreground=level, depth=1.0) for level in (0.2, 0.5))
    assert_same(round_trip(touching, [0, 0], how=low), touching)
    assert_same(round_trip(OVERLAPPING, [0, 0], how=high), OVERLAPPING)
    assert (round_trip(OVERLAPPING, [0, 0], how=low).places == 0).sum() == 1
    assert_same(round_trip(OVERLAPPING, [0, 0], how=Decoding(foreground=0.1)), OVERLAPPING)


def test_components_preset_high_threshold_loses_thin_symbols() -> None:
    stem = np.array([[50.7, 20, 51.3, 50]], np.float32)  # its middle between two columns of cells
    assert len(round_trip(stem, [0], how=Decoding(foreground=0.7, depth=1.0)).boxes) == 0
    assert_same(round_trip(stem, [0], how=Decoding(foreground=0.1)), stem)


def test_presets_options_keep_the_presets_apart() -> None:
    assert "depth" not in PRESETS["components"].options
    assert max(PRESETS["watershed"].options["depth"]) < 1 == PRESETS["components"].start.depth
    for cut in PRESETS.values():
        assert set(cut.options) <= set(Decoding.__dataclass_fields__)
