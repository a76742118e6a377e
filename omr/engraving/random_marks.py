"""Marks over and under random music: slurs, hairpins, dynamics, ornaments, words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omr.engraving import texts
from omr.engraving.mei import Anchor, Node, Staff, sub

if TYPE_CHECKING:
    from collections.abc import Callable

    from omr.engraving.page_style import PageStyle

DYNAMICS = {
    "p": 4.0, "f": 4.0, "pp": 1.5, "ff": 1.5, "mf": 2.0, "mp": 2.0, "ppp": 0.4, "fff": 0.4, "sf": 1.0,
    "fp": 0.6, "sfz": 1.2, "rfz": 1.6, "fz": 1.0, "sffz": 0.5, "rf": 1.4, "sfp": 0.3, "sfpp": 0.2, "mfp": 0.1,
}  # fmt: skip
# marks at one note: the decision, its probability, MEI's element and attributes
_POINTS: tuple[tuple[str, float, str, dict[str, str]], ...] = (
    ("fermataAbove", 0.012, "fermata", {"place": "above"}),
    ("fermataBelow", 0.012, "fermata", {"place": "below"}),
    ("ornamentTrill", 0.012, "trill", {}),
    ("ornamentTurn", 0.012, "turn", {"form": "upper"}),
    ("ornamentTurnInverted", 0.012, "turn", {"form": "lower"}),
    ("ornamentShortTrill", 0.012, "mordent", {"form": "upper"}),
    ("ornamentMordent", 0.012, "mordent", {"form": "lower"}),
    ("caesura", 0.012, "caesura", {}),
    ("breathMark", 0.012, "breath", {}),
)


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
                self._spans(run, "slur", 0.09, self._slur)
                self._spans(run, "hairpin", 0.025, self._hairpin)
                self._spans(run, "wiggleTrill", 0.012, self._trill)
                self._spans(run, "glissando", 0.012, self._glissando)
                if voice is self.staff.voices[0]:
                    self._spans(run, "ottavaBracket", 0.01, self._octave)
                    self._spans(run, "pedal", 0.012, self._pedal)

    def _sub(self, anchor: Anchor, tag: str, **attributes: str) -> Node:
        """Append an element that begins at a note."""
        return sub(anchor.measure, tag, staff=self.staff.number, startid=f"#{anchor.id}", **attributes)

    def _points(self, anchor: Anchor) -> None:
        """Write the marks at one note, with one ornament or similar mark at most."""
        for name, probability, tag, attributes in _POINTS:
            if self.style.marks(name, probability):
                self._sub(anchor, tag, **attributes)
                break
        if anchor.chord and self.style.marks("arpeggiato", 0.12):
            self._sub(anchor, "arpeg")
        if self.style.marks("dynamics", 0.06):
            place = self.style.choice(["above", "below", "below", "below"])
            self._sub(anchor, "dynam", place=place).text = self.style.pick(DYNAMICS)
        if self.style.marks("fingering", 0.06):
            finger = self.style.pick({f"fingering{n}": 1.0 for n in range(6)})
            self._sub(anchor, "fing", place=self.style.choice(["above", "below"])).text = finger[-1]
        if self.style.marks("direction", 0.015):
            place = self.style.choice(["above", "below"])
            self._sub(anchor, "dir", place=place).text = texts.pick(self.rng, texts.DIRECTIONS)

    def _spans(
        self, run: list[Anchor], name: str, probability: float, draw: Callable[[list[Anchor]], object]
    ) -> None:
        """Lay marks of one kind along a run, each over at least two notes, no two over the same."""
        i = 0
        while i < len(run) - 1:
            if self.style.marks(name, probability):
                length = int(self.rng.geometric(0.1 if self.rng.random() < 0.3 else 0.4))
                draw(run[i : i + length + 1])
                i += length
            i += 1

    def _slur(self, notes: list[Anchor]) -> None:
        self._sub(notes[0], "slur", endid=f"#{notes[-1].id}")
        if len(notes) > 5 and self.rng.random() < 0.4:
            self._slur(notes[1 : 1 + int(self.rng.integers(2, 4))])

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
        self._sub(notes[0], "trill", endid=f"#{notes[:3][-1].id}", extender="true")

    def _glissando(self, notes: list[Anchor]) -> None:
        self._sub(notes[0], "gliss", endid=f"#{notes[1].id}", lform=self.style.choice(["solid", "wavy"]))
