"""The commands of `omr`, a file for each group: parse, call, show."""
