"""Names of MUSCIMA++: version 1.0 in the names of 2.0, and 2.0 in the core vocabulary.

The graph of a page tells more than the names alone: a digit belongs to a metre or to a
tuplet, an empty notehead with a stem is a half note's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from omr.page import Box
from omr.vocabulary.classes import BY_NAME, to_core

_DIGITS = {"timeSignature": "timeSig", "tuple": "tuplet", "transpositionText": "clef"}
"""The core classes of digits by the symbol that they are part of; digits in voltas and texts have none."""

_SHORTEST_LONGA = 1.65
"""Staff spaces of height of the shortest longa rest: breves fill one space, longas two."""

_LEAST_FLAT_TOP = 0.6
"""Part (0 to 1) of its breadth that a down-bow's top fifth fills with ink; an up-bow has two tips there."""


class GraphSymbol(Protocol):
    """A symbol of a MUSCIMA++ page, as far as its name depends on it.

    `omr.datasets.mung.Node` is one.
    """

    @property
    def name(self) -> str:
        """The class, as the file has it."""

    @property
    def height(self) -> int:
        """Pixels."""

    @property
    def box(self) -> Box:
        """In pixels of the page."""

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Where its ink is: array (height, width)."""


S = TypeVar("S", bound=GraphSymbol)


class SymbolGraph(Protocol[S]):
    """The relationships of the symbols of a page; `omr.datasets.mung.Notation` is one."""

    def parents(self, node: S, /) -> Sequence[S]:
        """List the symbols that lead to a symbol.

        Parameters
        ----------
        node : GraphSymbol

        Returns
        -------
        sequence of GraphSymbol
        """

    def children(self, node: S, /) -> Sequence[S]:
        """List the symbols that a symbol leads to.

        Parameters
        ----------
        node : GraphSymbol

        Returns
        -------
        sequence of GraphSymbol
        """


def core_name(node: S, notation: SymbolGraph[S], space: float) -> str | None:
    """Name a symbol in the core vocabulary.

    Parameters
    ----------
    node : GraphSymbol
        Named as in MUSCIMA++ 2.0.
    notation : SymbolGraph
        The page that it is on.
    space : float
        Staff space in pixels.

    Returns
    -------
    str or None
        None where the core vocabulary has no class for it.
    """
    parents = {parent.name for parent in notation.parents(node)}
    if node.name.startswith("numeral"):
        return _digit(node.name.removeprefix("numeral"), parents)
    if node.name == "graceNoteAcciaccatura":
        return f"{node.name}Stem{_stem_direction(node, notation)}"
    if node.name == "instrumentSpecific":
        return _bow(node) if parents else "keyboardPedalUp"
    if node.name == "multiMeasureRest":
        return "restLonga" if node.height > _SHORTEST_LONGA * space else "restDoubleWhole"
    known = to_core(node.name, "muscima")
    small = f"{known}Small"
    return small if small in BY_NAME and parents & {"noteheadFullSmall", "ornamentTrill"} else known


def _digit(digit: str, parents: set[str]) -> str | None:
    """Name a digit by the symbols that it is part of."""
    for parent, start in _DIGITS.items():
        if parent in parents and start + digit in BY_NAME:
            return start + digit
    return None


def _stem_direction(stroke: S, notation: SymbolGraph[S]) -> str:
    """Tell the direction of the stem that a grace note's stroke crosses: Up if its head is at its foot."""
    for stem in notation.parents(stroke):
        for head in notation.parents(stem):
            if head.name.startswith("notehead"):
                return "Up" if head.box.centre[1] > stem.box.centre[1] else "Down"
    return "Up"


