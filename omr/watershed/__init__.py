"""Symbols to energy landscapes and back: the heart of the Deep Watershed Detector."""

from omr.watershed.energy import Decoding, Instances, Targets, basins, decode, encode, standing_alone
from omr.watershed.pieces import join_pieces

__all__ = ["Decoding", "Instances", "Targets", "basins", "decode", "encode", "join_pieces", "standing_alone"]
