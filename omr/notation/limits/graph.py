"""Thresholds of `omr.notation.graph`: the notation graph."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GraphLimits:
    """Thresholds of `omr.notation.graph`."""

    line_thickness: float = 0.12
    """Height in staff spaces of the nodes of staff lines."""

    ledger_reach: float = 2.0
    """Staff spaces between the middles of a head and of a ledger line of it, at most."""

    ledger_overlap: float = 0.4
    """Minimum share (0 to 1) of a head's width that a ledger line of it runs along."""

    ledger_off: float = 0.6
    """Half staff spaces that a head's own ledger line may lie beyond the head."""

    grace_reach: float = 14.0
    """Staff spaces between the middles of a grace note and of its main note, at most."""

    time_signature_gap: float = 0.6
    """Staff spaces between the boxes of two signs of one time signature, at most."""
