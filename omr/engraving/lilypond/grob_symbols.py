"""Grobs to labelled symbols: what everything on a LilyPond page is called and the exact box it fills.

The grob says what a thing is, a glyph's name which one. The classes cover what
they cover on verovio's pages (``CLASSES.md``), so a bar line, which is one grob
with LilyPond, is taken apart into its strokes and dots here.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from omr.engraving.labels import (
    DASH_GAP,
    JOINT,
    NORMAL_SIZE,
    LabelledSymbol,
    StaffLines,
    UnknownMusicError,
    touching,
    union,
)
from omr.engraving.names import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from omr.engraving.lilypond.svg import Grob, Ink

_HEAVY = 0.4
"""Staff spaces from which on a bar line is a heavy one. A thin one has 1.9 times a staff line's thickness (up
to 0.3 on a small staff, whose lines are thicker), a heavy one 6 times (0.5 at least)."""

_DOT_GAP = 1.2
"""Largest gap between the dots of a dotted bar line, in staff spaces: there is one in each space."""

Part = tuple[int, "Ink"]
Named = tuple[str, list[int]]

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_HEADS = {"s2": "Black", "s1": "Half", "s0": "Whole", "sM1": "DoubleWhole", "sM1double": "DoubleWhole"}
_RESTS = {
    "M1": "DoubleWhole", "M1o": "DoubleWhole", "0": "Whole", "0o": "Whole", "1": "Half", "1o": "Half",
    "2": "Quarter", "2classical": "Quarter", "2z": "Quarter",
    "3": "8th", "4": "16th", "5": "32nd", "6": "64th", "7": "128th",
}  # fmt: skip
#: Glyphs whose class depends on their name alone.
_PLAIN: dict[str, str] = {
    **{
        f"clefs.{glyph}{size}": f"clef{name}"
        for glyph, name in (
            ("G", "G"),
            ("F", "F"),
            ("percussion", "UnpitchedPercussion"),
            ("varpercussion", "UnpitchedPercussion"),
        )
        for size in ("", "_change")
    },
    "timesig.C44": "timeSigCommon",
    "timesig.C22": "timeSigCutCommon",
    "dots.dot": "augmentationDot",
    **{f"rests.{glyph}": f"rest{name}" for glyph, name in _RESTS.items()},
    **{
        f"flags.{way}{n}": f"flag{name}{side}"
        for way, side in (("u", "Up"), ("d", "Down"))
        for n, name in zip(range(3, 8), ("8th", "16th", "32nd", "64th", "128th"), strict=True)
    },
    "flags.ugrace": "graceNoteAcciaccaturaStemUp",
    "flags.dgrace": "graceNoteAcciaccaturaStemDown",
    **{
        f"scripts.{way}{glyph}": f"{name}{side}"
        for way, side in (("u", "Above"), ("d", "Below"))
        for glyph, name in (
            ("marcato", "articMarcato"),
            ("staccatissimo", "articStaccatissimo"),
            ("fermata", "fermata"),
        )
    },
    "scripts.upbow": "stringsUpBow",
    "scripts.downbow": "stringsDownBow",
    "scripts.trill": "ornamentTrill",
    "scripts.turn": "ornamentTurn",
    "scripts.reverseturn": "ornamentTurnInverted",
    "scripts.prall": "ornamentShortTrill",
    "scripts.mordent": "ornamentMordent",
    "scripts.segno": "segno",
    "scripts.coda": "coda",
    **{f"scripts.{comma}": "breathMark" for comma in ("rcomma", "lcomma", "raltcomma", "laltcomma")},
    "scripts.caesura.straight": "caesura",
    "scripts.caesura.curved": "caesura",
    **{letter: f"dynamic{letter.upper()}" for letter in "pmfszr"},
}  # fmt: skip
#: Scripts that look the same above and below, and are two classes there.
_BY_SIDE = {
    "scripts.staccato": "articStaccato",
    "scripts.tenuto": "articTenuto",
    "scripts.sforzato": "articAccent",
}
_ACCIDENTALS = {
    "sharp": "Sharp",
    "flat": "Flat",
    "natural": "Natural",
    "doublesharp": "DoubleSharp",
    "flatflat": "DoubleFlat",
}
_WITH_SMALL = ("Sharp", "Flat", "Natural")
#: Drawn, and no symbol of the vocabulary.
_NO_SYMBOL = {
    "accidentals.leftparen", "accidentals.rightparen", "plus", "scripts.stopped", "scripts.flageolet",
    "scripts.open", "scripts.thumb", "scripts.snappizzicato",
}  # fmt: skip
#: Grobs that are words, or lines and marks that belong to words: of these only dynamics, segno and coda.
_WORDS = {
    "", "BarNumber", "CenteredBarNumber", "ChordName", "CodaMark", "CombineTextScript", "DynamicTextSpanner",
    "InstrumentName", "InstrumentSwitch", "JumpScript", "LyricExtender", "LyricHyphen", "LyricText",
    "MetronomeMark", "MultiMeasureRestText", "NoteName", "RehearsalMark", "SectionLabel", "SegnoMark",
    "SostenutoPedal", "StanzaNumber", "StringNumber", "StrokeFinger", "TextMark", "TextScript", "TextSpanner",
    "UnaCordaPedal", "VowelTransition",
}  # fmt: skip
_IN_WORDS = {f"dynamic{letter}" for letter in "PMFSZR"} | {"segno", "coda"}
#: Grobs that the vocabulary doesn't name.
_SILENT = {
    "BassFigure", "BassFigureBracket", "BassFigureContinuation", "BassFigureLine", "BendAfter",
    "DoublePercentRepeat", "DoublePercentRepeatCounter", "DoubleRepeatSlash", "FretBoard",
    "HorizontalBracket", "HorizontalBracketText", "MeasureCounter", "MeasureSpanner", "Parentheses",
    "PercentRepeatCounter", "PianoPedalBracket", "RepeatSlash",
    "TrillPitchGroup", "TrillPitchHead", "TrillPitchParentheses",
}  # fmt: skip
_BARLINES = ("BarLine", "SpanBar", "SystemStartBar")


def label(ink: Sequence[Ink], space: float) -> list[LabelledSymbol]:
    """Name every symbol of a page.

    Parameters
    ----------
    ink : sequence of Ink
        A page from `omr.engraving.lilypond.svg.parse`.
    space : float
        The page's staff space at normal staff size, in pixels.

    Returns
    -------
    list of LabelledSymbol

    Raises
    ------
    UnknownMusicError
        When a glyph or grob has no name here.
    """
    return _Labeller(ink, space).symbols()


class _Labeller:
    def __init__(self, ink: Sequence[Ink], space: float) -> None:
        self.ink = ink
        self.space = space
        self.grobs: dict[Grob, list[Part]] = defaultdict(list)
        for part in enumerate(ink):
            self.grobs[part[1].grob].append(part)
        self.handlers: dict[str, Callable[[Grob, list[Part]], Iterable[Named]]] = {
            **dict.fromkeys(("StaffSymbol", *_SILENT), _nothing),
            **dict.fromkeys(_BARLINES, self.barline_dots),
            **dict.fromkeys(_WORDS, self.words),
            **dict.fromkeys(("KeySignature", "KeyCancellation"), self.key),
            **dict.fromkeys(("TimeSignature", "TimeSignatureAlternative"), self.digits("timeSig", range(10))),
            **dict.fromkeys(("Slur", "PhrasingSlur"), _whole("slur")),
            **dict.fromkeys(("Tie", "LaissezVibrerTie", "RepeatTie"), _whole("tie")),
            **dict.fromkeys(("SystemStartBracket", "SystemStartSquare"), _whole("bracket")),
            **dict.fromkeys(("Beam",), _each("beam")),
            "SystemStartBrace": _whole("brace"),
            "Stem": _whole("stem"),
            "StemTremolo": lambda grob, parts: [(f"tremolo{len(parts)}", _indices(parts))],
            "LedgerLineSpanner": _each("legerLine"),
            "Hairpin": self.hairpin,
            "TupletBracket": _whole("tupletBracket"),
            "TupletNumber": self.digits("tuplet", range(1, 10)),
            "Fingering": self.digits("fingering", range(6)),
            "ClefModifier": self.octave,
            "OttavaBracket": _whole("ottavaBracket"),
            "VoltaBracket": lambda grob, parts: _some("voltaBracket", (p for p in parts if p[1].stroke)),
            "Glissando": _whole("glissando"),
            "Arpeggio": _whole("arpeggiato"),
            "MultiMeasureRest": self.multi_measure_rest,
            "MultiMeasureRestNumber": _whole("restHNr"),
            "PercentRepeat": _whole("measureRepeat"),
            "SustainPedal": self.pedal,
            "TrillSpanner": self.trill,
        }  # fmt: skip

    def symbols(self) -> list[LabelledSymbol]:
        found = [*self.staff_symbols(), *self.barlines(), *self.appoggiaturas()]
        for grob, parts in self.grobs.items():
            handler = self.handlers.get(grob.name, self.glyphs)
            for name, members in handler(grob, parts):
                if name not in NUMBERS:
                    raise UnknownMusicError(f"a {grob.name} that would be a {name}")
                found.append(self.symbol(name, members, grob))
        return found

    def symbol(self, name: str, members: Sequence[int], grob: Grob) -> LabelledSymbol:
        box = union(self.ink[i].box for i in members)
        staff = self.staff_numbers.get(grob.staff)
        if staff is None:  # a sign that stands between staves
            middle = box.centre[1]
            staff = min(range(len(self.staves)), key=lambda n: self.staves[n].distance(middle), default=-1)
        return LabelledSymbol(name, box, tuple(members), staff)

    # staves

    @cached_property
    def staff_grobs(self) -> list[tuple[Grob, StaffLines]]:
        """Every staff of every system from top to bottom."""
        found = []
        for grob, parts in self.grobs.items():
            if grob.name == "StaffSymbol":
                lines = sorted(parts, key=lambda part: part[1].points[0][1])
                ys = tuple(line.points[0][1] for _, line in lines)
                box = union(line.box for _, line in lines)
                staff = StaffLines(
                    ys=ys,
                    x0=box.x0,
                    x1=box.x1,
                    space=(ys[-1] - ys[0]) / (len(ys) - 1) if len(ys) > 1 else self.space,
                    lines=tuple((index,) for index, _ in lines),
                    width=lines[0][1].stroke,
                )
                found.append((grob, staff))
        return sorted(found, key=lambda pair: (pair[1].ys[0], pair[1].x0))

    @cached_property
    def staves(self) -> list[StaffLines]:
        return [staff for _, staff in self.staff_grobs]

    @cached_property
    def staff_numbers(self) -> dict[int, int]:
        """The number on the page of each StaffSymbol, by its id."""
        return {grob.id: number for number, (grob, _) in enumerate(self.staff_grobs)}

    def staff_symbols(self) -> Iterator[LabelledSymbol]:
        for grob, staff in self.staff_grobs:
            yield self.symbol("staff", [i for line in staff.lines for i in line], grob)
            for line in staff.lines:
                yield self.symbol("staffLine", line, grob)

    def small(self, ink: Ink) -> bool:
        """Whether a glyph is drawn smaller than its staff's size."""
        number = self.staff_numbers.get(ink.grob.staff)
        space = self.space if number is None else self.staves[number].space
        return ink.scale < NORMAL_SIZE * space

    # bar lines

    def barlines(self) -> Iterator[LabelledSymbol]:
        """One symbol a stroke: those of the staves and of the gaps between them joined where they touch."""
        columns: dict[tuple[float, float, bool], list[Part]] = defaultdict(list)
        for grob, parts in self.grobs.items():
            if grob.name in _BARLINES:
                dotted = _is_dotted(grob, parts)
                for index, part in parts:
                    if dotted or not part.glyph:
                        columns[round(part.box.centre[0]), round(part.box.width, 1), dotted].append(
                            (index, part)
                        )
        for (_, _, dotted), column in columns.items():
            dash = max(part.dash for _, part in column)
            gap = _DOT_GAP * self.space if dotted else DASH_GAP * dash + JOINT * self.space
            for run in touching(sorted(column, key=lambda part: part[1].box.y0), gap):
                first = run[0][1]
                heavy = first.box.width > _HEAVY * self.space
                name = "barlineDashed" if dotted or dash else "barlineHeavy" if heavy else "barline"
                yield self.symbol(name, _indices(run), first.grob)

    def barline_dots(self, grob: Grob, parts: list[Part]) -> Iterable[Named]:
        if _is_dotted(grob, parts):
            return []
        return [("repeatDot", [index]) for index, part in parts if part.glyph == "dots.dot"]

    # notes

    def appoggiaturas(self) -> Iterator[LabelledSymbol]:
        """Single small notes with flag and without stroke: DeepScoresV2 boxes them whole as well."""
        heads: dict[int, list[int]] = defaultdict(list)
        stems: dict[int, list[int]] = {}
        for grob, parts in self.grobs.items():
            if grob.name == "NoteHead":
                heads[grob.stem] += _indices(parts)
            elif grob.name == "Stem":
                stems[grob.id] = _indices(parts)
        for grob, parts in self.grobs.items():
            if grob.name == "Flag" and len(parts) == 1 and self.small(parts[0][1]) and grob.stem in stems:
                side = "Up" if parts[0][1].glyph.startswith("flags.u") else "Down"
                members = [*stems[grob.stem], *_indices(parts), *heads[grob.stem]]
                yield self.symbol(f"graceNoteAppoggiaturaStem{side}", members, grob)

    def glyphs(self, grob: Grob, parts: list[Part]) -> Iterator[Named]:
        """One symbol a glyph."""
        for index, part in parts:
            if not part.glyph:
                raise UnknownMusicError(f"a shape that is a {grob.name}")
            if name := self.glyph_name(part):
                yield name, [index]

    def glyph_name(self, ink: Ink) -> str | None:
        kind, _, glyph = ink.glyph.partition(".")
        if ink.glyph in _PLAIN:
            name = _PLAIN[ink.glyph]
            return name + "Small" if name.startswith("flag8th") and self.small(ink) else name
        if ink.glyph in _BY_SIDE:
            return _BY_SIDE[ink.glyph] + ("Below" if ink.grob.direction < 0 else "Above")
        if kind == "accidentals" and glyph in _ACCIDENTALS:
            name = _ACCIDENTALS[glyph]
            return f"accidental{name}" + ("Small" if name in _WITH_SMALL and self.small(ink) else "")
        if kind == "noteheads":
            return self.notehead(ink, glyph)
        if ink.glyph in ("clefs.C", "clefs.C_change"):
            return "clefCTenor" if ink.grob.position > 0 else "clefCAlto"
        if ink.glyph in _NO_SYMBOL:
            return None
        raise UnknownMusicError(f"glyph {ink.glyph} that is a {ink.grob.name}")

    def notehead(self, ink: Ink, glyph: str) -> str:
        if glyph.endswith(("cross", "xcircle")):
            return "noteheadX"
        if glyph not in _HEADS:
            raise UnknownMusicError(f"a notehead {ink.glyph}")
        if ink.grob.staff not in self.staff_numbers:
            raise UnknownMusicError(f"a notehead {ink.glyph} whose staff isn't drawn")
        lines = len(self.staves[self.staff_numbers[ink.grob.staff]].ys)
        on_line = round(ink.grob.position) % 2 != lines % 2  # the middle of an odd number of lines is a line
        return f"notehead{_HEADS[glyph]}{'OnLine' if on_line else 'InSpace'}" + (
            "Small" if self.small(ink) else ""
        )

    def key(self, grob: Grob, parts: list[Part]) -> Iterator[Named]:
        for index, part in parts:
            name = self.glyph_name(part) or ""
            if name:
                yield name.replace("accidental", "key").removesuffix("Small"), [index]

    def multi_measure_rest(self, grob: Grob, parts: list[Part]) -> Iterator[Named]:
        """Label a whole rest, or the thick bar, which consists of strokes or of one glyph."""
        bar = [index for index, part in parts if not part.glyph]
        if bar:
            yield "restHBar", bar
        yield from self.glyphs(grob, [part for part in parts if part[1].glyph])

    # words and digits

    def words(self, grob: Grob, parts: list[Part]) -> Iterator[Named]:
        for index, part in parts:
            if _is_music(part) and _PLAIN.get(part.glyph) in _IN_WORDS:
                yield _PLAIN[part.glyph], [index]

    def digits(self, prefix: str, known: range) -> Callable[[Grob, list[Part]], Iterator[Named]]:
        """Make a handler that labels each known digit of any font as a symbol, and nothing else."""

        def handle(grob: Grob, parts: list[Part]) -> Iterator[Named]:
            for index, part in parts:
                digit = _digit(part.glyph)
                if digit in known:
                    yield f"{prefix}{digit}", [index]
                elif part.glyph in _PLAIN and _is_music(part):
                    yield from self.glyphs(grob, [(index, part)])

        return handle

    def octave(self, grob: Grob, parts: list[Part]) -> Iterable[Named]:
        digits = [(index, _digit(part.glyph)) for index, part in parts if _digit(part.glyph) is not None]
        number = "".join(str(digit) for _, digit in digits)
        return [(f"clef{number}", [index for index, _ in digits])] if number in ("8", "15") else []

    # signs

    def hairpin(self, grob: Grob, parts: list[Part]) -> Iterable[Named]:
        return [(f"dynamic{'Diminuendo' if grob.growth < 0 else 'Crescendo'}Hairpin", _indices(parts))]

    def pedal(self, grob: Grob, parts: list[Part]) -> Iterator[Named]:
        """Both signs may be one grob, where a pedal is changed."""
        stars = [index for index, part in parts if part.glyph == "pedal.*"]
        yield from (("keyboardPedalUp", [index]) for index in stars)
        yield from _some("keyboardPedalPed", (part for part in parts if part[0] not in stars))

    def trill(self, grob: Grob, parts: list[Part]) -> Iterator[Named]:
        wave = [part for part in parts if part[1].glyph == "scripts.trill_element"]
        yield from _some("wiggleTrill", wave)
        yield from self.glyphs(grob, [part for part in parts if part not in wave])


