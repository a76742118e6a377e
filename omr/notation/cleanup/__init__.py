"""Clean a page's layout: remove what isn't there, join what was cut, confirm what others tell of.

`clean` is the one entry; each of its stages is a function from one `PageLayout` to the next, in a file of its
own, and can be called alone.
"""

from __future__ import annotations

from omr.notation.cleanup.clef_parts import remove_clef_parts
from omr.notation.cleanup.duplicates import suppress_duplicates
from omr.notation.cleanup.false_barlines import remove_false_barlines
from omr.notation.cleanup.false_staves import remove_false_staves
from omr.notation.cleanup.head_kinds import correct_head_kinds
from omr.notation.cleanup.line_fragments import join_line_fragments
from omr.notation.cleanup.low_confidence import confirm_low_confidence
from omr.notation.cleanup.small_heads import correct_small_heads
from omr.notation.layout.placement import PageLayout
from omr.notation.limits import Limits

__all__ = [
    "clean",
    "confirm_low_confidence",
    "correct_head_kinds",
    "correct_small_heads",
    "join_line_fragments",
    "remove_clef_parts",
    "remove_false_barlines",
    "remove_false_staves",
    "suppress_duplicates",
]


def clean(layout: PageLayout, *, limits: Limits = Limits()) -> PageLayout:
    """Clean the layout of a page.

    The order matters: staves come first, because every symbol is placed on one; low-confidence symbols are
    confirmed by the symbols as they were detected; fragments are joined while duplicates of them still tell
    how far a line reaches; and only whole barlines show whether they end at staves.

    Parameters
    ----------
    layout : PageLayout
        As `omr.notation.layout.placement.place` gives it.
    limits : Limits, optional
        Those of `cleanup`, and of `layout` for what is placed and measured again.

    Returns
    -------
    PageLayout
        A symbol whose `index` is ``len(layout.page.symbols)`` or more is a confirmed low-confidence symbol.
    """
    layout = remove_false_staves(layout, limits=limits)
    layout = confirm_low_confidence(layout, limits=limits)
    layout = join_line_fragments(layout, limits=limits.cleanup)
    layout = suppress_duplicates(layout, limits=limits.cleanup)
    layout = remove_clef_parts(layout, limits=limits.cleanup)
    layout = correct_small_heads(layout, limits=limits.cleanup)
    layout = correct_head_kinds(layout, limits=limits.cleanup)
    return remove_false_barlines(layout, limits=limits)
