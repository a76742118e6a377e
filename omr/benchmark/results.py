"""What a row's training and measuring came to."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from omr.benchmark.setup import read_json, write_json
from omr.errors import InputError


@dataclass(frozen=True)
class Training:
    """How a row was trained.

    Attributes
    ----------
    steps : int
    seconds : float
        Spent on learning; validation and the choice of thresholds are not in it.
    memory : int or None
        Peak of the (first) process, in bytes.
    rate : float
        Peak learning rate.
    curve : tuple of (int, float)
        Validation mAP50 after so many steps.
    """

    steps: int
    seconds: float
    memory: int | None
    rate: float
    curve: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Figures:
    """What was measured on the test pages; accuracies from 0 to 1.

    Attributes
    ----------
    groups : dict of str to (float or None)
        AP by size, see `omr.evaluation.detection.groups`; None where the truth has no such symbol.
    seconds : float
        Of a page, from grey image and staff space to symbols; the median.
    memory : int or None
        Peak of a process that reads the pages and does nothing else, in bytes.
    parameters : int
    multiply_adds : float
        Of 512 x 512 pixels of music at the canonical staff space, all of the net.
    pages, symbols, classes, candidates : int
        In the truth, and what was found in all.
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


@dataclass(frozen=True)
class Result:
    """A row's result, or why there is none.

    Attributes
    ----------
    row : str
    training : Training or None
    figures : Figures or None
    failure : str
        One line.
    """

    row: str
    training: Training | None = None
    figures: Figures | None = None
    failure: str = field(default="")

    def write(self, file: Path) -> None:
        write_json(file, asdict(self))

    @classmethod
    def read(cls, file: Path) -> Result:
        """Raises `InputError` when the file isn't one."""
        content = read_json(file)
        try:
            training, figures = content["training"], content["figures"]
            return cls(
                content["row"],
                training and training_of(training),
                figures and Figures(**figures),
                content["failure"],
            )
        except (KeyError, TypeError, ValueError):
            raise InputError(f"{file}: not a result; delete it to have the row made again") from None


def training_of(content: dict[str, Any]) -> Training:
    return Training(**content | {"curve": tuple((step, value) for step, value in content["curve"])})
