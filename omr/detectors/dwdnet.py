"""DWDNet, the Deep Watershed Detector: a fully convolutional trunk with energy, class and box heads.

L. Tuggener, I. Elezi, J. Schmidhuber, T. Stadelmann, "Deep Watershed Detector
for Music Object Recognition", ISMIR 2018. How the energy landscape is drawn and
cut stands in `omr.watershed`; here is the net that predicts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from omr.detectors.base import CANONICAL_SPACE, Detector, Found
from omr.detectors.calibration import Calibration
from omr.detectors.tiling import blend
from omr.detectors.trunks import OVERLAP, make_trunk
from omr.vocabulary import BY_NAME, LAYERS
from omr.watershed import Decoding, Instances, decode, encode, join_pieces, standing_alone
from omr.watershed.cuts import CUTS
from omr.watershed.heights import HEIGHTS, Heights
from omr.watershed.losses import balanced, box_loss, class_loss, symbol_weight
from omr.watershed.peaks import PEAKS

CORE = 0.25
"""Energy from which on a cell learns its symbol's class and box."""
MOST_CELLS = 4096
"""Cells of a crop that learn class and box; more are thinned at random."""

SHORT_LINES = ("stem", "ledgerLine", "graceNoteAcciaccaturaStemUp", "graceNoteAcciaccaturaStemDown")
"""Drawn lines that the net sees whole: they never come in pieces, and a page has thousands."""


class Heads(nn.Module):
    """Energy, class and box from the trunk's features, cell by cell.

    The heads see one cell at a time (the trunk has looked around), so class and
    box need only be computed where a symbol is.
    """

    def __init__(self, channels: int, classes: int, layers: int, heights: Heights) -> None:
        super().__init__()
        self.layers = layers
        summit = nn.Conv2d(32, layers * heights.outputs, 1)
        assert summit.bias is not None
        with torch.no_grad():
            summit.bias.copy_(heights.bias().repeat(layers))
        self.energy = nn.Sequential(nn.Conv2d(channels, 32, 1), nn.ReLU(), summit)
        self.classes = nn.Sequential(nn.Linear(channels, 160), nn.ReLU(), nn.Linear(160, classes))
        self.boxes = nn.Sequential(nn.Linear(channels, 128), nn.ReLU(), nn.Linear(128, 4 * layers))

    def read_boxes(self, features: Tensor, layer: Tensor, row: Tensor, column: Tensor) -> Tensor:
        """Boxes (m, 4) in cells, from features (m, channels) and the positions (m,) of their cells.

        The net predicts where in its symbol the cell lies, in units of the
        symbol's size, and the logarithm of that size: all of order one, for a
        dot and for a slur across the page.
        """
        raw = self.boxes(features).float().view(-1, self.layers, 4)
        raw = raw[torch.arange(len(layer), device=raw.device), layer]
        size = (raw[:, 2:].clamp(-4, 6) + 1.5).exp()
        centre = torch.stack([column, row], 1) + 0.5 + raw[:, :2] * (size + 1)
        return torch.cat([centre - size / 2, centre + size / 2], 1)


