"""The five music fonts of DeepScores: LilyPond's own, and four that users bring.

Emmentaler comes with LilyPond. Beethoven and Gutenberg1939 are under the SIL
Open Font License, Gonville's font files are free of any condition, and what
LilyJAZZ allows was never settled in writing; so all four stay out of this project.
They are at https://github.com/OpenLilyPondFonts, a repository each.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import skia
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

from omr.engraving.lilypond.program import data_folder
from omr.engraving.outlines import bounds, path_of, placed
from omr.errors import InputError

OWN_FONT = "emmentaler"
#: The four others of DeepScores.
MORE_FONTS = ("beethoven", "gonville", "gutenberg1939", "lilyjazz")
#: LilyPond has each font in eight designs, for staves of 11 to 26 points.
_A_DESIGN = "{}-20.otf"


@dataclass(frozen=True, slots=True)
class LilyPondFont:
    """A music font for LilyPond.

    Attributes
    ----------
    name : str
    folder : Path
        Where its files ``NAME-11.otf`` to ``NAME-26.otf`` and ``NAME-brace.otf`` are.
    """

    name: str
    folder: Path

    def file(self, name: str) -> Path:
        """Find the font file that LilyPond names in its output.

        Parameters
        ----------
        name : str
            A path, or the stem of a file in this font's folder or in LilyPond's own.

        Returns
        -------
        Path
        """
        if name.endswith((".otf", ".ttf", ".ttc")):
            return Path(name)
        here = self.folder / f"{name}.otf"
        return here if here.exists() else _own_folder() / f"{name}.otf"


def find_fonts(folder: Path | None) -> tuple[LilyPondFont, ...]:
    """Find Emmentaler and those of the four other fonts that are in a folder.

    Parameters
    ----------
    folder : Path or None
        Searched with its subfolders; None for Emmentaler alone.

    Returns
    -------
    tuple of LilyPondFont
        Emmentaler first.

    Raises
    ------
    InputError
        When `folder` isn't there or has none of them.
    """
    own = LilyPondFont(OWN_FONT, _own_folder())
    if folder is None:
        return (own,)
    found = []
    for name in MORE_FONTS:
        files = sorted(folder.rglob(_A_DESIGN.format(name)))
        found += [LilyPondFont(name, file.parent.resolve()) for file in files[:1]]
    if not found:
        wanted = ", ".join(_A_DESIGN.format(name) for name in MORE_FONTS)
        raise InputError(f"{folder}: has none of the fonts {wanted}; see omr/engraving/lilypond/fonts.py")
    return (own, *found)


def _own_folder() -> Path:
    return data_folder() / "fonts" / "otf"


@lru_cache(maxsize=8192)
def outline(file: Path, glyph: str) -> skia.Path:
    """Look up the outline of a glyph.

    Parameters
    ----------
    file : Path
        The font file.
    glyph : str
        Name or index of the glyph.

    Returns
    -------
    skia.Path
        1 unit per em, y downwards.

    Raises
    ------
    ValueError
        When the font has no such glyph.
    """
    font = _open(file)
    names = font.getGlyphOrder()
    name = names[int(glyph)] if glyph.isdigit() and glyph not in _glyphs(file) else glyph
    if name not in _glyphs(file):
        raise ValueError(f"{file.name} has no glyph {glyph!r}")
    pen = SVGPathPen(_glyphs(file))
    _glyphs(file)[name].draw(pen)
    unit = 1 / font["head"].unitsPerEm
    return placed(_without_marks(pen.getCommands()), skia.Matrix.Scale(unit, -unit))


def _without_marks(data: str) -> skia.Path:
    """Remove contours without area, with which some digits mark the height of a line."""
    path = skia.Path()
    for contour in re.findall("M[^M]*", data):
        piece = path_of(contour)
        box = bounds(piece)
        if box.width > 0 and box.height > 0:
            path.addPath(piece)
    return path


@lru_cache(maxsize=64)
def _open(file: Path) -> TTFont:
    return TTFont(os.fspath(file), fontNumber=0, lazy=True)


@lru_cache(maxsize=64)
def _glyphs(file: Path):  # type: ignore[no-untyped-def]  # fontTools' glyph sets have no common public type
    return _open(file).getGlyphSet()
