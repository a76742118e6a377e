"""Staves: where their lines run, their staff space, and staves whose lines have faded.

``limits``
    every threshold;
``gauge``
    staff space and line thickness;
``following``, ``course``
    the paths of the staves, and the course of their lines;
``alignment``
    staves that were followed a line too high or too low;
``detection``
    the stages in order;
``line_crossings``
    recovery of staves whose lines have faded.
"""

from omr.staves.detection import find_staves, median_space, staff_space

__all__ = ["find_staves", "median_space", "staff_space"]
