"""What linked symbols mean: clefs, keys, metres, pitches, rhythm and voices."""
