"""Decide which symbol belongs to which: stems, flags, beams, dots, accidentals, marks, slurs, ties, tuplets."""
