"""Link symbols to notes: stems, flags, beams, dots, accidentals, marks, slurs, ties, tuplets."""
