"""Positions into pitches: clef, key signature, accidentals through the measure, ties and octave lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from omr.notation.layout.placement import PlacedSymbol
from omr.notation.linking.chords import Chord
from omr.notation.linking.octave_lines import OctaveLine
from omr.notation.semantics.signatures import SHARPS, Signs, step_of
from omr.score import Clef, Pitch

ALTERS = {"Flat": -1, "Sharp": 1, "Natural": 0, "DoubleSharp": 2, "DoubleFlat": -2}


def altered(accidental: PlacedSymbol) -> int:
    """By how many semitones an accidental alters its note."""
    return ALTERS[accidental.name.removeprefix("accidental").removesuffix("Small")]


def key_alter(step: int, fifths: int) -> int:
    """What a key signature does to a step."""
    if fifths >= 0:
        return int(step % 7 in SHARPS[:fifths])
    return -int(step % 7 in SHARPS[::-1][:-fifths])


@dataclass
class StaffMemory:
    """What holds on a staff from one measure to the next.

    Attributes
    ----------
    clef : Clef
    key : int
        Sharps, or flats if negative.
    known : bool
        Whether a clef was ever seen.
    last : dict of int to int
        The alteration that each step was last sounded with, for ties over a system break.
    """

    clef: Clef = Clef(sign="G", line=2)  # noqa: RUF009 (a tuple)
    key: int = 0
    known: bool = False
    last: dict[int, int] = field(default_factory=dict)


def read_pitches(
    chords: Sequence[Chord],
    signs: Signs,
    memory: StaffMemory,
    ties: Mapping[PlacedSymbol, PlacedSymbol | None],
    lines: Sequence[OctaveLine],
    printed: Mapping[tuple[Chord, PlacedSymbol], PlacedSymbol],
    pitches: dict[PlacedSymbol, Pitch],
) -> None:
    """Find the pitches of one staff of one measure, from left to right.

    Parameters
    ----------
    chords : sequence of Chord
        Those of the staff.
    signs : Signs
    memory : StaffMemory
        Brought up to the end of the measure.
    ties : mapping of PlacedSymbol to PlacedSymbol or None
        The head at the other end of a tie from the left; None if that is on another system.
    lines : sequence of OctaveLine
    printed : mapping of (Chord, PlacedSymbol) to PlacedSymbol
        The accidental of each head that has one.
    pitches : dict of PlacedSymbol to Pitch
        What is found is added, by head.
    """
    if signs.key is not None:
        memory.key = signs.key
    clefs = list(signs.clefs)
    accidentals: dict[int, int] = {}
    heads = sorted(((c.x, h, printed.get((c, h))) for c in chords for h in c.heads), key=lambda item: item[0])
    for x, head, accidental in heads:
        while clefs and clefs[0][0] < x:
            memory.clef, memory.known = clefs.pop(0)[1], True
        step = step_of(memory.clef, round(head.position))
        if accidental:
            alter = accidentals[step] = altered(accidental)
        elif head in ties:
            left = ties[head]
            before = pitches.get(left) if left else None
            alter = before.alter if before else memory.last.get(step, key_alter(step, memory.key))
        else:
            alter = accidentals.get(step, key_alter(step, memory.key))
        memory.last[step] = alter
        shift = next(
            (line.octaves for line in lines if line.x0 <= x <= line.x1 and line.staff == head.staff), 0
        )
        pitches[head] = _pitch(step + 7 * shift, alter)
    for _, clef in clefs:
        memory.clef, memory.known = clef, True


def _pitch(step: int, alter: int) -> Pitch:
    return Pitch("CDEFGAB"[step % 7], step // 7, alter)
