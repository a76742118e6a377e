"""What MUSCIMA++'s names mean in the core vocabulary, where its graph tells more than the name alone."""

from __future__ import annotations

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
