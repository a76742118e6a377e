"""omr: finds every symbol on a page of music."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from omr.datasets import Dataset, open_dataset
    from omr.errors import InputError
    from omr.inference import detect, detect_pages
    from omr.model import DWDNet
    from omr.page import Box, Page, Staff, Symbol

__all__ = [
    "Box",
    "DWDNet",
    "Dataset",
    "InputError",
    "Page",
    "Staff",
    "Symbol",
    "detect",
    "detect_pages",
    "open_dataset",
]

_HOMES = {
    "Box": "omr.page:Box",
    "DWDNet": "omr.model:DWDNet",
    "Dataset": "omr.datasets:Dataset",
    "InputError": "omr.errors:InputError",
    "Page": "omr.page:Page",
    "Staff": "omr.page:Staff",
    "Symbol": "omr.page:Symbol",
    "detect": "omr.inference:detect",
    "detect_pages": "omr.inference:detect_pages",
    "open_dataset": "omr.datasets:open_dataset",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that `import omr` costs nothing."""
    if name == "__version__":
        from importlib.metadata import version

        return version("omr")
    if name not in _HOMES:
        raise AttributeError(f"module 'omr' has no attribute '{name}'")
    module, _, attribute = _HOMES[name].partition(":")
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