class DeepWatershedDetector(Detector):
    """The default detector.

    Parameters
    ----------
    classes : sequence of str
        Names of the core vocabulary (which knows the layer of each).
    trunk : str
        A name in `omr.detectors.trunks.TRUNKS`.
    peaks, heights, cut : str
        What a peak spans, how the net tells heights, and how the landscape is
        cut: names in `omr.watershed.peaks.PEAKS`, `omr.watershed.heights.HEIGHTS`
        and `omr.watershed.cuts.CUTS`. The defaults are DWDNet as we know it best;
        the others show what each of its parts is good for.
    space : float
        Staff space, in pixels, at which it sees pages.
    layers : mapping of str to str, optional
        Classes that these weights were taught in another layer than the vocabulary has them in now.
    **options
        For the trunk, e.g. ``encoder="medium"``.
    """

    name = "dwdnet"

    def __init__(
        self,
        classes: Sequence[str],
        trunk: str = "refinenet",
        *,
        peaks: str = "sized",
        heights: str = "regression",
        cut: str = "watershed",
        space: float = CANONICAL_SPACE,
        layers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(tuple(classes))
        self.space = float(space)
        parts: dict[str, Any] = {"peaks": peaks, "heights": heights, "cut": cut, "space": self.space}
        parts |= {"layers": dict(layers)} if layers else {}
        self._config = {"trunk": trunk, **parts, **options}
        self.span = _named(PEAKS, "peaks", peaks)
        self.heights = _named(HEIGHTS, "heights", heights)
        self.cut = _named(CUTS, "cut", cut)
        self.trunk = make_trunk(trunk, **options)
        layer_of = {name: BY_NAME[name].layer for name in self.classes} | dict(layers or {})
        self.layer_of = np.array([LAYERS.index(layer_of[c]) for c in self.classes])
        self.heads = Heads(self.trunk.channels, len(self.classes), len(LAYERS), self.heights)
        in_layer = torch.from_numpy(self.layer_of)[None] == torch.arange(len(LAYERS))[:, None]
        self.register_buffer("in_layer", in_layer, persistent=False)
        self.lines = (self.layer_of != LAYERS.index("glyph")) & ~np.isin(self.classes, SHORT_LINES)
        self.decoding = self.cut.start
        self.calibration = Calibration()
        self.register_load_state_dict_pre_hook(_add_shortcut)

    @property
    def config(self) -> dict[str, Any]:
        return super().config | self._config

    @property
    def thresholds(self) -> dict[str, Any]:
        return super().thresholds | {
            "decoding": asdict(self.decoding),
            "calibration": asdict(self.calibration),
        }

    def set_thresholds(self, stored: dict[str, Any]) -> None:
        super().set_thresholds(stored)
        self.decoding = Decoding(**asdict(self.cut.start) | stored.get("decoding", {}))
        scores: dict[str, Any] = stored.get("calibration", {})
        pairs = {key: tuple(value) for key, value in scores.items() if isinstance(value, list)}  # from JSON
        self.calibration = Calibration(**scores | pairs)

    # training

    def targets(
        self, boxes: NDArray[np.float32], labels: NDArray[np.int64], shape: tuple[int, int]
    ) -> dict[str, Tensor]:
        """Energy map (layers, h, w), its weight, and the cells that learn class and box."""
        cells = boxes / self.trunk.stride
        size = (len(LAYERS), shape[0] // self.trunk.stride, shape[1] // self.trunk.stride)
        peaks = self.span(cells)
        target = encode(peaks, self.layer_of[labels], size)
        beyond = np.concatenate([-boxes[:, :2], boxes[:, 2:] - shape[::-1]], 1)
        weight = symbol_weight(torch.from_numpy(peaks))
        core = np.stack(np.nonzero(target.energy >= CORE))
        if core.shape[1] > MOST_CELLS:
            rng = np.random.default_rng(core.shape[1])
            core = core[:, rng.choice(core.shape[1], MOST_CELLS, replace=False)]
        layer, row, column = core
        owner = target.owner[layer, row, column]
        energy = torch.from_numpy(target.energy)
        cell_weight = torch.cat([torch.ones(1), weight])[torch.from_numpy(target.owner + 1)]
        return {
            "energy": energy,
            "weight": cell_weight,
            "cells": torch.from_numpy(core),
            "labels": torch.from_numpy(labels[owner]),
            "boxes": torch.from_numpy(cells[owner]),
            "cell_weight": weight[owner] * energy[layer, row, column],
            "seen": torch.from_numpy(beyond[owner] <= 1),
        }

    def ignore_regions(self, targets: dict[str, Tensor], boxes: NDArray[np.float32]) -> dict[str, Tensor]:
        """Give no weight to the cells in the boxes (n, 4), but for cells in the peak of a known symbol."""
        weight = targets["weight"].clone()
        free = targets["energy"] == 0
        low, high = np.floor(boxes[:, :2] / self.trunk.stride), np.ceil(boxes[:, 2:] / self.trunk.stride)
        for x0, y0, x1, y1 in np.concatenate([low, high], 1).clip(0).astype(int):
            weight[:, y0:y1, x0:x1][free[:, y0:y1, x0:x1]] = 0
        return targets | {"weight": weight}

    def losses(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        features = self.trunk(images)
        loss = self.heights.loss(
            self.heads.energy(features),
            torch.stack([t["energy"] for t in targets]),
            torch.stack([t["weight"] for t in targets]),
        )
        layer, row, column = torch.cat([t["cells"] for t in targets], 1)
        counts = torch.tensor([t["cells"].shape[1] for t in targets], device=layer.device)
        page = torch.arange(len(targets), device=layer.device).repeat_interleave(counts)
        at_cells = features.permute(0, 2, 3, 1)[page, row, column]
        labels, boxes, weight, seen = (
            torch.cat([t[key] for t in targets]) for key in ("labels", "boxes", "cell_weight", "seen")
        )
        weight = balanced(weight, labels)
        logits = self.class_logits(at_cells, layer)
        predicted = self.heads.read_boxes(at_cells, layer, row, column)
        return {
            "energy": loss,
            "class": class_loss(logits, labels, weight),
            "box": box_loss(predicted, boxes, weight, seen),
        }

    def class_logits(self, features: Tensor, layer: Tensor) -> Tensor:
        """Logits (m, classes) of cells (m, channels); classes of other layers are out of the question."""
        in_layer: Tensor = self.in_layer  # type: ignore[assignment]
        return self.heads.classes(features).float().masked_fill(~in_layer[layer], -1e4)

    # use

    def features(self, ink: Tensor) -> Tensor:
        """The trunk's blended features (1, channels, H / stride, W / stride) of a page."""
        ink = ink.to(self.dtype, memory_format=torch.channels_last)
        return blend(ink, self.trunk, self.trunk.stride, self.trunk.view, OVERLAP)[None]

    def instances(self, features: Tensor, how: Decoding) -> Instances:
        """Cut the landscape that the heads see in a page's `features`."""
        energy = self.heights.energy(self.heads.energy(features))[0]
        at = features[0].permute(1, 2, 0)

        def read(*cell: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            layer, row, column = (torch.from_numpy(axis).to(features.device) for axis in cell)
            vector = at[row, column]
            probabilities = functional.softmax(self.class_logits(vector, layer), 1)
            boxes = self.heads.read_boxes(vector, layer, row, column)
            return probabilities.cpu().numpy(), boxes.cpu().numpy()

        found = decode(energy, read, how)
        found = join_pieces(found, self.lines)
        glyphs = self.layer_of[found.classes] == LAYERS.index("glyph")
        return found.only(~glyphs | standing_alone(found))

    @torch.inference_mode()
    def find(self, ink: Tensor) -> Found:
        found = self.instances(self.features(ink), self.decoding)
        return Found(found.boxes * self.trunk.stride, found.classes, self.scores(found))

    def scores(self, found: Instances) -> NDArray[np.float32]:
        """Chances (n,) that instances are right; of the classes of one symbol all but the likeliest share
        what that leaves, since only one can be.
        """
        scores = self.calibration(found.peaks, found.votes, found.classes)
        best = np.zeros(found.symbols.max(initial=-1) + 1, np.float32)
        np.maximum.at(best, found.symbols, scores)
        likeliest = best[found.symbols]
        return np.where(scores < likeliest, np.minimum(scores, 1 - likeliest), scores)


def _add_shortcut(detector: nn.Module, state: dict[str, Tensor], prefix: str, *_: Any) -> None:
    """Add a shortcut that the heads give no weight to weights of a RefineNet that had none."""
    shortcut = getattr(detector.trunk, "shortcut", None)
    if shortcut is None or any(key.startswith(f"{prefix}trunk.shortcut.") for key in state):
        return
    state |= shortcut.state_dict(prefix=f"{prefix}trunk.shortcut.")
    for name in ("energy", "classes", "boxes"):
        key = f"heads.{name}.0.weight"
        stored = state[prefix + key]
        state[prefix + key] = stored.new_zeros(detector.get_parameter(key).shape)
        state[prefix + key][:, : stored.shape[1]] = stored


Part = TypeVar("Part")


def _named(parts: Mapping[str, Part], option: str, name: str) -> Part:
    if name not in parts:
        raise ValueError(f"no {option} is called {name!r}; choose one of {', '.join(parts)}")
    return parts[name]
