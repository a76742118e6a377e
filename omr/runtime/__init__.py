"""Nets that read pages without PyTorch: DWDNet as ONNX, on OpenVINO or onnxruntime.

``choice``
    which runtimes are installed, and which one is used;
``net``
    what a net of a runtime gives;
``openvino_net``, ``onnxruntime_net``
    the two runtimes;
``detector``
    pages to symbols with such a net.
"""

from omr.runtime.choice import RUNTIMES, choose, installed
from omr.runtime.detector import CompiledDetector, load_onnx

__all__ = ["RUNTIMES", "CompiledDetector", "choose", "installed", "load_onnx"]
