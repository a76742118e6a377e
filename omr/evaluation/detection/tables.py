"""Tables of figures that look the same on a terminal, in Markdown and on a web page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rich.table

NOTHING = "–"
"""In place of a figure that there is not: nothing was there to be counted."""


@dataclass(frozen=True)
class Table:
    """Rows of text; the first `left` columns are words, the others figures.

    Attributes
    ----------
    title : str
    columns : sequence of str
    rows : sequence of sequence of str
    note : str
        A sentence below it.
    left : int
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    left: int = 1

    def rich(self) -> rich.table.Table:
        """For the terminal."""
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
        lines = [" | ".join(row) for row in (self.columns, self._rule(), *self.rows)]
        return "\n".join(f"| {line} |" for line in lines)

    def _rule(self) -> list[str]:
        return ["---" if i < self.left else "---:" for i in range(len(self.columns))]

    def html(self) -> str:
        head = self._cells("th", self.columns)
        body = "\n".join(f"<tr>{self._cells('td', row)}</tr>" for row in self.rows)
        note = f"<p class='note'>{escape(self.note)}</p>" if self.note else ""
        return (
            f"<h2>{escape(self.title)}</h2>\n{note}\n"
            f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
        )

    def _cells(self, tag: str, row: Sequence[str]) -> str:
        kinds = ["" if i < self.left else " class='figure'" for i in range(len(row))]
        return "".join(f"<{tag}{kind}>{escape(cell)}</{tag}>" for kind, cell in zip(kinds, row, strict=True))


def percent(share: float | None) -> str:
    """A share from 0 to 1 in percent with one decimal."""
    return NOTHING if share is None else f"{100 * share:.1f}"
