"""Optical music recognition: find every symbol on a page of music and read the music."""

from __future__ import annotations

import lazy_loader

from omr.formats import provide

_attribute, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that `import omr` takes no time."""
    if name == "__version__":
        from importlib.metadata import version

        from omr.extras import DISTRIBUTION

        return version(DISTRIBUTION)
    return _attribute(name)


def _load_formats() -> None:
    """Let the exporters register their formats when the first file is to be written."""
    import omr.export  # noqa: F401


provide(_load_formats)
