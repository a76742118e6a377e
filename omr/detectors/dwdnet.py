"""DWDNet, the Deep Watershed Detector: a fully convolutional trunk with energy, class and box heads.

L. Tuggener, I. Elezi, J. Schmidhuber, T. Stadelmann, "Deep Watershed Detector for Music Object
Recognition", ISMIR 2018. How the energy landscape is encoded and decoded stands in `omr.watershed`; this
module is the net that predicts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from omr.detectors.base import Detector
from omr.detectors.calibration import Calibration
from omr.detectors.heads import MEAN_LOG_SIZE, Heads
from omr.detectors.landscape import ClassLayers, find_instances, score_instances, stored_decoding
from omr.detectors.search import CANONICAL_SPACE, Found
from omr.detectors.tensor_tiling import blend_tensors
from omr.detectors.trunks import make_trunk
from omr.vocabulary import LAYERS
from omr.watershed import Decoding, Instances, Targets, encode
from omr.watershed.energy_outputs import ENERGY_OUTPUTS
from omr.watershed.losses import balanced, box_loss, class_loss, symbol_weight
from omr.watershed.peak_shapes import PEAK_SHAPES
from omr.watershed.presets import PRESETS

MIN_LEARNT_ENERGY = 0.25
"""True energy, 0 to 1, from which a cell learns the class and box of its symbol (release 0.1.0)."""

MAX_LEARNT_CELLS = 4096
"""Cells of a crop that learn class and box; of more, this many at random: they bound memory and time."""

MAX_HIDDEN = 1.0
"""Pixels by which an edge of a symbol may lie beyond its crop and is still learnt as seen (release 0.1.0)."""


FIRST_BOX_WEIGHT = 0.25
"""Weight of the box loss in the first batch of a ramp: in a fresh net the gradients of the box loss at the
features are four times those of the class loss."""

MIN_TYPICAL_SIDE = 0.5
"""Pixels to which thinner boxes are widened before the median size of a class is taken."""


class Maps(NamedTuple):
    """What the net sees on a page.

    Attributes
    ----------
    energy : tensor (h, w, layers)
        From 0 to 1, float32.
    features : tensor (h, w, channels)
        Of the trunk.
    """

    energy: Tensor
    features: Tensor


class DeepWatershedDetector(Detector):
    """DWDNet, the default detector.

    Parameters
    ----------
    classes : sequence of str
        Names of the core vocabulary, which knows the layer of each.
    trunk : str
        A name in `omr.detectors.trunks.TRUNKS`.
    peaks : str
        What the peak of a symbol spans: a name in `omr.watershed.peak_shapes.PEAK_SHAPES`.
    heights : str
        How the net outputs energy: a name in `omr.watershed.energy_outputs.ENERGY_OUTPUTS`.
    cut : str
        How the landscape is cut into symbols: a name in `omr.watershed.presets.PRESETS`.
    space : float
        Staff space, in pixels, at which it sees pages.
    layers : mapping of str to str, optional
        Layers of classes that these weights were trained with in another layer than the vocabulary's.
    sizes : str or sequence of (width, height), optional
        "class" starts each box from the median size of its class in the training data, which `fit_to` puts in
        its place, in pixels. Without it all boxes start from one size.
    box_ramp : int
        Batches over which the weight of the box loss rises from `FIRST_BOX_WEIGHT` to 1: boxes have the
        largest gradients of a fresh net and drown those of classes and energy. 0 for weight 1 throughout.
    cut_symbols : str
        How symbols that a crop cuts are weighed in the energy loss: "whole" as others, "visible" by the
        visible part of their area, since a crop does not tell where the centre of the whole is.
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
        sizes: str | Sequence[Sequence[float]] | None = None,
        box_ramp: int = 0,
        cut_symbols: str = "whole",
        **options: Any,
    ) -> None:
        super().__init__(tuple(classes))
        self.space = float(space)
        variant: dict[str, Any] = {"peaks": peaks, "heights": heights, "cut": cut, "space": self.space}
        variant |= {"layers": dict(layers)} if layers else {}
        variant |= {"box_ramp": box_ramp} if box_ramp else {}
        variant |= {"cut_symbols": cut_symbols} if cut_symbols != "whole" else {}
        self._config = {"trunk": trunk, **variant, **options}
        self.box_ramp = box_ramp
        self.batches: Tensor
        if box_ramp:  # stored with the weights, so that a resumed training goes on
            self.register_buffer("batches", torch.zeros((), dtype=torch.long))
        self.weigh_cut = _named({"whole": False, "visible": True}, "cut_symbols", cut_symbols)
        self.peak_shape = _named(PEAK_SHAPES, "peaks", peaks)
        self.energy_output = _named(ENERGY_OUTPUTS, "heights", heights)
        self.preset = _named(PRESETS, "cut", cut)
        self.trunk = make_trunk(trunk, **options)
        self.class_layers = ClassLayers.of(self.classes, layers)
        self.heads = Heads(self.trunk.channels, len(self.classes), len(LAYERS), self.energy_output)
        in_layer = torch.from_numpy(self.class_layers.layer_of)[None] == torch.arange(len(LAYERS))[:, None]
        self.in_layer: Tensor
        self.register_buffer("in_layer", in_layer, persistent=False)
        self.log_sizes: Tensor | None
        self.register_buffer("log_sizes", None, persistent=False)
        self._set_sizes(sizes)
        self.decoding = self.preset.start
        self.calibration = Calibration()
        self.register_load_state_dict_pre_hook(_add_shortcut)  # type: ignore[no-untyped-call]

    @property
    def config(self) -> dict[str, Any]:
        """The constructor's arguments, as JSON types; stored with the weights."""
        return super().config | self._config

    @property
    def thresholds(self) -> dict[str, Any]:
        """`min_score`, decoding and calibration, as JSON types; stored with the weights."""
        return super().thresholds | {
            "decoding": asdict(self.decoding),
            "calibration": asdict(self.calibration),
        }

    def set_thresholds(self, stored: dict[str, Any]) -> None:
        """Set what was selected on validation pages.

        Parameters
        ----------
        stored : dict
            As `thresholds` gives it; missing fields of the decoding are those of the preset.
        """
        super().set_thresholds(stored)
        self.decoding, self.calibration = stored_decoding(stored, self.preset.start)

    def _set_sizes(self, sizes: str | Sequence[Sequence[float]] | None) -> None:
        """Set the sizes that boxes start from: pixels of each class, or "class" until `fit_to` knows them."""
        if sizes is None:
            return
        if isinstance(sizes, str):
            _named({"class": None}, "sizes", sizes)
            self.log_sizes = torch.full((len(self.classes), 2), MEAN_LOG_SIZE)
        else:
            self.log_sizes = (torch.tensor(sizes, dtype=torch.float32) / self.trunk.stride).log()
        self._config |= {"sizes": sizes if isinstance(sizes, str) else [list(size) for size in sizes]}

    # training

    def fit_to(self, boxes: NDArray[np.float32], labels: NDArray[np.int64]) -> None:
        """Take the median size of each class from the training data, where boxes start from it.

        Parameters
        ----------
        boxes : array (n, 4)
            Of all symbols: x0, y0, x1, y1 in pixels at the staff space `space`.
        labels : array (n,)
            Indices into `classes`.
        """
        if self.log_sizes is None:
            return
        size = np.maximum(boxes[:, 2:] - boxes[:, :2], MIN_TYPICAL_SIDE)
        usual = [float(np.exp(MEAN_LOG_SIZE)) * self.trunk.stride] * 2
        self._set_sizes(
            [
                np.median(size[labels == k], 0).round(2).tolist() if (labels == k).any() else usual
                for k in range(len(self.classes))
            ]
        )

    def targets(
        self, boxes: NDArray[np.float32], labels: NDArray[np.int64], shape: tuple[int, int]
    ) -> dict[str, Tensor]:
        """Encode a crop's truth as an energy landscape.

        Parameters
        ----------
        boxes : array (n, 4)
            x0, y0, x1, y1 in pixels of the crop; they may reach beyond it.
        labels : array (n,)
            Indices into `classes`.
        shape : (height, width)
            Of the crop, in pixels.

        Returns
        -------
        dict of tensors
            "energy" and "weight" (layers, h, w) of the landscape; for the m cells that learn class and
            box "cells" (3, m) layer, row and column, "labels" (m,), "boxes" (m, 4) in cells,
            "cell_weight" (m,), and "seen" (m, 4): which edges of the box lie inside the crop.
        """
        stride = self.trunk.stride
        cells = np.asarray(boxes / stride, np.float32)
        peaks = self.peak_shape(cells)
        layers = self.class_layers.layer_of[labels]
        target = encode(peaks, layers, (len(LAYERS), shape[0] // stride, shape[1] // stride))
        weight = symbol_weight(torch.from_numpy(peaks))
        hidden = np.concatenate([-boxes[:, :2], boxes[:, 2:] - shape[::-1]], 1)
        if self.weigh_cut:
            weight = weight * torch.from_numpy(_visible_share(boxes, shape))
        core = _learnt_cells(target)
        layer, row, column = core
        owner = target.owner[layer, row, column]
        energy = torch.from_numpy(target.energy)
        return {
            "energy": energy,
            "weight": torch.cat([torch.ones(1), weight])[torch.from_numpy(target.owner + 1)],
            "cells": torch.from_numpy(core),
            "labels": torch.from_numpy(labels[owner]),
            "boxes": torch.from_numpy(cells[owner]),
            "cell_weight": weight[owner] * energy[layer, row, column],
            "seen": torch.from_numpy(hidden[owner] <= MAX_HIDDEN),
        }

    def ignore_regions(self, targets: dict[str, Tensor], boxes: NDArray[np.float32]) -> dict[str, Tensor]:
        """Give no weight to the cells inside regions, but for cells in the peak of a known symbol.

        Parameters
        ----------
        targets : dict of tensors
            Of the crop, as `targets` made them.
        boxes : array (n, 4)
            The regions: x0, y0, x1, y1 in pixels of the crop.

        Returns
        -------
        dict of tensors
            With another "weight".
        """
        weight = targets["weight"].clone()
        free = targets["energy"] == 0
        low, high = np.floor(boxes[:, :2] / self.trunk.stride), np.ceil(boxes[:, 2:] / self.trunk.stride)
        for x0, y0, x1, y1 in np.concatenate([low, high], 1).clip(0).astype(int):
            weight[:, y0:y1, x0:x1][free[:, y0:y1, x0:x1]] = 0
        return targets | {"weight": weight}

    def losses(self, images: Tensor, targets: list[dict[str, Tensor]]) -> dict[str, Tensor]:
        """Compute the losses of a batch.

        Parameters
        ----------
        images : tensor (N, 1, H, W)
            Ink: 0 paper, 1 ink.
        targets : list of dict of tensors
            Of each image.

        Returns
        -------
        dict of str to tensor
            "energy", "class" and "box", each a scalar.
        """
        features = self.trunk(images)
        loss = self.energy_output.loss(
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
        typical = self._typical_sizes(logits.detach().softmax(1))
        predicted = self.heads.read_boxes(at_cells, layer, row, column, typical)
        return {
            "energy": loss,
            "class": class_loss(logits, labels, weight),
            "box": self._box_weight() * box_loss(predicted, boxes, weight, seen),
        }

    def _box_weight(self) -> float:
        """Weigh the box loss of the next batch, and count the batch."""
        if not self.box_ramp or not self.training:
            return 1.0
        done = min(1.0, int(self.batches) / self.box_ramp)
        self.batches += 1
        return FIRST_BOX_WEIGHT + (1 - FIRST_BOX_WEIGHT) * done

    def _typical_sizes(self, probabilities: Tensor) -> Tensor | float:
        """Natural logarithm (m, 2) of the size, in cells, that the boxes of cells start from."""
        return MEAN_LOG_SIZE if self.log_sizes is None else probabilities @ self.log_sizes

    def class_logits(self, features: Tensor, layer: Tensor) -> Tensor:
        """Compute the class logits of cells; classes of other layers get no probability.

        Parameters
        ----------
        features : tensor (m, channels)
        layer : tensor (m,)

        Returns
        -------
        tensor (m, classes)
            float32.
        """
        logits: Tensor = self.heads.classes(features)
        return logits.float().masked_fill(~self.in_layer[layer], -1e4)

    # use

    def forward_maps(self, ink: Tensor) -> Maps:
        """Compute the maps of one image, whole.

        Parameters
        ----------
        ink : tensor (1, 1, H, W)
            0 paper, 1 ink; H and W multiples of 32.

        Returns
        -------
        Maps
            h and w are H and W divided by the trunk's stride.
        """
        features = self.trunk(ink)
        energy = self.energy_output.energy(self.heads.energy(features))
        return Maps(energy[0].permute(1, 2, 0), features[0].permute(1, 2, 0))

    def forward_cells(
        self, features: Tensor, layer: Tensor, row: Tensor, column: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Compute class and box of cells.

        Parameters
        ----------
        features : tensor (m, channels)
            Of the cells.
        layer, row, column : tensors (m,)
            Positions of the cells.

        Returns
        -------
        probabilities : tensor (m, classes)
        boxes : tensor (m, 4)
            x0, y0, x1, y1 in cells.
        """
        probabilities = functional.softmax(self.class_logits(features, layer), 1)
        typical = self._typical_sizes(probabilities)
        return probabilities, self.heads.read_boxes(features, layer, row, column, typical)

    def maps(self, ink: Tensor) -> Maps:
        """Compute the maps of a page, tile by tile.

        Parameters
        ----------
        ink : tensor (1, 1, H, W)
            0 paper, 1 ink.

        Returns
        -------
        Maps
            h and w are H and W divided by the trunk's stride, rounded up.
        """
        ink = ink.to(self.dtype)
        return Maps(*blend_tensors(ink, self.forward_maps, self.trunk.stride, self.trunk.view))

    def instances(self, maps: Maps, decoding: Decoding) -> Instances:
        """Decode the landscape of a page.

        Parameters
        ----------
        maps : Maps
            Of the page.
        decoding : Decoding
            Thresholds.

        Returns
        -------
        Instances
            Fragments of long symbols joined, glyphs inside better ones of their class dropped.
        """

        def read(*cell: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            layer, row, column = (torch.from_numpy(axis).to(maps.features.device) for axis in cell)
            told = self.forward_cells(maps.features[row, column], layer, row, column)
            probabilities, boxes = (values.cpu().numpy() for values in told)
            return probabilities, boxes

        energy = np.ascontiguousarray(maps.energy.permute(2, 0, 1).cpu().numpy())
        return find_instances(energy, read, self.class_layers, decoding)

    @torch.inference_mode()
    def find(self, ink: Tensor) -> Found:
        """Find the symbols of a page.

        Parameters
        ----------
        ink : tensor (1, 1, H, W)
            0 paper, 1 ink, at the staff space `space`.

        Returns
        -------
        Found
            In pixels of `ink`.
        """
        found = self.instances(self.maps(ink), self.decoding)
        return Found(found.boxes * self.trunk.stride, found.classes, self.scores(found))

    def scores(self, found: Instances) -> NDArray[np.float32]:
        """Score instances by the calibration.

        Parameters
        ----------
        found : Instances

        Returns
        -------
        array (n,)
            Probabilities, 0 to 1, that the instances are correct.
        """
        return score_instances(found, self.calibration)


def _visible_share(boxes: NDArray[np.float32], shape: tuple[int, int]) -> NDArray[np.float32]:
    """Part (n,) of the area of boxes, 0 to 1, that lies in a crop."""
    inside = boxes.clip(0, [shape[1], shape[0]] * 2)
    areas = [np.maximum(of[:, 2:] - of[:, :2], 1e-6).prod(1) for of in (inside, boxes)]
    return np.asarray(areas[0] / areas[1], np.float32)


def _learnt_cells(target: Targets) -> NDArray[np.int64]:
    """Layer, row and column (3, m) of the cells that learn class and box."""
    core = np.stack(np.nonzero(target.energy >= MIN_LEARNT_ENERGY))
    if core.shape[1] > MAX_LEARNT_CELLS:
        rng = np.random.default_rng(core.shape[1])
        core = core[:, rng.choice(core.shape[1], MAX_LEARNT_CELLS, replace=False)]
    return core


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
    """Look an option's value up, or list the choices."""
    if name not in parts:
        raise ValueError(f"no {option} is called {name!r}; choose one of {', '.join(parts)}")
    return parts[name]
