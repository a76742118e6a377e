"""Join letters of dynamics to words, and assign each word to its staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.systems import System
from omr.notation.limits import DynamicsLimits
from omr.notation.linking.direction_staff import direction_staff


@dataclass(frozen=True)
class DynamicsWord:
    """A word of dynamics, such as "mf".

    Attributes
    ----------
    text : str
        Lower case.
    letters : tuple of PlacedSymbol
        From left to right.
    staff : int
        Index of the staff within the page.
    """

    text: str
    letters: tuple[PlacedSymbol, ...]
    staff: int


def join_dynamics(
    layout: PageLayout, systems: Sequence[System], limits: DynamicsLimits
) -> tuple[DynamicsWord, ...]:
    """Join letters of dynamics that stand next to each other to words.

    Parameters
    ----------
    layout : PageLayout
    systems : sequence of System
    limits : DynamicsLimits

    Returns
    -------
    tuple of DynamicsWord
        From left to right by their first letters.
    """
    words: list[list[PlacedSymbol]] = []
    for letter in layout.named("dynamic"):
        if letter.name.endswith("Hairpin"):
            continue
        word = next((word for word in words if _continues(word[-1], letter, layout.space, limits)), None)
        if word:
            word.append(letter)
        else:
            words.append([letter])
    return tuple(
        DynamicsWord(
            "".join(letter.name.removeprefix("dynamic").lower() for letter in word),
            tuple(word),
            direction_staff(word[0], layout, systems, limits),
        )
        for word in words
    )


def _continues(last: PlacedSymbol, letter: PlacedSymbol, space: float, limits: DynamicsLimits) -> bool:
    """Whether a letter stands close after another at its height."""
    gap = (letter.box.x0 - last.box.x1) / space
    level = abs(last.y - letter.y) < limits.letter_height * space
    return level and -limits.letter_overlap < gap < limits.letter_gap