def _is_music(ink: Ink) -> bool:
    """Whether a glyph is from a music font: a letter of a word may have the name of a dynamic sign."""
    return ink.font.rpartition("-")[2].isdigit()


def _digit(glyph: str) -> int | None:
    """Tell which digit a glyph is, in any of a font's designs ("three", "fixedwidth.three")."""
    last = glyph.split(".")
    name = next((part for part in reversed(last) if part in _DIGITS), None)
    return _DIGITS.index(name) if name else None


def _is_dotted(grob: Grob, parts: list[Part]) -> bool:
    """Whether a bar line is a row of dots; those of a repeat are two."""
    enough = 1 if grob.name == "SpanBar" else 3
    return len(parts) >= enough and all(part.glyph == "dots.dot" for _, part in parts)


def _indices(parts: Iterable[Part]) -> list[int]:
    return [index for index, _ in parts]


def _some(name: str, parts: Iterable[Part]) -> list[Named]:
    """One symbol of all parts, none where there are none."""
    members = _indices(parts)
    return [(name, members)] if members else []


def _nothing(grob: Grob, parts: list[Part]) -> Iterable[Named]:
    return ()


def _each(name: str) -> Callable[[Grob, list[Part]], Iterable[Named]]:
    """Make a handler that labels every part as a symbol of its own."""
    return lambda grob, parts: [(name, [index]) for index, _ in parts]


def _whole(name: str) -> Callable[[Grob, list[Part]], Iterable[Named]]:
    """Make a handler that labels all parts together as one symbol."""
    return lambda grob, parts: [(name, _indices(parts))]
