"""Thresholds of `omr.notation.layout`: placed symbols, systems, measures, parts."""

from __future__ import annotations

from dataclasses import dataclass

from omr.notation.limits.positive import require_positive


@dataclass(frozen=True)
class LedgerLimits:
    """Thresholds of `omr.notation.layout.ledger_spacing`.

    Distances are in half staff spaces from the outer line of the staff, spacings in staff spaces. Source:
    histograms of the ledger lines on nine scanned rags of 1899 to 1908. The first ledger line lies 2.0 to 2.7
    from the staff, the second 4.0 to 5.0, and nothing in between.
    """

    nearest: float = 1.2
    """Distance from the staff below which a ledger line is a wrong one: the first is 2 away."""

    min_count: int = 3
    """Number of ledger lines on one side of a page's staves that tell their spacing, at least."""

    min_spacing: float = 0.96
    """Smallest spacing tried."""

    max_spacing: float = 1.26
    """Largest spacing tried; engravers by hand went up to 1.18."""

    step: float = 0.01
    """Step between the spacings tried."""

    max_error: float = 0.6
    """Distance of a ledger line from its place that counts as much as any larger one."""

    in_place: float = 0.5
    """Distance of a ledger line from its place below which it refines the spacing."""

    # Counting noteheads from ledger lines (ledger_lines.py). Source: histograms of 1,900 heads beyond the
    # staff on 12 pages of 1878 to 1899. From the ledger line next to them, heads are -0.3 to 0.25 or 0.75 to
    # 1.7 away, and 6 of 1,600 in between.

    min_overlap: float = 0.5
    """Share (0 to 1) of a notehead's width that a ledger line of its covers, at least."""

    most_beyond: float = 0.4
    """Distance by which a ledger line of a notehead may be further from the staff than the head's middle."""

    min_apart: float = 1.3
    """Distance between ledger lines of a notehead up to which the outer one is the edge of the head."""

    clearly_apart: float = 1.7
    """Distance between ledger lines of a notehead from which they are two for sure."""

    stands_on: float = 0.5
    """Distance from the line up to which a head stands on it; a head further out touches it from outside."""

    touches: float = 1.75
    """Distance from the line from which a head doesn't touch it: the next ledger line is 2 away."""

    def __post_init__(self) -> None:
        require_positive(self, "min_spacing", "step")


@dataclass(frozen=True)
class StaffBeginLimits:
    """Thresholds of `omr.notation.layout.staff_begin`."""

    before_clef: float = 0.7
    """Staff spaces from the beginning of a staff to its first clef.

    Engravers leave 0.5 to 1 (E. Gould, *Behind Bars*, 2011, "Clefs"; verovio's default is 0.5).
    """

    max_distance: float = 16.0
    """Staff spaces from the middle of a clef to the measured beginning of its staff, at most.

    Clef, key and time signature fill up to 12.
    """

    min_length: float = 20.0
    """Staff spaces of measured length from which a staff is extended: a shorter one may be a false staff."""


@dataclass(frozen=True)
class OpeningLineLimits:
    """Thresholds of `omr.notation.layout.opening_line`.

    Source: 147 gaps between systems and 655 within systems on 96 degraded pages of validation pieces. The
    most inked line has at most 0.50 of the rows between systems, and at least 0.98 in 98 of 100 gaps within.
    """

    margin: float = 0.3
    """Staff spaces beside each staff that are not looked at: the ends of its outer lines."""

    reach: float = 2.0
    """Staff spaces from the measured beginning of the staves to the line, at most.

    The first staff line that is found may begin beside a clef. A bracket stands 1 staff space to the left.
    """

    lean: float = 0.6
    """Staff spaces by which a line may lean beside the way from one staff's beginning to the other's."""

    leans: int = 5
    """Number of leans tried, from one side to the other."""

    shadow: float = 4.0
    """Staff spaces to the left of the beginning that are looked at for the shadow of a page's edge."""

    max_shadow: float = 0.5
    """Share (0 to 1) of ink there, from which it is a shadow: a bracket or a name fills less."""

    line: float = 0.75
    """Share (0 to 1) of inked rows from which there is an opening line."""

    no_line: float = 0.55
    """Share (0 to 1) of inked rows below which there is none."""


