"""Assign noteheads to staves: to the nearest, or to the one that their ledger lines lead to."""

from __future__ import annotations

from collections.abc import Sequence

from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.symbols_by_x import SymbolsByX
from omr.notation.limits import StaffAssignmentLimits
from omr.notation.linking.stems import StemmedHeads
from omr.vocabulary.staves import BOTTOM_LINE


def assign_staves(
    layout: PageLayout, heads: StemmedHeads, limits: StaffAssignmentLimits
) -> dict[PlacedSymbol, PlacedSymbol]:
    """Assign each notehead to its staff; heads on one stem seldom belong to two.

    Parameters
    ----------
    layout : PageLayout
    heads : StemmedHeads
        As seen from their nearest staves.
    limits : StaffAssignmentLimits

    Returns
    -------
    dict of PlacedSymbol to PlacedSymbol
        Each head as seen from its staff. A head that needs two ledger lines or more and has none is left
        out: it is no note of a staff, such as the note of a metronome mark.
    """
    ledgers = SymbolsByX(layout.named("ledgerLine"))
    everything = layout.named("notehead")
    group_of: dict[PlacedSymbol, Sequence[PlacedSymbol]] = {head: [head] for head in everything}
    for members in heads.on_stems.values():
        group_of |= dict.fromkeys(members, members)
    found: dict[PlacedSymbol, PlacedSymbol] = {}
    for head in everything:
        if head not in found:
            group = group_of[head]
            staves = _staves_of(layout, group, ledgers, limits)
            found |= {
                member: layout.on_staff(member, staff) for member, staff in zip(group, staves, strict=True)
            }
    return {
        head: seen for head, seen in found.items() if not _lacks_all_ledgers(seen, layout, ledgers, limits)
    }


def _lacks_all_ledgers(
    head: PlacedSymbol, layout: PageLayout, ledgers: SymbolsByX, limits: StaffAssignmentLimits
) -> bool:
    wanted, missing = _ledger_lines(head, layout, ledgers, limits)
    return wanted > 1 and missing == wanted


def _staves_of(
    layout: PageLayout, group: Sequence[PlacedSymbol], ledgers: SymbolsByX, limits: StaffAssignmentLimits
) -> list[int]:
    """Find the staff of each head on a stem: the cheapest for all, but for heads clearly on another."""
    nearest = {head.staff for head in group}
    near = limits.surely_near
    if len(nearest) == 1 and all(-near < head.position < BOTTOM_LINE + near for head in group):
        return [nearest.pop()] * len(group)
    candidates = sorted({n for s in nearest for n in (s - 1, s, s + 1) if 0 <= n < len(layout.staves)})
    costs = [
        {n: _cost(layout.on_staff(head, n), layout, ledgers, limits) for n in candidates} for head in group
    ]
    common = min(candidates, key=lambda n: sum(cost[n] for cost in costs))
    return [
        min(candidates, key=lambda n: cost[n] + limits.other_staff_cost * (n != common)) for cost in costs
    ]


def _cost(
    head: PlacedSymbol, layout: PageLayout, ledgers: SymbolsByX, limits: StaffAssignmentLimits
) -> float:
    """How far from its staff a head stands, in staff spaces, and what missing ledger lines cost."""
    _, missing = _ledger_lines(head, layout, ledgers, limits)
    return _beyond(head) / 2 + limits.missing_ledger_cost * missing


def _beyond(head: PlacedSymbol) -> float:
    """How far beyond the outer lines of its staff a head stands, in half staff spaces."""
    return max(-head.position, head.position - BOTTOM_LINE, 0.0)


def _ledger_lines(
    head: PlacedSymbol, layout: PageLayout, ledgers: SymbolsByX, limits: StaffAssignmentLimits
) -> tuple[int, int]:
    """Count the ledger lines that there should be between a head and its staff, and those missing."""
    count = min(int((_beyond(head) + 0.5) // 2), limits.most_ledgers)  # 0.5: a head is placed that exactly
    if not count:
        return 0, 0
    steps = range(2, 2 * count + 1, 2)
    wanted = [-step if head.position < 0 else BOTTOM_LINE + step for step in steps]
    reach = limits.ledger_reach * layout.space
    near = ledgers.between(head.x - reach, head.x + reach)
    positions = [layout.on_staff(line, head.staff).position for line in near]
    return count, sum(not any(abs(p - line) < limits.ledger_off for p in positions) for line in wanted)


def assign_clef_numbers(
    layout: PageLayout, limits: StaffAssignmentLimits
) -> dict[PlacedSymbol, PlacedSymbol]:
    """Assign the octave number of each clef to the staff of the clef, which may not be the nearest.

    Parameters
    ----------
    layout : PageLayout
    limits : StaffAssignmentLimits

    Returns
    -------
    dict of PlacedSymbol to PlacedSymbol
        Each number near a clef, as seen from the staff of the clef.
    """
    clefs = layout.named("clefG", "clefF", "clefC")
    found = {}
    for number in layout.named("clef8", "clef15"):
        near = [c for c in clefs if abs(c.x - number.x) < limits.clef_number_aside * layout.space]
        if near:
            clef = min(near, key=lambda c: max(c.box.y0 - number.y, number.y - c.box.y1))
            found[number] = layout.on_staff(number, clef.staff)
    return found
