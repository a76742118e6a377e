"""DWDNet on a runtime without PyTorch: pages to symbols."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from omr.detectors.landscape import ClassLayers, find_instances, score_instances, stored_decoding
from omr.detectors.search import Found, search
from omr.detectors.tiling import OVERLAP, Tiles, blend
from omr.errors import InputError
from omr.page import Symbol
from omr.runtime.choice import choose
from omr.runtime.net import Net
from omr.watershed.presets import PRESETS

PAPER = 255
"""Grey value of the paper that pads a page to the size of its tiles."""


class CompiledDetector:
    """DWDNet with a net that a runtime has loaded; finds what `DeepWatershedDetector` finds.

    Parameters
    ----------
    net : Net
        Its header says how its maps are to be read.

    Attributes
    ----------
    classes : tuple of str
        The names that it tells apart.
    space : float
        Staff space, in pixels, at which it sees pages.
    min_score : float
        Score, 0 to 1, below which a symbol is not shown.
    """

    name = "dwdnet"

    def __init__(self, net: Net) -> None:
        config, tuning, shape = (json.loads(net.header[key]) for key in ("config", "tuning", "net"))
        self._net = net
        self.classes: tuple[str, ...] = tuple(config["classes"])
        self.space = float(config["space"])
        self.min_score = float(tuning["min_score"])
        self._stride, self._view = int(shape["stride"]), int(shape["view"])
        self._layers = ClassLayers.of(self.classes, config.get("layers"))
        self._decoding, self._calibration = stored_decoding(tuning, PRESETS[config["cut"]].start)

    def detect(self, image: NDArray[np.uint8], staff_space: float | None = None) -> list[Symbol]:
        """Find the symbols of a page at any resolution.

        Parameters
        ----------
        image : array (height, width) of uint8
            Grey values; 0 is black.
        staff_space : float, optional
            Of the page, in its pixels; without it the page is taken to be at `space` already.

        Returns
        -------
        list of Symbol
            Every candidate, best first, whatever its score. Boxes in pixels of `image`, refined by its ink.
        """
        return search(image, staff_space, self.space, self.classes, self.find)

    def find(self, grey: NDArray[np.uint8]) -> Found:
        """Find the symbols of a page at the staff space `space`.

        Parameters
        ----------
        grey : array (height, width) of uint8
            0 is black.

        Returns
        -------
        Found
            In pixels of `grey`.

        Raises
        ------
        InputError
            When the net's weights hold numbers that are not finite.
        """
        energy, features = self.maps(grey)
        if not np.isfinite(energy.sum()):
            raise InputError("the net's weights hold numbers that are not finite; export or train them again")

        def read(
            layer: NDArray[np.int64], row: NDArray[np.int64], column: NDArray[np.int64]
        ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            return self._net.cells(features[row, column], layer, row, column)

        landscape = np.ascontiguousarray(energy.transpose(2, 0, 1))
        found = find_instances(landscape, read, self._layers, self._decoding)
        return Found(found.boxes * self._stride, found.classes, score_instances(found, self._calibration))

    def maps(self, grey: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Compute the maps of a page, tile by tile.

        Parameters
        ----------
        grey : array (height, width) of uint8
            0 is black.

        Returns
        -------
        energy : array (h, w, layers)
            From 0 to 1.
        features : array (h, w, channels)
            Both may be overwritten by the next call.
        """
        tiles = Tiles.covering(grey.shape[0], grey.shape[1], self._view, OVERLAP)
        below, right = tiles.padding
        padded = np.pad(grey, ((0, below), (0, right)), constant_values=PAPER)[None, None]
        energy, features = blend(padded, self._net.maps, tiles, self._stride, _like)
        return energy, features


def _like(values: NDArray[np.float32], like: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give an array the precision of another."""
    return values.astype(like.dtype, copy=False)


def load_onnx(path: Path, runtime: str | None = None) -> CompiledDetector:
    """Load a net that `omr export-model` wrote.

    Parameters
    ----------
    path : Path
        The .onnx file.
    runtime : str, optional
        "openvino" or "onnxruntime"; by default the preferred one that is installed.

    Returns
    -------
    CompiledDetector

    Raises
    ------
    InputError
        When the file is no net of this program, or the runtime is not installed.
    """
    name = choose(runtime)
    if name == "torch":
        raise InputError(f"{path}: PyTorch runs no ONNX; give the .safetensors file, or install openvino")
    net = _load(name, path)
    try:
        return CompiledDetector(net)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: no net of this program; write one with `omr export-model`") from error


def _load(runtime: str, path: Path) -> Net:
    """Load a file by a runtime, which is imported here."""
    if runtime == "openvino":
        from omr.runtime.openvino_net import OpenVinoNet

        return OpenVinoNet(path)
    from omr.runtime.onnxruntime_net import OnnxRuntimeNet

    return OnnxRuntimeNet(path)