@dataclass(frozen=True)
class SystemLimits:
    """Weights of what tells that two neighbouring staves are of one system (`StaffPairEvidence.weights`).

    Weights are natural logarithms of odds: 3 is about 20 to 1 for one system, -3 about 20 to 1 against it.
    Source: engraving practice (E. Gould, *Behind Bars*, 2011, "Systems": an opening line joins the staves
    of every system of two staves or more; braces join the staves of one player, barlines run through the
    staves of a family), and how often the detector misses an opening line: on 12 of 951 systems of 51
    scanned pieces; beside a bracket nearly always. Not chosen by `benchmarks/tune_notation.py`.
    """

    by_hand: float = 100.0
    """A person's word: more than all other evidence together."""

    brace: float = 6.0
    """A brace along both staves."""

    bracket: float = 4.0
    """A bracket along both staves; detectors take braces for brackets, hardly anything else."""

    opening: float = 4.0
    """An opening line along both staves; it may be the edge of the page."""

    no_opening: float = -3.0
    """No opening line, neither among the symbols nor in the ink."""

    no_opening_found: float = -2.0
    """No opening line among the symbols, where the ink does not tell: detectors miss it beside brackets.

    More than `max_gap`, so that a narrow gap alone joins no staves.
    """

    separate_braces: float = -3.0
    """One brace ends at the upper staff and another one begins at the lower staff, and nothing joins them."""

    separate_brackets: float = -2.0
    """One bracket ends at the upper staff and another one begins at the lower staff."""

    opened_apart: float = -2.0
    """Each staff but the first that one barline opens above the gap and another one below it."""

    through: float = 4.5
    """All barlines run through the gap; some of them, that share of it."""

    not_through: float = -1.0
    """Added to the same: none runs through it. Voices of a choir have barlines of their own."""

    columns_that_tell: int = 3
    """Number of barlines from which their share through the gap has its full weight."""

    in_line: float = 0.9
    """Each barline that stands in line on both staves."""

    out_of_line: float = 1.2
    """Each barline, as a weight against, that stands on one staff and not on the other."""

    max_line: float = 4.0
    """Weight of all barlines in line or out of line together, at most."""

    uneven: float = 0.25
    """Coefficient of variation of the distances between barlines in line from which they have full weight.

    Lines of measures of one width stand in line on all systems of a page.
    """

    even_weight: float = 0.25
    """Share (0 to 1) of that weight that barlines at equal distances have, at least."""

    gap: float = 3.0
    """A gap that is narrower than the page's typical one by a factor of e."""

    max_gap: float = 1.5
    """Weight of the gap, for or against, at most."""

    min_gap_ratio: float = 0.1
    """Ratio of a gap to the typical one below which it counts as this."""


@dataclass(frozen=True)
class StructureLimits:
    """Costs of a piece's structure and of its systems (`omr.notation.layout.structure_search`).

    Costs are negative logarithms of odds, so that they add up with the weights of `SystemLimits`. Source:
    engraving practice; set by hand on engraved ensembles (`tests/notation/test_ensembles.py`) and two scanned
    sonata movements with ossias. Not chosen by `benchmarks/tune_notation.py`.
    """

    staff: float = 0.5
    """Each staff of the structure: of two that explain the pages alike, the smaller one."""

    part: float = 3.0
    """Each part of the structure: pieces seldom get a part for a line or two."""

    hidden_part: float = 0.1
    """Each part that a system hides, while the staves of a page are assigned."""

    missing_staff: float = 6.0
    """Each staff that a system lacks of a part that it shows."""

    missing_brace: float = 1.5
    """Two neighbouring staves of one part without a brace: one in five is missed or taken for a bracket."""

    spurious_brace: float = 4.0
    """A brace along two neighbouring staves of different parts."""

    clef: float = 0.5
    """A staff whose first clef is not the usual one of its staff of the structure."""

    bracket: float = 0.25
    """A staff beside a bracket whose staff of the structure usually has none, or the other way round."""

    family: float = 0.5
    """Two neighbouring staves that a bracket or barlines join and that are usually of two families of
    instruments, or the other way round."""

    variant_staff: float = 6.0
    """A staff of ordinary size and length that a system shows besides those of the structure (an ossia)."""

    short_variant_staff: float = 0.5
    """The same for a staff that is shorter than its neighbour, as ossias are; nothing if it has no notes."""

    odd_variant_staff: float = 4.0
    """The same for a staff of full length that is small, as ossias and the parts above a piano are, or that
    has neither notes nor rests, as a false staff has."""

    variant_system: float = 8.0
    """All staves of a piece for one player a second time in a system: two readings of a passage."""

    stray_staff: float = 3.0
    """A system of such staves alone, besides the cost of each of them."""

    short_staff_ratio: float = 0.9
    """Length of a staff as a share of its neighbour's, below which it is short."""

    small_staff_ratio: float = 0.85
    """Staff space as a share of the page's median, below which a staff is small.

    Small staves have 0.6 to 0.8 of the size of the others (E. Gould, *Behind Bars*, 2011, "Ossia").
    """

    max_candidates: int = 12
    """Number of structures that are compared, at most: the most frequent ones, and the fullest."""


