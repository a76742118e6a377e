"""Primitives to labelled symbols: what each drawn thing is called and the exact box it fills.

The group a primitive stands in says what it is; a glyph's code point says which
one. Names are DeepScoresV2's, core names where it has none, and ``staffLine``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from omr.engraving import glyphs
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from omr.engraving.outlines import Point
    from omr.engraving.verovio_svg import Group, Primitive
    from omr.page import Box


def label(primitives: Sequence[Primitive], space: float) -> list[LabelledSymbol]:
    """Name every symbol of a page.

    Parameters
    ----------
    primitives : sequence of Primitive
        A page from `omr.engraving.verovio_svg.parse`.
    space : float
        The page's staff space at normal staff size, in pixels.

    Returns
    -------
    list of LabelledSymbol

    Raises
    ------
    UnknownMusicError
        When a glyph or shape inside the music has no name here, or a notehead
        stands neither on a line nor in a space.
    """
    return _Labeller(primitives, space).symbols()


_HEAVY = 0.28
"""Staff spaces from which on a barline is a heavy one. Release 0.1.0."""

_ROUNDING = 0.5
"""Pixels by which the ends of a barline's pieces are rounded."""

_VERTICAL = 0.01
"""Pixels between the ends of a stem, sideways; the stroke of a grace note is slanted."""

_OFF_POSITION = 0.2
"""Largest distance of a notehead from a line or the middle of a space, in half staff spaces."""

_SPACES_PER_EM = 4
"""Staff spaces in an em of a music font (SMuFL 1.4, "Metrics and glyph registration")."""

Part = tuple[int, "Primitive"]
Named = tuple[str, list[int]]

#: Groups whose strokes are barlines.
_BARLINES = ("barLine", "system", "mRpt2")
#: Groups whose strokes and letters are no symbols.
_SILENT = {
    "syl", "verse", "label", "labelAbbr", "mNum", "tempo", "dir", "harm", "reh", "pgHead", "pgFoot", "text",
    "systemDivider", "fb", "f", "pedal", "bracketSpan", "line", "attacca", "ending", "rend", "annot",
    "refrain", "mRptNum", "anchoredText", "dynam", "fing", "lyricElision", "labelAttr", "repeatMark",
    "ornam", "cpMark", "beatRpt",
}  # fmt: skip
_TEXT_ONLY = {
    "tempo",
    "harm",
    "dir",
    "reh",
    "syl",
    "verse",
    "fb",
    "label",
    "labelAbbr",
    "pgHead",
    "pgFoot",
    "f",
}


