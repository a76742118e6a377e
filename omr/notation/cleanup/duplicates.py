"""Symbols seen twice: of two that can't both be there, the less sure one goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from omr.notation.layout.placement import PlacedSymbol, Row

_FAMILIES = (
    "clefG clefF clefC clefPercussion",
    "clef8 clef15",
    "rest",
    "timeSig",
    "notehead",
    "accidental",
    "flag",
    "brace bracket",
    "fermata",
    "dynamic",
    "augmentationDot repeatDot articStaccato",
    "stem",
    "barline",
    "beam",
    "tuplet",
    "slur tie",
)
"""Classes that exclude each other: names, or what they begin with."""

_SHARE = {"slur tie": 0.8, "beam": 0.85, "notehead": 0.55}
"""How much of the smaller box may lie in the larger; half if not listed."""

_SURER = {"notehead": 0.8, "slur tie": 0.9, "beam": 0.9}
"""At most this share of the other's score must a symbol have to go; true ones in one place score alike."""


def without_duplicates(symbols: Sequence[PlacedSymbol]) -> list[PlacedSymbol]:
    """Leave out every symbol that lies on a surer one of its family.

    Two of the same score both stay, as two voices in unison do, but for those
    that an engraver never puts on each other.
    """
    families: dict[str, list[PlacedSymbol]] = defaultdict(list)
    for place in symbols:
        family = next((f for f in _FAMILIES if place.name.startswith(tuple(f.split()))), None)
        if family:
            families[family].append(place)
    gone: set[PlacedSymbol] = set()
    for family, members in families.items():
        gone |= _doubles(members, _SHARE.get(family, 0.5), _SURER.get(family, 1.0))
    return [place for place in symbols if place not in gone]


def _doubles(members: Sequence[PlacedSymbol], share: float, surer: float) -> set[PlacedSymbol]:
    """Those that lie on a surer one."""
    row = Row(members)
    widest = max(p.box.width for p in members)
    gone: set[PlacedSymbol] = set()
    for place in sorted(members, key=lambda p: (-p.score, p.index)):
        if place in gone:
            continue
        for other in row.between(place.x - widest, place.x + widest):
            if other in gone or other is place or (other.score, -other.index) > (place.score, -place.index):
                continue
            if other.score <= surer * place.score and other.score < 1 and _covered(place, other) > share:
                gone.add(other)
    return gone


def _covered(a: PlacedSymbol, b: PlacedSymbol) -> float:
    """How much of the smaller of two boxes lies in the larger."""
    width = min(a.box.x1, b.box.x1) - max(a.box.x0, b.box.x0)
    height = min(a.box.y1, b.box.y1) - max(a.box.y0, b.box.y0)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / max(min(a.box.width * a.box.height, b.box.width * b.box.height), 1e-6)
