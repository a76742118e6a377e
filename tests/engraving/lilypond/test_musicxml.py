import pytest

pytest.importorskip("lxml")

from lxml import etree

from omr.engraving.lilypond.musicxml import Score
from omr.errors import InputError
from tests.builders.musicxml import HEAD, note, score


def test_an_excerpt_begins_with_what_is_in_force():
    bass = '<attributes><clef number="1"><sign>F</sign><line>4</line></clef></attributes>'
    key = "<attributes><key><fifths>-3</fifths></key></attributes>"
    text = Score(score(HEAD + note("C"), bass + note("D"), key + note("E"), note("F"))).excerpt(2, 4)
    root = etree.fromstring(text)
    measures = root.findall("part/measure")
    assert [m.get("number") for m in measures] == ["3", "4"]
    first = measures[0].find("attributes")
    assert [child.tag for child in first] == ["divisions", "key", "time", "clef"]
    assert (first.findtext("key/fifths"), first.findtext("clef/sign")) == ("-3", "F")
    assert root.find("defaults") is None


def test_what_is_cut_in_two_is_left_out():
    slur = '<slur type="{}" number="1"/>'
    wedge = '<direction><direction-type><wedge type="{}"/></direction-type></direction>'
    measures = (
        HEAD + note("C", slur.format("start")),
        note("D", slur.format("stop")) + note("E", slur.format("start")),
        note("F", slur.format("stop")) + wedge.format("crescendo") + note("G"),
        note("A") + wedge.format("stop"),
    )
    root = etree.fromstring(Score(score(*measures)).excerpt(1, 3))
    assert [s.get("type") for s in root.iter("slur")] == ["start", "stop"]
    assert not list(root.iter("wedge", "direction"))
    whole = etree.fromstring(Score(score(*measures)).excerpt(0, 4))
    assert len(list(whole.iter("slur"))) == 4
    assert len(list(whole.iter("wedge"))) == 2


def test_a_tuplet_begun_twice_begins_once():
    begun = note("C", '<tuplet type="start" number="1"/>')
    root = etree.fromstring(
        Score(score(HEAD + begun + begun + note("E", '<tuplet type="stop" number="1"/>'))).excerpt(0, 1)
    )
    assert [t.get("type") for t in root.iter("tuplet")] == ["start", "stop"]


def test_busy_measures_are_wider():
    narrow, wide = Score(score(HEAD + note("C"), note("C") * 8)).widths()
    assert wide > 2 * narrow


@pytest.mark.parametrize("text", ["<score-partwise/>", "<score-timewise/>", "no score", "<a><b></a>"])
def test_what_is_no_score_is_refused(text):
    with pytest.raises(InputError):
        Score(text)


def test_entities_stay_closed(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP SECRET")
    text = score(HEAD + note("C")).replace(
        '<score-partwise version="4.0">',
        f'<!DOCTYPE score-partwise [<!ENTITY x SYSTEM "{secret.as_uri()}">]><score-partwise version="4.0">',
    ).replace("Flute", "&x;")  # fmt: skip
    assert "TOP SECRET" not in Score(text).excerpt(0, 1)
