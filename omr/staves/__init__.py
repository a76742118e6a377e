"""Staff lines: where they run, how far apart they are, and staves whose lines have faded."""

from omr.staves.detection import find_staves, median_space, staff_space

__all__ = ["find_staves", "median_space", "staff_space"]
