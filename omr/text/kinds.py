"""Say what each text is: by where it stands, how large it is, and what words it has.

A page has a head above its first staff, gaps between its staves, and a foot below its last one; part names
stand left of the staves. A row in a gap is one of lyrics if hyphens or many words tell so, or other rows of
lyrics stand as far below their staves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from omr.page import Box, Staff
from omr.text.chord_names import parse_chord_name
from omr.text.lexicon import (
    ARRANGER,
    COMPOSER,
    LYRICIST,
    RIGHTS,
    direction_kind,
    known_share,
    words_of,
)
from omr.text.limits import KindLimits
from omr.text.lines import HYPHENS, Line, rows_of

_NUMBER = re.compile(r"^[(\[]?\d{1,4}[)\].]?$")
_PAGE_NUMBER = re.compile(r"^[-–—\s]*\d{1,3}[-–—\s]*$")
_MARK = re.compile(r"^[A-Z]{1,2}\d?$")
_FINGERS = re.compile(r"^[0-5]$")
_ELIGIBLE = re.compile(r"[^\W\d_]{3,}")
_HYPHENATED = re.compile(rf"[^\W\d_]\s*[{HYPHENS}]|[{HYPHENS}]\s*[^\W\d_]")


@dataclass(frozen=True)
class Sheet:
    """A page by its staves.

    Attributes
    ----------
    width, height : int
        Of the page, in pixels.
    staves : tuple of Staff
        From top to bottom, at least one.
    space : float
        Staff space in pixels.
    """

    width: int
    height: int
    staves: tuple[Staff, ...]
    space: float

    @property
    def left(self) -> float:
        """The left end of the longest staves, in pixels."""
        return min(float(staff.xs[0]) for staff in self.staves)

    @property
    def right(self) -> float:
        """The right end of the staves, in pixels."""
        return max(float(staff.xs[-1]) for staff in self.staves)

    def edges(self, staff: int, x: float) -> tuple[float, float]:
        """Give the y of a staff's outer lines at an x, in pixels.

        Parameters
        ----------
        staff : int
        x : float
            In pixels.

        Returns
        -------
        top, bottom : float
        """
        lines = self.staves[staff].lines_at(x)
        return float(lines[0]), float(lines[-1])

    def gap(self, box: Box) -> int:
        """Count the staves above a box.

        Parameters
        ----------
        box : Box

        Returns
        -------
        int
            0 in the head of the page.
        """
        x, y = box.centre
        return sum(sum(self.edges(staff, x)) / 2 < y for staff in range(len(self.staves)))


def find_kinds(lines: Sequence[Line], sheet: Sheet, limits: KindLimits) -> dict[int, str]:
    """Say what each line is.

    Parameters
    ----------
    lines : sequence of Line
    sheet : Sheet
    limits : KindLimits

    Returns
    -------
    dict of int to str
        One of `omr.page.TEXT_KINDS`, by index of the line.
    """
    kinds = dict(_at_the_side(lines, sheet, limits))
    index = {id(line): i for i, line in enumerate(lines)}
    others = [line for i, line in enumerate(lines) if i not in kinds]
    rows = [
        (gap, row)
        for gap in range(1, len(sheet.staves) + 1)
        for row in rows_of((line for line in others if sheet.gap(line.box) == gap), limits.row_height)
    ]
    sung = _rows_of_lyrics(rows, sheet, limits)
    for n, (_, row) in enumerate(rows):
        if n in sung:
            kinds |= {index[id(line)]: "lyrics" for line in row}
        elif _is_chord_row(row, sheet, limits):
            kinds |= {index[id(line)]: "chord name" for line in row}
    head = [line for line in others if sheet.gap(line.box) == 0]
    for row in rows_of(head, limits.row_height):
        if _is_chord_row(row, sheet, limits):
            kinds |= {index[id(line)]: "chord name" for line in row}
    left = {i: line for i, line in enumerate(lines) if i not in kinds}
    for i, line in left.items():
        kind = _direction(line, sheet, limits)
        if kind:
            kinds[i] = kind
    left = {i: line for i, line in left.items() if i not in kinds}
    return kinds | _credits(left, sheet, limits)


# --- beside the staves ----------------------------------------------------------------------------------


def _at_the_side(lines: Sequence[Line], sheet: Sheet, limits: KindLimits) -> Iterator[tuple[int, str]]:
    """Part names, and numbers at the beginning of a staff."""
    space = sheet.space
    for i, line in enumerate(lines):
        box, (x, y) = line.box, line.box.centre
        nearest = min(range(len(sheet.staves)), key=lambda staff: abs(sum(sheet.edges(staff, x)) / 2 - y))
        top, bottom = sheet.edges(nearest, x)
        left = float(sheet.staves[nearest].xs[0])
        gap = sheet.gap(box)
        if _NUMBER.match(line.text) and gap < len(sheet.staves):
            below = sheet.edges(gap, x)[0]
            starts = float(sheet.staves[gap].xs[0])
            if abs(box.x0 - starts) < limits.at_start * space and 0 < below - box.y0 < limits.near * space:
                yield i, "measure number"
                continue
        reach = limits.beside_staff * space
        between = top - reach < y < bottom + reach or 0 < gap < len(sheet.staves)
        if box.x1 < left + limits.left * space and between and words_of(line.text):
            yield i, "part name"


# --- rows -----------------------------------------------------------------------------------------------

_Row = tuple[int, list[Line]]
"""How many staves stand above a row, and its lines."""


def _rows_of_lyrics(rows: Sequence[_Row], sheet: Sheet, limits: KindLimits) -> set[int]:
    """Find the rows of lyrics, by their index."""
    sung = {n for n, (_, row) in enumerate(rows) if _is_sung(row, sheet, limits)}
    if not sung:
        return sung
    distances = [_distance(rows[n], sheet) for n in sung]
    heights = float(np.median([line.box.height for n in sung for line in rows[n][1]]))
    low, high = min(distances) * (1 - limits.same_height), max(distances) * (1 + limits.same_height)
    for n, (gap, row) in enumerate(rows):
        alike = low <= _distance((gap, row), sheet) <= high and all(
            abs(line.box.height - heights) < limits.same_height * heights for line in row
        )
        text = " ".join(line.text for line in row)
        strange = direction_kind(text) or RIGHTS.search(text) or not words_of(text)
        if n not in sung and alike and not strange:
            sung.add(n)
    return sung


def _is_sung(row: Sequence[Line], sheet: Sheet, limits: KindLimits) -> bool:
    """Tell whether a row is one of lyrics by itself."""
    text = " ".join(line.text for line in row)
    if known_share(text) > limits.max_known or _is_chord_row(row, sheet, limits):
        return False
    if RIGHTS.search(text):
        return False
    syllables = [syllable for line in row for syllable in line.syllables()]
    if _HYPHENATED.search(text) and len(syllables) > 1:
        return True
    spread = (row[-1].box.x1 - row[0].box.x0) / max(sheet.right - sheet.left, 1.0)
    return len(syllables) >= limits.min_syllables and spread >= limits.min_spread


def _distance(row: _Row, sheet: Sheet) -> float:
    """Measure how far below its staff the middle of a row is, in staff spaces."""
    gap, lines = row
    middles = [line.box.centre[1] - sheet.edges(gap - 1, line.box.centre[0])[1] for line in lines]
    return float(np.median(middles)) / sheet.space


def _is_chord_row(row: Sequence[Line], sheet: Sheet, limits: KindLimits) -> bool:
    """Tell whether a row above a staff is one of chord names."""
    words = [word for line in row for word in line.words()]
    gap = sheet.gap(row[0].box)
    if not words or gap == len(sheet.staves):
        return False
    x, y = row[0].box.centre
    below = sheet.edges(gap, x)[0] - y
    if below > limits.near * sheet.space or (gap and y - sheet.edges(gap - 1, x)[1] < below):
        return False
    names = [word for word in words if parse_chord_name(word.text)]
    telling = any(len(word.text) > 1 for word in names) or len(names) > 2
    return telling and len(names) >= limits.min_chords * len(words)


# --- single texts ---------------------------------------------------------------------------------------


def _direction(line: Line, sheet: Sheet, limits: KindLimits) -> str:
    """Say what kind of direction a text at a staff is; "" for a text of the head or the foot."""
    gap, (x, y) = sheet.gap(line.box), line.box.centre
    above = (y - sheet.edges(gap - 1, x)[1]) / sheet.space if gap else np.inf
    below = (sheet.edges(gap, x)[0] - y) / sheet.space if gap < len(sheet.staves) else np.inf
    kind = direction_kind(line.text)
    if min(above, below) > limits.below or RIGHTS.search(line.text):
        return ""
    if kind and (gap or below < limits.near):
        return "expression" if kind == "tempo" and above < below else kind
    text = line.text.strip()
    if _FINGERS.match(text):
        return "fingering"
    if _NUMBER.match(text):
        return "measure number" if below < limits.near else "other" if gap < len(sheet.staves) else ""
    if _MARK.match(text) and below < limits.near:
        return "rehearsal mark"
    if not gap or gap == len(sheet.staves):
        return ""
    return "expression" if _ELIGIBLE.search(text) else "other"


def _credits(lines: dict[int, Line], sheet: Sheet, limits: KindLimits) -> dict[int, str]:
    """Say what the texts of the head and the foot are."""
    kinds = {i: _credit(line, sheet, limits) for i, line in lines.items()}
    titles = [i for i, kind in kinds.items() if kind == "title"]
    if titles:
        largest = max(titles, key=lambda i: lines[i].box.height)
        enough = lines[largest].box.height / limits.min_title
        for i in titles:
            below = lines[i].box.y0 > lines[largest].box.y1
            if i != largest and (below or lines[i].box.height < enough):
                kinds[i] = "subtitle"
    return kinds


def _credit(line: Line, sheet: Sheet, limits: KindLimits) -> str:
    """Say what a text of the head or the foot is; every centred line of the head is a title."""
    text, box = line.text.strip(), line.box
    for pattern, kind in ((ARRANGER, "arranger"), (LYRICIST, "lyricist"), (COMPOSER, "composer")):
        if pattern.search(text) and sheet.gap(box) == 0:
            return kind
    if _PAGE_NUMBER.match(text):
        return "page number"
    if RIGHTS.search(text):
        return "copyright"
    if sheet.gap(box):
        return "other"
    middle = (sheet.left + sheet.right) / 2
    if abs(box.centre[0] - middle) < limits.centred * sheet.width:
        return "title"
    if box.x1 > sheet.right - limits.corner * sheet.width and box.x0 > middle:
        return "composer"
    if box.x0 < sheet.left + limits.corner * sheet.width and box.x1 < middle:
        return "tempo" if direction_kind(text) == "tempo" else "lyricist"
    return "tempo" if direction_kind(text) == "tempo" else "other"
