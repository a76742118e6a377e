"""Symbols and staves to music: layout, cleanup, linking and semantics, in the order of `pipeline`."""

from omr.notation.pipeline import read_score
from omr.score import Score

__all__ = ["Score", "read_score"]
