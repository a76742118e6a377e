"""The style of one random page: how often it chooses what, and how rare classes are favoured."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from omr.vocabulary import to_core

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")

FAVOUR, HINGE_FAVOUR = 12.0, 4.0
"""Chances that a favoured decision gets where others get one, and one that a favoured class hangs on."""


class PageStyle:
    """Random decisions, each under a name.

    A page has moods: every name gets its own factor, drawn once, so that one
    page is full of slurs and the next of ornaments.

    Parameters
    ----------
    rng : numpy.random.Generator
    rare : sequence of str
        Class names (DeepScoresV2 or core) wanted more of.
    hinges : mapping of str to sequence of str
        The decisions a class depends on, where they are not called like it.
    """

    def __init__(
        self, rng: np.random.Generator, rare: Sequence[str], hinges: Mapping[str, Sequence[str]]
    ) -> None:
        self.rng = rng
        self._power: dict[str, float] = {}
        self._busy = float(rng.uniform(0.35, 1.3))
        self._favour: dict[str, float] = {}
        for name in rare:
            core = to_core(name, "deepscores") or name
            self._favour |= dict.fromkeys((*hinges.get(name, ()), *hinges.get(core, ())), HINGE_FAVOUR)
        for name in rare:
            core = to_core(name, "deepscores") or name
            self._favour |= {name: FAVOUR, core: FAVOUR}

    def power(self, name: str) -> float:
        """The factor of a decision on this page."""
        if name not in self._power:
            mood = float(np.exp(self.rng.normal(0.0, 0.7)))
            self._power[name] = self._favour[name] * max(mood, 1.0) if name in self._favour else mood
        return self._power[name]

    def wants(self, name: str, probability: float) -> bool:
        """Decide for or against `name`; `probability` is that of a page without a mood."""
        return bool(self.rng.random() >= (1.0 - probability) ** self.power(name))

    def marks(self, name: str, probability: float) -> bool:
        """Decide on a mark: some pages are full of them, others nearly bare."""
        return self.wants(name, min(0.9, probability * self._busy))

    def pick(self, weights: Mapping[str, float]) -> str:
        """One of the names, by their weights."""
        names = list(weights)
        w = np.array([weights[n] * self.power(n) for n in names])
        return names[int(self.rng.choice(len(names), p=w / w.sum()))]

    def choice(self, options: Sequence[T]) -> T:
        """One of the options, all alike."""
        return options[int(self.rng.integers(len(options)))]
