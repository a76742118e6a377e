"""Symbols and staves to music: systems, measures, notes with pitch and rhythm, and the marks around them."""

from omr.notation.assembly import read_score
from omr.notation.score import Score

__all__ = ["Score", "read_score"]