class _Labeller:
    def __init__(self, primitives: Sequence[Primitive], space: float) -> None:
        self.primitives = primitives
        self.space = space
        self.owned: dict[Group, list[Part]] = defaultdict(list)
        for part in enumerate(primitives):
            self.owned[part[1].group].append(part)
        self.handlers: dict[str, Callable[[Group, list[Part]], Iterable[Named]]] = {
            "staff": _nothing,
            "ledgerLines": _each("legerLine"),
            "stem": self.stem,
            "beam": self.beam,
            "fTrem": self.beam,
            "beamSpan": self.beam,
            "dots": _each("augmentationDot"),
            "slur": _each("slur"),
            "phrase": _each("slur"),
            "tie": _each("tie"),
            "lv": _each("tie"),
            "hairpin": self.hairpin,
            "tupletBracket": _whole("tupletBracket"),
            "octave": _whole("ottavaBracket"),
            "voltaBracket": _strokes("voltaBracket"),
            "gliss": _whole("glissando"),
            "arpeg": _whole("arpeggiato"),
            "grpSym": self.group_symbol,
            "multiRest": self.multi_rest,
            "multiRestNum": _whole("restHNr"),
            "trill": self.trill,
        }

    def symbols(self) -> list[LabelledSymbol]:
        found = [*self.staff_symbols(), *self.barlines(), *self.appoggiaturas()]
        for group, parts in self.owned.items():
            rest = [part for part in parts if part[1].code] if group.name in _BARLINES else parts
            handler = self.handlers.get(group.name, self.glyphs)
            for name, members in handler(group, rest):
                found.append(self.symbol(name, members, group))
        return found

    def symbol(self, name: str, members: Sequence[int], group: Group | None = None) -> LabelledSymbol:
        box = union(self.primitives[i].box for i in members)
        return LabelledSymbol(name, box, tuple(members), self.staff_index(group, box))

    # staves

    @cached_property
    def staves(self) -> list[StaffLines]:
        """Every staff of the page from top to bottom, its lines joined over the measures of a system."""
        joined: dict[tuple[object, ...], list[list[Part]]] = {}
        for group, parts in self.owned.items():
            if group.name != "staff" or not (lines := [part for part in parts if not part[1].code]):
                continue
            lines.sort(key=lambda part: part[1].points[0][1])
            key = (group.inside("system"), *(round(line.points[0][1], 1) for _, line in lines))
            rows = joined.setdefault(key, [[] for _ in lines])
            for row, line in zip(rows, lines, strict=True):
                row.append(line)
        return sorted((self.staff_lines(rows) for rows in joined.values()), key=lambda s: (s.ys[0], s.x0))

    def staff_lines(self, rows: list[list[Part]]) -> StaffLines:
        ys = tuple(row[0][1].points[0][1] for row in rows)
        boxes = [line.box for row in rows for _, line in row]
        width = rows[0][0][1].stroke
        return StaffLines(
            ys=ys,
            x0=min(box.x0 for box in boxes),
            x1=max(box.x1 for box in boxes),
            space=(ys[-1] - ys[0]) / (len(ys) - 1) if len(ys) > 1 else self.space,
            lines=tuple(tuple(index for index, _ in row) for row in rows),
            width=width,
        )

    @cached_property
    def staff_of(self) -> dict[Group, int]:
        """The number of the staff that each `staff` group draws a measure of."""
        by_line = {i: n for n, staff in enumerate(self.staves) for line in staff.lines for i in line}
        return {self.primitives[i].group: n for i, n in by_line.items()}

    def staff_index(self, group: Group | None, box: Box) -> int:
        """Find the staff of a group, or else the nearest staff on the page."""
        holder = group.inside("staff") if group else None
        if holder in self.staff_of:
            return self.staff_of[holder]
        y = (box.y0 + box.y1) / 2
        return min(range(len(self.staves)), key=lambda n: self.staves[n].distance(y), default=-1)

    def staff_symbols(self) -> Iterator[LabelledSymbol]:
        for number, staff in enumerate(self.staves):
            members = tuple(i for line in staff.lines for i in line)
            yield LabelledSymbol("staff", union(self.primitives[i].box for i in members), members, number)
            for line in staff.lines:
                yield LabelledSymbol("staffLine", union(self.primitives[i].box for i in line), line, number)

    # barlines

    def barlines(self) -> Iterator[LabelledSymbol]:
        """Barlines come in pieces, one a staff and one a gap: join those that touch."""
        columns: dict[tuple[object, ...], list[Part]] = defaultdict(list)
        for group, parts in self.owned.items():
            if group.name in _BARLINES:
                for index, part in parts:
                    if not part.code:
                        x = round(part.points[0][0], 1)
                        columns[group.inside("system"), x, round(part.stroke, 2)].append((index, part))
        for column in columns.values():
            gap = DASH_GAP * max(part.dash for _, part in column) + _ROUNDING
            for run in touching(sorted(column, key=lambda part: part[1].box.y0), gap):
                first = run[0][1]
                heavy = first.stroke > _HEAVY * self.space
                name = "barlineDashed" if first.dash else "barlineHeavy" if heavy else "barline"
                yield self.symbol(name, [index for index, _ in run], first.group)

    @cached_property
    def heads(self) -> dict[Group, list[Group]]:
        """The notehead groups of every note and chord."""
        heads: dict[Group, list[Group]] = defaultdict(list)
        for group in self.owned:
            if group.name == "notehead":
                for holder in (group.inside("note"), group.inside("chord")):
                    if holder:
                        heads[holder].append(group)
        return heads

    def appoggiaturas(self) -> Iterator[LabelledSymbol]:
        """Single small notes with flag and without stroke: DeepScoresV2 boxes them whole as well."""
        for group, parts in self.owned.items():
            stem = group.parent
            if group.name != "flag" or not stem or not stem.parent or not self.small(parts[0][1], group):
                continue
            strokes = [part for _, part in self.owned[stem] if not part.code]
            if len(strokes) == 1:
                side = "Up" if glyphs.FLAGS[parts[0][1].code].endswith("Up") else "Down"
                whole = [stem, group, *self.heads[stem.parent]]
                members = [index for part in whole for index, _ in self.owned[part]]
                yield self.symbol(f"graceNoteAppoggiaturaStem{side}", members, group)

    # groups that need a look

    def stem(self, group: Group, parts: list[Part]) -> Iterator[Named]:
        for index, part in parts:
            if part.code:
                yield from self.glyphs(group, [(index, part)])
                continue
            (x0, _), (x1, _) = part.points
            if abs(x1 - x0) < _VERTICAL:
                yield "stem", [index]
            else:
                yield f"graceNoteAcciaccaturaStem{self.stem_direction(parts)}", [index]

    def stem_direction(self, parts: list[Part]) -> str:
        """Up or Down: on which end of its stem the stroke of a grace note lies."""
        stem = next(p for _, p in parts if not p.code and p.points[0][0] == p.points[1][0])
        stroke = next(p for _, p in parts if not p.code and p.points[0][0] != p.points[1][0])
        return "Up" if stroke.box.centre[1] < stem.box.centre[1] else "Down"

    def beam(self, group: Group, parts: list[Part]) -> Iterator[Named]:
        """Beams; those below the first come in pieces from stem to stem, joined here end to end."""
        runs: list[tuple[list[int], list[Point]]] = []
        for index, part in sorted(parts, key=lambda part: part[1].box.x0):
            ends = sorted(part.points)
            for members, end in runs:
                if all(
                    math.dist(a, b) < JOINT * self.space for a, b in zip(sorted(end), ends[:2], strict=True)
                ):
                    members.append(index)
                    end[:] = ends[2:]
                    break
            else:
                runs.append(([index], ends[2:]))
        for members, _ in runs:
            yield "beam", members

    def hairpin(self, group: Group, parts: list[Part]) -> Iterator[Named]:
        points = [point for _, part in parts for point in part.points]
        left, right = min(x for x, _ in points), max(x for x, _ in points)
        middle = (left + right) / 2
        openings = []
        for side in (
            [y for x, y in points if x < middle],
            [y for x, y in points if x >= middle],
        ):
            openings.append(max(side) - min(side))
        kind = "Crescendo" if openings[0] < openings[1] else "Diminuendo"
        yield f"dynamic{kind}Hairpin", [index for index, _ in parts]

    def group_symbol(self, group: Group, parts: list[Part]) -> Iterator[Named]:
        curved = any(part.code in (0xE000,) or len(part.points) > 4 for _, part in parts)
        yield "brace" if curved else "bracket", [index for index, _ in parts]

    def multi_rest(self, group: Group, parts: list[Part]) -> Iterator[Named]:
        bar = [index for index, part in parts if not part.code]
        if bar:
            yield "restHBar", bar
        yield from self.glyphs(group, [part for part in parts if part[1].code])

    def trill(self, group: Group, parts: list[Part]) -> Iterator[Named]:
        wiggle = [index for index, part in parts if part.code in glyphs.WIGGLE_TRILL]
        if wiggle:
            yield "wiggleTrill", wiggle
        yield from self.glyphs(group, [part for part in parts if part[0] not in wiggle])

    # glyphs

    def glyphs(self, group: Group, parts: list[Part]) -> Iterator[Named]:
        """One symbol a glyph; strokes and letters only where they are known to be none."""
        names = {g.name for g in group.lineage()}
        for index, part in parts:
            if part.text:
                continue
            if not part.code:
                if not names & _SILENT:
                    raise UnknownMusicError(f"a shape inside <g class={group.name!r}>")
            elif not names & _TEXT_ONLY and (name := self.glyph_name(part, group)):
                yield name, [index]

    def glyph_name(self, glyph: Primitive, group: Group) -> str | None:
        code = glyph.code
        if code in glyphs.PLAIN:
            return glyphs.PLAIN[code]
        if code in glyphs.FLAGS:
            name = glyphs.FLAGS[code]
            return name + "Small" if name.startswith("flag8th") and self.small(glyph, group) else name
        if code in glyphs.ACCIDENTALS:
            return self.accidental(glyph, group)
        if code in glyphs.NOTEHEADS:
            return self.notehead(glyph, group)
        if code in glyphs.NOTEHEADS_X:
            return "noteheadX"
        if code in glyphs.C_CLEFS:
            staff = self.staves[self.staff_index(group, glyph.box)]
            return "clefCTenor" if staff.position(glyph.points[0][1]) < 3 else "clefCAlto"
        if code in glyphs.OCTAVE_CLEFS:
            return glyphs.OCTAVE_CLEFS[code][1]
        if code in glyphs.NO_SYMBOL:
            return None
        raise UnknownMusicError(f"glyph U+{code:04X} inside <g class={group.name!r}>")

    def small(self, glyph: Primitive, group: Group) -> bool:
        return _small(glyph, self.staves[self.staff_index(group, glyph.box)])

    def accidental(self, glyph: Primitive, group: Group) -> str:
        kind = glyphs.ACCIDENTALS[glyph.code]
        if group.inside("keySig"):
            return f"key{kind}"
        return f"accidental{kind}" + ("Small" if _small(glyph, self.home(glyph, group)) else "")

    def notehead(self, glyph: Primitive, group: Group) -> str:
        staff = self.home(glyph, group)
        position = staff.position(glyph.points[0][1])
        if abs(position - round(position)) > _OFF_POSITION:
            raise UnknownMusicError(f"a notehead at {position:.2f} half spaces, between line and space")
        place = "InSpace" if round(position) % 2 else "OnLine"
        return f"notehead{glyphs.NOTEHEADS[glyph.code]}{place}" + ("Small" if _small(glyph, staff) else "")

    def home(self, glyph: Primitive, group: Group) -> StaffLines:
        """Find the staff that a note's glyph is on.

        Music may cross to a neighbouring staff and stays in the group of its own: what stands
        within another staff, or doesn't fit its own, belongs where it stands.
        """
        y = glyph.points[0][1]
        own = self.staves[self.staff_index(group, glyph.box)]
        nearest = min(self.staves, key=lambda staff: staff.distance(y))
        fits = abs(own.position(y) - round(own.position(y))) < _OFF_POSITION
        return own if fits and nearest.distance(y) > 0 else nearest


def _small(glyph: Primitive, staff: StaffLines) -> bool:
    """Whether a glyph is drawn smaller than the staff's size (an em is four staff spaces)."""
    return glyph.scale < NORMAL_SIZE * _SPACES_PER_EM * staff.space


def _nothing(group: Group, parts: list[Part]) -> Iterator[Named]:
    return iter(())


def _each(name: str) -> Callable[[Group, list[Part]], Iterator[Named]]:
    """Make a handler that labels every primitive as a symbol of its own."""
    return lambda group, parts: ((name, [index]) for index, _ in parts)


def _whole(name: str) -> Callable[[Group, list[Part]], Iterator[Named]]:
    """Make a handler that labels all primitives together as one symbol."""
    return lambda group, parts: iter([(name, [index for index, _ in parts])])


def _strokes(name: str) -> Callable[[Group, list[Part]], Iterator[Named]]:
    """Like `_whole`, without the letters and digits that stand by."""
    return lambda group, parts: iter([(name, [index for index, part in parts if part.stroke])])
