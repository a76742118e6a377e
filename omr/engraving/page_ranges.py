"""Every chance and range that the look of engraved pages is drawn with: name, unit, meaning, source.

A pair is the range of a uniform draw: its lowest and its highest value (of whole numbers, the highest is not
drawn). A chance or a part is from 0 to 1. Sizes of distractors are in heights of the small text on the page,
or in pixels of the page.

Source of all values unless one is given: release 0.1.0, set by eye.
"""

from __future__ import annotations

from dataclasses import dataclass

from omr.datasets.ranges import Range


@dataclass(frozen=True)
class SizeRanges:
    """Sizes of pages and staves (`omr.engraving.layout.page_size`)."""

    width: Range = (1400, 3400)
    """Pixels: width of a page."""

    across: Range = (6.3, 7.6)
    """Logarithm to base 2 of the width of a page in staff spaces: 79 to 194, large print to study score."""

    staff_space: Range = (10.0, 28.0)
    """Pixels: limits of the staff space."""

    upright: float = 0.85
    """Part of the pages that are higher than wide."""

    upright_height: Range = (1.2, 1.5)
    """Height of an upright page, in its widths."""

    lying_height: Range = (0.65, 0.85)
    """Height of a page that is wider than high, in its widths."""


@dataclass(frozen=True)
class VerovioChances:
    """How often verovio's switches are on (`omr.engraving.layout`, which has a table of sizes)."""

    french_beams: float = 0.08
    """Chance that stems end at the innermost beam."""

    footer: float = 0.2
    """Chance of a footer."""

    header: float = 0.6
    """Chance of a header."""

    justified: float = 0.7
    """Chance that the systems fill the height of the page."""

    measure_numbers: tuple[int, ...] = (0, 0, 0, 1, 2, 5)
    """Measures from one printed number to the next, each with the same probability; 0 for none."""

    block_rests: float = 0.7
    """Chance that all multi-measure rests are bars; otherwise the short ones are signs of old notation."""

    octave_alternatives: float = 0.3
    """Chance of the font's alternative signs at octave lines."""

    centred_staccato: float = 0.3
    """Chance that staccato dots stand over the middle of the head, and not over the stem."""

    one_divider: float = 0.8
    """Chance of verovio's usual system dividers; otherwise they stand at both sides."""

    slanted_tuplets: float = 0.3
    """Chance that tuplet brackets are parallel to their beams."""

    glyph_braces: float = 0.5
    """Chance that braces are glyphs of the font; verovio draws the others."""


@dataclass(frozen=True)
class LilyPondRanges:
    """The look of LilyPond's pages (`omr.engraving.lilypond.paper`, which has a table of margins)."""

    staff_size: Range = (11.0, 26.0)
    """Points: height of a staff, the range of LilyPond's designs."""

    spacing: Range = (0.9, 1.7)
    """LilyPond's ``spacing-increment``: staff spaces; its default is 1.2."""

    between_systems: Range = (0.5, 4.0)
    """Staff spaces: least white between two systems."""

    ragged_bottom: float = 0.3
    """Chance that systems do not fill the height of a page."""

    ragged_last_bottom: float = 0.5
    """Chance that systems do not fill the height of the last page."""

    ragged_last: float = 0.2
    """Chance that the last system does not fill the width of the page."""

    from_the_start: float = 0.3
    """Part of the excerpts that begin where the piece does."""


@dataclass(frozen=True)
class DistractorRanges:
    """How distractors are put on a page (`omr.engraving.distractors`)."""

    text: float = 100
    """Heights of small text in the height of a page."""

    least_text: float = 12.0
    """Pixels: least height of small text."""

    darkness: Range = (0.45, 1.0)
    """Darkness of a distractor's ink, from 0 (paper) to 1 (black)."""

    top: float = 0.12
    """Part of the page that is its top: distractors there begin in it."""

    bottom: float = 0.1
    """Part of the page that is its bottom: distractors there end in it."""

    side: float = 0.06
    """Part of the page that is one of its sides: distractors there reach into it."""

    smudged: float = 0.15
    """Part of the pages with a smudge."""

    bound: float = 0.15
    """Part of the pages with the shadow of a binding."""


@dataclass(frozen=True)
class WordRanges:
    """Words in print on a page: titles, names, imprints, paragraphs."""

    title: Range = (1.4, 6.0)
    """Text heights: size of a title. Its letters must not pass for clefs and dynamics."""

    capitals: float = 0.25
    """Part of the titles in capital letters."""

    composer: Range = (0.9, 1.4)
    """Text heights: size of a composer's name."""

    imprint: Range = (0.7, 1.2)
    """Text heights: size of an imprint."""

    paragraph: Range = (0.7, 1.1)
    """Text heights: size of a paragraph's letters."""

    words: tuple[int, int] = (12, 60)
    """Words in a paragraph."""

    words_a_line: tuple[int, int] = (4, 10)
    """Words in a line of a paragraph."""

    smallest: int = 8
    """Pixels: least size of a font."""


