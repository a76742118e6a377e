"""From DWDNet's maps of a page to symbols with scores, whichever runtime computed the maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from omr.detectors.calibration import Calibration
from omr.vocabulary import BY_NAME, LAYERS
from omr.watershed import Decoding, Instances, decode, join_fragments, without_nested
from omr.watershed.decoding import ReadCells

SHORT_LINES = ("stem", "ledgerLine", "graceNoteAcciaccaturaStemUp", "graceNoteAcciaccaturaStemDown")
"""Line-shaped classes that the net sees whole: never found in fragments, and a page has thousands."""


@dataclass(frozen=True)
class ClassLayers:
    """The layer of the energy landscape that each class of a net has.

    Attributes
    ----------
    layer_of : array (C,)
        Index into `omr.vocabulary.LAYERS`.
    is_glyph, is_long : arrays (C,) of bool
        The classes of compact symbols, and those whose symbols may be longer than the receptive field.
    """

    layer_of: NDArray[np.int64]
    is_glyph: NDArray[np.bool_]
    is_long: NDArray[np.bool_]

    @classmethod
    def of(cls, classes: Sequence[str], layers: Mapping[str, str] | None = None) -> ClassLayers:
        """Look the layers of classes up.

        Parameters
        ----------
        classes : sequence of str
            Names of the core vocabulary.
        layers : mapping of str to str, optional
            Layers of classes that the weights were trained with in another layer than the vocabulary's.

        Returns
        -------
        ClassLayers
        """
        named = {name: BY_NAME[name].layer for name in classes} | dict(layers or {})
        layer_of = np.array([LAYERS.index(named[name]) for name in classes])
        is_glyph = layer_of == LAYERS.index("glyph")
        return cls(layer_of, is_glyph, ~is_glyph & ~np.isin(classes, SHORT_LINES))


def find_instances(
    energy: NDArray[np.float32], read: ReadCells, layers: ClassLayers, decoding: Decoding
) -> Instances:
    """Decode the energy landscape of a page.

    Parameters
    ----------
    energy : array (layers, h, w)
        From 0 to 1.
    read : callable
        Class probabilities and boxes of cells.
    layers : ClassLayers
        Of the net's classes.
    decoding : Decoding
        Thresholds.

    Returns
    -------
    Instances
        Fragments of long symbols joined, glyphs inside better ones of their class dropped.
    """
    found = join_fragments(decode(energy, read, decoding), layers.is_long)
    return found.only(~layers.is_glyph[found.classes] | without_nested(found))


def score_instances(found: Instances, calibration: Calibration) -> NDArray[np.float32]:
    """Score instances by the calibration.

    Of the classes of one symbol only one can be correct: the others score at most one minus the score
    of the likeliest.

    Parameters
    ----------
    found : Instances
    calibration : Calibration

    Returns
    -------
    array (n,)
        Probabilities, 0 to 1, that the instances are correct.
    """
    scores = calibration(found.peaks, found.votes, found.classes)
    best = np.zeros(found.symbols.max(initial=-1) + 1, np.float32)
    np.maximum.at(best, found.symbols, scores)
    likeliest = best[found.symbols]
    return np.where(scores < likeliest, np.minimum(scores, 1 - likeliest), scores)


def stored_decoding(stored: Mapping[str, Any], start: Decoding) -> tuple[Decoding, Calibration]:
    """Read the decoding and the calibration that are stored with weights.

    Parameters
    ----------
    stored : mapping
        As `DeepWatershedDetector.thresholds` gives it, from JSON.
    start : Decoding
        The fields that are missing.

    Returns
    -------
    decoding : Decoding
    calibration : Calibration
    """
    scores: dict[str, Any] = stored.get("calibration", {})
    pairs = {key: tuple(value) for key, value in scores.items() if isinstance(value, list)}  # from JSON
    return Decoding(**asdict(start) | stored.get("decoding", {})), Calibration(**scores | pairs)
