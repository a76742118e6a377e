"""Classes by name, imported when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from omr.detectors.base import Detector


class Registry(Mapping[str, type[Detector]]):
    """Detectors by name. Importing torchvision's parts takes seconds, so only who asks for them waits.

    Parameters
    ----------
    places : mapping of str to str
        From the name to ``module:class``.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self.places = dict(places)

    def __getitem__(self, name: str) -> type[Detector]:
        module, _, detector = self.places[name].partition(":")
        found: type[Detector] = getattr(import_module(module), detector)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)
