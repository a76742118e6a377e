"""Which runtime computes the net."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec

from omr.errors import InputError

RUNTIMES: Mapping[str, str] = {
    "openvino": "bfloat16 where the processor has it, else float32",
    "onnxruntime": "float32",
    "torch": "bfloat16 where the processor or the GPU has it, else float32; the only one on a GPU",
}
"""What each runtime computes in, the preferred one first: with bfloat16, a map of 1024 x 1024 pixels
takes OpenVINO 0.24 s, PyTorch 0.26 s and onnxruntime 0.48 s on two cores."""

VARIABLE = "OMR_RUNTIME"
"""Environment variable that names the runtime to use in place of the preferred one."""


def installed() -> list[str]:
    """List the runtimes that are installed, the preferred one first; imports none of them.

    Returns
    -------
    list of str
        Keys of `RUNTIMES`.
    """
    return [name for name in RUNTIMES if find_spec(name) is not None]


def choose(wanted: str | None = None) -> str:
    """Choose the runtime for the processor.

    Parameters
    ----------
    wanted : str, optional
        A key of `RUNTIMES`; by default what the environment variable OMR_RUNTIME names, else the first
        that is installed.

    Returns
    -------
    str

    Raises
    ------
    InputError
        When there is no such runtime, or none is installed.
    """
    here = installed()
    name = wanted or os.environ.get(VARIABLE)
    if name is None:
        if here:
            return here[0]
        raise InputError("no runtime to read pages with: run `pip install openvino`")
    if name not in RUNTIMES:
        raise InputError(f"{name}: no such runtime; choose one of {', '.join(RUNTIMES)}")
    if name not in here:
        raise InputError(f"{name}: not installed; run `pip install {name}`, or use {' or '.join(here)}")
    return name
