"""Edits of what is read rather than seen: keys, metres, durations, systems, as changes of symbols.

Each function finds what is printed at a place and gives the `Edit` that makes it say something else. New
symbols stand where an engraver would have put them (E. Gould, *Behind Bars*, 2011: "Key signatures", "Time
signatures", "Dotted notes").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from omr.errors import InputError
from omr.notation.layout.placement import PageLayout
from omr.notation.linking.chords import Chord
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.pipeline import LinkedPiece
from omr.notation.semantics.clefs import is_clef
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.signatures import FIRST_CLEF
from omr.page import Box, Page, StaffJoin, Symbol
from omr.score import VALUES, Clef
from omr.serve.edits import Edit

SHARPS = (0, 3, -1, 2, 5, 1, 4)
"""Positions of the sharps of a key under a G clef, in half staff spaces below the top line."""

FLATS = (4, 1, 5, 2, 6, 3, 7)
"""Positions of the flats, likewise."""

_CLEF_SHIFT = {("G", 2): 0, ("F", 4): 2, ("C", 3): 1, ("C", 4): -1, ("C", 1): -3}
"""Half staff spaces by which a key stands lower under other clefs than under a G clef."""


@dataclass(frozen=True)
class SignSizes:
    """Sizes and distances of signs that are added by hand, in staff spaces.

    Source: set by eye beside printed signs, after E. Gould, *Behind Bars*, 2011. The notation stage reads the
    signs whatever their exact size.
    """

    opening: float = 6.0
    """From the beginning of a measure to the clefs, at most, that hold from there on."""

    after_barline: float = 0.6
    """From the beginning of a measure, or the sign before, to a signature."""

    after_clef: float = 0.5
    """From a clef to a key signature."""

    accidental: float = 0.9
    """Width of an accidental."""

    accidental_step: float = 1.0
    """From one accidental of a key signature to the next."""

    sharp: tuple[float, float] = (1.4, 1.4)
    """How far a sharp reaches above and below its position."""

    flat: tuple[float, float] = (1.7, 0.7)
    """How far a flat reaches above and below its position."""

    digit: float = 1.5
    """Width of a digit of a time signature."""

    digit_step: float = 1.6
    """From one digit of a number to the next."""

    digit_reach: float = 1.0
    """How far a digit reaches above and below its middle."""

    stem: float = 0.1
    """Width of a stem."""

    stem_reach: float = 3.0
    """How far a stem reaches beyond its notehead."""

    flag: tuple[float, float] = (1.0, 2.8)
    """Width and height of a flag."""

    dot: float = 0.4
    """Width and height of an augmentation dot."""

    dot_distance: float = 0.6
    """From a notehead or rest to the middle of its first augmentation dot."""

    dot_step: float = 0.7
    """From one augmentation dot to the next."""

    above_line: float = 0.5
    """By which the dot of a head on a line stands higher: in the space above."""


SIZES = SignSizes()

_FLAGS = {"eighth": "8th", "16th": "16th", "32nd": "32nd", "64th": "64th", "128th": "128th"}
_RESTS = {"long": "Longa", "breve": "DoubleWhole", "eighth": "8th"}
_HEADS = {"breve": "noteheadDoubleWhole", "whole": "noteheadWhole", "half": "noteheadHalf"}


def set_key(page: Page, piece: LinkedPiece, number: int, measure: int, fifths: int) -> Edit:
    """Set the key signature at the start of a measure, on every staff.

    Parameters
    ----------
    page : Page
        The page with the measure.
    piece : LinkedPiece
    number : int
        Of the page in the piece, from 0.
    measure : int
        Of the page, from 0.
    fifths : int
        Sharps, or flats if negative.

    Returns
    -------
    Edit

    Raises
    ------
    InputError
        When there is no such measure or key.
    """
    if not -7 <= fifths <= 7:
        raise InputError(f"a key of {fifths} sharps; give -7 to 7")
    linked, draft = _measure(piece, number, measure)
    layout, space = linked.layout, linked.layout.space
    removed: list[int] = []
    added: list[Symbol] = []
    for row, (staff, signatures) in enumerate(zip(draft.staves, draft.signatures, strict=True)):
        old = signatures.key_accidentals
        removed += [accidental.index for accidental in old]
        clefs = [s for s in draft.region.symbols[row] if is_clef(s)]
        end = draft.region.x0 + SIZES.opening * space
        opening = [c for c in clefs if c.x < end]
        clef = _clef_at(draft, row, piece, end)
        shift = _CLEF_SHIFT.get((clef.sign, clef.line), 0)
        starts = [
            draft.region.x0 + SIZES.after_barline * space,
            *(c.box.x1 + SIZES.after_clef * space for c in opening),
        ]
        x = min((a.box.x0 for a in old), default=max(starts))
        name, positions = ("accidentalSharp", SHARPS) if fifths > 0 else ("accidentalFlat", FLATS)
        for n, position in enumerate(positions[: abs(fifths)]):
            up, down = SIZES.sharp if fifths > 0 else SIZES.flat
            middle = _height(layout, staff, x, position + shift)
            left = x + SIZES.accidental_step * n * space
            right = left + SIZES.accidental * space
            box = Box(left, middle - up * space, right, middle + down * space)
            added.append(Symbol(name, _on_page(box, page, layout)))
    return Edit(
        number,
        f"Key of {abs(fifths)} {'sharps' if fifths > 0 else 'flats'}",
        tuple(removed),
        (),
        tuple(added),
    )


def set_metre(page: Page, piece: LinkedPiece, number: int, measure: int, beats: int, unit: int) -> Edit:
    """Set the time signature at the start of a measure, on every staff.

    Parameters
    ----------
    page : Page
        The page with the measure.
    piece : LinkedPiece
    number : int
        Of the page in the piece, from 0.
    measure : int
        Of the page, from 0.
    beats, unit : int
        The upper and the lower figure; 0 beats removes the time signature.

    Returns
    -------
    Edit

    Raises
    ------
    InputError
        When there is no such measure or metre.
    """
    if not 0 <= beats <= 99 or unit not in (1, 2, 4, 8, 16, 32):
        raise InputError(f"a metre of {beats}/{unit}; give 1 to 99 beats of 1, 2, 4, 8, 16 or 32")
    linked, draft = _measure(piece, number, measure)
    layout, space = linked.layout, linked.layout.space
    removed: list[int] = []
    added: list[Symbol] = []
    for row, staff in enumerate(draft.staves):
        here = draft.region.symbols[row]
        old = [s for s in here if s.name.startswith("timeSig")]
        removed += [s.index for s in old]
        end = draft.region.x0 + SIZES.opening * space
        before = [s.box.x1 for s in here if is_clef(s) and s.x < end]
        before += [a.box.x1 for a in draft.signatures[row].key_accidentals]
        start = max([draft.region.x0, *before]) + SIZES.after_barline * space
        x = min((s.box.x0 for s in old), default=start)
        for digits, position in ((str(beats), 2), (str(unit), 6)) if beats else ():
            middle = _height(layout, staff, x, position)
            for n, digit in enumerate(digits):
                left, reach = x + SIZES.digit_step * n * space, SIZES.digit_reach * space
                box = Box(left, middle - reach, left + SIZES.digit * space, middle + reach)
                added.append(Symbol(f"timeSig{digit}", _on_page(box, page, layout)))
    label = f"Metre {beats}/{unit}" if beats else "No metre"
    return Edit(number, label, tuple(removed), (), tuple(added))


def set_duration(page: Page, piece: LinkedPiece, number: int, index: int, value: str, dots: int) -> Edit:
    """Set the printed value of the note, chord or rest that a symbol belongs to.

    Parameters
    ----------
    page : Page
        The page with the symbol.
    piece : LinkedPiece
    number : int
        Of the page in the piece, from 0.
    index : int
        Of a notehead or rest.
    value : str
        One of `omr.score.VALUES`.
    dots : int
        Augmentation dots, 0 to 3.

    Returns
    -------
    Edit

    Raises
    ------
    InputError
        When the symbol is no notehead or rest in use, or beams say the value.
    """
    if value not in VALUES or not 0 <= dots <= 3:
        raise InputError(f"{value!r} with {dots} dots: is no note value")
    linked = piece.pages[number]
    chord = next((c for c in linked.chords if index in (s.index for s in c.symbols)), None)
    if chord is None:
        raise InputError("no note or rest was read from this symbol; choose a notehead or a rest")
    if chord.beams and value != chord.value:
        raise InputError("beams say the value of this note; delete or add a beam")
    symbols = (*page.symbols, *page.low_confidence)
    removed: list[int] = []
    added: list[Symbol] = []
    if chord.rest:
        name = f"rest{_RESTS.get(value, value.capitalize() if value.isalpha() else value)}"
        changed = [(chord.rest.index, Symbol(name, symbols[chord.rest.index].box))]
    else:
        small = "Small" if chord.small else ""
        name = _HEADS.get(value, "noteheadBlack") + small
        changed = [(head.index, Symbol(name, symbols[head.index].box)) for head in chord.heads]
        removed, added = _flagged(chord, value, page, linked.layout)
    removed += [dot.index for dot in chord.dotted]
    added += _dots(chord, dots, page, linked.layout)
    label = f"{'Rest' if chord.rest else 'Note'}: {'dotted ' * dots}{value}"
    return Edit(number, label, tuple(removed), tuple(changed), tuple(added))


def _flagged(chord: Chord, value: str, page: Page, layout: PageLayout) -> tuple[list[int], list[Symbol]]:
    """Find the flags and the stem to remove, and the stem and the flag to add."""
    space = layout.space
    removed = [flag.index for flag in chord.flags] if value != chord.value else []
    added: list[Symbol] = []
    if VALUES.index(value) < VALUES.index("half"):  # whole notes have no stem
        return [*removed, *([chord.stem.index] if chord.stem else [])], added
    direction, stem = chord.direction or "up", chord.stem.box if chord.stem else None
    if stem is None:
        head = chord.heads[-1].box
        top = head.y0 - SIZES.stem_reach * space
        stem = Box(head.x1 - SIZES.stem * space, top, head.x1, (head.y0 + head.y1) / 2)
        added.append(Symbol("stem", _on_page(stem, page, layout)))
    if value in _FLAGS and value != chord.value and stem:
        width, height = (size * space for size in SIZES.flag)
        y0, y1 = (stem.y0, stem.y0 + height) if direction == "up" else (stem.y1 - height, stem.y1)
        box = Box(stem.x0, y0, stem.x1 + width, y1)
        added.append(Symbol(f"flag{_FLAGS[value]}{direction.capitalize()}", _on_page(box, page, layout)))
    return removed, added


def _dots(chord: Chord, dots: int, page: Page, layout: PageLayout) -> Iterator[Symbol]:
    """Place augmentation dots in the space of each head, or above its line."""
    space = layout.space
    for symbol in chord.symbols:
        on_line = not chord.rest and round(symbol.position) % 2 == 0
        y = symbol.y - SIZES.above_line * space * on_line
        half = SIZES.dot / 2 * space
        for n in range(dots):
            x = symbol.box.x1 + (SIZES.dot_distance + SIZES.dot_step * n) * space
            box = Box(x - half, y - half, x + half, y + half)
            yield Symbol("augmentationDot", _on_page(box, page, layout))


def set_join(page: Page, piece: LinkedPiece, number: int, gap: int, joined: bool) -> Edit:
    """Say whether a staff and the next one below it are of one system.

    Parameters
    ----------
    page : Page
    piece : LinkedPiece
    number : int
        Of the page in the piece, from 0.
    gap : int
        The upper staff, as `gaps` counts.
    joined : bool

    Returns
    -------
    Edit

    Raises
    ------
    InputError
        When there are no such staves.
    """
    staves = piece.pages[number].layout.staves
    if not 0 <= gap < len(staves) - 1:
        raise InputError(f"staff {gap + 1}: has no staff below it")
    y = float(staves[gap].ys[-1].mean() + staves[gap + 1].ys[0].mean()) / 2
    label = "Join the systems" if joined else "Split the system"
    return Edit(number, label, joins=(StaffJoin(round(y, 1), joined),))


def gaps(page: Page, piece: LinkedPiece, number: int) -> list[dict[str, object]]:
    """List the gaps between the staves of a page, for the browser.

    Parameters
    ----------
    page : Page
    piece : LinkedPiece
    number : int
        Of the page in the piece, from 0.

    Returns
    -------
    list of dict
        For JSON: ``upper``, the staff above, ``joined``, and ``at``, x and y in pixels of the original image
        where the staves begin.
    """
    linked = piece.pages[number]
    staves = linked.layout.staves
    system_of = {staff: n for n, system in enumerate(linked.systems) for staff in system.staves}
    listed: list[dict[str, object]] = []
    for upper in range(len(staves) - 1):
        y = float(staves[upper].ys[-1].mean() + staves[upper + 1].ys[0].mean()) / 2
        at = np.array([[float(staves[upper].xs[0]), y]])
        x, y = (page.view.to_original(at) if page.view else at)[0]
        joined = upper in system_of and system_of[upper] == system_of.get(upper + 1)
        listed.append({"upper": upper, "joined": joined, "at": [round(float(x), 1), round(float(y), 1)]})
    return listed


# --- places -------------------------------------------------------------------------------------------


def _measure(piece: LinkedPiece, number: int, measure: int) -> tuple[LinkedPage, MeasureDraft]:
    drafts: Sequence[MeasureDraft] = [draft for draft in piece.drafts if draft.page == number]
    if not 0 <= measure < len(drafts):
        raise InputError(f"measure {measure + 1} of page {number + 1}: isn't there; choose a measure")
    return piece.pages[number], drafts[measure]


def _clef_at(draft: MeasureDraft, row: int, piece: LinkedPiece, x: float) -> Clef:
    """Find the clef that holds on a staff of a measure up to an x: the last one there or before."""
    line, found = draft.staff_numbers[row], FIRST_CLEF
    for earlier in piece.drafts:
        if line in earlier.staff_numbers:
            shown = earlier.signatures[earlier.staff_numbers.index(line)].clefs
            found = next((c for at, c in reversed(shown) if earlier is not draft or at < x), found)
        if earlier is draft:
            break
    return found


def _height(layout: PageLayout, staff: int, x: float, position: float) -> float:
    """Find the y of a position on a staff, in half staff spaces below its top line."""
    top, bottom = layout.edges(staff, x)
    return top + position / 8 * (bottom - top)


def _on_page(box: Box, page: Page, layout: PageLayout) -> Box:
    """Take a box from the level page to the original image."""
    shift = layout.on_image(0.0, box.centre[1])
    box = Box(box.x0 + shift, box.y0, box.x1 + shift, box.y1)
    if page.view is None:
        return box
    return Box(*page.view.boxes_to_original(np.array([box], np.float64))[0].tolist())
