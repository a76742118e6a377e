"""Which recogniser of words is installed."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from omr.text.rapid import Rapid
from omr.text.recogniser import Recogniser
from omr.text.tesseract import Tesseract


@cache
def load_recogniser() -> Recogniser | None:
    """Load the recogniser that is installed.

    Returns
    -------
    Recogniser or None
        RapidOCR where it and a runtime for it are installed; else Tesseract; None where neither is.
    """
    if find_spec("rapidocr") and (find_spec("onnxruntime") or find_spec("openvino")):
        return Rapid()
    if find_spec("tesserocr"):
        return Tesseract()
    return None