def _bow(node: GraphSymbol) -> str:
    """Tell a down-bow, which is flat at its top, from an up-bow, which has two tips there."""
    top = node.mask[: max(1, node.height // 5)].any(axis=0)
    return "stringsDownBow" if np.mean(top) > _LEAST_FLAT_TOP else "stringsUpBow"


# --- version 1.0 ------------------------------------------------------------------------------------

_RENAMED = {
    "8th_rest": "rest8th",
    "16th_rest": "rest16th",
    "32th_rest": "rest32nd",
    "64th_and_higher_rest": "rest64th",
    "whole_rest": "restWhole",
    "half_rest": "restHalf",
    "quarter_rest": "restQuarter",
    "accent": "articulationAccent",
    "alla_breve": "timeSigCutCommon",
    'arpeggio_"wobble"': "arpeggio",
    "dotted_barline": "barlineDotted",
    "double_flat": "accidentalDoubleFlat",
    "double_sharp": "accidentalDoubleSharp",
    "duration-dot": "augmentationDot",
    "flat": "accidentalFlat",
    "grace-notehead-empty": "noteheadHalfSmall",
    "grace-notehead-full": "noteheadFullSmall",
    "grace_strikethrough": "graceNoteAcciaccatura",
    "hairpin-cresc.": "dynamicCrescendoHairpin",
    "hairpin-decr.": "dynamicDiminuendoHairpin",
    "ledger_line": "legerLine",
    "letter_other": "characterOther",
    "multi-staff_brace": "brace",
    "multi-staff_bracket": "bracket",
    "natural": "accidentalNatural",
    "ornament(s)": "ornament",
    "other-dot": "characterDot",
    "repeat_measure": "repeat1Bar",
    "sharp": "accidentalSharp",
    "staccato-dot": "articulationStaccato",
    "tenuto": "articulationTenuto",
    "thick_barline": "barlineHeavy",
    "thin_barline": "barline",
    "trill": "ornamentTrill",
    'trill_"wobble"': "wiggleTrill",
    "tuple_bracket/line": "tupleBracket",
    "whole-time_mark": "timeSigCommon",
}
"""Names of 1.0 that are not those of 2.0 in another spelling (``key_signature``, ``keySignature``)."""

_FLAGS = {"8th_flag": "8th", "16th_flag": "16th", "32th_flag": "32nd", "64th_and_higher_flag": "64th"}
_DYNAMICS = frozenset("pmfszrn")


def version_2_name(node: S, notation: SymbolGraph[S]) -> str:
    """Name a symbol of version 1.0 as version 2.0 does.

    Version 1.0 told some classes apart by their relationships alone.

    Parameters
    ----------
    node : GraphSymbol
        Named as in MUSCIMA++ 1.0.
    notation : SymbolGraph
        The page that it is on, in the names of 1.0.

    Returns
    -------
    str
    """
    if node.name in _RENAMED:
        return _RENAMED[node.name]
    if node.name == "notehead-empty":
        stemmed = any(child.name == "stem" for child in notation.children(node))
        return "noteheadHalf" if stemmed else "noteheadWhole"
    above = _above_its_parent(node, notation)
    if node.name in _FLAGS:
        return f"flag{_FLAGS[node.name]}{'Up' if above else 'Down'}"
    if node.name == "fermata":
        return f"fermata{'Above' if above else 'Below'}"
    if node.name == "strong_accent":
        return f"articulationMarcato{'Above' if above else 'Below'}"
    if node.name.startswith("letter_"):
        letter = node.name.removeprefix("letter_")
        if letter in _DYNAMICS and any(p.name == "dynamics_text" for p in notation.parents(node)):
            return f"dynamicLetter{letter.upper()}"
        return f"character{'Small' if letter.islower() else 'Capital'}{letter.upper()}"
    first, *others = re.split(r"[-_]", node.name)
    return first + "".join(word[:1].upper() + word[1:] for word in others)


def _above_its_parent(node: S, notation: SymbolGraph[S]) -> bool:
    """Tell whether a symbol is above its first parent, or has none."""
    return all(node.box.centre[1] < parent.box.centre[1] for parent in notation.parents(node)[:1])
