"""From a file to pages of symbols: everything between a path and a `Page`."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from omr.errors import InputError
from omr.images import PageImage, load_pages
from omr.page import Page
from omr.staves import find_staves, median_space
from omr.vocabulary import Names
from omr.vocabulary.context import classes_of, in_names, showing

if TYPE_CHECKING:
    from omr.detectors import Detector

STAFF_SPACES = (3.0, 400.0)
"""Staff spaces, in pixels, that can be meant; others would scale the page to nothing or beyond memory."""


LOW_CONFIDENCE = 0.05
"""Score from which a symbol too weak to be shown is kept as doubtful, for the music to confirm."""


class ScaleWarning(UserWarning):
    """No staff was seen on a page, so its scale is unknown and nothing was read."""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A detector and what is wanted of it; reads any number of files.

    Attributes
    ----------
    detector : Detector
    staff_space : float, optional
        Distance between neighbouring staff lines in pixels of the page, in
        place of the measured one.
    min_score : float, optional
        Symbols that score less, from 0 to 1, are left out; by default the
        detector's own `min_score`.
    classes : collection of str, optional
        Names of the symbols wanted, in the vocabulary `names`; all by default.
    names : {"core", "deepscores", "muscima"}
        The vocabulary of the symbols' names.
    dpi : int
        Resolution at which a PDF is rendered.

    Raises
    ------
    InputError
        When there is no such class, or the staff space can't be meant.
    """

    detector: Detector
    staff_space: float | None = None
    min_score: float | None = None
    classes: Collection[str] | None = None
    names: Names = "core"
    dpi: int = 300

    def __post_init__(self) -> None:
        low, high = STAFF_SPACES
        if self.staff_space is not None and not low <= self.staff_space <= high:
            raise InputError(
                f"{self.staff_space:g}: no staff space in pixels; give one from {low:g} to {high:g}"
            )
        known = classes_of(self.names)
        for name in self.classes or ():
            if name not in known:
                near = get_close_matches(name, known, n=3, cutoff=0.5)
                hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
                raise InputError(f"{name}: no such class among the {self.names} names; {hint}")

    def pages(self, source: str | Path) -> Iterator[Page]:
        """Read the pages of a file, each when it is asked for.

        Yields
        ------
        Page
            With its image and staves; symbols best first, in pixels of the image. What scores too
            little to be shown is there as `doubtful`, unless scores, classes or names are chosen.

        Raises
        ------
        InputError
            When the file can't be used.

        Warns
        -----
        ScaleWarning
            When no staff is found and no staff space is given: such a page has no symbols.
        """
        for image in load_pages(source, self.dpi):
            yield self.read(image)

    def read(self, image: PageImage, staff_space: float | None = None) -> Page:
        """Find the symbols of one page; `staff_space` is what to go by if no staff is seen on it."""
        height, width = image.grey.shape
        staves = tuple(find_staves(image.grey))
        page = Page(width, height, (), staves, image.source, image.number, image.grey)
        space = self.staff_space or median_space(staves) or staff_space
        if space is None:
            warnings.warn(
                f"{page.source}, page {page.number}: no staff found, so nothing was read; "
                "if the page has music, give the distance of its staff lines in pixels (--staff-space)",
                ScaleWarning,
                stacklevel=3,
            )
            return page
        least = self.detector.min_score if self.min_score is None else self.min_score
        symbols = self.detector.detect(image.grey, space)
        sure = self.detector.min_score
        page = replace(
            page,
            symbols=tuple(s for s in symbols if s.score >= least),
            low_confidence=tuple(s for s in symbols if LOW_CONFIDENCE <= s.score < sure),
            detected=None if least == sure else tuple(s for s in symbols if s.score >= sure),
        ).rounded()
        page = in_names(page, self.names)
        return page if self.classes is None else showing(page, lambda s: s.name in (self.classes or ()))


class Wanted(TypedDict, total=False):
    """The attributes of a `Reader` that may be given to `detect`."""

    staff_space: float | None
    min_score: float | None
    classes: Collection[str] | None
    names: Names
    dpi: int


def detect(
    source: str | Path, weights: str | Path = "printed", *, device: str = "auto", **wanted: Unpack[Wanted]
) -> Page:
    """Find the symbols on the first page of a file.

    Parameters
    ----------
    source : str or Path
        A PNG, JPEG, TIFF or PDF file.
    weights : str or Path
        Name of shipped weights, or a weights file.
    device : str
        "auto" (CUDA where there is one), "cpu", "cuda", ...
    **wanted
        ``staff_space``, ``min_score``, ``classes``, ``names``, ``dpi``, as for `Reader`.

    Returns
    -------
    Page
        With its image and staves; symbols best first, in pixels of the image.

    Raises
    ------
    InputError
        When the file, the weights, the device, a class or a number can't be used.

    Examples
    --------
    >>> page = detect("score.png", classes=["noteheadBlack"])  # doctest: +SKIP
    >>> page.save("score.json")  # doctest: +SKIP
    """
    return next(detect_pages(source, weights, device=device, **wanted))


def detect_pages(
    source: str | Path, weights: str | Path = "printed", *, device: str = "auto", **wanted: Unpack[Wanted]
) -> Iterator[Page]:
    """As `detect`, but every page of the file, each read when it is asked for."""
    from omr.registry import load

    return Reader(detector=load(weights, device), **wanted).pages(source)
