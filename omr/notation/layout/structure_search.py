"""Decide the structure of a piece: which parts it has, and which staves of its pages form which systems.

A structure is the list of parts with their numbers of staves. Every structure that single pages suggest is
tried on all pages of the piece. On a page, each staff is assigned a staff of the structure by dynamic
programming in the manner of A. Viterbi ("Error bounds for convolutional codes and an asymptotically optimum
decoding algorithm", 1967): from one staff to the next, either the system goes on with a later staff of the
structure, or a new system begins. A system may hide parts (staves of resting parts are left out in
orchestral scores) and may show staves that are not in the structure (variants, as ossias are). The structure
with the lowest sum of costs wins; costs are negative logarithms of odds (`SystemLimits`, `StructureLimits`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import inf, log

import numpy as np
from numpy.typing import NDArray

from omr.notation.layout.system_evidence import StaffPairEvidence
from omr.notation.limits import LayoutLimits, StructureLimits

Costs = NDArray[np.float64]

VARIANT = -1
"""Number of a staff that is none of the structure's."""


@dataclass(frozen=True)
class StaffTraits:
    """What a staff is recognised by from one system to another.

    Attributes
    ----------
    clef : str
        Class name of its first clef; empty if it has none.
    bracketed : bool
        Whether a bracket stands beside it.
    is_short : bool
        Whether it is shorter than a staff beside it.
    is_small : bool
        Whether its staff space is smaller than that of most staves of the page.
    is_silent : bool
        Whether it has neither notes nor rests.
    """

    clef: str = ""
    bracketed: bool = False
    is_short: bool = False
    is_small: bool = False
    is_silent: bool = False


@dataclass(frozen=True)
class PageEvidence:
    """What the staves of a page are recognised by.

    Attributes
    ----------
    staves : tuple of StaffTraits
        From top to bottom.
    pairs : tuple of StaffPairEvidence
        On every two neighbouring staves: one fewer.
    """

    staves: tuple[StaffTraits, ...]
    pairs: tuple[StaffPairEvidence, ...]


@dataclass(frozen=True)
class Structure:
    """The parts of a piece.

    Attributes
    ----------
    sizes : tuple of int
        Number of staves of each part.
    traits : tuple of StaffTraits
        What each staff usually looks like; empty where nothing is known.
    families : tuple of int
        The family of each staff, as brackets and barlines tell it; empty where nothing is known.
    """

    sizes: tuple[int, ...]
    traits: tuple[StaffTraits, ...] = ()
    families: tuple[int, ...] = ()

    @cached_property
    def parts(self) -> tuple[int, ...]:
        """The part of each staff."""
        return tuple(part for part, size in enumerate(self.sizes) for _ in range(size))

    def in_words(self) -> str:
        """Describe the structure.

        Returns
        -------
        str

        Examples
        --------
        >>> Structure((1, 2)).in_words()
        '2 parts of 1, 2 staves'
        """
        count, staves = len(self.sizes), ", ".join(map(str, self.sizes))
        plural = "staff" if staves == "1" else "staves"
        return f"{count} part{'s' * (count != 1)} of {staves} {plural}"


@dataclass(frozen=True)
class StaffGroup:
    """The staves of one system.

    Attributes
    ----------
    staves : tuple of int
        Staves of the page, from top to bottom, that are staves of the structure.
    lines : tuple of int
        The number of each among the staves of the structure.
    variants : tuple of int
        The other staves of the system: ossias, a second reading of all staves, false staves.
    margin : float
        What it would cost to join or to cut one pair of staves otherwise, at least.
    """

    staves: tuple[int, ...]
    lines: tuple[int, ...]
    variants: tuple[int, ...] = ()
    margin: float = inf


@dataclass(frozen=True)
class Solution:
    """The systems of a piece under one structure.

    Attributes
    ----------
    structure : Structure
    pages : tuple of tuple of StaffGroup
        The systems of each page, from top to bottom.
    cost : float
        The sum of all costs.
    """

    structure: Structure
    pages: tuple[tuple[StaffGroup, ...], ...]
    cost: float


