"""The values that everything else passes around: a `Page` of `Symbol`s on `Staff`s."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from omr import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from omr.view import View
    from omr.vocabulary import Names

PIXEL_DIGITS = 2
"""Decimals of a coordinate in pixels: what files keep and what `Page.rounded` leaves."""

SCORE_DIGITS = 4
"""Decimals of a score: what files keep and what `Page.rounded` leaves."""


class Box(NamedTuple):
    """An axis-parallel box in pixels of the original image.

    A box covers the area between its edges: a single black pixel in the top
    left corner of the page is ``Box(0, 0, 1, 1)``.

    Attributes
    ----------
    x0, y0 : float
        The left and the upper edge.
    x1, y1 : float
        The right and the lower edge.

    Examples
    --------
    >>> Box(0, 0, 4, 2).joined(Box(2, 0, 6, 2))
    Box(x0=0, y0=0, x1=6, y1=2)
    """

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """In pixels; negative where the edges are swapped."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """In pixels; negative where the edges are swapped."""
        return self.y1 - self.y0

    @property
    def centre(self) -> tuple[float, float]:
        """The x and y of the middle."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def joined(self, other: Box) -> Box:
        """Give the smallest box around this one and another.

        Parameters
        ----------
        other : Box

        Returns
        -------
        Box
        """
        return Box(
            min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1)
        )

    def iou(self, other: Box) -> float:
        """Compute intersection over union (IoU).

        Parameters
        ----------
        other : Box

        Returns
        -------
        float
            0 for boxes that share nothing, 1 for the same box.
        """
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        both = max(0.0, width) * max(0.0, height)
        return both / (self.width * self.height + other.width * other.height - both)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol on a page: its class, its place, its score.

    Attributes
    ----------
    name : str
        A class name in the vocabulary of its page.
    box : Box
        In pixels of the original image.
    score : float
        From 0 to 1; 1 for ground truth.
    """

    name: str
    box: Box
    score: float = 1.0


@dataclass(frozen=True)
class Staff:
    """The course of a staff's lines across the page.

    Attributes
    ----------
    xs : array (n,)
        Ascending x positions, n >= 2, in pixels of the original image.
    ys : array (lines, n)
        The y of the middle of each line at each of `xs`, top line first.
    """

    xs: NDArray[np.float64]
    ys: NDArray[np.float64]

    @property
    def space(self) -> float:
        """The staff space: mean distance between neighbouring lines, in pixels."""
        return float((self.ys[-1] - self.ys[0]).mean() / max(1, len(self.ys) - 1))

    def lines_at(self, x: float | NDArray[np.floating]) -> NDArray[np.float64]:
        """Interpolate the lines; beyond their ends they go on level.

        Parameters
        ----------
        x : float or array (n,)
            In pixels of the original image.

        Returns
        -------
        array (lines,) or (lines, n)
            The y of each line, top line first.
        """
        return np.array([np.interp(x, self.xs, line) for line in self.ys])

    @property
    def box(self) -> Box:
        """The box around all lines."""
        return Box(*map(float, (self.xs[0], self.ys.min(), self.xs[-1], self.ys.max())))


@dataclass(frozen=True, eq=False)
class Ink:
    """A reduced picture of a page, on which the notation stage measures beams, stems and digits.

    Attributes
    ----------
    grey : array (height, width) of uint8
        0 is black, 255 paper; 16 levels.
    scale : float
        Pixels of `grey` for each pixel of the page, above 0 and at most 1.
    """

    grey: NDArray[np.uint8]
    scale: float

    def packed(self) -> Ink:
        """Give the same picture in a twentieth of the memory; it is unpacked when it is looked at.

        Returns
        -------
        Ink
        """
        return self if isinstance(self, _PackedInk) else _PackedInk(self)


class _PackedInk(Ink):
    """A picture that is kept compressed."""

    def __init__(self, ink: Ink) -> None:
        object.__setattr__(self, "scale", ink.scale)
        object.__setattr__(self, "shape", ink.grey.shape)
        object.__setattr__(self, "content", zlib.compress(np.ascontiguousarray(ink.grey).data, 1))

    @property
    def grey(self) -> NDArray[np.uint8]:
        """0 is black, 255 paper."""
        return _unpacked(self)


@lru_cache(maxsize=4)
def _unpacked(ink: Any) -> NDArray[np.uint8]:
    """Unpack a picture; the last ones are remembered: a page is looked at several times in a row."""
    return np.frombuffer(zlib.decompress(ink.content), np.uint8).reshape(ink.shape)


@dataclass(frozen=True)
class ReadingQuality:
    """How well the music of a page was read, as far as can be told without the truth.

    Attributes
    ----------
    score : float or None
        Estimated share (0 to 1) of notes that are right in pitch, duration and order; None where there are
        neither notes nor rests.
    head_score : float or None
        Mean detection score (0 to 1) of the noteheads; None where there are none.
    heads : int
        Number of noteheads.
    measures : int
        Number of measures on the page.
    odd_measures : tuple of int
        Numbers of the measures that don't add up, in order.
    ossias : int
        Number of staves with notes that were left out: variants beside or above the text.

    Examples
    --------
    >>> ReadingQuality(0.97, 0.99, 120, 16, (3,)).has_music
    True
    """

    score: float | None = None
    head_score: float | None = None
    heads: int = 0
    measures: int = 0
    odd_measures: tuple[int, ...] = ()
    ossias: int = 0

    @property
    def has_music(self) -> bool:
        """Whether a note or a rest was read."""
        return self.score is not None


TEXT_KINDS = (
    "title",
    "subtitle",
    "composer",
    "lyricist",
    "arranger",
    "part name",
    "tempo",
    "expression",
    "dynamics",
    "technique",
    "jump",
    "rehearsal mark",
    "measure number",
    "fingering",
    "chord name",
    "lyrics",
    "page number",
    "copyright",
    "other",
)
"""What a text on a page is; a "jump" says where to go on, as "D.C. al Fine" does."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text on a page: a syllable of lyrics, or all words of a title or a direction.

    Attributes
    ----------
    text : str
        Of a syllable with its sign: "-" after one that its word goes on from, "_" after one that lasts.
    box : Box
        In pixels of the original image.
    score : float
        Mean score of the letters, from 0 to 1; 1 for ground truth.
    kind : str
        One of `TEXT_KINDS`.
    verse : int
        Which row of lyrics under its staff, from 1; 0 for other kinds.

    Examples
    --------
    >>> Text("Wun-", Box(310, 580, 342, 596), 0.99, "lyrics", verse=1).kind
    'lyrics'
    """

    text: str
    box: Box
    score: float = 1.0
    kind: str = "other"
    verse: int = 0


class StaffJoin(NamedTuple):
    """A person's word on whether the staves above and below a height are of one system.

    Attributes
    ----------
    y : float
        Between the two staves, in pixels of the picture that music is read from (`Page.view`).
    joined : bool
    """

    y: float
    joined: bool


@dataclass(frozen=True)
class Page:
    """A page of music: its size, its staves, its symbols, and the evidence that music is read from.

    Attributes
    ----------
    width, height : int
        Of the original image, in pixels.
    symbols : tuple of Symbol
    staves : tuple of Staff
        From top to bottom, in pixels of the original image; empty where none was found.
    source : str
        File name of the image, for people and for exporters.
    number : int
        Which page of a file with several, from 1.
    image : array (height, width) of uint8 or None
        The page itself where it is at hand (0 is black), on which an overlay is drawn. Not part of a
        page's identity.
    low_confidence : tuple of Symbol
        Symbols below the detector's own threshold, in core names. Reading the music takes those that
        other symbols confirm. Not part of a page's identity.
    crowds : tuple of Symbol
        In ground truth, regions with symbols of a class that nobody named one
        by one (COCO's ``iscrowd``): what is found there is neither right nor
        wrong, and nothing is learnt there.
    ink : Ink or None
        The reduced picture, of the view where there is one, that the notation stage measures on; None
        where no picture was at hand. Not part of a page's identity.
    vocabulary : {"core", "deepscores", "muscima"}
        Of the names of `symbols` and `crowds`.
    detected : tuple of Symbol or None
        The symbols that the music is read from, in core names, where `symbols` shows a selection of them
        or has other names; None where the music is read from `symbols`. Not part of a page's identity.
    view : View or None
        The upright, level and flat picture that was read in place of the original image; None where that
        is upright, level and flat itself. All boxes of the page are in pixels of the original image all
        the same; `omr.view.upright` takes them to the view. Not part of a page's identity.
    quality : ReadingQuality or None
        How well its music was read; None where it was not read. Not part of a page's identity.
    texts : tuple of Text or None
        The words on the page in reading order; None where no words were looked for. Not part of a page's
        identity.
    staff_joins : tuple of StaffJoin
        What a person said about its systems. Not part of a page's identity.

    Examples
    --------
    >>> page = Page(800, 600, (Symbol("clefG", Box(40, 80, 65, 150), 0.98),), source="minuet.png")
    >>> page.only(lambda symbol: symbol.score > 0.99).symbols
    ()
    """

    width: int
    height: int
    symbols: tuple[Symbol, ...] = ()
    staves: tuple[Staff, ...] = field(default=(), compare=False)
    source: str = ""
    number: int = 1
    image: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)
    low_confidence: tuple[Symbol, ...] = field(default=(), compare=False, repr=False)
    crowds: tuple[Symbol, ...] = ()
    ink: Ink | None = field(default=None, compare=False, repr=False)
    vocabulary: Names = "core"
    detected: tuple[Symbol, ...] | None = field(default=None, compare=False, repr=False)
    view: View | None = field(default=None, compare=False, repr=False)
    quality: ReadingQuality | None = field(default=None, compare=False, repr=False)
    texts: tuple[Text, ...] | None = field(default=None, compare=False, repr=False)
    staff_joins: tuple[StaffJoin, ...] = field(default=(), compare=False, repr=False)

    def with_symbols(self, symbols: Iterable[Symbol]) -> Page:
        """Replace the symbols; the music is read from the new ones.

        Parameters
        ----------
        symbols : iterable of Symbol
            In the page's vocabulary.

        Returns
        -------
        Page
        """
        return replace(self, symbols=tuple(symbols), detected=None)

    def named(self, other: Callable[[str], str | None]) -> Page:
        """Rename the symbols and crowds one by one.

        Parameters
        ----------
        other : callable
            Takes a name and returns the new one, or None for symbols to leave out.

        Returns
        -------
        Page
            Of the same `vocabulary`, whatever the names.
        """
        symbols, crowds = (
            tuple(replace(symbol, name=name) for symbol in those if (name := other(symbol.name)))
            for those in (self.symbols, self.crowds)
        )
        return replace(self, symbols=symbols, crowds=crowds, detected=None)

    def packed(self) -> Page:
        """Give the page without its image and with its ink in little memory: for pieces of many pages.

        Returns
        -------
        Page
        """
        return replace(self, image=None, ink=None if self.ink is None else self.ink.packed())

    def only(self, keep: Callable[[Symbol], bool]) -> Page:
        """Leave out symbols, for the music too.

        Parameters
        ----------
        keep : callable
            Takes a symbol and returns whether it stays.

        Returns
        -------
        Page
        """
        return self.with_symbols(filter(keep, self.symbols))

    def rounded(self) -> Page:
        """Round coordinates and scores to the precision of files.

        A page rounded once reads as the same music from its stored detections.

        Returns
        -------
        Page
            Boxes and staves to `PIXEL_DIGITS`, scores to `SCORE_DIGITS` decimals.
        """
        symbols, low, crowds = (
            tuple(map(_rounded, those)) for those in (self.symbols, self.low_confidence, self.crowds)
        )
        return replace(
            self,
            symbols=symbols,
            low_confidence=low,
            crowds=crowds,
            detected=None if self.detected is None else tuple(map(_rounded, self.detected)),
            staves=tuple(
                Staff(staff.xs.round(PIXEL_DIGITS), staff.ys.round(PIXEL_DIGITS)) for staff in self.staves
            ),
            view=None if self.view is None else self.view.rounded(),
            texts=None if self.texts is None else tuple(map(_rounded_text, self.texts)),
        )

    def save(self, path: str | Path, names: Names | None = None) -> Path:
        """Write this page, or the music on it, to a file.

        Parameters
        ----------
        path : str or Path
            Its suffix names the format: ``.json``, ``.png``, ``.csv`` and ``.xml`` hold the symbols,
            ``.txt`` the words, ``.musicxml``, ``.mxl``, ``.mid`` and ``.mei`` the music. A folder takes a
            COCO file and an overlay.
        names : {"core", "deepscores", "muscima"}, optional
            Vocabulary of the symbols' names in the file; by default the page's own.

        Returns
        -------
        Path
            The file, the first one in a folder.

        Raises
        ------
        omr.errors.InputError
            When the suffix names no format, there is no such vocabulary, or the file can't be written.
        """
        first, *_ = formats.save_pages([self], [path], names)
        return first

    def export(self, format: str, names: Names | None = None) -> str | bytes:
        """Write this page, or the music on it, in a format and return the content.

        Parameters
        ----------
        format : str
            "coco", "csv", "txt", "overlay", "mung", "html", "musicxml", "mxl", "midi" or "mei"; suffixes do
            as well.
        names : {"core", "deepscores", "muscima"}, optional
            Vocabulary of the symbols' names; by default the page's own.

        Returns
        -------
        str or bytes
            Bytes of "overlay", "mxl" and "midi", text of the others.

        Raises
        ------
        omr.errors.InputError
            When there is no such format or vocabulary.
        """
        return formats.export_pages([self], format, names)


def _rounded(symbol: Symbol) -> Symbol:
    return Symbol(symbol.name, _rounded_box(symbol.box), round(symbol.score, SCORE_DIGITS))


def _rounded_text(text: Text) -> Text:
    return replace(text, box=_rounded_box(text.box), score=round(text.score, SCORE_DIGITS))


def _rounded_box(box: Box) -> Box:
    return Box(*(round(edge, PIXEL_DIGITS) for edge in box))
