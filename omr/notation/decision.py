"""The value of a decision that concerns a whole piece: what was chosen, by which evidence, by how much."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Decision:
    """One decision, to be shown to a reader.

    Attributes
    ----------
    about : str
        What was decided, such as "page 2, system 3".
    chosen : str
        What won, in words.
    evidence : tuple of str
        What told for and against it, one short phrase each.
    margin : float
        Cost of the best alternative less the cost of what was chosen, never negative (no unit: costs are
        negative logarithms of odds, so that 3 is about 20 to 1); infinite where there is no alternative.

    Examples
    --------
    >>> print(Decision("piece", "1 part of 2 staves", ("a brace in 19 of 20 systems",), 12.5).line())
    piece: 1 part of 2 staves (margin 12.5): a brace in 19 of 20 systems
    """

    about: str
    chosen: str
    evidence: tuple[str, ...] = ()
    margin: float = float("inf")

    def line(self) -> str:
        """Write the decision on one line.

        Returns
        -------
        str
        """
        margin = "" if self.margin == float("inf") else f" (margin {self.margin:.1f})"
        evidence = f": {'; '.join(self.evidence)}" if self.evidence else ""
        return f"{self.about}: {self.chosen}{margin}{evidence}"