def search(pages: Sequence[PageEvidence], *, limits: LayoutLimits = LayoutLimits()) -> list[Solution]:
    """Find the systems of a piece under every structure that its pages suggest.

    Parameters
    ----------
    pages : sequence of PageEvidence
        In the order of the piece.
    limits : LayoutLimits, optional

    Returns
    -------
    list of Solution
        The best one first; of equally good ones that with more staves. None where there is no staff.
    """
    weights = [[sum(pair.weights(limits.systems).values()) for pair in page.pairs] for page in pages]
    found = [
        _solve(structure, pages, weights, limits.structure)
        for structure in _candidates(pages, weights, limits.structure)
    ]
    return sorted(found, key=lambda solution: (solution.cost, -len(solution.structure.parts)))


# --- candidates ---------------------------------------------------------------------------------------


def _candidates(
    pages: Sequence[PageEvidence], weights: Sequence[Sequence[float]], limits: StructureLimits
) -> list[Structure]:
    """List the structures of the groups of staves that neighbours alone tell of."""
    groups = [
        (page, staves)
        for page, here in zip(pages, weights, strict=True)
        for staves in _joined(len(page.staves), here)
    ]
    if not groups:
        return []
    traits: dict[int, list[Sequence[StaffTraits]]] = defaultdict(list)
    pairs: dict[int, list[Sequence[StaffPairEvidence]]] = defaultdict(list)
    for page, staves in groups:
        traits[len(staves)].append([page.staves[staff] for staff in staves])
        pairs[len(staves)].append([page.pairs[staff] for staff in staves[:-1]])
    counts = Counter(_sizes(page, staves) for page, staves in groups)
    fullest = max(counts, key=lambda sizes: (sum(sizes), counts[sizes]))
    frequent = [sizes for sizes, _ in counts.most_common(limits.max_candidates)]
    sizes = dict.fromkeys([*frequent, fullest, *_merged_sizes(frequent[:2])])
    return [
        Structure(these, _usual(traits.get(sum(these), ())), _families(pairs.get(sum(these), ())))
        for these in sizes
    ]


def _joined(count: int, weights: Sequence[float]) -> list[range]:
    """Group the staves of a page by the weights of its pairs alone."""
    cuts = [0, *(i + 1 for i, weight in enumerate(weights) if weight < 0), count]
    return [range(a, b) for a, b in pairwise(cuts) if b > a]


def _sizes(page: PageEvidence, staves: Sequence[int]) -> tuple[int, ...]:
    """Divide a group of staves into parts wherever no brace joins two."""
    sizes = [1]
    for upper in staves[:-1]:
        if page.pairs[upper].brace:
            sizes[-1] += 1
        else:
            sizes.append(1)
    return tuple(sizes)


