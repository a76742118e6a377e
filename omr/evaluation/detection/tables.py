"""Tables of figures for the terminal, for Markdown and for web pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rich.table

NO_FIGURE = "–"
"""In place of a figure that is undefined, such as the recall of a class without truth."""


@dataclass(frozen=True)
class Table:
    """A table of text cells.

    Attributes
    ----------
    title : str
    columns : sequence of str
        Headings.
    rows : sequence of sequence of str
    note : str
        Explanation below the table.
    left : int
        Number of first columns that hold words and are aligned to the left; the others hold figures and
        are aligned to the right.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    left: int = 1

    def rich(self) -> rich.table.Table:
        """Make the table for the terminal.

        Returns
        -------
        rich.table.Table
        """
        from rich import box
        from rich.table import Table as RichTable

        table = RichTable(
            title=self.title, caption=self.note or None, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
        )
        table.title_style, table.caption_justify, table.title_justify = "bold", "left", "left"
        for i, column in enumerate(self.columns):
            left = i < self.left
            table.add_column(column, justify="left" if left else "right", no_wrap=not left, overflow="fold")
        for row in self.rows:
            table.add_row(*row)
        return table

    def markdown(self) -> str:
        """Write columns and rows in Markdown, without title and note.

        Returns
        -------
        str
        """
        lines = [" | ".join(row) for row in (self.columns, self._rule(), *self.rows)]
        return "\n".join(f"| {line} |" for line in lines)

    def _rule(self) -> list[str]:
        """Return the cells of the line below the headings, which set the alignment."""
        return ["---" if i < self.left else "---:" for i in range(len(self.columns))]


def percent(share: float | None) -> str:
    """Format a share in percent with one decimal.

    Parameters
    ----------
    share : float or None
        From 0 to 1; None where it is undefined.

    Returns
    -------
    str
        `NO_FIGURE` for None.
    """
    return NO_FIGURE if share is None else f"{100 * share:.1f}"
