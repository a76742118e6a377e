"""Music written at random, engraved, and read back from its true symbols is the same music."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

pytest.importorskip("verovio")
pytest.importorskip("skia")

from omr.engraving.layout import Layout
from omr.engraving.truth import true_measures
from omr.evaluation.music.comparison import Sounding, compare, notes_by_measure
from omr.notation import pipeline
from omr.score import Pitch
from tests.builders.music import FONTS, as_page, note, page

_SCORE = """<mei xmlns="http://www.music-encoding.org/ns/mei" meiversion="5.0"><music><body><mdiv><score>
<scoreDef meter.count="{beats}" meter.unit="4" keysig="{key}"><staffGrp symbol="brace" bar.thru="true">
<staffDef n="1" lines="5" clef.shape="G" clef.line="2"/>
<staffDef n="2" lines="5" clef.shape="F" clef.line="4"/></staffGrp></scoreDef>
<section>{measures}</section></score></mdiv></body></music></mei>"""

BEATS = ("4", "r4", "8 8", "8. 16", "16 8 16", "8 16 16", "16 16 16 16", "r8 8", "8 r8", "3: 8 8 8", "3: 4 8")
"""What may fill a beat: note values, `r` for rests, dots; `3:` makes them a triplet."""
TWO_BEATS = ("2", "r2", "4. 8", "8 4 8")
RANGES = {1: (30, 42), 2: (18, 30)}
"""Of each staff's notes, in steps from C0 upwards: from C4 to A5 and from E2 to C4."""


@st.composite
def beats(draw: st.DrawFn, number: int) -> list[str]:
    """Groups of note values that fill so many beats."""
    groups: list[str] = []
    while number:
        two = number > 1 and draw(st.booleans())
        groups.append(draw(st.sampled_from(TWO_BEATS if two else BEATS)))
        number -= 1 + two
    return groups


@st.composite
def pitches(draw: st.DrawFn, staff: int) -> list[tuple[int, str]]:
    """A note, or a chord's notes at least a third apart: steps from C0, and accidentals."""
    low, high = RANGES[staff]
    step = draw(st.integers(low, high))
    steps = [step, *(step + above for above in draw(st.sampled_from([(), (), (), (2,), (2, 4), (5,)])))]
    return [(each, draw(st.sampled_from(["", "", "", "", "s", "f", "n"]))) for each in steps]


def _mei(chord: list[tuple[int, str]], value: str) -> str:
    duration = f'dur="{value.rstrip(".")}"' + (' dots="1"' if value.endswith(".") else "")
    notes = "".join(
        f'<note pname="{"cdefgab"[step % 7]}" oct="{step // 7}" {duration}'
        + (f' accid="{sign}"' if sign else "")
        + "/>"
        for step, sign in chord
    )
    return notes if len(chord) == 1 else f"<chord {duration}>{notes}</chord>"


@st.composite
def layers(draw: st.DrawFn, staff: int, number: int) -> str:
    """What one hand plays in a measure of so many beats."""
    written = []
    for group in draw(beats(number)):
        ratio, _, values = group.rpartition(": ")
        text = ""
        for value in values.split():
            rest = value.startswith("r")
            text += f'<rest dur="{value[1:]}"/>' if rest else _mei(draw(pitches(staff)), value)
        if all(value[0] not in "r24" for value in values.split()):
            text = f"<beam>{text}</beam>"
        written.append(f'<tuplet num="3" numbase="2">{text}</tuplet>' if ratio else text)
    return "".join(written)


@st.composite
def pieces(draw: st.DrawFn) -> str:
    """MEI of a few measures for two hands."""
    number, key = draw(st.integers(2, 4)), draw(st.sampled_from(["0", "1s", "3s", "2f", "4f"]))
    hands = st.builds(_hands, layers(1, number), layers(2, number))
    measures = draw(st.lists(hands, min_size=1, max_size=3))
    return _piece(number, key, *measures)


def _piece(beats: int, key: str, *measures: str) -> str:
    numbered = (f'<measure n="{n}">{each}</measure>' for n, each in enumerate(measures, start=1))
    return _SCORE.format(beats=beats, key=key, measures="".join(numbered))


def _hands(right: str, left: str) -> str:
    return (
        f'<staff n="1"><layer n="1">{right}</layer></staff><staff n="2"><layer n="1">{left}</layer></staff>'
    )


DOTTED = f"<beam>{note('g2', 8, dots='1')}{note('g2', 16)}</beam>"
SLOW = _hands(note("e4", 4) * 3, note("g2", 4) * 3)
HIGH = f'<chord dur="4">{note("g5", 4)}{note("e6", 4)}</chord>'
FAR_ABOVE = f'<chord dur="4">{note("e4", 4)}{note("c5", 4)}</chord>'
TRIPLET = f'<tuplet num="3" numbase="2">{note("e4", 4)}{note("b4", 8)}</tuplet>'
BETWEEN = f'<chord dur="4">{note("e4", 4)}{note("g4", 4, accid="s")}</chord>'
BESIDE = f'<chord dur="4">{note("f5", 4)}{note("a5", 4, accid="n")}{note("c6", 4, accid="s")}</chord>'


# derandomised: what a check says must not change from one run to the next
@pytest.mark.slow
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(text=pieces(), font=st.sampled_from(FONTS))
# a chord whose upper note is no nearer to its own staff than to the other
@example(_piece(2, "0", _hands(note("e4", 4) + HIGH, note("g2", 4) + FAR_ABOVE)), "Leipzig")
# notes of two hands, one just after the other
@example(_piece(2, "0", _hands(note("e4", 4) + TRIPLET, '<rest dur="4"/>' + DOTTED)), "Leipzig")
# accidentals at a measure's start that are no change of key: nearer to the other staff; side by side
@example(_piece(3, "0", SLOW, _hands(note("e4", 2) + note("e4", 4), BETWEEN + note("g2", 2))), "Leipzig")
@example(_piece(3, "1s", SLOW, _hands(BESIDE + note("e4", 2), note("g2", 4) * 3)), "Leipzig")
def test_random_music_comes_back(text: str, font: str) -> None:
    engraved = page(text, font, Layout(2400, 1600, 16.0))
    truth = [
        Counter(Sounding(n.staff, n.onset, n.duration, Pitch(n.step, n.octave, n.shown)) for n in notes)
        for notes in true_measures(engraved.mei).values()
    ]
    music = pipeline.read([as_page(engraved)])
    assert notes_by_measure(music) == truth, compare(notes_by_measure(music), truth)
    assert not any(measure.problem for part in music.parts for measure in part.measures)
