"""Music fonts to engrave in: verovio's five, and four more that a command fetches.

``python -m omr.engraving.fonts FOLDER`` (or ``make fonts``) downloads Sebastian,
Finale Maestro, Finale Broadway and MuseJazz, all under the SIL Open Font
License, and turns them into what verovio's option ``fontAddCustom`` takes: a
zip with a table of bounding boxes, ``Name.xml``, and one SVG group a glyph,
``Name/E050.xml``. They stay out of the repository; without them there are five.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from omr.errors import InputError
from omr.files import replacing

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

Split = Literal["train", "val", "test"]

TEST_FONT = "Leland"
OWN_FONTS = ("Leipzig", "Bravura", "Petaluma", "Gootville", TEST_FONT)
# name for verovio: package in the npm registry
MORE_FONTS = {
    "Sebastian": "@vexflow-fonts/sebastian@1.0.1",
    "FinaleMaestro": "@vexflow-fonts/finalemaestro@1.0.0",
    "FinaleBroadway": "@vexflow-fonts/finalebroadway@1.0.0",
    "MuseJazz": "@vexflow-fonts/musejazz@1.0.1",
}
_STAFF_SPACE = 250  # font units: SMuFL makes the em four staff spaces, and all these fonts have 1000 an em
_NOTEHEADS = range(0xE0A0, 0xE0FF)


@dataclass(frozen=True, slots=True)
class Font:
    """A music font that verovio can engrave in.

    Attributes
    ----------
    name : str
        What verovio calls it.
    archive : Path or None
        The zip to add; None for a font that verovio has.
    """

    name: str
    archive: Path | None = None


def fonts(split: Split, folder: Path | None = None) -> list[Font]:
    """List the fonts of a split: one that no training page uses for the test, the others for the rest.

    Parameters
    ----------
    split : {"train", "val", "test"}
    folder : Path, optional
        Where ``make fonts`` put the four additional fonts; by default ``$OMR_FONTS`` or
        ``fonts`` in the root of the checkout. Missing fonts are left out.

    Returns
    -------
    list of Font
    """
    if split == "test":
        return [Font(TEST_FONT)]
    folder = folder or Path(os.environ.get("OMR_FONTS") or Path(__file__).parents[2] / "fonts")
    more = [Font(name, folder / f"{name}.zip") for name in MORE_FONTS if (folder / f"{name}.zip").is_file()]
    return [Font(name) for name in OWN_FONTS if name != TEST_FONT] + more


def fetch(folder: Path) -> list[Path]:
    """Download and convert the four additional fonts; existing files are kept.

    Parameters
    ----------
    folder : Path
        Gets a zip for each font; it is made if it is missing.

    Returns
    -------
    list of Path
        The zips.

    Raises
    ------
    InputError
        When npm isn't installed or the download fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, package in MORE_FONTS.items():
        target = folder / f"{name}.zip"
        if not target.exists():
            font, metadata, licence = _download(package)
            with replacing(target) as partial:
                partial.write_bytes(convert(name, font, metadata, licence))
        written.append(target)
    return written


