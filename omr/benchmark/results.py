"""The result of a table row: its training and its figures on the test pages."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from omr.benchmark.settings import read_json, write_json
from omr.errors import InputError


@dataclass(frozen=True)
class Training:
    """How a row was trained.

    Attributes
    ----------
    steps : int
        Optimiser steps.
    seconds : float
        Learning time; validation and threshold selection are not included.
    memory : int or None
        Peak memory of the process of rank 0, in bytes; see `omr.benchmark.cost.peak_memory`.
    rate : float
        Peak learning rate.
    curve : tuple of (int, float)
        Step and mAP50 (0 to 1) of each validation.
    """

    steps: int
    seconds: float
    memory: int | None
    rate: float
    curve: tuple[tuple[int, float], ...] = ()

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Training:
        """Build a training from its JSON form.

        Parameters
        ----------
        content : dict
            The attributes by name, as `dataclasses.asdict` gives them.

        Returns
        -------
        Training
        """
        return cls(**content | {"curve": tuple((step, value) for step, value in content["curve"])})


@dataclass(frozen=True)
class Figures:
    """Accuracy and cost of a row on the test pages.

    Attributes
    ----------
    map50, ap75, ap : float
        COCO's figures (0 to 1), means over the classes that have truth.
    groups : dict of str to (float or None)
        AP (0 to 1) by size group of `omr.evaluation.detection.size_groups`; None where the truth has no
        symbol of the group.
    seconds : float
        Median time of a page, from grey image and staff space to symbols.
    memory : int or None
        Peak memory, in bytes, of a process that reads the pages and does nothing else.
    parameters : int
        Parameters of the whole detector.
    multiply_adds : float
        Multiply-adds of the whole detector for 512 x 512 pixels of music at the canonical staff space.
    pages, symbols, classes : int
        Numbers of them in the truth.
    candidates : int
        Symbols found, whatever their score.
    frequent_map50, frequent_ap : float
        Means over the classes with at least `omr.benchmark.outcomes.LEAST_INSTANCES` true symbols.
    weighted_map50 : float
        AP at IoU .50, each class weighted by its number of true symbols.
    raw_map50, raw_ap : float
        `map50` and `ap` of the boxes as the net gives them, before they are refined by the page's ink.
    """

    map50: float
    ap75: float
    ap: float
    groups: dict[str, float | None]
    seconds: float
    memory: int | None
    parameters: int
    multiply_adds: float
    pages: int
    symbols: int
    classes: int
    candidates: int
    frequent_map50: float = 0.0
    frequent_ap: float = 0.0
    weighted_map50: float = 0.0
    raw_map50: float = 0.0
    raw_ap: float = 0.0


@dataclass(frozen=True)
class Result:
    """The result of a row, or the reason why there is none.

    Attributes
    ----------
    row : str
        Name of the row.
    training : Training or None
    figures : Figures or None
    failure : str
        One line; empty where the row succeeded.
    """

    row: str
    training: Training | None = None
    figures: Figures | None = None
    failure: str = ""

    def write(self, file: Path) -> None:
        """Write the result as JSON.

        Parameters
        ----------
        file : Path
        """
        write_json(file, asdict(self))

    @classmethod
    def read(cls, file: Path) -> Result:
        """Read a result from the JSON that `write` wrote.

        Parameters
        ----------
        file : Path

        Returns
        -------
        Result

        Raises
        ------
        InputError
            When the file holds anything else.
        """
        content = read_json(file)
        try:
            training, figures = content["training"], content["figures"]
            return cls(
                content["row"],
                training and Training.from_dict(training),
                figures and Figures(**figures),
                content["failure"],
            )
        except (KeyError, TypeError, ValueError):
            raise InputError(f"{file}: not a result; delete it to have the row made again") from None
