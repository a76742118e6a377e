"""Group chords that are under common beams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from scipy.cluster.hierarchy import DisjointSet

from omr.notation.layout.placement import PlacedSymbol
from omr.notation.linking.chords import Chord


def beam_groups(chords: Sequence[Chord]) -> tuple[tuple[Chord, ...], ...]:
    """Group chords that are under common beams.

    Parameters
    ----------
    chords : sequence of Chord
        With their beams.

    Returns
    -------
    tuple of tuple of Chord
        Each group of two chords or more, from left to right.
    """
    return groups_under({chord: chord.beams for chord in chords})


def groups_under(beams: Mapping[Chord, Sequence[PlacedSymbol]]) -> tuple[tuple[Chord, ...], ...]:
    """Group chords that are under common beams, given the beams of each chord.

    Parameters
    ----------
    beams : mapping of Chord to sequence of PlacedSymbol

    Returns
    -------
    tuple of tuple of Chord
        Each group of two chords or more, from left to right.
    """
    under: dict[PlacedSymbol, list[Chord]] = defaultdict(list)
    for chord, its_beams in beams.items():
        for beam in its_beams:
            under[beam].append(chord)
    sets = DisjointSet(beams)
    for members in under.values():
        for a, b in pairwise(members):
            sets.merge(a, b)
    groups: dict[Chord, list[Chord]] = defaultdict(list)
    for chord in beams:
        groups[sets[chord]].append(chord)
    return tuple(tuple(sorted(g, key=lambda chord: chord.x)) for g in groups.values() if len(g) > 1)


def beam_words(group: Sequence[Chord]) -> dict[Chord, tuple[str, ...]]:
    """Find MusicXML's word for every beam level of each chord of a group.

    Parameters
    ----------
    group : sequence of Chord
        Chords under common beams, from left to right.

    Returns
    -------
    dict of Chord to tuple of str
        From the outermost level inwards: "begin", "continue", "end", "forward hook" or "backward hook"
        (MusicXML 4.0, `beam-value`).
    """
    shared = [0, *(len(set(a.beams) & set(b.beams)) for a, b in pairwise(group)), 0]
    return {
        chord: tuple(_word(level, before, after) for level in range(1, len(chord.beams) + 1))
        for chord, before, after in zip(group, shared, shared[1:], strict=False)
    }


def _word(level: int, before: int, after: int) -> str:
    """Find the word of a level of a chord that shares so many beams with the chords before and after."""
    if level <= before:
        return "continue" if level <= after else "end"
    if level <= after:
        return "begin"
    return "backward hook" if before >= after and before else "forward hook"
