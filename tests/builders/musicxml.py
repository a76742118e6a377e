"""MusicXML of one part."""

from __future__ import annotations


def note(step, extra=""):
    return (
        f"<note><pitch><step>{step}</step><octave>4</octave></pitch><duration>4</duration>"
        f"<voice>1</voice><type>whole</type><notations>{extra}</notations></note>"
    )


def score(*measures):
    body = "".join(
        f'<measure number="{n}">{content}</measure>' for n, content in enumerate(measures, start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-16"?><score-partwise version="4.0"><defaults/>'
        '<part-list><score-part id="P1"><part-name>Flute</part-name></score-part></part-list>'
        f'<part id="P1">{body}</part></score-partwise>'
    )


HEAD = (
    "<attributes><divisions>1</divisions><key><fifths>2</fifths></key>"
    "<time><beats>4</beats><beat-type>4</beat-type></time>"
    '<clef number="1"><sign>G</sign><line>2</line></clef></attributes>'
)
