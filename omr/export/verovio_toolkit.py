"""Make verovio's toolkit, in any thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def make_toolkit(options: dict[str, Any]) -> Any:
    """Make a toolkit that finds its fonts.

    Verovio keeps the folder of its fonts for each thread, and sets it in the thread that imports it.

    Parameters
    ----------
    options : dict
        Verovio's options.

    Returns
    -------
    verovio.toolkit
        Without messages on stderr.

    Raises
    ------
    ModuleNotFoundError
        When verovio isn't installed.
    """
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit(False)
    toolkit.setResourcePath(str(Path(verovio.__file__).parent / "data"))
    toolkit.setOptions(options)
    return toolkit
