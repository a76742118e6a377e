"""Which classes are compared, by which names: the protocols that published figures follow.

Every protocol says the names to compare in and, where it takes a part of them,
which. Symbols found are judged only in classes that the dataset's annotators
could have used: what a dataset has no name for can't be wrong there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from omr.datasets import Dataset
from omr.page import Page
from omr.vocabulary import BY_NAME, Names, to_core
from omr.vocabulary.context import rename, to_core_page


@dataclass(frozen=True)
class Protocol:
    """A way to compare.

    Attributes
    ----------
    about : str
        One line on what it compares.
    names : {"core", "deepscores", "muscima"} or None
        The vocabulary to compare in; None is the dataset's own.
    classes : frozenset of str or None
        Only these of its names; None is all.
    merged : mapping of str to str
        New names for all that is compared; what it has not is left out. Empty
        for none.
    """

    about: str
    names: Names | None = None
    classes: frozenset[str] | None = None
    merged: Mapping[str, str] = field(default_factory=dict)


ESSENTIAL = """
    noteheadFull stem beam augmentationDot accidentalSharp accidentalFlat accidentalNatural
    accidentalDoubleSharp accidentalDoubleFlat restWhole restHalf restQuarter rest8th rest16th
    multiMeasureRest repeat1Bar legerLine graceNoteAcciaccatura noteheadFullSmall brace staffGrouping
    barline barlineHeavy measureSeparator repeat repeatDot articulationStaccato articulationTenuto
    articulationAccent slur tie dynamicCrescendoHairpin dynamicDiminuendoHairpin ornament wiggleTrill
    ornamentTrill arpeggio glissando tupleBracket tuple gClef fClef cClef keySignature timeSignature
    dynamicsText tempoText otherText numeral0 numeral1 numeral2 numeral3 numeral4 numeral5 numeral6
    numeral7 numeral8 otherNumericSign unclassified horizontalSpanner breathMark noteheadHalf
    noteheadWhole flag8thUp flag8thDown flag16thUp flag16thDown fermataAbove fermataBelow
    dynamicLetterP dynamicLetterM dynamicLetterF dynamicLetterS
"""
"""The 73 'essential' classes of MUSCIMA++ 2.0, text and signatures as wholes among them."""

FREQUENT = """
    stem noteheadFull legerLine beam barline slur augmentationDot accidentalSharp noteheadHalf
    articulationStaccato flag8thDown rest8th accidentalFlat accidentalNatural flag8thUp restQuarter tie
    dynamicLetterF rest16th gClef dynamicLetterP noteheadFullSmall numeral3 fClef
    dynamicDiminuendoHairpin flag16thUp repeatDot tuple dynamicCrescendoHairpin restHalf flag16thDown
    articulationAccent cClef ornamentTrill noteheadWhole restWhole numeral4 articulationTenuto brace
    multipleNoteTremolo dynamicLetterS graceNoteAcciaccatura dynamicLetterM bracket instrumentSpecific
    tupleBracket barlineHeavy multiMeasureRest accidentalDoubleSharp fermataAbove numeral2 numeral8
    numeral6 timeSigCommon glissando wiggleTrill
