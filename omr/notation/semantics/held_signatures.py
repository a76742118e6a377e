"""The clefs, keys and metre that hold from measure to measure, as a fold over the measures of a piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from omr.notation.limits import SignatureLimits
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.signatures import (
    FIRST_CLEF,
    Signatures,
    agreed_time,
    read_signatures,
    without_lost_keys,
)
from omr.score import Clef, TimeSignature


@dataclass(frozen=True)
class HeldSignatures:
    """What holds at the start of a measure.

    Attributes
    ----------
    clefs : tuple of Clef
        By staff of the piece.
    keys : tuple of int or None
        Sharps, by staff of the piece; None where no key signature was found yet.
    time : TimeSignature or None
    """

    clefs: tuple[Clef, ...]
    keys: tuple[int | None, ...]
    time: TimeSignature | None = None

    def after(self, draft: MeasureDraft) -> HeldSignatures:
        """Find what holds after a measure.

        Parameters
        ----------
        draft : MeasureDraft
            With its signatures.

        Returns
        -------
        HeldSignatures
        """
        clefs, keys = list(self.clefs), list(self.keys)
        for line, here in zip(draft.staff_numbers, draft.signatures, strict=True):
            if here.clefs:
                clefs[line] = here.clefs[-1][1]
            if here.key is not None:
                keys[line] = here.key
        return HeldSignatures(tuple(clefs), tuple(keys), draft.time)


def with_signatures(
    drafts: Sequence[MeasureDraft],
    lines: int,
    spaces: Sequence[float],
    *,
    limits: SignatureLimits = SignatureLimits(),
) -> tuple[MeasureDraft, ...]:
    """Read the signatures of every measure; a key signature is read under the clef that holds.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        In the order of the piece.
    lines : int
        Staves of the piece.
    spaces : sequence of float
        Staff space of each page in pixels.
    limits : SignatureLimits, optional

    Returns
    -------
    tuple of MeasureDraft
        Each draft with its signatures and the metre that holds.
    """
    found: list[MeasureDraft] = []
    held = HeldSignatures((FIRST_CLEF,) * lines, (None,) * lines)
    for draft in drafts:
        found.append(_with_signatures(draft, held, spaces[draft.page], limits))
        held = held.after(found[-1])
    return tuple(found)


def _with_signatures(
    draft: MeasureDraft, held: HeldSignatures, space: float, limits: SignatureLimits
) -> MeasureDraft:
    """Read the signatures of one measure."""
    signatures: tuple[Signatures, ...] = tuple(
        read_signatures(
            symbols, held.clefs[line], held.keys[line], draft.region.x0, space, draft.opens_system, limits
        )
        for symbols, line in zip(draft.region.symbols, draft.staff_numbers, strict=True)
    )
    if draft.opens_system:
        signatures = without_lost_keys(signatures, [held.keys[line] for line in draft.staff_numbers])
    new = agreed_time(signatures)
    return replace(draft, signatures=signatures, time=new or held.time, new_time=new is not None)


def changed_signatures(drafts: Sequence[MeasureDraft]) -> Iterator[tuple[Signatures, ...]]:
    """List the clefs and keys that change; every system repeats those that hold.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        In the order of the piece, with their signatures.

    Yields
    ------
    tuple of Signatures
        For each draft, by staff: without clefs and keys that hold already.
    """
    held: dict[int, tuple[Clef | None, int | None]] = {}
    for draft in drafts:
        changes = []
        for line, here in zip(draft.staff_numbers, draft.signatures, strict=True):
            clef, key = held.get(line, (None, None))
            changes.append(_changes(here, clef, key))
            last = here.clefs[-1][1] if here.clefs else clef
            held = {**held, line: (last, key if here.key is None else here.key)}
        yield tuple(changes)


def _changes(here: Signatures, clef: Clef | None, key: int | None) -> Signatures:
    """Leave out what holds already."""
    clefs = []
    for x, new in here.clefs:
        if new != clef:
            clefs.append((x, new))
        clef = new
    return replace(here, clefs=tuple(clefs), key=None if here.key == key else here.key)