@dataclass(frozen=True)
class LayoutLimits:
    """Thresholds of `omr.notation.layout`."""

    ledger: LedgerLimits = LedgerLimits()
    staff_begin: StaffBeginLimits = StaffBeginLimits()
    opening_line: OpeningLineLimits = OpeningLineLimits()
    systems: SystemLimits = SystemLimits()
    structure: StructureLimits = StructureLimits()

    # Placing symbols (placement.py)

    min_staff_space: float = 1.0
    """Smallest staff space in pixels, and that of a page that tells none: scans of 60 dpi have about 4."""

    off_page_margin: float = 1.0
    """Page sizes by which a box may lie beyond the page; symbols further away are dropped as absurd."""

    max_lean: float = 0.8
    """Share (0 to 1) of a box's width that a skewed page may have added to it, at most.

    The box of an upright line on a page that is skewed is wider than the line; placing takes the excess away.
    """

    # Uprights that cross staves (coverage.py)

    crossing_coverage: float = 0.5
    """Minimum coverage of a staff by an upright that crosses it, and by a barline that ends a measure there.

    On 41 scanned pages and 10 of MUSCIMA++, 98.6 % of barlines that touch a staff cover over 0.9 of it;
    those that cover less are true barlines whose ends were cut off.
    """

    joining_coverage: float = 0.25
    """Minimum coverage of each of two staves by a barline, brace or bracket that joins them.

    Less than `crossing_coverage`, because detectors cut the ends of long symbols off, and an upright that
    reaches into both staves joins them whatever is missing: none begins or ends in the middle of a staff.
    """

    # Evidence on systems (system_evidence.py)

    opening_distance: float = 1.0
    """Staff spaces between the middle of a barline and the left end of a staff that it opens, at most."""

    opening_height: float = 6.0
    """Minimum height in staff spaces of a barline that opens a system of several staves.

    A barline of one staff is 4 staff spaces high.
    """

    in_line_tolerance: float = 0.4
    """Staff spaces between the middles of two barlines in line, one above the other, at most."""

    # Measures (measures.py)

    heavy_stroke_ratio: float = 1.8
    """Minimum width of a heavy stroke, as a multiple of the median barline of its system.

    A heavy barline is 0.5 staff spaces wide, a thin one 0.16 (Bravura's engraving defaults, SMuFL).
    """

    max_stroke_gap: float = 0.9
    """Staff spaces between strokes of one barline (double, final, repeat), at most."""

    min_stroke_distance: float = 0.2
    """Staff spaces between the middles of two strokes that stand beside each other, at least.

    Nearer ones are one stroke that is interrupted between two staves.
    """

    min_share_of_staves: float = 0.5
    """Minimum share (0 to 1) of a system's staves that a barline crosses to end a measure."""

    repeat_dot_reach: float = 1.6
    """Staff spaces from a barline's outer stroke to the middles of its repeat dots, at most."""

    repeat_dot_overlap: float = 0.3
    """Staff spaces by which the middle of a repeat dot may lie inside of the outer stroke."""

    end_tolerance: float = 1.5
    """Staff spaces between the end of a system and the barline that stands there, at most.

    Where no barline stands so near, the first or last measure ends by this much beyond the system.
    """

    min_empty_measure: float = 6.0
    """Minimum width in staff spaces of a measure without notes or rests.

    Narrower room holds a clef or a signature of the next measure.
    """
