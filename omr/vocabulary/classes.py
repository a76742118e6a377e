"""The core vocabulary and its maps to and from the names of published datasets.

A core class is one name for one look. What only the context tells (a notehead
on a line or in a space, an articulation above or below, a flat that belongs to
the key) is not a class here; `omr.vocabulary.context` derives it from the staves where a
dataset's names need it.

Each class belongs to a `layer`. Symbols of one layer seldom cover each other
while those of two layers do all the time (a stem runs through its notehead, a
slur spans everything), so the detector keeps one energy map a layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from omr.errors import InputError

Layer = Literal["glyph", "upright", "level", "curve"]
LAYERS: tuple[Layer, ...] = ("glyph", "upright", "level", "curve")


@dataclass(frozen=True, slots=True)
class SymbolClass:
    """A class of the core vocabulary.

    Attributes
    ----------
    name : str
    layer : Layer
    deepscores : tuple of str
        The DeepScoresV2 names that mean this look, the one to write where the
        context is unknown first; empty where DeepScoresV2 has none.
    muscima : tuple of str
        Likewise for MUSCIMA++ 2.0. Names shared by several classes (numerals)
        are read as the first class that lists them, unless the symbol's
        relationships tell more (`omr.vocabulary.muscima`).
    """

    name: str
    layer: Layer
    deepscores: tuple[str, ...] = ()
    muscima: tuple[str, ...] = ()


def _glyph(name: str, deepscores: str = "=", muscima: str = "") -> SymbolClass:
    return _class(name, "glyph", deepscores, muscima)


def _class(name: str, layer: Layer, deepscores: str = "=", muscima: str = "") -> SymbolClass:
    """Read one line of the table: '=' is the same name, '' is none."""
    return SymbolClass(
        name, layer, tuple(deepscores.replace("=", name).split()), tuple(muscima.replace("=", name).split())
    )


def _notehead(kind: str, muscima: str = "", muscima_small: str = "") -> list[SymbolClass]:
    stem = f"notehead{kind}"
    return [
        _glyph(stem, f"{stem}InSpace {stem}OnLine", muscima),
        _glyph(f"{stem}Small", f"{stem}InSpaceSmall {stem}OnLineSmall", muscima_small),
    ]


CLASSES: tuple[SymbolClass, ...] = (
    # what carries the page
    _class("brace", "upright", "=", "="),
    _class("bracket", "upright", "", "="),
    _class("barline", "upright", "", "="),
    _class("barlineHeavy", "upright", "", "="),
    _class("barlineDashed", "upright", "", "barlineDotted"),
    _class("ledgerLine", "level", "legerLine", "legerLine"),
    _class("voltaBracket", "level", "", "horizontalSpanner"),
    _glyph("repeatDot", "=", "="),
    _glyph("segno", "=", "="),
    _glyph("coda", "=", "="),
    _glyph("measureRepeat", "", "repeat1Bar"),
    # clefs, metre
    _glyph("clefG", "=", "gClef"),
    _glyph("clefC", "clefCAlto clefCTenor", "cClef"),
    _glyph("clefF", "=", "fClef"),
    _glyph("clefPercussion", "clefUnpitchedPercussion", ""),
    _glyph("clef8"),
    _glyph("clef15"),
    *(_glyph(f"timeSig{n}", "=", f"numeral{n}") for n in range(10)),
    _glyph("timeSigCommon", "=", "="),
    _glyph("timeSigCutCommon", "=", "="),
    # notes
    *_notehead("Black", "noteheadFull", "noteheadFullSmall"),
    *_notehead("Half", "noteheadHalf", "noteheadHalfSmall"),
    *_notehead("Whole", "noteheadWhole", "noteheadWhole"),
    *_notehead("DoubleWhole"),
    _glyph("noteheadX", ""),
    _glyph("augmentationDot", "=", "="),
    _class("stem", "upright", "=", "="),
    _class("beam", "level", "=", "= multipleNoteTremolo"),
    *(_glyph(f"tremolo{n}", "=", "singleNoteTremolo") for n in range(1, 6)),
    _glyph("flag8thUp", "=", "="),
    _glyph("flag8thUpSmall", "=", "flag8thUp"),
    _glyph("flag16thUp", "=", "="),
    _glyph("flag32ndUp", "=", "="),
    _glyph("flag64thUp", "=", "="),
    _glyph("flag128thUp"),
    _glyph("flag8thDown", "=", "="),
    _glyph("flag8thDownSmall", "=", "flag8thDown"),
    _glyph("flag16thDown", "=", "="),
    _glyph("flag32ndDown", "=", "="),
    _glyph("flag64thDown", "=", "="),
    _glyph("flag128thDown"),
    # the stroke through a grace note's flag; its small notehead, stem and flag are their own symbols
    _class("graceNoteAcciaccaturaStemUp", "level", "=", "graceNoteAcciaccatura"),
    _class("graceNoteAcciaccaturaStemDown", "level", "=", "graceNoteAcciaccatura"),
    # accidentals
    _glyph("accidentalFlat", "= keyFlat", "="),
    _glyph("accidentalFlatSmall", "=", "accidentalFlat"),
    _glyph("accidentalNatural", "= keyNatural", "="),
    _glyph("accidentalNaturalSmall", "=", "accidentalNatural"),
    _glyph("accidentalSharp", "= keySharp", "="),
    _glyph("accidentalSharpSmall", "=", "accidentalSharp"),
    _glyph("accidentalDoubleSharp", "=", "="),
    _glyph("accidentalDoubleFlat", "=", "="),
    # articulations and other marks; those whose two directions look different are two classes
    _glyph("articAccent", "articAccentAbove articAccentBelow", "articulationAccent"),
    _glyph("articStaccato", "articStaccatoAbove articStaccatoBelow", "articulationStaccato"),
    _glyph("articTenuto", "articTenutoAbove articTenutoBelow", "articulationTenuto"),
    _glyph("articStaccatissimoAbove"),
    _glyph("articStaccatissimoBelow"),
    _glyph("articMarcatoAbove", "=", "articulationMarcatoAbove"),
    _glyph("articMarcatoBelow", "=", "articulationMarcatoBelow"),
    _glyph("fermataAbove", "=", "="),
    _glyph("fermataBelow", "=", "="),
    _glyph("caesura", "=", "="),
    _glyph("breathMark", "", "="),
    _glyph("stringsDownBow", "=", "instrumentSpecific"),
    _glyph("stringsUpBow", "=", "instrumentSpecific"),
    _glyph("ornamentTrill", "=", "="),
    _glyph("ornamentTurn", "=", "ornament"),
    _glyph("ornamentTurnInverted", "=", "ornament"),
    _glyph("ornamentMordent", "=", "ornament"),
    _glyph("ornamentShortTrill", "", "ornament"),
    _class("wiggleTrill", "level", "", "="),
    _class("arpeggiato", "upright", "=", "arpeggio"),
    _class("glissando", "curve", "", "="),
    _glyph("keyboardPedalPed"),
    _glyph("keyboardPedalUp", "=", "instrumentSpecific"),
    *(_glyph(f"fingering{n}", "=", f"numeral{n}") for n in range(6)),
    # rests
    # the blocks of older music; in MUSCIMA++ its "multi-measure rests"
    _glyph("restLonga", "", "multiMeasureRest"),
    _glyph("restDoubleWhole", "=", "multiMeasureRest"),
    *(_glyph(f"rest{n}", "=", "=") for n in ("Whole", "Half", "Quarter", "8th", "16th", "32nd", "64th")),
    _glyph("rest128th"),
    _class("restHBar", "level", "=", "multiMeasureRest"),
    _glyph("restHNr", "="),
    # loudness
    *(_glyph(f"dynamic{c}", "=", f"dynamicLetter{c}") for c in "PMFSZR"),
    _class("dynamicCrescendoHairpin", "level", "=", "="),
    _class("dynamicDiminuendoHairpin", "level", "=", "="),
    # curves and brackets
    _class("slur", "curve", "=", "="),
    _class("tie", "curve", "=", "="),
    _class("tupletBracket", "level", "=", "tupleBracket"),
    *(_glyph(f"tuplet{n}", "=", f"numeral{n}") for n in range(1, 10)),
    _class("ottavaBracket", "level"),
)

BY_NAME: dict[str, SymbolClass] = {c.name: c for c in CLASSES}
CORE: tuple[str, ...] = tuple(BY_NAME)

Names = Literal["core", "deepscores", "muscima"]
NAMES: tuple[Names, ...] = ("core", "deepscores", "muscima")
"""The vocabularies: our own, and those of DeepScoresV2 and MUSCIMA++ 2.0."""


def check_names(names: str) -> Names:
    """Refuse what is no vocabulary.

    Parameters
    ----------
    names : str

    Returns
    -------
    {"core", "deepscores", "muscima"}

    Raises
    ------
    InputError
        When there is no such vocabulary; the message lists them.
    """
    for known in NAMES:
        if names == known:
            return known
    raise InputError(f"names={names!r}: no such vocabulary; choose one of {', '.join(NAMES)}")


BROAD = frozenset({"instrumentSpecific", "ornament"})
"""Names of MUSCIMA++ for quite different looks: written, but never read as one class."""


def _inverse(names: Names) -> dict[str, str]:
    inverse: dict[str, str] = {}
    for c in CLASSES:
        for name in {"core": (c.name,), "deepscores": c.deepscores, "muscima": c.muscima}[names]:
            if name not in BROAD:
                inverse.setdefault(name, c.name)
    return inverse


_TO_CORE: dict[Names, dict[str, str]] = {names: _inverse(names) for names in NAMES}


def to_core(name: str, names: Names) -> str | None:
    """Find the core class that a name of a vocabulary looks like.

    Engraved data uses DeepScoresV2's names and, where that has none, core
    names; a core name is therefore understood in every vocabulary.

    Parameters
    ----------
    name : str
    names : {"core", "deepscores", "muscima"}

    Returns
    -------
    str or None
        None where the core vocabulary has no such class.

    Examples
    --------
    >>> to_core("noteheadFull", "muscima"), to_core("keyFlat", "deepscores"), to_core("staff", "deepscores")
    ('noteheadBlack', 'accidentalFlat', None)
    """
    return _TO_CORE[names].get(name) or (name if name in BY_NAME else None)
