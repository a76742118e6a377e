"""How a LilyPond page looks: its size, its staff size, its margins and how close the music stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from omr.engraving.layout import Layout, page_size
from omr.engraving.page_ranges import LILYPOND

if TYPE_CHECKING:
    import numpy as np

    from omr.engraving.lilypond.fonts import LilyPondFont

_TAGS = Path(__file__).with_name("tags.ily")
_POINT = 25.4 / 72.27  # millimetres

#: Settings of ``paper`` and the range each is drawn from, in staff spaces.
_MARGINS: dict[str, tuple[float, float]] = {
    "top-margin": (3.0, 9.0),
    "bottom-margin": (3.0, 8.0),
    "left-margin": (5.0, 11.0),
    "right-margin": (3.0, 9.0),
    "indent": (6.0, 14.0),
    "short-indent": (3.0, 8.0),
}


@dataclass(frozen=True)
class Paper:
    r"""Size of a page and its settings.

    Attributes
    ----------
    layout : Layout
        Size and staff space in pixels.
    staff_size : float
        Height of a staff in points, which decides the design of the font: small staves have sturdier glyphs.
    margins : dict
        ``\paper`` settings in staff spaces.
    spacing : float
        LilyPond's ``spacing-increment``: how much a note's duration widens it; 1.2 is usual.
    between_systems : float
        Least white between two systems, in staff spaces.
    flags : dict
        ``\paper`` switches.
    start : float
        Where in a piece its excerpt begins, from 0 (the beginning) to 1.
    """

    layout: Layout
    staff_size: float = 20.0
    margins: dict[str, float] = field(default_factory=dict)
    spacing: float = 1.2
    between_systems: float = 1.0
    flags: dict[str, bool] = field(default_factory=dict)
    start: float = 0.0

    @classmethod
    def random(cls, rng: np.random.Generator) -> Paper:
        """Draw a page's look at random.

        Parameters
        ----------
        rng : Generator
            NumPy's source of random numbers.

        Returns
        -------
        Paper
        """

        def often(share: float) -> bool:
            return bool(rng.random() < share)

        return cls(
            layout=Layout(*page_size(rng)),
            staff_size=round(float(rng.uniform(*LILYPOND.staff_size)), 2),
            margins={name: round(float(rng.uniform(*limits)), 2) for name, limits in _MARGINS.items()},
            spacing=round(float(rng.uniform(*LILYPOND.spacing)), 2),
            between_systems=round(float(rng.uniform(*LILYPOND.between_systems)), 2),
            flags={
                "ragged-bottom": often(LILYPOND.ragged_bottom),
                "ragged-last-bottom": often(LILYPOND.ragged_last_bottom),
                "ragged-last": often(LILYPOND.ragged_last),
            },
            start=0.0 if often(LILYPOND.from_the_start) else float(rng.random()),
        )

    @property
    def room(self) -> tuple[float, float]:
        """Width and height of the music on a page, in staff spaces."""
        across = self.margins.get("left-margin", 6.0) + self.margins.get("right-margin", 6.0)
        down = self.margins.get("top-margin", 6.0) + self.margins.get("bottom-margin", 6.0)
        space = self.layout.space
        return self.layout.width / space - across, self.layout.height / space - down

    def preamble(self, font: LilyPondFont) -> str:
        """Write the settings as LilyPond code that goes before a score.

        Parameters
        ----------
        font : LilyPondFont
            The music font to engrave in.

        Returns
        -------
        str
        """
        space = self.staff_size / 4 * _POINT  # millimetres
        lengths = {
            "paper-width": self.layout.width / self.layout.space,
            "paper-height": self.layout.height / self.layout.space,
            **self.margins,
        }
        settings = [f"{name} = {length * space:.4f}\\mm" for name, length in lengths.items()]
        settings += [f"{name} = ##{'t' if on else 'f'}" for name, on in self.flags.items()]
        return "\n".join([
            '\\version "2.25.12"',
            f"#(set-global-staff-size {self.staff_size})",
            f"#(ly:font-config-add-directory {_string(font.folder)})",
            f"\\include {_string(_TAGS)}",
            "\\paper {",
            f'  property-defaults.fonts.music = "{font.name}"',
            '  property-defaults.fonts.serif = "LilyPond Serif"',
            '  property-defaults.fonts.sans = "LilyPond Sans Serif"',
            f"  system-system-spacing.padding = {self.between_systems}",
            *("  " + setting for setting in settings),
            "}",
            "\\layout {",
            "  \\context {",
            "    \\Score",
            "    skipBars = ##t",
            "    barCheckSynchronize = ##t",
            f"    \\override SpacingSpanner.spacing-increment = {self.spacing}",
            "    \\override MultiMeasureRest.expand-limit = 1",
            "  }",
            "}",
        ])  # fmt: skip


def _string(path: Path) -> str:
    """Quote a path as a string of LilyPond and Scheme."""
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