"""
"""The 56 classes of MUSCIMA++ 2.0 that its 120 pages outside the writer-independent test list have at
least 20 times, without characters, staves, texts, signatures and other composites."""


def _compatible() -> dict[str, str]:
    """DeepScoresV2's names to those of its `muscima++` annotation set.

    Read off the published category table, and checked against the pairs of
    names that the published sample page gives each symbol. Where neither tells
    (fingerings, tuplet3, tuplet6, clef15, small flags and accidentals), a class
    is left out. Ordinary black and half noteheads do become *small* ones: so it
    was published.
    """
    same = """brace legerLine repeatDot segno coda clefG clefF timeSigCommon timeSigCutCommon
        augmentationDot stem beam slur tie flag8thUp flag16thUp flag32ndUp flag64thUp flag8thDown
        flag16thDown flag32ndDown flag64thDown accidentalFlat accidentalNatural accidentalSharp
        accidentalDoubleSharp accidentalDoubleFlat fermataAbove fermataBelow restWhole restHalf
        restQuarter rest8th rest16th rest32nd rest64th ornamentTrill restHBar dynamicCrescendoHairpin
        dynamicDiminuendoHairpin staff"""
    to = {name: name for name in same.split()}
    to |= {"clefCAlto": "clefC", "clefCTenor": "clefC", "clef8": "numeral8"}
    to |= {f"timeSig{n}": f"numeral{n}" for n in range(10)}
    for place in ("OnLine", "InSpace"):
        to |= {f"notehead{kind}{place}": name for kind, name in _HEADS.items()}
        to |= {f"notehead{kind}{place}Small": name for kind, name in _HEADS.items()}
    to |= {f"tremolo{n}": "tremoloMark" for n in range(1, 6)}
    to |= {f"key{kind}": f"accidental{kind}" for kind in ("Flat", "Natural", "Sharp")}
    for kind in ("Accent", "Staccato", "Tenuto"):
        to |= {f"artic{kind}{place}": f"articulation{kind}" for place in ("Above", "Below")}
    to |= {f"articMarcato{place}": f"articulationMarcato{place}" for place in ("Above", "Below")}
    to |= {f"dynamic{letter}": f"dynamicLetter{letter}" for letter in "PMFSZR"}
    to |= {f"graceNoteAcciaccaturaStem{way}": "graceNoteAcciaccatura" for way in ("Up", "Down")}
    to |= {f"tuplet{n}": "tuple" for n in (1, 2, 4, 5, 7, 8, 9)}
    return to | {"restHNr": "numeral", "arpeggiato": "arpeggio", "tupletBracket": "tupleBracket"}


STAFF_PARTS = frozenset({"staffLine", "staffSpace"})
"""A staff stands for its lines and spaces, as in every published protocol."""

_HEADS = {"Black": "noteheadFullSmall", "Half": "noteheadHalfSmall", "Whole": "noteheadWhole"}

PROTOCOLS: dict[str, Protocol] = {
    "all": Protocol("all classes, by the dataset's own names"),
    "core": Protocol("one class a look: what only the staff tells is merged", "core"),
    "essential": Protocol(
        "the 73 'essential' classes of MUSCIMA++ 2.0", "muscima", frozenset(ESSENTIAL.split())
    ),
    "frequent": Protocol(
        "the 56 classes of MUSCIMA++ 2.0 with at least 20 training instances, no texts or composites",
        "muscima",
        frozenset(FREQUENT.split()),
    ),
    "compatible": Protocol(
        "DeepScoresV2's set of names that is compatible with MUSCIMA++", "deepscores", merged=_compatible()
    ),
}


@dataclass(frozen=True)
class Comparison:
    """A protocol on a dataset: makes pages of truth and pages found comparable.

    Attributes
    ----------
    protocol : Protocol
    names : {"core", "deepscores", "muscima"}
        The dataset's vocabulary.
    categories : frozenset of str
        All that its annotators could have used.
    """

    protocol: Protocol
    names: Names
    categories: frozenset[str]

    @classmethod
    def on(cls, dataset: Dataset, protocol: Protocol) -> Comparison:
        return cls(protocol, dataset.names, dataset.categories)

    @property
    def target(self) -> Names:
        return self.protocol.names or self.names

    def truth(self, page: Page, names: Names | None = None) -> Page:
        """A page of the dataset, in its own names or in `names`, by the names that are compared."""
        return self._selected(self._renamed(page, names or self.names))

    def found(self, page: Page, names: Names = "core") -> Page:
        """A page found, in core names with its staves, which tell what the looks don't, or in others."""
        return self._selected(self._renamed(page, names))

    def names_of(self, pages: Iterable[Page]) -> Names:
        """Whose names stored pages have: core names, unless the dataset's explain them as well."""
        used = {s.name for page in pages for s in page.symbols}
        return "core" if used <= BY_NAME.keys() and not used <= self.categories else self.names

    def _renamed(self, page: Page, source: Names) -> Page:
        if source == self.target:
            return page
        core = to_core_page(page, source)
        nameless = [s for s in core.symbols if self._keeps_core(s.name)]
        renamed = rename(core, self.target)
        return renamed.with_symbols([*renamed.symbols, *nameless]) if self.target != "core" else renamed

    def _keeps_core(self, name: str) -> bool:
        """Whether the dataset itself falls back on a core name, as engraved ones do for barlines."""
        return not _names_in(name, self.target) and self.target == self.names and name in self.categories

    def _selected(self, page: Page) -> Page:
        wanted, merged = self._judged, self.protocol.merged
        return page.named(lambda name: (merged[name] if merged else name) if name in wanted else None)

    @cached_property
    def _judged(self) -> frozenset[str]:
        """The names, before they are merged, that count."""
        known = {name for category in self.categories for name in self._translated(category)}
        known -= STAFF_PARTS
        for chosen in (self.protocol.classes, self.protocol.merged or None):
            known &= known if chosen is None else set(chosen)
        return frozenset(known)

    def _translated(self, category: str) -> tuple[str, ...]:
        if self.names == self.target:
            return (category,)
        core = to_core(category, self.names)
        return _names_in(core, self.target) if core else ()


def _names_in(core: str, names: Names) -> tuple[str, ...]:
    known = BY_NAME[core]
    return {"core": (core,), "deepscores": known.deepscores, "muscima": known.muscima}[names]