def _download(package: str) -> tuple[bytes, dict[str, Any], str]:
    """Download an npm package: its font, SMuFL metadata (may be empty) and licence."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            command = ["npm", "pack", "--silent", package]
            subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            reason = str(getattr(error, "stderr", "") or error).strip().splitlines()[-1]
            raise InputError(
                f"{package}: npm can't fetch it ({reason}); install npm, check the network"
            ) from error
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            files = {Path(m.name).name: archive.extractfile(m) for m in archive if m.isfile()}
            texts = {name: file.read() for name, file in files.items() if file}
    font = next(data for name, data in texts.items() if name.endswith(".otf"))
    return font, json.loads(texts.get("metadata.json", b"{}")), texts["LICENSE.txt"].decode()


def convert(name: str, font: bytes, metadata: dict[str, Any], licence: str) -> bytes:
    """Turn an OpenType music font into a zip for verovio.

    Parameters
    ----------
    name : str
        The font's name in verovio: letters only.
    font : bytes
        An OpenType file laid out by SMuFL.
    metadata : dict
        SMuFL's metadata of the font, for its anchors; may be empty.
    licence : str
        Text of the licence, which is put into the zip.

    Returns
    -------
    bytes
        The zip.
    """
    from fontTools.ttLib import TTFont

    source = TTFont(io.BytesIO(font))
    known = _glyph_names()
    anchors = metadata.get("glyphsWithAnchors", {})
    table, buffer = [], io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for code in sorted(known.keys() & source.getBestCmap().keys()):
            path, entry = _glyph(source, code, known[code], anchors.get(known[code], {}))
            archive.writestr(f"{name}/{code:04X}.xml", path)
            table.append(entry)
        em = source["head"].unitsPerEm
        head = f'<bounding-boxes font-family="{name}" units-per-em="{em}">'
        archive.writestr(f"{name}.xml", "\n".join([head, *table, "</bounding-boxes>"]))
        archive.writestr(f"{name}.css", "")  # verovio requires it, although no page embeds the font
        archive.writestr("LICENSE.txt", licence)
    return buffer.getvalue()


def _glyph(font: TTFont, code: int, name: str, anchors: dict[str, list[float]]) -> tuple[str, str]:
    """Write a glyph as an SVG group, and its line of the table of bounding boxes."""
    from fontTools.pens.boundsPen import BoundsPen
    from fontTools.pens.svgPathPen import SVGPathPen

    glyphs = font.getGlyphSet()
    glyph = glyphs[font.getBestCmap()[code]]
    outline, box = SVGPathPen(glyphs), BoundsPen(glyphs)
    glyph.draw(outline)
    glyph.draw(box)
    x0, y0, x1, y1 = box.bounds or (0, 0, 0, 0)
    if code in _NOTEHEADS and not anchors:
        anchors = _stem_anchors(glyph, glyphs)
    lines = "".join(f'<a n="{n}" x="{x}" y="{y}"/>' for n, (x, y) in anchors.items())
    size = f'x="{x0}" y="{y0}" w="{x1 - x0}" h="{y1 - y0}" h-a-x="{glyph.width}"'
    path = f'<g id="{code:04X}"><path transform="scale(1,-1)" d="{outline.getCommands()}"/></g>'
    return path, f'<g c="{code:04X}" {size} n="{name}">{lines}</g>'


def _stem_anchors(glyph: Any, glyphs: Any) -> dict[str, list[float]]:
    """Where stems touch a notehead: its rightmost and leftmost points, in staff spaces."""
    from fontTools.pens.recordingPen import DecomposingRecordingPen

    pen = DecomposingRecordingPen(glyphs)
    glyph.draw(pen)
    points = [p for _, args in pen.value for p in args[-1:]]  # the points on the outline, without handles
    if not points:
        return {}
    right, left = max(points), min(points)
    return {
        "stemUpSE": [right[0] / _STAFF_SPACE, right[1] / _STAFF_SPACE],
        "stemDownNW": [left[0] / _STAFF_SPACE, left[1] / _STAFF_SPACE],
    }


@lru_cache(maxsize=1)
def _glyph_names() -> dict[int, str]:
    """SMuFL's names of the glyphs that verovio uses; Bravura has them all."""
    table = re.findall(r'<g c="([0-9A-F]+)"[^>]* n="(\w+)"', _table(Font("Bravura")))
    return {int(code, 16): name for code, name in table}


def _table(font: Font) -> str:
    """Read a font's table of bounding boxes."""
    if font.archive:
        with zipfile.ZipFile(font.archive) as archive:
            return archive.read(f"{font.name}.xml").decode()
    import verovio

    return (Path(verovio.__file__).parent / "data" / f"{font.name}.xml").read_text()


if __name__ == "__main__":
    try:
        for made in fetch(Path(sys.argv[1] if len(sys.argv) > 1 else "fonts")):
            print(made)
    except InputError as problem:
        sys.exit(str(problem))
