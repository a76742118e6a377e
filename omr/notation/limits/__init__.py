"""Thresholds of the notation stages: one frozen dataclass a stage, one documented field a threshold.

Every stage function takes the thresholds of its stage as the keyword `limits` and passes them on to its
helpers; the defaults are those of `Limits()`. To read a piece with another threshold, replace its field:

>>> from dataclasses import replace
>>> limits = Limits()
>>> stricter = replace(limits, layout=replace(limits.layout, joining_coverage=0.5))
>>> stricter.layout.joining_coverage
0.5

Lengths are in staff spaces: the distance between neighbouring staff lines, the page's median. A *coverage* is
the share (0 to 1) of a staff's height, from its top line to its bottom line, that an upright symbol (barline,
brace, bracket) runs along, as `omr.notation.layout.coverage.staff_coverage` measures it. Unless a field
names another source, its default is that of release 0.1.0, chosen on validation pieces.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from omr.notation.limits.cleanup import CleanupLimits
from omr.notation.limits.graph import GraphLimits
from omr.notation.limits.layout import (
    LayoutLimits,
    LedgerLimits,
    OpeningLineLimits,
    StaffBeginLimits,
    StructureLimits,
    SystemLimits,
)
from omr.notation.limits.linking import (
    AccidentalLimits,
    BeamInkLimits,
    BeamLimits,
    ChordLimits,
    DotLimits,
    DynamicsLimits,
    FlagLimits,
    LinkingLimits,
    MarkLimits,
    SlurLimits,
    SpanLimits,
    StaffAssignmentLimits,
    StemLimits,
    StrokeLimits,
    TieLimits,
    TupletLimits,
)
from omr.notation.limits.semantics import (
    CompositionLimits,
    ConfirmedRestLimits,
    KeyAgreementLimits,
    LyricsLimits,
    MetreAgreementLimits,
    MultiMeasureRestLimits,
    QualityLimits,
    RhythmLimits,
    SemanticsLimits,
    SignatureLimits,
    SoundingLimits,
)

__all__ = [
    "AccidentalLimits",
    "BeamInkLimits",
    "BeamLimits",
    "ChordLimits",
    "CleanupLimits",
    "CompositionLimits",
    "ConfirmedRestLimits",
    "DotLimits",
    "DynamicsLimits",
    "FlagLimits",
    "GraphLimits",
    "KeyAgreementLimits",
    "LayoutLimits",
    "LedgerLimits",
    "Limits",
    "LinkingLimits",
    "LyricsLimits",
    "MarkLimits",
    "MetreAgreementLimits",
    "MultiMeasureRestLimits",
    "OpeningLineLimits",
    "QualityLimits",
    "RhythmLimits",
    "SemanticsLimits",
    "SignatureLimits",
    "SlurLimits",
    "SoundingLimits",
    "SpanLimits",
    "StaffAssignmentLimits",
    "StaffBeginLimits",
    "StemLimits",
    "StrokeLimits",
    "StructureLimits",
    "SystemLimits",
    "TieLimits",
    "TupletLimits",
]


@dataclass(frozen=True)
class Limits:
    """Thresholds of all stages, in their order."""

    layout: LayoutLimits = field(default_factory=LayoutLimits)
    cleanup: CleanupLimits = field(default_factory=CleanupLimits)
    linking: LinkingLimits = field(default_factory=LinkingLimits)
    semantics: SemanticsLimits = field(default_factory=SemanticsLimits)
    graph: GraphLimits = field(default_factory=GraphLimits)
