"""Letters as outlines, so that words on the page need no system font.

verovio lays text out with the metrics of Times; STIX General, which ships with
matplotlib under a free licence, has them too and is used where it is found.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path

import skia

_STYLES = {
    (False, False): ("STIXGeneral", "DejaVuSerif"),
    (True, False): ("STIXGeneralBol", "DejaVuSerif-Bold"),
    (False, True): ("STIXGeneralItalic", "DejaVuSerif-Italic"),
    (True, True): ("STIXGeneralBolIta", "DejaVuSerif-BoldItalic"),
}
_SIZE = 1000.0


@lru_cache(maxsize=8)
def _fonts(bold: bool, italic: bool) -> tuple[skia.Font, ...]:
    """List the fonts to try in turn: those of matplotlib, or else those of the system."""
    spec = importlib.util.find_spec("matplotlib")
    faces = []
    if spec and spec.origin:
        folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
        files = [folder / f"{name}.ttf" for name in _STYLES[bold, italic]]
        faces = [skia.Typeface.MakeFromFile(str(file)) for file in files if file.exists()]
    if not faces:
        weight = skia.FontStyle.kBold_Weight if bold else skia.FontStyle.kNormal_Weight
        slant = skia.FontStyle.kItalic_Slant if italic else skia.FontStyle.kUpright_Slant
        faces = [skia.Typeface("serif", skia.FontStyle(weight, skia.FontStyle.kNormal_Width, slant))]
    fonts = [skia.Font(face, _SIZE) for face in faces if face]
    for font in fonts:
        font.setHinting(skia.FontHinting.kNone)
    return tuple(fonts)


@lru_cache(maxsize=4096)
def letter(character: str, bold: bool, italic: bool) -> tuple[skia.Path, float]:
    """One character's outline and advance width in thousandths of the font size, y downwards.

    A character that no font has gives an empty outline half an em wide.
    """
    for font in _fonts(bold, italic):
        glyph = font.unicharToGlyph(ord(character))
        if glyph:
            return font.getPath(glyph) or skia.Path(), font.getWidths([glyph])[0]
    return skia.Path(), 500.0
