"""How much of the music is right: notes, signs, and the notation edit distance."""
