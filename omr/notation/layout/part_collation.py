"""Say which staves of the piece each system shows, though systems hide resting parts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PartCollation:
    """The parts of a piece, and which of their staves each system shows.

    Attributes
    ----------
    sizes : tuple of int
        Number of staves of each part.
    staves : dict of (int, int) to tuple of int
        By page and system of the page, both from 0: for each staff of that system, its number among all
        staves of the piece, from 0.
    """

    sizes: tuple[int, ...]
    staves: dict[tuple[int, int], tuple[int, ...]]

    def part_of(self, staff: int) -> tuple[int, int]:
        """Find the part that a staff of the piece belongs to.

        Parameters
        ----------
        staff : int
            Its number among all staves of the piece, from 0.

        Returns
        -------
        part : int
            From 0.
        number : int
            Number of the staff in that part, from 1.

        Raises
        ------
        IndexError
            If the piece has fewer staves.

        Examples
        --------
        >>> PartCollation((1, 2), {}).part_of(2)
        (1, 2)
        """
        number = staff
        for part, size in enumerate(self.sizes):
            if number < size:
                return part, number + 1
            number -= size
        raise IndexError(staff)
