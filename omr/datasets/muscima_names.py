"""MUSCIMA++'s names: of version 1.0 in those of 2.0, of 2.0 in the core vocabulary.

Its graph tells more than the names alone: a digit belongs to a metre or a
tuplet, an empty notehead with a stem is a half note's.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from omr.datasets.mung import Node, Notation
from omr.vocabulary import BY_NAME, to_core

_DIGITS = {"timeSignature": "timeSig", "tuple": "tuplet", "transpositionText": "clef"}
"""The core classes of digits, by what they are part of; those in voltas and texts have none."""

_LONGA = 1.65
"""Height of the shortest longa rest, in staff spaces: breves fill one space and longas two."""


def core_name(node: Node, notation: Notation, space: float) -> str | None:
    """The core class of a symbol, or None where the core vocabulary has none.

    Parameters
    ----------
    node : Node
        Named as in MUSCIMA++ 2.0.
    notation : Notation
        The page it is from.
    space : float
        Staff space in pixels.
    """
    parents = {parent.name for parent in notation.parents(node)}
    if node.name.startswith("numeral"):
        return _digit(node.name.removeprefix("numeral"), parents)
    if node.name == "graceNoteAcciaccatura":
        return f"{node.name}Stem{_stem_direction(node, notation)}"
    if node.name == "instrumentSpecific":
        return _bow(node) if parents else "keyboardPedalUp"
    if node.name == "multiMeasureRest":
        return "restLonga" if node.height > _LONGA * space else "restDoubleWhole"
    known = to_core(node.name, "muscima")
    small = f"{known}Small"
    return small if small in BY_NAME and parents & {"noteheadFullSmall", "ornamentTrill"} else known


def _digit(digit: str, parents: set[str]) -> str | None:
    for parent, start in _DIGITS.items():
        if parent in parents and start + digit in BY_NAME:
            return start + digit
    return None


def _stem_direction(stroke: Node, notation: Notation) -> str:
    """Of the stem that a grace note's stroke crosses: Up where its notehead is in its lower half."""
    for stem in notation.parents(stroke):
        for head in notation.parents(stem):
            if head.name.startswith("notehead"):
                return "Up" if head.box.centre[1] > stem.box.centre[1] else "Down"
    return "Up"


def _bow(node: Node) -> str:
    """A down-bow is flat at its top, an up-bow has two tips there."""
    top = node.mask[: max(1, node.height // 5)].any(axis=0)
    return "stringsDownBow" if np.mean(top) > 0.6 else "stringsUpBow"


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


def in_version_2(notation: Notation) -> Notation:
    """A page of version 1.0 with the names of 2.0, which told some classes apart by their relationships."""
    nodes = (replace(node, name=_name_in_version_2(node, notation)) for node in notation)
    return replace(notation, nodes=tuple(nodes))


def _name_in_version_2(node: Node, notation: Notation) -> str:
    if node.name in _RENAMED:
        return _RENAMED[node.name]
    if node.name == "notehead-empty":
        stemmed = any(child.name == "stem" for child in notation.children(node))
        return "noteheadHalf" if stemmed else "noteheadWhole"
    if node.name in _FLAGS:
        return f"flag{_FLAGS[node.name]}{'Up' if _above_its_parent(node, notation) else 'Down'}"
    if node.name == "fermata":
        return f"fermata{'Above' if _above_its_parent(node, notation) else 'Below'}"
    if node.name == "strong_accent":
        return f"articulationMarcato{'Above' if _above_its_parent(node, notation) else 'Below'}"
    if node.name.startswith("letter_"):
        letter = node.name.removeprefix("letter_")
        if letter in _DYNAMICS and any(p.name == "dynamics_text" for p in notation.parents(node)):
            return f"dynamicLetter{letter.upper()}"
        return f"character{'Small' if letter.islower() else 'Capital'}{letter.upper()}"
    first, *others = re.split(r"[-_]", node.name)
    return first + "".join(word[:1].upper() + word[1:] for word in others)


def _above_its_parent(node: Node, notation: Notation) -> bool:
    """Above where it belongs to nothing."""
    return all(node.box.centre[1] < parent.box.centre[1] for parent in notation.parents(node)[:1])
