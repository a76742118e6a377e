"""Draw the way from ink to music as docs/images/journey.svg; run by `make docs`."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent / "images/journey.svg"

WIDTH, ROW, BOX = 960, 74, 46
"""Width of the figure, distance between two rows and height of a box, in SVG units."""
COLOURS = {"value": "#e8f0fb", "file": "#fdf1dc"}


class Box(NamedTuple):
    """A value or a file of the journey: its text, the middle (x) and the row (from 0) of its box."""

    text: str
    kind: str
    x: int
    row: int
    width: int = 230


class Arrow(NamedTuple):
    """A function from one box to another: the module it lives in and what it does."""

    start: str
    end: str
    module: str
    about: str = ""


BOXES = {
    "source": Box("file, bytes, array, PIL image", "file", 300, 0, 260),
    "image": Box("PageImage", "value", 300, 1),
    "staves": Box("staff lines, staff space", "value", 300, 2),
    "page": Box("Page: symbols with scores", "value", 300, 3),
    "layout": Box("PageLayout: systems, measures", "value", 300, 4, 250),
    "linked": Box("LinkedPage: notation graph", "value", 300, 5),
    "score": Box("Score", "value", 300, 6),
    "music": Box("MusicXML, MIDI, MEI", "file", 300, 7),
    "symbols": Box("COCO, CSV, overlay", "file", 800, 3),
    "mung": Box("MuNG", "file", 800, 5),
}

ARROWS = (
    Arrow("source", "image", "omr/images.py", "read, to grey"),
    Arrow("image", "staves", "omr/staves", "find staff lines"),
    Arrow("staves", "page", "omr/detectors, omr/watershed", "detect symbols"),
    Arrow("page", "layout", "omr/notation/cleanup, layout", "systems, parts, measures of all pages"),
    Arrow("layout", "linked", "omr/notation/linking", "stems, beams, dots, slurs to their notes"),
    Arrow("linked", "score", "omr/notation/semantics", "clefs, keys, metres, pitches, rhythm, voices"),
    Arrow("score", "music", "omr/export", "score writers"),
    Arrow("page", "symbols", "omr/export", "page writers"),
    Arrow("linked", "mung", "omr/notation/graph.py", "links as edges"),
)


def main() -> None:
    """Write the figure."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(figure(), encoding="utf-8")


def figure() -> str:
    """Return the figure as SVG."""
    height = ROW * (1 + max(box.row for box in BOXES.values()))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            'font-family="sans-serif" font-size="14">',
            "<title>A piece's journey from ink to music</title>",
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
            'orient="auto"><path d="M0 0L8 4L0 8z" fill="#555"/></marker></defs>',
            f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
            *map(box_svg, BOXES.values()),
            *map(arrow_svg, ARROWS),
            "</svg>",
            "",
        ]
    )


def box_svg(box: Box) -> str:
    """Return a rounded box with its text."""
    y = top(box)
    return (
        f'<rect x="{box.x - box.width // 2}" y="{y}" width="{box.width}" height="{BOX}" rx="8" '
        f'fill="{COLOURS[box.kind]}" stroke="#557"/>'
        f'<text x="{box.x}" y="{y + BOX // 2 + 5}" text-anchor="middle">{escape(box.text)}</text>'
    )


def arrow_svg(arrow: Arrow) -> str:
    """Return an arrow, down or to the right, with its module and what it does."""
    start, end = BOXES[arrow.start], BOXES[arrow.end]
    module, about = escape(arrow.module), escape(arrow.about)
    if start.row == end.row:
        x0, x1, y = start.x + start.width // 2, end.x - end.width // 2, top(start) + BOX // 2
        middle = (x0 + x1) // 2
        return (
            f'<path d="M{x0} {y}H{x1 - 2}" stroke="#555" marker-end="url(#tip)"/>'
            f'<text x="{middle}" y="{y - 7}" text-anchor="middle" font-size="12">{about}</text>'
            f'<text x="{middle}" y="{y + 17}" text-anchor="middle" font-size="12" '
            f'font-family="monospace">{module}</text>'
        )
    y0, y1 = top(start) + BOX, top(end)
    label = (y0 + y1) // 2 + 4
    return (
        f'<path d="M{start.x} {y0}V{y1 - 2}" stroke="#555" marker-end="url(#tip)"/>'
        f'<text x="{start.x + 12}" y="{label}" font-size="12">{about}</text>'
        f'<text x="{start.x - 12}" y="{label}" text-anchor="end" font-size="12" '
        f'font-family="monospace">{module}</text>'
    )


def top(box: Box) -> int:
    """Return the upper edge of a box."""
    return box.row * ROW + (ROW - BOX) // 2


if __name__ == "__main__":
    main()
