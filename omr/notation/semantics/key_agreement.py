"""Decide the keys of a piece from the signatures on all of its staves.

A staff may lose a flat, or show a natural that cancels nothing; a key is repeated by every staff of every
system. So one sequence of keys is sought that explains all signatures at the lowest cost: a Viterbi search
over the measures of the piece (A. J. Viterbi, "Error bounds for convolutional codes and an asymptotically
optimum decoding algorithm", 1967), whose states are the fifteen keys. Staves of one part agree; a part whose
keys differ from the others' by a constant number of fifths transposes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from omr.notation.limits import KeyAgreementLimits
from omr.notation.semantics.key_signatures import KEYS
from omr.notation.semantics.measure_draft import MeasureDraft
from omr.notation.semantics.signatures import Signatures

Costs = NDArray[np.float64]


def agree_keys(
    drafts: Sequence[MeasureDraft],
    part_of: Sequence[int],
    *,
    limits: KeyAgreementLimits = KeyAgreementLimits(),
) -> tuple[MeasureDraft, ...]:
    """Give every measure the key that the staves of the piece agree on.

    Parameters
    ----------
    drafts : sequence of MeasureDraft
        In the order of the piece, with the signatures as each staff shows them.
    part_of : sequence of int
        Part of each staff of the piece.
    limits : KeyAgreementLimits, optional

    Returns
    -------
    tuple of MeasureDraft
        The key of a staff is set where a system opens and where the key changes. Accidentals of a signature
        that is not believed belong to no signature.
    """
    offsets = _transpositions(drafts, part_of, limits)
    costs = np.array([_costs(draft, part_of, offsets, limits) for draft in drafts]).reshape(-1, len(KEYS))
    after_section = [False, *(_ends_section(draft) for draft in drafts)]
    changes = [_change_cost(*each, limits) for each in zip(drafts, after_section, strict=False)]
    keys = _cheapest_keys(costs, changes)
    found = []
    for n, draft in enumerate(drafts):
        is_new = n > 0 and keys[n] != keys[n - 1]
        signatures = tuple(
            _with_key(here, keys[n] + offsets.get(part_of[line], 0), draft.opens_system, is_new)
            for here, line in zip(draft.signatures, draft.staff_numbers, strict=True)
        )
        found.append(replace(draft, signatures=signatures))
    return tuple(found)


def _with_key(here: Signatures, key: int, opens_system: bool, changes: bool) -> Signatures:
    """Set the key where a system opens or the key changes; drop a signature that is not believed."""
    if opens_system or changes:
        within = min(max(key, KEYS[0]), KEYS[-1])
        return replace(here, key=None if here.is_percussion else within)
    return here if here.key in (None, key) else replace(here, key=None, key_accidentals=frozenset())


def _transpositions(
    drafts: Sequence[MeasureDraft], part_of: Sequence[int], limits: KeyAgreementLimits
) -> Mapping[int, int]:
    """Find the fifths by which the key of each transposing part differs from that of most staves."""
    differences: dict[int, Counter[int]] = {}
    for draft in drafts:
        shown = {
            line: here.key
            for line, here in zip(draft.staff_numbers, draft.signatures, strict=True)
            if draft.opens_system and here.key is not None and here.key_costs is not None
        }
        if shown:
            common = Counter(shown.values()).most_common(1)[0][0]
            for line, key in shown.items():
                differences.setdefault(part_of[line], Counter())[key - common] += 1
    found = {}
    for part, counts in differences.items():
        fifths, count = counts.most_common(1)[0]
        often = count >= max(limits.min_transposed, limits.min_transposed_share * counts.total())
        if fifths and often and len(differences) > 1:
            found[part] = fifths
    return found


def _costs(
    draft: MeasureDraft, part_of: Sequence[int], offsets: Mapping[int, int], limits: KeyAgreementLimits
) -> Costs:
    """Sum up what tells against each key in a measure, (15,): the differences of each staff's signature."""
    total = np.zeros(len(KEYS))
    for here, line in zip(draft.signatures, draft.staff_numbers, strict=True):
        if here.key_costs is None:
            continue
        costs = np.minimum(np.array(here.key_costs, float), limits.max_staff_cost)
        fifths = offsets.get(part_of[line], 0)
        shifted = np.full(len(KEYS), limits.max_staff_cost)
        for n, key in enumerate(KEYS):
            if key + fifths in KEYS:
                shifted[n] = costs[KEYS.index(key + fifths)]
        weight = 1.0 if draft.opens_system else limits.weight_within_system
        total += weight * shifted
    return total


def _ends_section(draft: MeasureDraft) -> bool:
    """Tell whether a measure ends with a double barline or a repeat."""
    return draft.region.right.style != "regular" or bool(draft.region.right.repeat)


def _change_cost(draft: MeasureDraft, after_section: bool, limits: KeyAgreementLimits) -> float:
    """Price a change of key at a measure: little after a double barline or where a signature shows it."""
    if draft.opens_system:
        return limits.change_after_section if after_section else limits.change_at_system
    silent = sum(here.key is None and not here.is_percussion for here in draft.signatures)
    if silent == len(draft.signatures):
        return np.inf
    return limits.change_within_system + limits.silent_staff * silent


def _cheapest_keys(costs: Costs, change: Sequence[float]) -> list[int]:
    """Find the sequence of keys with the lowest sum of costs and changes."""
    if not len(costs):
        return []
    total, before = costs[0].copy(), []
    for here, price in zip(costs[1:], change[1:], strict=True):
        cheapest = int(np.argmin(total))
        stays = total <= total[cheapest] + price
        before.append(np.where(stays, np.arange(len(KEYS)), cheapest))
        total = np.minimum(total, total[cheapest] + price) + here
    states = [int(np.argmin(total))]
    for previous in reversed(before):
        states.append(int(previous[states[-1]]))
    return [KEYS[state] for state in reversed(states)]
