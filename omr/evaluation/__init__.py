"""How good results are: of detection, and of the music."""
