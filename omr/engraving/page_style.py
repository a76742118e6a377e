"""Choose the contents of a random page: each page prefers other signs, and rare classes are favoured."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from omr.engraving.music_ranges import STYLE
from omr.vocabulary import to_core

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")


class PageStyle:
    """Random decisions, each under a name.

    Every name has a factor that is drawn once per page, so that one page is full of slurs and the next of
    ornaments.

    Parameters
    ----------
    rng : numpy.random.Generator
    rare : sequence of str
        Class names (DeepScoresV2 or core) to favour.
    hinges : mapping of str to sequence of str
        The names of the decisions that a class depends on, where they differ from the name of the class.
    """

    def __init__(
        self, rng: np.random.Generator, rare: Sequence[str], hinges: Mapping[str, Sequence[str]]
    ) -> None:
        self.rng = rng
        self._power: dict[str, float] = {}
        self._density = float(rng.uniform(*STYLE.density))
        self._favour: dict[str, float] = {}
        for name in rare:
            core = to_core(name, "deepscores") or name
            self._favour |= dict.fromkeys((*hinges.get(name, ()), *hinges.get(core, ())), STYLE.hinge_favour)
        for name in rare:
            core = to_core(name, "deepscores") or name
            self._favour |= {name: STYLE.favour, core: STYLE.favour}

    def power(self, name: str) -> float:
        """Look up the factor of a decision on this page.

        Parameters
        ----------
        name : str
            Of the decision.

        Returns
        -------
        float
            Log-normal with median 1; large for favoured decisions.
        """
        if name not in self._power:
            factor = float(np.exp(self.rng.normal(0.0, STYLE.spread)))
            self._power[name] = self._favour[name] * max(factor, 1.0) if name in self._favour else factor
        return self._power[name]

    def wants(self, name: str, probability: float) -> bool:
        """Decide at random for or against something.

        Parameters
        ----------
        name : str
            Of the decision.
        probability : float
            Of a positive decision, 0 to 1, where the factor of the decision is 1.

        Returns
        -------
        bool
        """
        return bool(self.rng.random() >= (1.0 - probability) ** self.power(name))

    def marks(self, name: str, probability: float) -> bool:
        """Decide at random on a mark; some pages have many marks, others few.

        Parameters
        ----------
        name : str
            Of the decision.
        probability : float
            Of the mark on a page of average density, 0 to 1.

        Returns
        -------
        bool
        """
        return self.wants(name, min(STYLE.surest, probability * self._density))

    def pick(self, weights: Mapping[str, float]) -> str:
        """Choose one of several names.

        Parameters
        ----------
        weights : mapping of str to float
            Weight of each name, before the factors of this page.

        Returns
        -------
        str
        """
        names = list(weights)
        w = np.array([weights[n] * self.power(n) for n in names])
        return names[int(self.rng.choice(len(names), p=w / w.sum()))]

    def choice(self, options: Sequence[T]) -> T:
        """Choose one of several options, each with the same probability.

        Parameters
        ----------
        options : sequence
            At least one.

        Returns
        -------
        object
            The option.
        """
        return options[int(self.rng.integers(len(options)))]
