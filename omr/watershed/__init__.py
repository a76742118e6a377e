"""Boxes to energy landscapes and back: the method of the Deep Watershed Detector.

L. Tuggener, I. Elezi, J. Schmidhuber, T. Stadelmann, "Deep Watershed Detector for Music Object
Recognition", ISMIR 2018. `encode` paints a peak of energy for every symbol; `decode`, its inverse, cuts a
landscape into symbols. Four things differ from the paper: the peak of a symbol is as large as the symbol,
not one fixed stamp; symbols that habitually cover each other have separate layers; boxes are read near the
summit, where they are best, in place of a maximum over the basin; and every symbol carries a score.

All coordinates are in *cells* of the energy map: a cell is ``stride`` pixels of the network's input wide,
and cell ``(row, column)`` has its centre at ``(column + 0.5, row + 0.5)``.
"""

from omr.watershed.basins import basins
from omr.watershed.decoding import Decoding, decode
from omr.watershed.encoding import Targets, encode
from omr.watershed.fragments import join_fragments
from omr.watershed.instances import Instances, without_nested

__all__ = [
    "Decoding",
    "Instances",
    "Targets",
    "basins",
    "decode",
    "encode",
    "join_fragments",
    "without_nested",
]
