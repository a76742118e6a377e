"""From an image to a `Page` of symbols, with any detector, and to the `Score` on pages."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from omr import registry, text
from omr.detectors.search import CANONICAL_SPACE
from omr.errors import InputError
from omr.images import MIN_SIDE, PageImage, Source, load_pages, reduce_ink
from omr.normalise import find_flip, in_reading_order, is_upright, normalise, normalise_pages
from omr.page import Page, Symbol
from omr.staves import median_space
from omr.view import on_original
from omr.vocabulary import Names, check_names
from omr.vocabulary.translation import classes_of, core_page, in_names, showing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from omr.detectors import PageDetector
    from omr.normalise import NormalisedPage
    from omr.score import Score

LOG = logging.getLogger(__name__)

STAFF_SPACES = (3.0, 400.0)
"""Smallest and largest staff space, in pixels of the page, that is accepted: smaller ones would scale the
page to nothing, larger ones beyond memory. Release 0.1.0."""

RESOLUTIONS = (36, 1200)
"""Lowest and highest resolution, in dots an inch, at which a PDF is rendered. Release 0.1.0."""

MAX_READ_PIXELS = 20_000_000
"""Pixels of a page at most when its staves have the size that is read. A3 with staff spaces of 1 mm
has 18 million; each million takes 1.5 s on one core and 130 MB (examples/minuet.png, tiled 3 times 3)."""

LOW_STAFF_SPACE = 5.0
"""Staff space, in pixels, below which a page is said to have too low a resolution. Source: just above the
four pixels that the staff finder needs, with which noteheads, accidentals and rests of three engraved
validation pages have an F1 of 0.96."""

STAFF_SPACE_FACTOR = 1.5
"""Ratio of the staff space given to the one measured, or its inverse, from which a page is warned of."""

LOW_CONFIDENCE = 0.05
"""Minimum score (0 to 1) of a symbol kept as `Page.low_confidence` when it is below the detector's own
threshold. Release 0.1.0, chosen on validation pieces."""


class PageWarning(UserWarning):
    """Something about a page that its reader should know."""


class ScaleWarning(PageWarning):
    """The scale of a page is unknown, so it has no symbols; or the one given is not the one measured."""


class ResolutionWarning(PageWarning):
    """A page has so few pixels that notes may be wrong or missing."""


class MirrorWarning(PageWarning):
    """A page is a mirror image; it was read as if it were not."""


class Options(TypedDict, total=False):
    """The keyword arguments of a `Reader` that `detect`, `detect_pages` and `read` take."""

    staff_space: float | None
    min_score: float | None
    classes: Collection[str] | None
    names: Names
    dpi: int
    words: bool | None


class Reader:
    """A detector that keeps its weights loaded, and what is wanted of it; reads any number of sources.

    `min_score`, `classes` and `names` select what pages show. Music is always read from every symbol
    above the detector's own threshold, with what others confirm of those below it.

    Parameters
    ----------
    weights : str or Path
        Name of shipped weights (`omr models` lists them), or a weights file.
    device : str
        "auto" (CUDA where there is one), "cpu", "cuda", ...
    detector : PageDetector, optional
        One that is loaded already, in place of `weights` and `device`.
    staff_space : float, optional
        Distance between neighbouring staff lines in pixels of the page (3 to 400), in place of the
        measured one.
    min_score : float, optional
        Score from 0 to 1 below which symbols are not shown; by default the detector's own threshold,
        which was chosen on validation pages.
    classes : collection of str, optional
        Names of the symbols to show, in the vocabulary `names`; all by default.
    names : {"core", "deepscores", "muscima"}
        The vocabulary of the symbols' names.
    dpi : int
        Resolution at which a PDF is rendered (36 to 1200).
    words : bool, optional
        Whether to read words (titles, lyrics, directions); by default where a recogniser is installed.

    Raises
    ------
    InputError
        When the weights, the device, a class, a vocabulary or a number can't be used, or words are wanted and
        no recogniser is installed.

    Examples
    --------
    >>> reader = Reader("printed", device="cpu")  # doctest: +SKIP
    >>> for file in ("one.png", "two.pdf"):  # doctest: +SKIP
    ...     reader.read(file).save(file + ".musicxml")
    """

    def __init__(
        self,
        weights: str | Path = "printed",
        device: str = "auto",
        *,
        detector: PageDetector | None = None,
        staff_space: float | None = None,
        min_score: float | None = None,
        classes: Collection[str] | None = None,
        names: Names = "core",
        dpi: int = 300,
        words: bool | None = None,
    ) -> None:
        if staff_space is not None:
            _check_range("staff_space", staff_space, STAFF_SPACES)
        if min_score is not None:
            _check_range("min_score", min_score, (0, 1))
        _check_range("dpi", dpi, RESOLUTIONS)
        self.staff_space, self.min_score, self.dpi = staff_space, min_score, dpi
        self.names = check_names(names)
        self.recogniser = None if words is False else text.load_recogniser()
        if words and self.recogniser is None:
            raise InputError("words: no recogniser is installed; run `pip install 'omr-music[text]'`")
        self.classes = None if classes is None else _check_classes(classes, self.names)
        self.detector = registry.load(weights, device) if detector is None else detector

    def detect(self, source: Source | Sequence[Source]) -> Page:
        """Find the symbols on the first page of a source.

        Parameters
        ----------
        source : path, bytes, binary file, array, PIL image, or a list of these
            As for `detect_pages`.

        Returns
        -------
        Page

        Raises
        ------
        InputError
            When the source can't be used.
        """
        return next(self.detect_pages(source))

    def detect_pages(self, source: Source | Sequence[Source]) -> Iterator[Page]:
        """Find the symbols on every page of a source, each page when it is asked for.

        Parameters
        ----------
        source : path, bytes, binary file, array, PIL image, or a list of these
            See `omr.images.load_pages` for the formats of files and the types of arrays.

        Yields
        ------
        Page
            With its image and staves; symbols best first, in pixels of the image, rounded as in files. An
            image of two facing pages gives two, each with the view of its half.

        Raises
        ------
        InputError
            When the source can't be used.

        Warns
        -----
        ScaleWarning
            When no staff is found and no staff space is given: such a page has no symbols. When the staff
            space given is far from the one measured.
        ResolutionWarning
            When staff lines are nearer to each other than `LOW_STAFF_SPACE`.
        MirrorWarning
            When a page is a mirror image; it is read as if it were not.
        """
        for image in load_pages(source, self.dpi):
            yield from self.pages(image)

    def read(self, sources: Source | Sequence[Source]) -> Score:
        """Read the music on all pages of one piece.

        Parameters
        ----------
        sources : path, bytes, binary file, array, PIL image, or a list of these
            In order; a list is one piece.

        Returns
        -------
        Score
            Without parts where no page has a staff.

        Raises
        ------
        InputError
            When a source can't be used.
        """
        from omr.notation import pipeline  # not needed for symbols alone

        return pipeline.read([core_page(page) for page in self.detect_pages(sources)])

    def page(self, image: PageImage, staff_space: float | None = None) -> Page:
        """Find the symbols of one page image.

        Parameters
        ----------
        image : PageImage
        staff_space : float, optional
            In pixels, for a page on which no staff is found.

        Returns
        -------
        Page
            As from `detect_pages`.
        """
        return self._read(image, normalise(image.grey), staff_space)[0]

    def pages(self, image: PageImage) -> list[Page]:
        """Find the symbols of one image that may show two facing pages of an open book.

        Parameters
        ----------
        image : PageImage

        Returns
        -------
        list of Page
            As from `detect_pages`: one page, or two in the order they are read, each in pixels of the image.
        """
        read = [self._read(image, seen, None) for seen in normalise_pages(image.grey)]
        return [read[k][0] for k in in_reading_order([seen for _, seen in read])]

    def _read(
        self, image: PageImage, seen: NormalisedPage, staff_space: float | None
    ) -> tuple[Page, NormalisedPage]:
        """Find the symbols of a page of an image; give the page upright, too."""
        height, width = image.grey.shape
        page = Page(width, height, (), (), image.source, image.number, image.grey)
        space = self.staff_space or median_space(seen.staves) or staff_space
        LOG.debug("%s, page %d: %d staves, space %s px", page.source, page.number, len(seen.staves), space)
        if space is None:
            warnings.warn(
                f"{page.source}, page {page.number}: no staff found, so nothing was read; "
                "if the page has music, give the distance of its staff lines in pixels (--staff-space)",
                ScaleWarning,
                stacklevel=4,
            )
            return page, seen
        self._check_scale(page, space, median_space(seen.staves))
        sure = self.detector.min_score
        shown = sure if self.min_score is None else self.min_score
        symbols, seen = self._symbols(seen, space)
        texts = None
        if self.recogniser:
            texts = text.find_texts(
                seen.grey, seen.staves, [s for s in symbols if s.score >= sure], self.recogniser
            )
            symbols = list(text.without_letters(symbols, texts))
        if seen.view.mirrored:
            warnings.warn(
                f"{page.source}, page {page.number}: is mirrored, so it was read as its mirror image; "
                "scan it from the other side",
                MirrorWarning,
                stacklevel=4,
            )
        page = replace(
            page,
            symbols=tuple(s for s in symbols if s.score >= shown),
            staves=seen.staves,
            low_confidence=tuple(s for s in symbols if LOW_CONFIDENCE <= s.score < sure),
            ink=reduce_ink(seen.grey, space),
            detected=None if shown == sure else tuple(s for s in symbols if s.score >= sure),
            texts=texts,
        )
        if seen.changed:
            page = on_original(page, seen.view.rounded(), page)
        page = in_names(page.rounded(), self.names)
        if self.classes is not None:
            page = showing(page, lambda s: s.name in (self.classes or ()))
        return page, seen

    def _check_scale(self, page: Page, space: float, measured: float | None) -> None:
        """Refuse a staff space that no page of this size has; warn of one that others contradict."""
        where = f"{page.source}, page {page.number}"
        scale = CANONICAL_SPACE / space
        if page.width * page.height * scale**2 > MAX_READ_PIXELS:
            raise InputError(
                f"{where}: is too large for a staff space of {space:.3g} pixels: it has "
                f"{page.width * page.height * scale**2 / 1e6:.0f} million pixels as it is read, of at most "
                f"{MAX_READ_PIXELS / 1e6:.0f} million; cut it into pages, or give another --staff-space"
            )
        if min(page.width, page.height) * scale < MIN_SIDE:
            raise InputError(
                f"{where}: is too small for a staff space of {space:.3g} pixels; give another --staff-space"
            )
        if measured and max(space / measured, measured / space) > STAFF_SPACE_FACTOR:
            warnings.warn(
                f"{where}: has a staff space of {measured:.3g} pixels as measured, {space:.3g} was given; "
                "leave --staff-space out if little is found",
                ScaleWarning,
                stacklevel=5,
            )
        if measured and measured < LOW_STAFF_SPACE:
            warnings.warn(
                f"{where}: has a low resolution (staff lines {measured:.2g} pixels apart), so notes may be "
                "wrong; scan it with 200 dpi or more",
                ResolutionWarning,
                stacklevel=5,
            )

    def _symbols(self, seen: NormalisedPage, space: float) -> tuple[list[Symbol], NormalisedPage]:
        """Find the symbols of a page, turned upright where they say that it is not."""
        sure = self.detector.min_score

        def detect(grey: NDArray[np.uint8]) -> list[Symbol]:
            return [s for s in self.detector.detect(grey, space) if s.score >= sure]

        symbols = self.detector.detect(seen.grey, space)
        clear = [s for s in symbols if s.score >= sure]
        if is_upright(clear, seen.staves):
            return symbols, seen
        flip = find_flip(seen.grey, seen.staves, clear, detect)
        if not any(flip):
            return symbols, seen
        seen = seen.flipped(across=flip.across, down=flip.down)
        return self.detector.detect(seen.grey, space), seen


def _check_range(name: str, value: float, limits: tuple[float, float]) -> None:
    low, high = limits
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise InputError(f"{name}={value!r}: out of range; give a number from {low:g} to {high:g}")


def _check_classes(classes: Collection[str], names: Names) -> frozenset[str]:
    if isinstance(classes, str):
        raise InputError(f"classes={classes!r}: is one text; give a list, as [{classes!r}]")
    known = classes_of(names)
    for name in classes:
        if name not in known:
            near = get_close_matches(str(name), known, n=3, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
            raise InputError(f"{name}: no such class among the {names} names; {hint}")
    return frozenset(classes)


def detect(
    source: Source | Sequence[Source],
    weights: str | Path = "printed",
    *,
    device: str = "auto",
    **options: Unpack[Options],
) -> Page:
    """Find the symbols on the first page of a source.

    The weights are loaded at each call; a `Reader` keeps them.

    Parameters
    ----------
    source : path, bytes, binary file, array, PIL image, or a list of these
        Of a PNG, JPEG, TIFF or PDF file; see `omr.images.load_pages` for the types of arrays.
    weights : str or Path
        Name of shipped weights, or a weights file.
    device : str
        "auto" (CUDA where there is one), "cpu", "cuda", ...
    **options
        ``staff_space``, ``min_score``, ``classes``, ``names``, ``dpi``, ``words``, as for `Reader`.

    Returns
    -------
    Page
        With its image and staves; symbols best first, in pixels of the image.

    Raises
    ------
    InputError
        When the source, the weights, the device, a class or a number can't be used.

    Examples
    --------
    >>> page = detect("score.png", classes=["noteheadBlack"])  # doctest: +SKIP
    >>> page.save("score.json")  # doctest: +SKIP
    """
    return Reader(weights, device, **options).detect(source)


def detect_pages(
    source: Source | Sequence[Source],
    weights: str | Path = "printed",
    *,
    device: str = "auto",
    **options: Unpack[Options],
) -> Iterator[Page]:
    """Find the symbols on every page of a source, each page when it is asked for.

    Parameters
    ----------
    source, weights, device, **options
        As for `detect`.

    Yields
    ------
    Page
        As `detect` returns.

    Raises
    ------
    InputError
        When the source, the weights, the device, a class or a number can't be used.
    """
    return Reader(weights, device, **options).detect_pages(source)


def read(
    sources: Source | Sequence[Source],
    weights: str | Path = "printed",
    *,
    device: str = "auto",
    **options: Unpack[Options],
) -> Score:
    """Read the music on all pages of one piece.

    Parameters
    ----------
    sources : path, bytes, binary file, array, PIL image, or a list of these
        In order; a list is one piece.
    weights, device, **options
        As for `detect`.

    Returns
    -------
    Score
        Without parts where no page has a staff.

    Raises
    ------
    InputError
        When a source, the weights, the device or a number can't be used.

    Examples
    --------
    >>> read(["page1.png", "page2.png"]).save("piece.musicxml")  # doctest: +SKIP
    """
    return Reader(weights, device, **options).read(sources)
