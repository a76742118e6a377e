"""Marks over and under random music: slurs, hairpins, dynamics, ornaments, words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omr.engraving import texts
from omr.engraving.mei import Anchor, Node, Staff, sub
from omr.engraving.music_ranges import MARKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from omr.engraving.page_style import PageStyle

DYNAMICS = {
    "p": 4.0, "f": 4.0, "pp": 1.5, "ff": 1.5, "mf": 2.0, "mp": 2.0, "ppp": 0.4, "fff": 0.4, "sf": 1.0,
    "fp": 0.6, "sfz": 1.2, "rfz": 1.6, "fz": 1.0, "sffz": 0.5, "rf": 1.4, "sfp": 0.3, "sfpp": 0.2, "mfp": 0.1,
}  # fmt: skip
"""Weights of the dynamics."""

_POINTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("fermataAbove", "fermata", {"place": "above"}),
    ("fermataBelow", "fermata", {"place": "below"}),
    ("ornamentTrill", "trill", {}),
    ("ornamentTurn", "turn", {"form": "upper"}),
    ("ornamentTurnInverted", "turn", {"form": "lower"}),
    ("ornamentShortTrill", "mordent", {"form": "upper"}),
    ("ornamentMordent", "mordent", {"form": "lower"}),
    ("caesura", "caesura", {}),
    ("breathMark", "breath", {}),
)
"""Marks at one note: the decision, MEI's element and its attributes."""


class Marks:
    """Writer of the marks of one staff.

    Parameters
    ----------
    style : PageStyle
        Makes the decisions.
    staff : Staff
        With its voices, already written.
    """

    def __init__(self, style: PageStyle, staff: Staff) -> None:
        self.style, self.rng, self.staff = style, style.rng, staff

    def write(self) -> None:
        """Write the marks of every voice; those of the whole staff belong to its first voice."""
        for voice in self.staff.voices:
            for run in voice.runs:
                for anchor in run:
                    self._points(anchor)
                self._spans(run, "slur", MARKS.slur, self._slur)
                self._spans(run, "hairpin", MARKS.hairpin, self._hairpin)
                self._spans(run, "wiggleTrill", MARKS.trill_line, self._trill)
                self._spans(run, "glissando", MARKS.glissando, self._glissando)
                if voice is self.staff.voices[0]:
                    self._spans(run, "ottavaBracket", MARKS.octave_line, self._octave)
                    self._spans(run, "pedal", MARKS.pedal, self._pedal)

    def _sub(self, anchor: Anchor, tag: str, **attributes: str) -> Node:
        """Append an element that begins at a note."""
        return sub(anchor.measure, tag, staff=self.staff.number, startid=f"#{anchor.id}", **attributes)

    def _points(self, anchor: Anchor) -> None:
        """Write the marks at one note, with one ornament or similar mark at most."""
        for name, tag, attributes in _POINTS:
            if self.style.marks(name, MARKS.point):
                self._sub(anchor, tag, **attributes)
                break
        if anchor.chord and self.style.marks("arpeggiato", MARKS.arpeggio):
            self._sub(anchor, "arpeg")
        if self.style.marks("dynamics", MARKS.dynamics):
            place = self.style.choice(["above", "below", "below", "below"])
            self._sub(anchor, "dynam", place=place).text = self.style.pick(DYNAMICS)
        if self.style.marks("fingering", MARKS.fingering):
            finger = self.style.pick({f"fingering{n}": 1.0 for n in range(6)})
            self._sub(anchor, "fing", place=self.style.choice(["above", "below"])).text = finger[-1]
        if self.style.marks("direction", MARKS.direction):
            place = self.style.choice(["above", "below"])
            self._sub(anchor, "dir", place=place).text = texts.pick(self.rng, texts.DIRECTIONS)

    def _spans(
        self, run: list[Anchor], name: str, probability: float, draw: Callable[[list[Anchor]], object]
    ) -> None:
        """Lay marks of one kind along a run, each over at least two notes, no two over the same."""
        i = 0
        while i < len(run) - 1:
            if self.style.marks(name, probability):
                end = MARKS.end_of_long if self.rng.random() < MARKS.long else MARKS.end
                length = int(self.rng.geometric(end))
                draw(run[i : i + length + 1])
                i += length
            i += 1

    def _slur(self, notes: list[Anchor]) -> None:
        self._sub(notes[0], "slur", endid=f"#{notes[-1].id}")
        if len(notes) >= MARKS.long_slur and self.rng.random() < MARKS.inner_slur:
            self._slur(notes[1 : 1 + int(self.rng.integers(*MARKS.inner_notes))])

    def _hairpin(self, notes: list[Anchor]) -> None:
        kind = self.style.pick({"dynamicCrescendoHairpin": 1.0, "dynamicDiminuendoHairpin": 1.0})
        form, place = "cres" if "Cresc" in kind else "dim", self.style.choice(["below", "below", "above"])
        self._sub(notes[0], "hairpin", endid=f"#{notes[-1].id}", form=form, place=place)

    def _octave(self, notes: list[Anchor]) -> None:
        dis, place = self.style.choice(["8", "8", "15"]), self.style.choice(["above", "below"])
        self._sub(notes[0], "octave", endid=f"#{notes[-1].id}", dis=dis, dis_place=place)

    def _pedal(self, notes: list[Anchor]) -> None:
        self._sub(notes[0], "pedal", dir="down", place="below")
        self._sub(notes[-1], "pedal", dir="up", place="below")

    def _trill(self, notes: list[Anchor]) -> None:
        self._sub(notes[0], "trill", endid=f"#{notes[: MARKS.longest_trill_line][-1].id}", extender="true")

    def _glissando(self, notes: list[Anchor]) -> None:
        self._sub(notes[0], "gliss", endid=f"#{notes[1].id}", lform=self.style.choice(["solid", "wavy"]))
