"""Protocols: the classes and the names by which published figures compare detections with the truth.

================ ============================================================== =====================
protocol         classes                                                        names
================ ============================================================== =====================
``all``          every class of the dataset                                     the dataset's own
``core``         one class for each look (`omr.vocabulary.CORE`): classes that  core
                 differ only by their place on the staff are merged
``essential``    the 73 classes that MUSCIMA++ 2.0 calls essential, texts and   MUSCIMA++ 2.0
                 composites such as key signatures included
``frequent``     the 56 classes of MUSCIMA++ 2.0 with at least 20 training      MUSCIMA++ 2.0
                 instances, without texts and composites
``compatible``   DeepScoresV2's annotation set that is compatible with          that set's
                 MUSCIMA++
================ ============================================================== =====================

Under every protocol only classes count that the dataset's annotators could have used: a detection of a
class that the dataset has no name for is ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from omr.datasets import Dataset
from omr.page import Page
from omr.vocabulary import BY_NAME, Names, to_core
from omr.vocabulary.translation import rename, to_core_page


@dataclass(frozen=True)
class Protocol:
    """The classes and names by which detections are compared with the truth.

    Attributes
    ----------
    about : str
        Description in one line.
    names : {"core", "deepscores", "muscima"} or None
        Vocabulary to compare in; None for the dataset's own.
    classes : frozenset of str or None
        Names of the vocabulary that count; None for all.
    merged : mapping of str to str
        Final name of each name of the vocabulary; names without one do not count. Empty where names stay
        as they are.
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
"""The 73 classes that MUSCIMA++ 2.0 publishes as essential, texts and composite signatures included."""

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
"""The 56 classes of MUSCIMA++ 2.0 with at least 20 instances on its 120 pages outside the writer-independent
test list, without characters, staves, texts, signatures and other composites."""


def _compatible() -> dict[str, str]:
    """Map DeepScoresV2's names to those of its `muscima++` annotation set.

    The map follows the published category table and was checked against the published sample page, which
    gives each symbol both names. Classes that neither of them resolves are left out: fingerings, tuplet3,
    tuplet6, clef15, small flags and small accidentals. Ordinary black and half noteheads become small
    ones, as published.
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
"""Names that no protocol counts, because published protocols count the staff in place of its parts."""

_HEADS = {"Black": "noteheadFullSmall", "Half": "noteheadHalfSmall", "Whole": "noteheadWhole"}
"""Kind of a notehead in DeepScoresV2's names, and its name in the `muscima++` annotation set."""

PROTOCOLS: dict[str, Protocol] = {
    "all": Protocol("all classes, by the dataset's own names"),
    "core": Protocol("one class for each look: classes that only the staff tells apart are merged", "core"),
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
"""Protocols by name; the table at the top of this module explains them."""


@dataclass(frozen=True)
class Comparison:
    """A protocol applied to a dataset: gives truth and detections the same names and classes.

    Attributes
    ----------
    protocol : Protocol
    names : {"core", "deepscores", "muscima"}
        The dataset's vocabulary.
    categories : frozenset of str
        Names that the dataset's annotators could have used.
    """

    protocol: Protocol
    names: Names
    categories: frozenset[str]

    @classmethod
    def on(cls, dataset: Dataset, protocol: Protocol) -> Comparison:
        """Apply a protocol to a dataset.

        Parameters
        ----------
        dataset : Dataset
        protocol : Protocol

        Returns
        -------
        Comparison
        """
        return cls(protocol, dataset.names, dataset.categories)

    @property
    def target(self) -> Names:
        """The vocabulary that is compared in."""
        return self.protocol.names or self.names

    def truth(self, page: Page, names: Names | None = None) -> Page:
        """Select and rename the symbols of a true page.

        Parameters
        ----------
        page : Page
        names : {"core", "deepscores", "muscima"}, optional
            Vocabulary of the page; by default the dataset's.

        Returns
        -------
        Page
            The symbols that count, by the names that are compared.
        """
        return self._selected(self._renamed(page, names or self.names))

    def found(self, page: Page, names: Names = "core") -> Page:
        """Select and rename the symbols of a detected page.

        Parameters
        ----------
        page : Page
            With its staves, on which some names of other vocabularies depend, such as
            noteheadBlackOnLine.
        names : {"core", "deepscores", "muscima"}
            Vocabulary of the page.

        Returns
        -------
        Page
            The symbols that count, by the names that are compared.
        """
        return self._selected(self._renamed(page, names))

    def names_of(self, pages: Iterable[Page]) -> Names:
        """Guess the vocabulary of stored pages.

        Parameters
        ----------
        pages : iterable of Page

        Returns
        -------
        {"core", "deepscores", "muscima"}
            The dataset's vocabulary, unless only core names explain all names on the pages.
        """
        used = {s.name for page in pages for s in page.symbols}
        return "core" if used <= BY_NAME.keys() and not used <= self.categories else self.names

    def _renamed(self, page: Page, source: Names) -> Page:
        """Rename the symbols of a page to the target vocabulary."""
        if source == self.target:
            return page
        core = to_core_page(page, source)
        nameless = [s for s in core.symbols if self._keeps_core(s.name)]
        renamed = rename(core, self.target)
        return renamed.with_symbols([*renamed.symbols, *nameless]) if self.target != "core" else renamed

    def _keeps_core(self, name: str) -> bool:
        """Tell whether the dataset uses a core name for want of one in its own vocabulary (barlines do)."""
        return not _names_in(name, self.target) and self.target == self.names and name in self.categories

    def _selected(self, page: Page) -> Page:
        """Drop the symbols that do not count and merge the names of the others."""
        wanted, merged = self._judged, self.protocol.merged
        return page.named(lambda name: (merged[name] if merged else name) if name in wanted else None)

    @cached_property
    def _judged(self) -> frozenset[str]:
        """Names of the target vocabulary that count, before they are merged."""
        known = {name for category in self.categories for name in self._translated(category)}
        known -= STAFF_PARTS
        for chosen in (self.protocol.classes, self.protocol.merged or None):
            known &= known if chosen is None else set(chosen)
        return frozenset(known)

    def _translated(self, category: str) -> tuple[str, ...]:
        """Return the target vocabulary's names for a name of the dataset."""
        if self.names == self.target:
            return (category,)
        core = to_core(category, self.names)
        return _names_in(core, self.target) if core else ()


def _names_in(core: str, names: Names) -> tuple[str, ...]:
    """Return the names that a core class has in a vocabulary."""
    known = BY_NAME[core]
    return {"core": (core,), "deepscores": known.deepscores, "muscima": known.muscima}[names]
