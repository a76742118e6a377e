"""Nets that read pages without PyTorch: DWDNet as ONNX, on OpenVINO or onnxruntime.

``choice``
    which runtimes are installed, and which one is used;
``net``
    what a net of a runtime gives;
``openvino_net``, ``onnxruntime_net``
    the two runtimes;
``detector``
    pages to symbols with such a net.

A name is imported when it is first asked for, so that listing the runtimes imports none.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
