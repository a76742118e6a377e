"""Link the symbols of a page: which stem, beam, flag, dot, accidental and slur belongs to which note.

`link` is the one entry; each kind of symbol has a file of its own with the function that assigns it.
`assign_accidentals` follows once the key signatures are known. Links are made by cost: a pair of symbols
costs what it is away from where an engraver would have put the two, in staff spaces unless the thresholds
(`omr.notation.limits.LinkingLimits`) say otherwise; the cheapest pairs are made, and none beyond a limit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from types import MappingProxyType

from omr.notation.layout.measures import find_measures
from omr.notation.layout.placement import PageLayout, PlacedSymbol
from omr.notation.layout.systems import System
from omr.notation.limits import Limits, LinkingLimits
from omr.notation.linking.accidentals import match_accidentals
from omr.notation.linking.beam_groups import beam_groups
from omr.notation.linking.beams import with_beams
from omr.notation.linking.chords import Chord, make_chords
from omr.notation.linking.direction_staff import assign_signs
from omr.notation.linking.dots import with_dots
from omr.notation.linking.dynamics import join_dynamics
from omr.notation.linking.flags import with_flags
from omr.notation.linking.hairpins import assign_hairpins
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.linking.low_confidence_stems import with_confirmed_stems
from omr.notation.linking.low_confidence_values import with_low_confidence_values
from omr.notation.linking.marks import with_marks
from omr.notation.linking.octave_lines import find_octave_lines
from omr.notation.linking.pedals import match_pedals
from omr.notation.linking.slurs import assign_slurs
from omr.notation.linking.staff_assignment import assign_clef_numbers, assign_staves
from omr.notation.linking.stem_duplicates import with_duplicates_joined
from omr.notation.linking.stem_extension import with_extended_stems
from omr.notation.linking.stem_recovery import with_recovered_stems
from omr.notation.linking.stem_tips import with_tips_at_beams
from omr.notation.linking.stems import StemmedHeads, assign_stems, with_stemmed_wholes
from omr.notation.linking.strokes import with_strokes
from omr.notation.linking.ties import assign_ties
from omr.notation.linking.tuplets import find_tuplet_signs
from omr.notation.linking.volta_signs import find_volta_signs

__all__ = ["LinkedPage", "assign_accidentals", "link"]


def link(layout: PageLayout, systems: Sequence[System], *, limits: Limits = Limits()) -> LinkedPage:
    """Link the symbols of a page.

    Parameters
    ----------
    layout : PageLayout
        As `omr.notation.cleanup.clean` gives it.
    systems : sequence of System
        Of the page, from top to bottom.
    limits : Limits, optional
        Those of `linking`, and of `layout` for measures.

    Returns
    -------
    LinkedPage
        Without accidentals: `assign_accidentals` adds them.
    """
    these = limits.linking
    # digits under volta brackets belong to nothing else
    voltas = find_volta_signs(layout, these.spans)
    layout = _without(layout, {digit for volta in voltas for digit in volta.digits})
    # heads on stems and staves, from there on as seen from their own staff
    layout = with_stemmed_wholes(layout, these.stems)
    heads = with_extended_stems(layout, assign_stems(layout, these.stems), these.stems)
    heads = with_confirmed_stems(layout, heads, these.stems)
    heads = with_recovered_stems(layout, heads, these.stems)
    heads = with_duplicates_joined(layout, heads, these.stems)
    heads = with_tips_at_beams(layout, heads, these.stems)
    on_staves = assign_staves(layout, heads, these.staves)
    chords = _chords(layout, heads.on_their_staves(on_staves), these)
    contents = _contents_by_staff(layout, on_staves | assign_clef_numbers(layout, these.staves))
    return LinkedPage(
        layout=layout,
        systems=tuple(systems),
        measures=tuple(
            tuple(find_measures(layout, system, contents, limits=limits.layout)) for system in systems
        ),
        chords=chords,
        groups=beam_groups(chords),
        ties=assign_ties(layout, chords, these.ties),
        slurs=assign_slurs(layout, systems, chords, these.slurs),
        tuplets=find_tuplet_signs(layout, these.tuplets),
        dynamics=join_dynamics(layout, systems, these.dynamics),
        hairpins=assign_hairpins(layout, systems, chords, these.dynamics),
        octaves=find_octave_lines(layout, these.spans),
        pedals=match_pedals(layout, systems, these.dynamics),
        signs=assign_signs(layout, systems, these.dynamics),
        voltas=voltas,
    )


def _chords(layout: PageLayout, heads: StemmedHeads, limits: LinkingLimits) -> tuple[Chord, ...]:
    """Make the chords of a page and add what stands at each."""
    chords = make_chords(layout, heads, limits.chords)
    chords = with_flags(layout, chords, limits.flags)
    chords = with_beams(layout, chords, limits.beams)
    chords = with_strokes(layout, chords, limits.strokes)
    chords = with_dots(layout, chords, limits.dots)
    chords = with_low_confidence_values(layout, chords, limits)
    return with_marks(layout, chords, limits.marks)


def assign_accidentals(
    linked: LinkedPage, of_key_signatures: Collection[PlacedSymbol], *, limits: Limits = Limits()
) -> LinkedPage:
    """Assign each accidental that is in no key signature to a head on its right.

    Parameters
    ----------
    linked : LinkedPage
    of_key_signatures : collection of PlacedSymbol
        The accidentals of the page's key signatures, which alter no single note.
    limits : Limits, optional

    Returns
    -------
    LinkedPage
        With its `accidentals`.
    """
    found = match_accidentals(linked.layout, linked.chords, of_key_signatures, limits.linking.accidentals)
    return replace(linked, accidentals=MappingProxyType(found))


def _without(layout: PageLayout, symbols: Collection[PlacedSymbol]) -> PageLayout:
    return layout.with_symbols(symbol for symbol in layout.symbols if symbol not in symbols)


def _contents_by_staff(
    layout: PageLayout, on_staves: dict[PlacedSymbol, PlacedSymbol]
) -> dict[int, list[PlacedSymbol]]:
    """Sort the symbols of a page by staff; noteheads that belong to no staff are left out."""
    found: dict[int, list[PlacedSymbol]] = defaultdict(list)
    for symbol in layout.symbols:
        if symbol in on_staves or not symbol.name.startswith("notehead"):
            seen = on_staves.get(symbol, symbol)
            found[seen.staff].append(seen)
    return found