def _merged_sizes(two: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """Give the shortest structure that has the parts of both of two structures, in order."""
    if len(two) < 2:
        return
    a, b = two
    # best[i][j]: the shortest structure with the parts of a[i:] and b[j:]
    best: dict[tuple[int, int], tuple[int, ...]] = {}
    for i in range(len(a), -1, -1):
        for j in range(len(b), -1, -1):
            if i == len(a) or j == len(b):
                best[i, j] = (*a[i:], *b[j:])
            elif a[i] == b[j]:
                best[i, j] = (a[i], *best[i + 1, j + 1])
            else:
                best[i, j] = min((a[i], *best[i + 1, j]), (b[j], *best[i, j + 1]), key=sum)
    yield best[0, 0]


def _usual(groups: Sequence[Sequence[StaffTraits]]) -> tuple[StaffTraits, ...]:
    """Find the most frequent clef and bracket of each staff of groups of one size."""
    return tuple(
        StaffTraits(
            Counter(traits.clef for traits in staff).most_common(1)[0][0],
            2 * sum(traits.bracketed for traits in staff) > len(staff),
        )
        for staff in zip(*groups, strict=True)
    )


def _families(groups: Sequence[Sequence[StaffPairEvidence]]) -> tuple[int, ...]:
    """Divide the staves of groups of one size into families, wherever most of them show none for two."""
    if not groups:
        return ()
    families = [0]
    for pairs in zip(*groups, strict=True):
        together = 2 * sum(pair.in_one_family for pair in pairs) > len(pairs)
        families.append(families[-1] + (not together))
    return tuple(families)


# --- dynamic programming ------------------------------------------------------------------------------


class _Transitions:
    """Costs from one staff of a page to the next, under one structure.

    State 0 is a variant above all staves of the structure in its system, state ``1 + 2 p`` is staff p of the
    structure and ``2 + 2 p`` a variant below it.
    """

    def __init__(self, structure: Structure, limits: StructureLimits) -> None:
        self.structure, self.limits = structure, limits
        self.parts = structure.parts
        count = len(self.parts)
        self.position = np.array([VARIANT, *(p for p in range(count) for _ in range(2))])
        self.is_variant = np.array([True, *([False, True] * count)])
        states = range(len(self.position))
        self.begin = np.array([self._beginning(t) for t in states])
        self.end = np.array([self._ending(s) for s in states])
        self.join = np.array([[self._joining(s, t) for t in states] for s in states])
        self.cut = self.end[:, None] + self.begin[None, :]
        self.within = np.array([[self._is_within(s, t) for t in states] for s in states])
        self.family = np.array([[self._is_family(s, t) for t in states] for s in states])

    def _skipped(self, after: int, before: int) -> float:
        """Cost of the staves of the structure between two that a system shows."""
        cost = 0.0
        between = Counter(self.parts[after + 1 : before])
        for part, count in between.items():
            whole = count == self.structure.sizes[part]
            cost += self.limits.hidden_part if whole else self.limits.missing_staff * count
        return cost

    def _beginning(self, state: int) -> float:
        if self.is_variant[state]:
            return 0.0 if state == 0 else inf
        return self._skipped(-1, self.position[state])

    def _ending(self, state: int) -> float:
        if state == 0:
            return self.limits.stray_staff
        return self._skipped(self.position[state], len(self.parts))

    def _joining(self, state: int, following: int) -> float:
        here, there = self.position[state], self.position[following]
        if self.is_variant[following]:
            return 0.0 if here == there else inf
        if there > here:
            return self._skipped(here, there)
        is_second = len(self.structure.sizes) == 1 and here == len(self.parts) - 1 > 0 and there == 0
        return self.limits.variant_system if is_second else inf

    def _is_within(self, state: int, following: int) -> bool:
        """Tell whether two neighbouring staves are neighbouring staves of one part."""
        here, there = self.position[state], self.position[following]
        both = not (self.is_variant[state] or self.is_variant[following])
        return bool(both and there == here + 1 and self.parts[here] == self.parts[there])

    def _is_family(self, state: int, following: int) -> bool:
        """Tell whether two staves are of one family."""
        families = self.structure.families
        if self.is_variant[state] or self.is_variant[following] or not families:
            return False
        return bool(families[self.position[state]] == families[self.position[following]])

    def between(self, pair: StaffPairEvidence, weight: float) -> tuple[Costs, Costs]:
        """Costs of joining and of cutting two staves, by state of the upper and of the lower one."""
        brace = (
            np.where(self.within, 0.0, self.limits.spurious_brace)
            if pair.brace
            else np.where(self.within, self.limits.missing_brace, 0.0)
        )
        family = np.where(self.family != pair.in_one_family, self.limits.family, 0.0)
        if not self.structure.families:
            family[:] = 0.0
        return self.join + brace + family + max(0.0, -weight), self.cut + max(0.0, weight)

    def of_staff(self, traits: StaffTraits) -> Costs:
        """Costs of one staff of a page by its state."""
        limits = self.limits
        if traits.is_silent and traits.is_short:
            variant = 0.0
        elif traits.is_short:
            variant = limits.short_variant_staff
        elif traits.is_silent or traits.is_small:
            variant = limits.odd_variant_staff
        else:
            variant = limits.variant_staff
        usual = self.structure.traits
        own = [
            limits.clef * (bool(traits.clef) and traits.clef != there.clef)
            + limits.bracket * (traits.bracketed != there.bracketed)
            for there in usual
        ] or [0.0] * len(self.parts)
        return np.where(self.is_variant, variant, np.array([0.0, *(c for c in own for _ in range(2))]))


def _solve(
    structure: Structure,
    pages: Sequence[PageEvidence],
    weights: Sequence[Sequence[float]],
    limits: StructureLimits,
) -> Solution:
    """Find the systems of a piece under a structure."""
    transitions = _Transitions(structure, limits)
    found = [
        _solve_page(page, here, transitions) for page, here in zip(pages, weights, strict=True) if page.staves
    ]
    solved = iter(found)
    groups = tuple(next(solved)[0] if page.staves else () for page in pages)
    cost = sum(cost for _, cost in found) + _visibility(structure, groups, limits)
    cost += limits.staff * len(structure.parts) + limits.part * len(structure.sizes)
    return Solution(structure, groups, cost)


def _visibility(
    structure: Structure, pages: Sequence[Sequence[StaffGroup]], limits: StructureLimits
) -> float:
    """Cost of which systems show which parts, in place of the same cost for each part hidden.

    A part that one half of the systems shows costs ln 2 for each system; one that all systems show, nothing.
    """
    systems = [group for page in pages for group in page if group.staves]
    cost, count = 0.0, len(systems)
    for part in range(len(structure.sizes)):
        shown = sum(any(structure.parts[line] == part for line in group.lines) for group in systems)
        hidden = count - shown
        cost -= sum(n * log(n / count) for n in (shown, hidden) if n)
        cost -= limits.hidden_part * hidden
    return cost


def _solve_page(
    page: PageEvidence, weights: Sequence[float], transitions: _Transitions
) -> tuple[tuple[StaffGroup, ...], float]:
    """Find the systems of a page and their cost."""
    own = [transitions.of_staff(traits) for traits in page.staves]
    pairs = [transitions.between(pair, weight) for pair, weight in zip(page.pairs, weights, strict=True)]
    # before[k]: lowest cost of the staves up to k, by the state of staff k; after[k]: of those below it
    before = [transitions.begin + own[0]]
    for (join, cut), here in zip(pairs, own[1:], strict=True):
        before.append((before[-1][:, None] + np.minimum(join, cut)).min(0) + here)
    after = [transitions.end]
    for (join, cut), here in zip(reversed(pairs), reversed(own[1:]), strict=True):
        after.insert(0, (np.minimum(join, cut) + here + after[0]).min(1))
    state = _first_lowest(before[0] + after[0])
    cost = float((before[0] + after[0])[state])
    states, cuts, margins = [state], [], []
    for k, (join, cut) in enumerate(pairs):
        whole = [(before[k][:, None] + between + own[k + 1] + after[k + 1]).min() for between in (join, cut)]
        following = own[k + 1] + after[k + 1]
        to_joined, to_cut = (between[state] + following for between in (join, cut))
        cuts.append(bool(to_cut.min() < to_joined.min()))
        margins.append(float(abs(whole[0] - whole[1])))
        state = _first_lowest(to_cut if cuts[-1] else to_joined)
        states.append(state)
    return tuple(_groups(states, cuts, margins, transitions)), cost


def _first_lowest(costs: Costs) -> int:
    """Find the lowest cost; of equal ones the first, whatever the rounding of sums."""
    return int(np.argmin(costs.round(6)))


def _groups(
    states: Sequence[int], cuts: Sequence[bool], margins: Sequence[float], transitions: _Transitions
) -> Iterator[StaffGroup]:
    """Turn the states of the staves of a page into its systems."""
    starts = [0, *(k + 1 for k, cut in enumerate(cuts) if cut), len(states)]
    for first, end in pairwise(starts):
        shown: dict[int, int] = {}
        for staff in range(first, end):
            line = int(transitions.position[states[staff]])
            if not transitions.is_variant[states[staff]]:
                # Of two readings of a passage the lower one is the text, the upper one the variant.
                shown = {old: at for old, at in shown.items() if at < line} | {staff: line}
        variants = tuple(staff for staff in range(first, end) if staff not in shown)
        margin = min(margins[max(first - 1, 0) : end], default=inf)
        yield StaffGroup(tuple(shown), tuple(shown.values()), variants, margin)
