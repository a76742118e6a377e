"""From a page with its staves and symbols to its texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np

from omr.page import Box, Staff, Symbol, Text
from omr.staves import median_space
from omr.text.chord_names import parse_chord_name
from omr.text.dashes import Dash, find_dashes, find_letters
from omr.text.kinds import Sheet, find_kinds
from omr.text.limits import FindingLimits, TextLimits
from omr.text.lines import HYPHENS, Line, joined, rows_of, shares_line
from omr.text.recogniser import Grey, Recogniser
from omr.text.spaces import with_spaces

_LARGE = (
    "slur", "tie", "glissando", "stem", "barline", "brace", "bracket", "ledgerLine", "voltaBracket", "beam",
    "dynamicCrescendoHairpin", "dynamicDiminuendoHairpin", "tupletBracket", "ottavaBracket", "arpeggiato",
    "wiggleTrill", "augmentationDot", "articStaccato", "articTenuto", "graceNote",
)  # fmt: skip
"""Starts of the names of symbols that explain no letter: they run past words, or are as small as dots."""

_BEFORE = 6.0
"""Staff spaces before the first syllable found in a row where others are looked for."""

_SIGNS = HYPHENS + "_~"
"""Characters of hyphens and extenders."""

_DYNAMICS = re.compile(r"^[pmfszr]{1,4}$")
_LETTERS = re.compile(r"[^\W_]")
_WORD = re.compile(r"[^\W\d_]{3}")
"""Three letters in a row: fewer, and figures, may be dynamics, fingerings, tuplets, a trill."""

_SIGN = re.compile(r"\W*(tr\w?|ped)\W*\d*", re.IGNORECASE)
"""Words that are signs themselves: a trill, with or without its wavy line, and a pedal mark."""

_LONGEST_SHORT = 2
"""Characters of a text that must be read surely to be one."""


def find_texts(
    grey: Grey,
    staves: Sequence[Staff],
    symbols: Sequence[Symbol],
    recogniser: Recogniser,
    limits: TextLimits = TextLimits(),
) -> tuple[Text, ...]:
    """Find the texts of a page.

    Parameters
    ----------
    grey : array (height, width) of uint8
        The page, upright, level and flat; 0 is black.
    staves : sequence of Staff
        In pixels of the page.
    symbols : sequence of Symbol
        Found on the page with enough confidence, in core names.
    recogniser : Recogniser
    limits : TextLimits, optional

    Returns
    -------
    tuple of Text
        From top to bottom and from left to right; none on a page without staves.
    """
    space = median_space(staves)
    if space is None:
        return ()
    height, width = grey.shape
    sheet = Sheet(width, height, tuple(sorted(staves, key=lambda s: float(s.ys.mean()))), space)
    boxes = _places(grey, sheet, symbols, recogniser, limits.finding)
    lines = [line for box in boxes if (line := _read(grey, box, space, recogniser, limits.finding))]
    lines = [with_spaces(line, grey, limits.spaces) for line in lines]
    lines = [line for line in (_without_dynamics(line, symbols, limits.finding) for line in lines) if line]
    lines = _directions_joined(lines, limits.finding)
    kinds = find_kinds(lines, sheet, limits.kinds)
    texts = [
        *_lyrics(
            [line for i, line in enumerate(lines) if kinds[i] == "lyrics"],
            grey,
            sheet,
            [symbol for symbol in symbols if not symbol.name.startswith("aug")],
            recogniser,
            limits,
        ),
        *(text for i, line in enumerate(lines) if kinds[i] != "lyrics" for text in _texts(line, kinds[i])),
    ]
    return tuple(_in_reading_order(texts))


def without_letters(
    symbols: Iterable[Symbol], texts: Sequence[Text], limits: FindingLimits = FindingLimits()
) -> tuple[Symbol, ...]:
    """Leave out symbols that are letters, or parts of letters, of words.

    Parameters
    ----------
    symbols : iterable of Symbol
    texts : sequence of Text
        In pixels of the same picture.
    limits : FindingLimits, optional

    Returns
    -------
    tuple of Symbol
        Those that stay, in order: sure symbols, notes with stems, and their ledger lines, are no letters.
    """
    words = [text for text in texts if _WORD.search(text.text) and not _SIGN.fullmatch(text.text)]
    listed = tuple(symbols)
    stems = [symbol.box for symbol in listed if symbol.name == "stem"]
    notes = [s.box for s in listed if s.name.startswith("notehead") and _touches(s.box, stems)]

    def stays(symbol: Symbol) -> bool:
        kept = (
            symbol.score >= limits.sure
            or symbol.name == "stem"
            or (symbol.name == "ledgerLine" and _touches(symbol.box, notes))
        )
        return kept or (symbol.name.startswith("notehead") and symbol.box in notes)

    return tuple(
        symbol
        for symbol in listed
        if stays(symbol) or not any(_is_letter(symbol, text, limits) for text in words)
    )


# --- places of words ------------------------------------------------------------------------------------


def _places(
    grey: Grey, sheet: Sheet, symbols: Sequence[Symbol], recogniser: Recogniser, limits: FindingLimits
) -> list[Box]:
    """Find where words stand: outside staves, and where no symbols are that explain the ink."""
    scale = min(1.0, limits.search_space / sheet.space)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = [Box(*(edge / scale for edge in box)) for box in recogniser.find(np.asarray(small, np.uint8))]
    outside = [box for box in found if not _in_staff(box, sheet, limits)]
    glyphs = [symbol for symbol in symbols if not symbol.name.startswith(_LARGE)]
    return _merged([box for box in outside if not _explained(box, glyphs, sheet, limits)], limits)


def _in_staff(box: Box, sheet: Sheet, limits: FindingLimits) -> bool:
    """Tell whether the middle of a box lies in a staff."""
    x, y = box.centre
    inner = limits.in_staff * sheet.space
    for staff in range(len(sheet.staves)):
        top, bottom = sheet.edges(staff, x)
        xs = sheet.staves[staff].xs
        if xs[0] <= x <= xs[-1] and top + inner <= y <= bottom - inner:
            return True
    return False


def _explained(box: Box, symbols: Sequence[Symbol], sheet: Sheet, limits: FindingLimits) -> bool:
    """Tell whether symbols cover a box; numbers of measures stand at the beginning of a staff."""
    gap = sheet.gap(box)
    if gap < len(sheet.staves) and box.x0 < float(sheet.staves[gap].xs[0]) + 2 * sheet.space:
        return False
    covered = sum(_shared(box, symbol.box) for symbol in symbols)
    return covered >= limits.min_covered * box.width * box.height


def _shared(a: Box, b: Box) -> float:
    """Area that two boxes share, in square pixels."""
    width, height = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    return max(0.0, width) * max(0.0, height)


def _merged(boxes: Sequence[Box], limits: FindingLimits) -> list[Box]:
    """Join pieces of one line that overlap."""
    found: list[Box] = []
    for box in sorted(boxes):
        last = next(
            (i for i, b in enumerate(found) if box.x0 < b.x1 and shares_line(b, box, limits.same_line)), None
        )
        if last is None:
            found.append(box)
        else:
            found[last] = found[last].joined(box)
    return found


# --- reading --------------------------------------------------------------------------------------------


def _read(grey: Grey, box: Box, space: float, recogniser: Recogniser, limits: FindingLimits) -> Line | None:
    """Read one piece of a line; None where nothing sure stands there."""
    beside, above = (margin * space for margin in limits.margin)
    height, width = grey.shape
    x0, y0 = max(0, int(box.x0 - beside)), max(0, int(box.y0 - above))
    x1, y1 = min(width, int(box.x1 + beside) + 1), min(height, int(box.y1 + above) + 1)
    letters = recogniser.read(np.ascontiguousarray(grey[y0:y1, x0:x1]))
    text = letters.text.rstrip()
    start = len(text) - len(text.lstrip())
    text, shares = text[start:], letters.xs[start : len(text)]
    sure = limits.min_score_short if len(text) <= _LONGEST_SHORT else limits.min_score
    if not _LETTERS.search(text) or letters.score < sure:
        return None
    return Line(text, tuple(x0 + share * (x1 - x0) for share in shares), box, letters.score)


def _without_dynamics(line: Line, symbols: Sequence[Symbol], limits: FindingLimits) -> Line | None:
    """Leave out dynamics at the ends of a direction that the detector knows as symbols."""
    dynamics = [symbol for symbol in symbols if symbol.name.startswith("dynamic")]
    words = line.words()

    def known(word: Line) -> bool:
        covered = sum(_shared(word.box, symbol.box) for symbol in dynamics)
        return bool(_DYNAMICS.match(word.text)) and covered > limits.min_covered / 2 * (
            word.box.width * word.box.height
        )

    while words and known(words[0]):
        words = words[1:]
    while words and known(words[-1]):
        words = words[:-1]
    return None if not words else line if len(words) == len(line.words()) else joined(words)


def _directions_joined(lines: Sequence[Line], limits: FindingLimits) -> list[Line]:
    """Join neighbours on one line that stand as close as words of one direction do."""
    found: list[Line] = []
    for row in rows_of(lines, limits.same_line):
        groups = [[row[0]]]
        for left, right in pairwise(row):
            height = min(left.box.height, right.box.height)
            near = right.box.x0 - left.box.x1 < limits.max_gap * height / 2
            alike = max(left.box.height, right.box.height) < 1.5 * height
            if near and alike:
                groups[-1].append(right)
            else:
                groups.append([right])
        found += [joined(group) for group in groups]
    return found


# --- texts ----------------------------------------------------------------------------------------------


def _texts(line: Line, kind: str) -> Iterator[Text]:
    """Make a text of a line; chord names are one text each."""
    parts = [w for w in line.words() if parse_chord_name(w.text)] if kind == "chord name" else [line]
    for part in parts:
        yield Text(part.text, part.box, part.score, kind)


def _lyrics(
    lines: Sequence[Line],
    grey: Grey,
    sheet: Sheet,
    symbols: Sequence[Symbol],
    recogniser: Recogniser,
    limits: TextLimits,
) -> Iterator[Text]:
    """Cut rows of lyrics into syllables, with their hyphens and extenders."""
    for gap in range(1, len(sheet.staves) + 1):
        rows = rows_of((line for line in lines if sheet.gap(line.box) == gap), limits.kinds.row_height)
        for verse, found in enumerate(rows, start=1):
            row = _with_missed(found, grey, sheet, symbols, recogniser, limits)
            yield from _syllables(row, verse, grey, sheet, limits)


def _syllables(
    row: Sequence[Line], verse: int, grey: Grey, sheet: Sheet, limits: TextLimits
) -> Iterator[Text]:
    """Cut one row of lyrics."""
    pieces = _with_signs([piece for line in row for piece in line.syllables()])
    if not pieces:
        return
    around = row[0].box
    for line in row[1:]:
        around = around.joined(line.box)
    rights = [piece.box.x0 for piece, _ in pieces[1:]] + [sheet.right]
    gaps = [(piece.box.x1, right) for (piece, _), right in zip(pieces, rights, strict=True)]
    dashes = find_dashes(grey, around, gaps, sheet.space, limits.dashes)
    for (piece, read), gap in zip(pieces, gaps, strict=True):
        sign = read or _sign(gap, dashes, sheet.space, limits)
        yield Text(piece.text + sign, piece.box, piece.score, "lyrics", verse)


def _with_missed(
    row: Sequence[Line],
    grey: Grey,
    sheet: Sheet,
    symbols: Sequence[Symbol],
    recogniser: Recogniser,
    limits: TextLimits,
) -> list[Line]:
    """Add letters of a row that stand alone and were not found, such as the e of "Ky-ri-e"."""
    lefts, tops, rights, bottoms = zip(*(line.box for line in row), strict=True)
    band = Box(min(lefts), float(np.median(tops)), max(rights), float(np.median(bottoms)))
    starts = [band.x0 - _BEFORE * sheet.space, *rights]
    gaps = list(zip(starts, [*lefts, sheet.right], strict=True))
    boxes = find_letters(grey, band, gaps, band.height, limits.dashes)
    free = [box for box in boxes if not any(_shared(box, symbol.box) > 0 for symbol in symbols)]
    read = (_read(grey, box, sheet.space, recogniser, limits.finding) for box in free)
    found = [line for line in read if line and line.text.strip(_SIGNS).isalpha()]
    return sorted([*row, *found], key=lambda line: line.box.x0)


def _with_signs(pieces: Sequence[Line]) -> list[tuple[Line, str]]:
    """Take the hyphens and extenders that were read off their syllables."""
    found: list[tuple[Line, str]] = []
    for piece in pieces:
        text = piece.text.strip()
        bare = text.strip(_SIGNS).strip()
        sign = "-" if text[-1:] and text[-1] in HYPHENS else "_" if text[-1:] in ("_", "~") else ""
        if _LETTERS.search(bare):
            if found and text[0] in HYPHENS:
                found[-1] = found[-1][0], "-"
            found.append((replace(piece, text=bare), sign))
        elif found and sign and not found[-1][1]:
            found[-1] = found[-1][0], sign
    return found


def _sign(gap: tuple[float, float], dashes: Sequence[Dash], space: float, limits: TextLimits) -> str:
    """Say what stands behind a syllable: a hyphen, an extender or nothing."""
    inside = [
        dash for dash in dashes if gap[0] - space / 2 <= dash.box.x0 and dash.box.x1 <= gap[1] + space / 2
    ]
    if any(dash.sign == "-" for dash in inside):
        return "-"
    near = [d for d in inside if d.box.x0 - gap[0] < limits.dashes.max_far * space]
    return "_" if near else ""


def _in_reading_order(texts: Sequence[Text]) -> Iterator[Text]:
    """Go through texts line by line."""
    rows: list[list[Text]] = []
    for text in sorted(texts, key=lambda text: text.box.x0):
        row = next((r for r in rows if shares_line(r[-1].box, text.box, 0.5)), None)
        if row is None:
            rows.append([text])
        else:
            row.append(text)
    for row in sorted(rows, key=lambda row: float(np.median([text.box.centre[1] for text in row]))):
        yield from row


# --- letters among the symbols --------------------------------------------------------------------------


def _touches(box: Box, others: Sequence[Box]) -> bool:
    """Tell whether a box overlaps one of others."""
    return any(_shared(box, other) > 0 for other in others)


def _is_letter(symbol: Symbol, text: Text, limits: FindingLimits) -> bool:
    """Tell whether a symbol lies in a word and is no larger than its letters."""
    box = symbol.box
    if box.height > limits.max_height * text.box.height or box.width > max(text.box.width, 1.0):
        return False
    area = max(box.width * box.height, 1e-6)
    return _shared(text.box, box) >= limits.min_inside * area
