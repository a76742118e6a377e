"""Which staff a symbol belongs to: the nearest, and for notes the one that their ledger lines lead to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX

_LEDGER = 2.0
"""What a missing ledger line costs, in staff spaces of distance."""


_MOST = 12
"""Ledger lines that anybody writes."""

_APART = 2.0
"""What it costs that heads on one stem stand on two staves, likewise."""


def heads_on_staves(
    layout: PageLayout, heads: Sequence[PlacedSymbol], stems: Sequence[Sequence[PlacedSymbol]]
) -> dict[PlacedSymbol, PlacedSymbol]:
    """Put every notehead on the staff it belongs to.

    Parameters
    ----------
    layout : PageLayout
    heads : sequence of PlacedSymbol
        On their nearest staves.
    stems : sequence of sequence of PlacedSymbol
        The heads on each stem, which seldom stand on two staves.

    Returns
    -------
    dict of PlacedSymbol to PlacedSymbol
        Each head, seen from its staff; without those that stand in the air, as the note in a
        metronome mark does: two ledger lines or more away, and none of them there.
    """
    ledgers = SymbolsByX(layout.named("ledgerLine"))
    together: dict[PlacedSymbol, Sequence[PlacedSymbol]] = {head: [head] for head in heads}
    for group in stems:
        together |= dict.fromkeys(group, group)
    found: dict[PlacedSymbol, PlacedSymbol] = {}
    for head in heads:
        if head not in found:
            group = together[head]
            for member, staff in zip(group, _staves_of(layout, group, ledgers), strict=True):
                found[member] = layout.on_staff(member, staff)
    return {head: seen for head, seen in found.items() if not _in_the_air(seen, layout, ledgers)}


def _in_the_air(head: PlacedSymbol, layout: PageLayout, ledgers: SymbolsByX) -> bool:
    wanted, missing = _ledger_lines(head, layout, ledgers)
    return wanted > 1 and missing == wanted


def _staves_of(layout: PageLayout, group: Sequence[PlacedSymbol], ledgers: SymbolsByX) -> list[int]:
    """The staff of each head: the one that explains the group, but for heads clearly on another."""
    nearest = {head.staff for head in group}
    if len(nearest) == 1 and all(-1.5 < head.position < 9.5 for head in group):
        return [nearest.pop()] * len(group)
    candidates = sorted({n for s in nearest for n in (s - 1, s, s + 1) if 0 <= n < len(layout.staves)})
    costs = [{n: _cost(layout.on_staff(head, n), layout, ledgers) for n in candidates} for head in group]
    common = min(candidates, key=lambda n: sum(cost[n] for cost in costs))
    return [min(candidates, key=lambda n: cost[n] + _APART * (n != common)) for cost in costs]


def _cost(head: PlacedSymbol, layout: PageLayout, ledgers: SymbolsByX) -> float:
    """How far from its staff a head stands, and how many ledger lines in between are missing."""
    _, missing = _ledger_lines(head, layout, ledgers)
    return max(-head.position, head.position - 8, 0.0) / 2 + _LEDGER * missing


def _ledger_lines(head: PlacedSymbol, layout: PageLayout, ledgers: SymbolsByX) -> tuple[int, int]:
    """How many ledger lines there should be between a head and its staff, and how many are missing."""
    beyond = max(-head.position, head.position - 8, 0.0)
    count = min(int((beyond + 0.5) // 2), _MOST)
    if not count:
        return 0, 0
    wanted = [-2 * (k + 1) if head.position < 0 else 8 + 2 * (k + 1) for k in range(count)]
    near = ledgers.between(head.x - 1.2 * layout.space, head.x + 1.2 * layout.space)
    positions = [layout.on_staff(line, head.staff).position for line in near]
    return count, sum(not any(abs(p - line) < 0.6 for p in positions) for line in wanted)


def contents_by_staff(symbols: Sequence[PlacedSymbol]) -> dict[int, list[PlacedSymbol]]:
    """What belongs to each staff."""
    found: dict[int, list[PlacedSymbol]] = defaultdict(list)
    for place in symbols:
        found[place.staff].append(place)
    return found


def numbers_at_clefs(layout: PageLayout) -> dict[PlacedSymbol, PlacedSymbol]:
    """The octave numbers of clefs, each seen from the staff of its clef, which may not be the nearest."""
    clefs = layout.named("clefG", "clefF", "clefC")
    found = {}
    for number in layout.named("clef8", "clef15"):
        near = [c for c in clefs if abs(c.x - number.x) < 2 * layout.space]
        if near:
            clef = min(near, key=lambda c: max(c.box.y0 - number.y, number.y - c.box.y1))
            found[number] = layout.on_staff(number, clef.staff)
    return found
