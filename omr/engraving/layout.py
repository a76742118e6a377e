"""Draw the look of a page at random: its size, its staff space and verovio's options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from omr.engraving.page_ranges import SIZE, VEROVIO

if TYPE_CHECKING:
    import numpy as np

#: verovio's ``unit`` is half a staff space and stays at its default; `Layout.zoom` does the scaling.
UNIT = 9.0

#: Options of verovio and the range that each is drawn from, mostly in units (half staff spaces).
_OPTIONS: dict[str, tuple[float, float]] = {
    "barLineSeparation": (0.6, 1.2),
    "barLineWidth": (0.2, 0.4),
    "beamMaxSlope": (4, 16),
    "bracketThickness": (0.7, 1.3),
    "dashedBarLineDashLength": (0.7, 2.0),
    "dashedBarLineGapLength": (0.6, 1.5),
    "fingeringScale": (0.6, 0.9),
    "graceFactor": (0.6, 0.8),
    "hairpinSize": (2.0, 4.5),
    "hairpinThickness": (0.15, 0.3),
    "ledgerLineExtension": (0.35, 0.7),
    "ledgerLineThickness": (0.18, 0.35),
    "lyricSize": (3.5, 5.5),
    "multiRestThickness": (1.0, 2.5),
    "octaveLineThickness": (0.15, 0.3),
    "pageMarginBottom": (30, 160),
    "pageMarginLeft": (40, 220),
    "pageMarginRight": (30, 180),
    "pageMarginTop": (30, 200),
    "repeatBarLineDotSeparation": (0.25, 0.6),
    "repeatEndingLineThickness": (0.12, 0.3),
    "slurCurveFactor": (0.7, 1.5),
    "slurEndpointThickness": (0.06, 0.16),
    "slurMidpointThickness": (0.4, 0.9),
    "spacingLinear": (0.2, 0.33),
    "spacingNonLinear": (0.5, 0.68),
    "spacingStaff": (7, 17),
    "spacingSystem": (3, 14),
    "staffLineWidth": (0.11, 0.25),
    "stemWidth": (0.15, 0.3),
    "thickBarlineThickness": (0.8, 1.4),
    "tieEndpointThickness": (0.06, 0.16),
    "tieMidpointThickness": (0.35, 0.8),
    "tupletBracketThickness": (0.15, 0.3),
}
_WHOLE = {name for name in _OPTIONS if name.startswith(("pageMargin", "beamMax", "spacingSt", "spacingSy"))}

_FIXED: dict[str, Any] = {
    "unit": UNIT,
    "scale": 100,
    "breaks": "auto",
    "dynamSingleGlyphs": True,
    "smuflTextFont": "none",
}


@dataclass(frozen=True)
class Layout:
    """Size of a page and options of verovio.

    Attributes
    ----------
    width, height : int
        Pixels of the page image.
    space : float
        Staff space of a staff at normal size, in pixels.
    settings : mapping
        Options for verovio over its defaults.
    """

    width: int
    height: int
    space: float
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def zoom(self) -> float:
        """Pixels of the page a pixel of verovio."""
        return self.space / (2 * UNIT)

    @property
    def options(self) -> dict[str, Any]:
        """Everything for verovio's ``setOptions`` but the font."""
        size = {"pageWidth": round(self.width / self.zoom), "pageHeight": round(self.height / self.zoom)}
        return {**_FIXED, **size, **self.settings}

    @classmethod
    def random(cls, rng: np.random.Generator) -> Layout:
        """Draw a layout at random.

        Parameters
        ----------
        rng : Generator
            NumPy's source of random numbers.

        Returns
        -------
        Layout
        """
        return cls(*page_size(rng), _random_options(rng))


def page_size(rng: np.random.Generator) -> tuple[int, int, float]:
    """Draw the size of a page at random.

    Parameters
    ----------
    rng : Generator
        NumPy's source of random numbers.

    Returns
    -------
    width, height : int
        In pixels.
    space : float
        Staff space in pixels.
    """
    width = float(rng.uniform(*SIZE.width))
    across = float(2.0 ** rng.uniform(*SIZE.across))
    smallest, largest = SIZE.staff_space
    space = min(largest, max(smallest, width / across))
    upright = rng.random() < SIZE.upright
    height = width * float(rng.uniform(*(SIZE.upright_height if upright else SIZE.lying_height)))
    return round(width), round(height), space


def _random_options(rng: np.random.Generator) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for name, (low, high) in _OPTIONS.items():
        value = float(rng.uniform(low, high))
        settings[name] = round(value) if name in _WHOLE else round(value, 3)

    def often(share: float) -> bool:
        return bool(rng.random() < share)

    return settings | {
        "beamFrenchStyle": often(VEROVIO.french_beams),
        "footer": "auto" if often(VEROVIO.footer) else "none",
        "header": "auto" if often(VEROVIO.header) else "none",
        "justifyVertically": often(VEROVIO.justified),
        "mnumInterval": int(rng.choice(VEROVIO.measure_numbers)),
        "multiRestStyle": "block" if often(VEROVIO.block_rests) else "auto",
        "octaveAlternativeSymbols": often(VEROVIO.octave_alternatives),
        "staccatoCenter": often(VEROVIO.centred_staccato),
        "systemDivider": "auto" if often(VEROVIO.one_divider) else "left-right",
        "tupletAngledOnBeams": often(VEROVIO.slanted_tuplets),
        "useBraceGlyph": often(VEROVIO.glyph_braces),
    }