@dataclass(frozen=True)
class HandwritingRanges:
    """A word or two in handwriting."""

    size: Range = (0.05, 0.1)
    """OpenCV's scale of its fonts for each pixel of a text height."""

    pen: tuple[int, int] = (1, 4)
    """Pixels: thickness of the pen."""

    turn: float = 6
    """Degrees: standard deviation of the rotation."""

    slant: Range = (-0.1, 0.35)
    """Pixels to the right for each pixel upwards."""


@dataclass(frozen=True)
class PenRanges:
    """Scribbles, and marks made by hand: rings, ticks, crosses and lines."""

    thickness: tuple[int, int] = (1, 5)
    """Pixels: thickness of the pen."""

    loops: tuple[int, int] = (4, 16)
    """Loops in a scribble, each like a letter."""

    loop_height: Range = (0.3, 1.0)
    """Text heights: how far a loop rises above the middle of its line, and falls below."""

    loop_pace: Range = (0.9, 1.1)
    """Movements up and down for each movement to and fro."""

    loop_width: float = 0.35
    """Text heights: how far the pen moves to and fro."""

    phase: Range = (0, 6)
    """Radians of a loop that the movement to and fro is ahead."""

    advance: float = 9
    """Radians of a loop in which the pen moves a text height to the right."""

    sway: float = 0.2
    """Text heights: how far the line of a scribble rises and falls."""

    sway_length: float = 7
    """Loops from one rise of the line to the next."""

    scribble_turn: float = 8
    """Degrees: standard deviation of a scribble's rotation."""

    size: Range = (1.0, 5.0)
    """Text heights: size of a mark."""

    ring: Range = (0.95, 1.3)
    """Turns that the pen makes to draw a ring."""

    ring_height: Range = (0.4, 1.0)
    """Height of a ring, in its widths."""

    tick: float = 0.3
    """Where a tick turns upwards, in its widths."""

    line: float = 4
    """Sizes of the mark: length of a line."""

    line_wave: float = 0.1
    """Sizes of the mark: how far a line bends."""

    line_turns: float = 5
    """Radians of the wave in a line."""

    shake: float = 150
    """Size of the mark over the standard deviation of the step that the hand goes astray at each point."""


@dataclass(frozen=True)
class StampRanges:
    """The stamp of a library. Sizes are in longer sides of its words unless a unit is given."""

    year: tuple[int, int] = (1850, 2010)
    """The year below the words."""

    text: Range = (0.9, 1.6)
    """Text heights: size of the letters."""

    frame: tuple[int, int] = (2, 6)
    """Pixels: thickness of the ring or the frame."""

    round: float = 0.5
    """Part of the stamps that are rings; the others are frames."""

    side: float = 1.25
    """Width of a stamp, and height of a round stamp."""

    height: float = 1.6
    """Heights of the words: height of a stamp with a frame."""

    second_ring: float = 0.6
    """Part of the round stamps with a thin ring inside."""

    inner_ring: float = 0.46
    """Widths of the stamp: radius of the thin ring."""

    wear: Range = (0.3, 1.2)
    """Darkness of the ink in each patch, from 0 (paper); above 1 the ink is black."""

    patches: int = 6
    """Patches of ink along each side of a stamp."""

    turn: float = 12
    """Degrees: standard deviation of the rotation."""


@dataclass(frozen=True)
class SmudgeRanges:
    """A smudge, and the shadow of a binding: both leave music readable."""

    size: Range = (0.05, 0.25)
    """Sides of the page: sides of a smudge."""

    patches: int = 8
    """Patches of dirt along each side of a smudge, of different darkness."""

    border: int = 4
    """Clean patches around them, into which they are blurred."""

    blur: float = 1.5
    """Patches: standard deviation of the blur."""

    darkness: Range = (0.1, 0.35)
    """Part of the light that a smudge takes."""

    binding: Range = (0.03, 0.1)
    """Page widths: width of the shadow of a binding."""

    binding_darkness: Range = (0.3, 0.9)
    """Part of the light that it takes at the edge of the page."""

    binding_fall_off: Range = (0.15, 0.4)
    """Widths of the shadow over which its darkness falls to 1/e."""

    binding_left: float = 0.5
    """Part of the bindings that are at the left edge."""


@dataclass(frozen=True)
class TextRanges:
    """Numbers in invented titles, names and imprints (`omr.engraving.texts`)."""

    number: tuple[int, int] = (1, 120)
    """Number or opus of a piece."""

    born: tuple[int, int] = (1650, 1890)
    """Year of a composer's birth."""

    life: tuple[int, int] = (25, 80)
    """Years of a composer's life."""

    dated: float = 0.4
    """Part of the composers with years of birth and death."""

    plate: tuple[int, int] = (1, 9999)
    """Number of a printing plate; the year and the page number follow from it."""

    printed: int = 1880
    """First year of an imprint."""

    years: int = 140
    """Years of imprints, from the first on."""

    pages: int = 300
    """Page numbers are below this one."""


SIZE = SizeRanges()
VEROVIO = VerovioChances()
LILYPOND = LilyPondRanges()
DISTRACTORS = DistractorRanges()
WORDS = WordRanges()
HANDWRITING = HandwritingRanges()
PEN = PenRanges()
STAMP = StampRanges()
SMUDGE = SmudgeRanges()
TEXT = TextRanges()
