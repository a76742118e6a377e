"""Name the glyphs of SMuFL code points, and read their outlines from a font.

Code points and glyph names are those of SMuFL 1.4 (https://w3c.github.io/smufl/latest/).
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

import skia

from omr.engraving.outlines import path_of, placed, stroked

#: Glyphs whose DeepScoresV2 (or core) name depends on the code point alone.
PLAIN: dict[int, str] = {
    0xE044: "repeatDot",
    0xE047: "segno",
    0xE048: "coda",
    0xE050: "clefG",
    0xE07A: "clefG",
    0xE062: "clefF",
    0xE07C: "clefF",
    0xE069: "clefUnpitchedPercussion",
    0xE06A: "clefUnpitchedPercussion",
    **{0xE080 + digit: f"timeSig{digit}" for digit in range(10)},
    0xE08A: "timeSigCommon",
    0xE08B: "timeSigCutCommon",
    **{0xE220 + number: f"tremolo{number + 1}" for number in range(5)},
    0xE263: "accidentalDoubleSharp",
    0xE264: "accidentalDoubleFlat",
    **{
        0xE4A0 + 2 * pair + below: f"artic{name}{side}"
        for pair, name in enumerate(
            ("Accent", "Staccato", "Tenuto", "Staccatissimo", "Staccatissimo", "Staccatissimo", "Marcato")
        )
        for below, side in enumerate(("Above", "Below"))
    },
    0xE4C0: "fermataAbove",
    0xE4C1: "fermataBelow",
    0xE4CE: "breathMark",
    0xE4D1: "caesura",
    0xE4E2: "restDoubleWhole",
    0xE4E3: "restWhole",
    0xE4F4: "restWhole",
    0xE4E4: "restHalf",
    0xE4F5: "restHalf",
    0xE4E5: "restQuarter",
    **{0xE4E6 + n: f"rest{name}" for n, name in enumerate(("8th", "16th", "32nd", "64th", "128th"))},
    0xE500: "measureRepeat",
    **dict(zip(range(0xE520, 0xE526), (f"dynamic{c}" for c in "PMFRSZ"), strict=True)),
    0xE566: "ornamentTrill",
    0xE567: "ornamentTurn",
    0xE568: "ornamentTurnInverted",
    0xE56C: "ornamentShortTrill",
    0xE56D: "ornamentMordent",
    0xE610: "stringsDownBow",
    0xE612: "stringsUpBow",
    0xE650: "keyboardPedalPed",
    0xE655: "keyboardPedalUp",
    **{0xE880 + digit: f"tuplet{digit}" for digit in range(1, 10)},
    **{0xED10 + digit: f"fingering{digit}" for digit in range(6)},
}

NOTEHEADS: dict[int, str] = {
    0xE0A0: "DoubleWhole",
    0xE0A1: "DoubleWhole",
    0xE0A2: "Whole",
    0xE0A3: "Half",
    0xE0A4: "Black",
}
NOTEHEADS_X = (0xE0A7, 0xE0A8, 0xE0A9, 0xE0B6)

FLAGS: dict[int, str] = {
    0xE240 + 2 * n + down: f"flag{name}{('Up', 'Down')[down]}"
    for n, name in enumerate(("8th", "16th", "32nd", "64th", "128th"))
    for down in (0, 1)
}
ACCIDENTALS: dict[int, str] = {0xE260: "Flat", 0xE261: "Natural", 0xE262: "Sharp"}

C_CLEFS = (0xE05C, 0xE07B)
#: Clefs with an octave number: the clef without it, and the number's class.
OCTAVE_CLEFS: dict[int, tuple[int, str]] = {
    0xE051: (0xE050, "clef15"),
    0xE052: (0xE050, "clef8"),
    0xE053: (0xE050, "clef8"),
    0xE054: (0xE050, "clef15"),
    0xE05D: (0xE05C, "clef8"),
    0xE063: (0xE062, "clef15"),
    0xE064: (0xE062, "clef8"),
    0xE065: (0xE062, "clef8"),
    0xE066: (0xE062, "clef15"),
}
_FINGERING = range(0xED10, 0xED16)
WIGGLE_TRILL = range(0xE59D, 0xE5B0)

#: Drawn, and no symbol of the vocabulary: parentheses, plus signs and the like.
NO_SYMBOL = {
    0xE26A,  # accidentalParensLeft
    0xE26B,  # accidentalParensRight
    0xE26C,  # accidentalBracketLeft
    0xE26D,  # accidentalBracketRight
    0xE08C,  # timeSigPlus
    0xE08E,  # timeSigFractionalSlash
    0xE0F5,  # noteheadParenthesisLeft
    0xE0F6,  # noteheadParenthesisRight
    0xE5E5,  # brassMuteClosed
    0xE614,  # stringsHarmonic
    0xE633,  # pluckedSnapPizzicatoAbove
    0xE501,  # repeat2Bars
    0xE502,  # repeat4Bars
    0xE88A,  # tupletColon
    0xE880,  # tuplet0, which DeepScoresV2 doesn't name
}


@dataclass(frozen=True)
class MusicFont:
    """The glyphs of one of verovio's fonts, looked up in its files.

    Attributes
    ----------
    name : str
    archive : Path or None
        The zip given to verovio's ``fontAddCustom``; None for a font that verovio has.
    """

    name: str
    archive: Path | None = None

    def __call__(self, code: int) -> tuple[skia.Path, float]:
        """Look a glyph up, in Leipzig if the font has none, as verovio does.

        Parameters
        ----------
        code : int
            SMuFL code point.

        Returns
        -------
        outline : skia.Path
            1000 units per em, y downwards.
        advance : float
            In the same units.

        Raises
        ------
        ValueError
            When Leipzig has no such glyph either.
        """
        return _glyph(self, code)

    def has(self, code: int) -> bool:
        """Tell whether the font itself has a glyph.

        Parameters
        ----------
        code : int
            SMuFL code point.

        Returns
        -------
        bool
        """
        return code in _advances(self)

    def split(self, code: int, path: skia.Path) -> tuple[tuple[int, skia.Path], ...]:
        """Split a clef with an octave number into clef and number; any other glyph stays whole.

        The number may share its contour with the clef, so it is the difference of the glyph and the plain
        clef. It keeps the code point of the glyph.

        Parameters
        ----------
        code : int
            SMuFL code point.
        path : skia.Path
            Outline of the glyph.

        Returns
        -------
        tuple of (int, skia.Path)
            Code point and outline of each part.
        """
        if code not in OCTAVE_CLEFS:
            return ((code, path),)
        plain = OCTAVE_CLEFS[code][0]
        home = self if self.has(code) else FALLBACK
        return ((plain, home(plain)[0]), (code, _octave_number(home, code)))

    def _read(self, name: str) -> str:
        if self.archive:
            with zipfile.ZipFile(self.archive) as archive:
                member = next(n for n in archive.namelist() if n.endswith("/" + name) or n == name)
                return archive.read(member).decode()
        return (_verovio_data() / name).read_text()


FALLBACK = MusicFont("Leipzig")
"""The font whose glyphs verovio uses where another font has none."""


@lru_cache(maxsize=1)
def _verovio_data() -> Path:
    import verovio

    return Path(verovio.__file__).parent / "data"


@lru_cache(maxsize=32)
def _advances(font: MusicFont) -> dict[int, float]:
    root = ElementTree.fromstring(font._read(f"{font.name}.xml"))
    scale = 1000 / float(root.get("units-per-em", 1000))
    return {
        int(glyph.get("c", "0"), 16): float(glyph.get("h-a-x") or glyph.get("w") or 0) * scale
        for glyph in root.iterfind("g")
    }


@lru_cache(maxsize=4096)
def _glyph(font: MusicFont, code: int) -> tuple[skia.Path, float]:
    if not font.has(code):
        if code in _FINGERING:
            return _fingering(font, code)
        if font == FALLBACK:
            raise ValueError(f"no font has a glyph U+{code:04X}")
        return _glyph(FALLBACK, code)
    data = re.search(r'\sd="([^"]*)"', font._read(f"{font.name}/{code:04X}.xml"))
    outline = placed(path_of(data.group(1)), skia.Matrix.Scale(1, -1)) if data else skia.Path()
    return outline, _advances(font)[code]


def _fingering(font: MusicFont, code: int) -> tuple[skia.Path, float]:
    """Make a fingering digit: the font's time signature digit at the height of a letter.

    None of verovio's fonts has the fingering digits of SMuFL.
    """
    path, advance = font(0xE080 + code - _FINGERING[0])
    shrink = 1.32  # two staff spaces, half an em of the music font, to the height of a text digit
    return placed(path, skia.Matrix.MakeAll(shrink, 0, 0, 0, shrink, -330, 0, 0, 1)), advance * shrink


@lru_cache(maxsize=256)
def _octave_number(font: MusicFont, code: int) -> skia.Path:
    """Return the outline of the number: the difference of the clefs with and without it.

    In some fonts the two clefs differ slightly; slivers along the edge of the plain clef are removed.
    """
    whole, clef = font(code)[0], font(OCTAVE_CLEFS[code][0])[0]
    wider = skia.Op(clef, stroked(clef, 2 * _UNLIKE), skia.kUnion_PathOp)
    apart = _without_slivers(skia.Op(whole, wider, skia.kDifference_PathOp)).getBounds()
    number = _without_slivers(skia.Op(whole, clef, skia.kDifference_PathOp))
    return skia.Op(number, skia.Path.Rect(apart.makeOutset(_UNLIKE, _UNLIKE)), skia.kIntersect_PathOp)


_UNLIKE = 15.0
"""Distance, in units of the font, by which the outlines of the two clefs may differ."""


def _without_slivers(path: skia.Path, width: float = 14.0) -> skia.Path:
    """Return the morphological opening of a path: parts thinner than `width` are removed."""
    eroded = skia.Op(path, stroked(path, width), skia.kDifference_PathOp)
    return skia.Op(eroded, stroked(eroded, width), skia.kUnion_PathOp)
