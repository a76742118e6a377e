"""The stages from pages to a score, in order.

`link` is the way from pages to linked and timed notes, which the notation graph and the score share; `read`
goes on to pitches and the score. Every stage is a function from one immutable value to the next; a value that
concerns the whole piece (part collation, clefs and keys that hold, numbered tuplets) is made once, from all
its pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from omr.notation.cleanup import clean
from omr.notation.decision import Decision
from omr.notation.layout.part_collation import PartCollation
from omr.notation.layout.placement import PlacedSymbol, place
from omr.notation.layout.systems import lay_out_piece
from omr.notation.limits import Limits
from omr.notation.linking import assign_accidentals
from omr.notation.linking import link as link_page
from omr.notation.linking.linked_page import LinkedPage
from omr.notation.semantics.composition import compose, measure_numbers
from omr.notation.semantics.confirmed_rests import confirm_rests
from omr.notation.semantics.held_signatures import with_signatures
from omr.notation.semantics.key_agreement import agree_keys
from omr.notation.semantics.measure_draft import MeasureDraft, draft_measures
from omr.notation.semantics.metre_agreement import agree_metres
from omr.notation.semantics.multi_measure_rests import with_multi_measure_rests
from omr.notation.semantics.pitch import find_pitches
from omr.notation.semantics.quality import estimate_quality
from omr.notation.semantics.rhythm import with_timing
from omr.notation.semantics.signature_decisions import explain_keys, explain_metres
from omr.notation.semantics.sounding import with_sounds
from omr.page import Page, ReadingQuality
from omr.score import Score
from omr.view import upright


@dataclass(frozen=True)
class LinkedPiece:
    """The pages of a piece with every symbol linked to its note.

    Attributes
    ----------
    pages : tuple of LinkedPage
        In the order of the piece.
    drafts : tuple of MeasureDraft
        Every measure of the piece in order, with its signatures, sounds, tuplets and timing.
    collation : PartCollation
        Which staff of each system belongs to which part.
    decisions : tuple of Decision
        What was decided for the whole piece, by which evidence.
    """

    pages: tuple[LinkedPage, ...]
    drafts: tuple[MeasureDraft, ...]
    collation: PartCollation
    decisions: tuple[Decision, ...] = ()


def link(pages: Sequence[Page], limits: Limits = Limits()) -> LinkedPiece:
    """Link the symbols on the pages of one piece.

    Parameters
    ----------
    pages : sequence of Page
        In core names, with their staves, in the order of the piece.
    limits : Limits, optional

    Returns
    -------
    LinkedPiece
        In pixels of the view of each page that has one.
    """
    layouts = [clean(place(upright(page), limits=limits.layout), limits=limits) for page in pages]
    piece = lay_out_piece(layouts, limits=limits.layout)
    collation = piece.collation
    linked = tuple(
        link_page(layout, systems, limits=limits)
        for layout, systems in zip(layouts, piece.systems, strict=True)
    )
    drafts = draft_measures(linked, collation)

    # Key signatures tell which accidentals are left for notes.
    spaces = [page.layout.space for page in linked]
    drafts = with_signatures(drafts, sum(collation.sizes), spaces, limits=limits.semantics.signatures)
    shown = drafts
    drafts = agree_keys(
        drafts,
        [collation.part_of(staff)[0] for staff in range(sum(collation.sizes))],
        limits=limits.semantics.keys,
    )
    linked = tuple(
        assign_accidentals(page, _key_accidentals(drafts, number), limits=limits)
        for number, page in enumerate(linked)
    )

    drafts = with_sounds(drafts, linked, collation, limits=limits)

    # The rhythm tells whether a measure lacks a rest.
    semantics = limits.semantics
    drafts = with_multi_measure_rests(drafts, linked, limits=semantics.multi_measure_rests)
    drafts = with_timing(drafts, linked, collation, limits=semantics.rhythm)
    agreed = agree_metres(drafts, limits=semantics.metres)
    if agreed is not drafts:
        drafts = with_timing(agreed, linked, collation, limits=semantics.rhythm)
    drafts, linked = confirm_rests(drafts, linked, collation, limits=semantics)
    numbers = measure_numbers(drafts, semantics.rhythm)
    signs = (*explain_keys(shown, drafts, numbers), *explain_metres(shown, drafts, numbers))
    return LinkedPiece(linked, drafts, collation, (*piece.decisions, *signs))


@dataclass(frozen=True)
class Reading:
    """The music of a piece, and what is to be said about it.

    Attributes
    ----------
    score : Score
        Without parts where there is no staff.
    decisions : tuple of Decision
        What was decided for the whole piece, by which evidence.
    qualities : tuple of ReadingQuality
        How well each page was read.
    piece : LinkedPiece
        The links and measures that the score was made from.
    """

    score: Score
    decisions: tuple[Decision, ...]
    qualities: tuple[ReadingQuality, ...]
    piece: LinkedPiece


def read(pages: Sequence[Page], limits: Limits = Limits()) -> Score:
    """Read the music on the pages of one piece.

    Parameters
    ----------
    pages : sequence of Page
        In core names, with their staves, in the order of the piece.
    limits : Limits, optional

    Returns
    -------
    Score
        Without parts where there is no staff.
    """
    return read_piece(pages, limits).score


def read_piece(pages: Sequence[Page], limits: Limits = Limits()) -> Reading:
    """Read the music on the pages of one piece, and say how it was decided and how well it was read.

    Parameters
    ----------
    pages : sequence of Page
        In core names, with their staves, in the order of the piece.
    limits : Limits, optional

    Returns
    -------
    Reading
    """
    piece = link(pages, limits)
    pitches = find_pitches(piece.drafts, piece.pages)
    score = compose(piece.drafts, piece.pages, piece.collation, pitches, limits=limits.semantics)
    qualities = estimate_quality(piece.drafts, piece.pages, limits=limits.semantics)
    return Reading(score, piece.decisions, qualities, piece)


def _key_accidentals(drafts: Sequence[MeasureDraft], page: int) -> set[PlacedSymbol]:
    """Collect the accidentals of the key signatures on a page."""
    return {
        accidental
        for draft in drafts
        if draft.page == page
        for signatures in draft.signatures
        for accidental in signatures.key_accidentals
    }
