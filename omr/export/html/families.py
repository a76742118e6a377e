"""Families of classes, as the viewer groups and colours them."""

from __future__ import annotations

FAMILIES: dict[str, tuple[str, ...]] = {
    "Noteheads": ("notehead",),
    "Stems and flags": ("stem", "flag", "tremolo", "graceNote"),
    "Beams": ("beam",),
    "Accidentals": ("accidental",),
    "Rests": ("rest",),
    "Dots and marks": (
        *("augmentationDot", "artic", "fermata", "caesura", "breathMark", "strings", "ornament", "wiggle"),
        *("arpeggiato", "glissando", "fingering"),
    ),
    "Clefs": ("clef",),
    "Time signatures": ("timeSig",),
    "Slurs and tuplets": ("slur", "tie", "tuplet"),
    "Dynamics and lines": ("dynamic", "ottava", "keyboardPedal"),
    "Barlines and staves": (
        *("brace", "bracket", "barline", "voltaBracket", "repeatDot", "segno", "coda", "measureRepeat"),
        "ledgerLine",
    ),
}
"""Starts of the class names of each family, in the order in which the viewer lists the families."""

OTHER = "Others"
"""Family of classes that no start fits."""


def family_of(name: str) -> str:
    """Find the family of a class.

    Parameters
    ----------
    name : str
        In core names.

    Returns
    -------
    str
        A key of `FAMILIES`, or `OTHER`.

    Examples
    --------
    >>> family_of("restQuarter"), family_of("repeatDot"), family_of("sackbut")
    ('Rests', 'Barlines and staves', 'Others')
    """
    return next((family for family, starts in FAMILIES.items() if name.startswith(starts)), OTHER)
