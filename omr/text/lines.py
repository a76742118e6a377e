"""Pieces of lines of words with the place of each letter, and how they are cut and joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from omr.page import Box


@dataclass(frozen=True)
class Line:
    """A piece of a line of words.

    Attributes
    ----------
    text : str
    xs : tuple of float
        Middle of each character, in pixels.
    box : Box
        In pixels.
    score : float
        From 0 to 1.
    """

    text: str
    xs: tuple[float, ...]
    box: Box
    score: float

    def part(self, start: int, stop: int) -> Line:
        """Cut a part out.

        Parameters
        ----------
        start, stop : int
            Characters of `text`, from 0.

        Returns
        -------
        Line
        """
        x0 = self.box.x0 if start == 0 else (self.xs[start - 1] + self.xs[start]) / 2
        x1 = self.box.x1 if stop >= len(self.text) else (self.xs[stop - 1] + self.xs[stop]) / 2
        if start and self.text[start - 1] == " ":
            x0 = self.xs[start] - self._half
        if stop < len(self.text) and self.text[stop] == " ":
            x1 = self.xs[stop - 1] + self._half
        box = Box(x0, self.box.y0, max(x1, x0 + 1), self.box.y1)
        return Line(self.text[start:stop], self.xs[start:stop], box, self.score)

    @property
    def _half(self) -> float:
        """Half the usual width of a letter, in pixels."""
        steps = [b - a for a, b in pairwise(self.xs)]
        return float(np.median(steps)) / 2 if steps else self.box.width / 2

    def words(self) -> list[Line]:
        """Cut at spaces.

        Returns
        -------
        list of Line
        """
        found, start = [], None
        for i, character in enumerate(f"{self.text} "):
            if character == " ":
                if start is not None:
                    found.append(self.part(start, i))
                start = None
            elif start is None:
                start = i
        return found

    def syllables(self) -> list[Line]:
        """Cut at spaces, behind hyphens, and before capitals: recognisers miss narrow spaces.

        Returns
        -------
        list of Line
            Some may be nothing but a hyphen or an extender.
        """
        found = []
        for word in self.words():
            start = 0
            for i, character in enumerate(word.text):
                capital = i > start and character.isupper() and word.text[i - 1].islower()
                if capital:
                    found.append(word.part(start, i))
                    start = i
                if character in HYPHENS:
                    found.append(word.part(start, i + 1))
                    start = i + 1
            if start < len(word.text):
                found.append(word.part(start, len(word.text)))
        return found


HYPHENS = "-‐‑–—"
"""Characters that recognisers read hyphens as."""


def joined(lines: Sequence[Line]) -> Line:
    """Join pieces of one line.

    Parameters
    ----------
    lines : sequence of Line
        From left to right, at least one.

    Returns
    -------
    Line
        With a space between two pieces.
    """
    text, xs, box = lines[0].text, lines[0].xs, lines[0].box
    for line in lines[1:]:
        text, xs = f"{text} {line.text}", (*xs, (box.x1 + line.box.x0) / 2, *line.xs)
        box = box.joined(line.box)
    return Line(text, xs, box, float(np.mean([line.score for line in lines])))


def rows_of(lines: Iterable[Line], overlap: float) -> list[list[Line]]:
    """Group pieces that stand on one line.

    Parameters
    ----------
    lines : iterable of Line
    overlap : float
        Share (0 to 1) of the lower height that two neighbours have in common.

    Returns
    -------
    list of list of Line
        Rows from top to bottom, each from left to right.
    """
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.box.x0):
        for row in rows:
            if shares_line(row[-1].box, line.box, overlap):
                row.append(line)
                break
        else:
            rows.append([line])
    return sorted(rows, key=lambda row: float(np.median([line.box.centre[1] for line in row])))


def shares_line(a: Box, b: Box, overlap: float) -> bool:
    """Tell whether two boxes stand on one line.

    Parameters
    ----------
    a, b : Box
    overlap : float
        Share (0 to 1) of the lower height that they have in common, at least.

    Returns
    -------
    bool
    """
    return min(a.y1, b.y1) - max(a.y0, b.y0) >= overlap * min(a.height, b.height)
