"""Every detector by name; reads weights of any of them.

A detector is imported when it is first asked for: torchvision's detection models, on which most baselines
stand, take over a second to import. To add a detector, export its class from `omr.detectors` or
`omr.baselines` (`__init__.pyi`) and add an `Entry` to `DETECTORS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError

from omr import baselines, detectors
from omr.errors import InputError
from omr.extras import needing
from omr.weights import find_weights, shipped

if TYPE_CHECKING:
    from omr.detectors import Detector, PageDetector

ONNX = ".onnx"
"""End of the name of a file with a net that needs no PyTorch."""

GPU_DRIVERS = (Path("/dev/nvidia0"), Path("/dev/dxg"), Path("C:/Windows/System32/nvcuda.dll"))
"""Files of which one exists where a CUDA driver is installed: on Linux, in WSL and on Windows."""


@dataclass(frozen=True)
class Entry:
    """A detector in the registry.

    Attributes
    ----------
    find : callable
        Imports the class and returns it.
    summary : str
        One line for ``omr models``.
    """

    find: Callable[[], type[Detector]]
    summary: str


_NO_WEIGHTS = (SafetensorError, LookupError, ValueError, TypeError, AttributeError, RuntimeError)
"""What reading a file raises that has no weights, or not those of this program."""


class Registry(Mapping[str, "type[Detector]"]):
    """Detector classes by name, each imported when it is first asked for.

    Parameters
    ----------
    entries : mapping of str to Entry
        By the `name` of the class.
    """

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = dict(entries)

    def __getitem__(self, name: str) -> type[Detector]:
        entry = self._entries[name]
        with needing("train"):
            return entry.find()

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def summaries(self) -> dict[str, str]:
        """One line about each detector, by name; imports none of them."""
        return {name: entry.summary for name, entry in self._entries.items()}


DETECTORS = Registry(
    {
        "dwdnet": Entry(
            lambda: detectors.DeepWatershedDetector,
            "Deep Watershed Detector: a RefineNet with energy, class and box heads, cut by a watershed",
        ),
        "faster_rcnn": Entry(
            lambda: baselines.FasterRCNN,
            "Faster R-CNN (torchvision): region proposals, then class and box of each",
        ),
        "mask_rcnn": Entry(
            lambda: baselines.MaskRCNN, "Mask R-CNN (torchvision): Faster R-CNN that learns masks too"
        ),
        "fcis": Entry(
            lambda: baselines.FCIS,
            "FCIS: proposals scored by position-sensitive maps of what is inside and outside a symbol",
        ),
        "retinanet": Entry(
            lambda: baselines.RetinaNet,
            "RetinaNet (torchvision): every anchor classified at once, with the focal loss",
        ),
        "ssd": Entry(
            lambda: baselines.SSD, "SSD (torchvision): boxes from the encoder's features, without a pyramid"
        ),
        "yolo": Entry(
            lambda: baselines.Yolo, "YOLO: grids of three scales with boxes, confidence and class, as YOLOv3"
        ),
        "unet": Entry(
            lambda: baselines.UNetSegmenter,
            "U-Net: semantic segmentation, connected components of each class",
        ),
        "fcn32s": Entry(
            lambda: baselines.FCN32s,
            "FCN-32s: semantic segmentation from features of stride 32, connected components",
        ),
        "fcn16s": Entry(
            lambda: baselines.FCN16s,
            "FCN-16s: semantic segmentation from features of strides 32 and 16, connected components",
        ),
        "fcn8s": Entry(
            lambda: baselines.FCN8s,
            "FCN-8s: semantic segmentation from features of strides 32, 16 and 8, connected components",
        ),
        "deeplab": Entry(
            lambda: baselines.DeepLabSegmenter,
            "DeepLabv3+: atrous segmentation, optionally a CRF, connected components of each class",
        ),
        # the predecessors of Faster R-CNN
        "sliding_window": Entry(
            lambda: baselines.SlidingWindow, "Sliding window: a classifier at every place in every shape"
        ),
        "rcnn": Entry(
            lambda: baselines.RCNN, "R-CNN: regions proposed from the ink, each sent through the net"
        ),
        "sppnet": Entry(
            lambda: baselines.SPPNet,
            "SPP-net: regions of ink, spatial pyramids pooled from shared, frozen features",
        ),
        "fast_rcnn": Entry(
            lambda: baselines.FastRCNN,
            "Fast R-CNN: regions of ink, pooled from shared features",
        ),
    }
)
"""Every detector that can be trained, measured and used."""


def new_detector(name: str, classes: Sequence[str], **options: Any) -> Detector:
    """Build a detector with fresh weights.

    Parameters
    ----------
    name : str
        A name in `DETECTORS`.
    classes : sequence of str
        Names of the core vocabulary; their order is the order of the detector's outputs.
    **options
        Further arguments of the detector's class.

    Returns
    -------
    Detector
        In training mode, float32, on the CPU.

    Raises
    ------
    InputError
        When there is no detector of that name (the message lists them), or it refuses an option.
    """
    if name not in DETECTORS:
        raise InputError(f"{name}: no such detector; choose one of {', '.join(DETECTORS)}")
    try:
        return DETECTORS[name](tuple(classes), **options)
    except (ValueError, TypeError) as error:
        raise InputError(f"{name}: {error}") from error


def load(weights: str | Path, device: str = "auto", runtime: str | None = None) -> PageDetector:
    """Load a detector ready for use, by the runtime that suits the device.

    Shipped weights are read without PyTorch where OpenVINO or onnxruntime is installed and the device is the
    processor. A .safetensors file needs PyTorch, a .onnx file needs one of the two others.

    Parameters
    ----------
    weights : str or Path
        Name of shipped weights, or a .safetensors or .onnx file.
    device : str
        "auto" (CUDA where there is a GPU and PyTorch), "cpu", "cuda", "cuda:1", ...
    runtime : str, optional
        A name in `omr.runtime.RUNTIMES`; by default what the environment variable OMR_RUNTIME names, else
        the first that is installed and suits.

    Returns
    -------
    PageDetector
        With PyTorch a `Detector` in evaluation mode, with normalisation folded, in the fastest precision of
        the device.

    Raises
    ------
    InputError
        When there are no such weights, the file is not one of this program, the device does not exist, or
        the runtime is not installed.
    """
    path = find_weights(weights)
    from omr.runtime import choose, load_onnx

    if path.suffix == ONNX:
        return load_onnx(path, runtime)
    compiled = path.with_suffix(ONNX)
    if str(weights) in shipped() and compiled.is_file():
        by = "torch" if runtime is None and _wants_gpu(device) else choose(runtime)
        if by != "torch":
            return load_onnx(compiled, by)
    return load_tensors(weights, device)


def load_tensors(weights: str | Path, device: str = "auto") -> Detector:
    """Load a detector ready for use with PyTorch.

    Parameters
    ----------
    weights : str or Path
        Name of shipped weights, or a .safetensors file.
    device : str
        "auto" (CUDA where there is a GPU), "cpu", "cuda", "cuda:1", ...

    Returns
    -------
    Detector
        In evaluation mode, with normalisation folded, in the fastest precision of the device.

    Raises
    ------
    InputError
        When there are no such weights, the file is not one of this program, the device does not exist, or
        PyTorch is not installed.
    """
    with needing("train"):
        from omr.detectors.weights import ready

    return ready(read(weights), device)


def _wants_gpu(device: str) -> bool:
    """Tell whether a net is to run on a GPU, without importing PyTorch."""
    if device == "auto":
        return find_spec("torch") is not None and any(path.exists() for path in GPU_DRIVERS)
    return device != "cpu"


def read(weights: str | Path) -> Detector:
    """Read a detector as it was trained.

    Parameters
    ----------
    weights : str or Path
        Name of shipped weights, or a .safetensors file.

    Returns
    -------
    Detector
        In training mode, float32, on the CPU, with its normalisation layers.

    Raises
    ------
    InputError
        When there are no such weights, the file is not one of this program, or PyTorch is not installed.
    """
    path = find_weights(weights)
    if path.suffix == ONNX:
        raise InputError(f"{path}: only reads pages; for anything else give the .safetensors file")
    with needing("train"):
        from omr.detectors.weights import read_file
    try:
        meta, tensors = read_file(path)
        if not all(bool(tensor.isfinite().all()) for tensor in tensors.values()):
            raise ValueError("has numbers that are not finite")
        detector = DETECTORS[meta["detector"]](**json.loads(meta["config"]))
        detector.load_state_dict(tensors)
        detector.set_thresholds(json.loads(meta["tuning"]))
    except InputError:
        raise
    except _NO_WEIGHTS as error:
        raise InputError(f"{path}: not weights of this program; train some with `omr train`") from error
    return detector
