"""Class names of the engraved data and the numbers they have in its files."""

from __future__ import annotations

from omr.vocabulary import CLASSES

# The 136 names of DeepScoresV2 in the order of its category numbers, 1 to 136.
_LISTED = """
    brace legerLine repeatDot segno coda clefG clefCAlto clefCTenor clefF clefUnpitchedPercussion clef8
    clef15 timeSig0 timeSig1 timeSig2 timeSig3 timeSig4 timeSig5 timeSig6 timeSig7 timeSig8 timeSig9
    timeSigCommon timeSigCutCommon noteheadBlackOnLine noteheadBlackOnLineSmall noteheadBlackInSpace
    noteheadBlackInSpaceSmall noteheadHalfOnLine noteheadHalfOnLineSmall noteheadHalfInSpace
    noteheadHalfInSpaceSmall noteheadWholeOnLine noteheadWholeOnLineSmall noteheadWholeInSpace
    noteheadWholeInSpaceSmall noteheadDoubleWholeOnLine noteheadDoubleWholeOnLineSmall
    noteheadDoubleWholeInSpace noteheadDoubleWholeInSpaceSmall augmentationDot stem tremolo1 tremolo2
    tremolo3 tremolo4 tremolo5 flag8thUp flag8thUpSmall flag16thUp flag32ndUp flag64thUp flag128thUp
    flag8thDown flag8thDownSmall flag16thDown flag32ndDown flag64thDown flag128thDown accidentalFlat
    accidentalFlatSmall accidentalNatural accidentalNaturalSmall accidentalSharp accidentalSharpSmall
    accidentalDoubleSharp accidentalDoubleFlat keyFlat keyNatural keySharp articAccentAbove articAccentBelow
    articStaccatoAbove articStaccatoBelow articTenutoAbove articTenutoBelow articStaccatissimoAbove
    articStaccatissimoBelow articMarcatoAbove articMarcatoBelow fermataAbove fermataBelow caesura
    restDoubleWhole restWhole restHalf restQuarter rest8th rest16th rest32nd rest64th rest128th restHNr
    dynamicP dynamicM dynamicF dynamicS dynamicZ dynamicR graceNoteAcciaccaturaStemUp
    graceNoteAppoggiaturaStemUp graceNoteAcciaccaturaStemDown graceNoteAppoggiaturaStemDown ornamentTrill
    ornamentTurn ornamentTurnInverted ornamentMordent stringsDownBow stringsUpBow arpeggiato
    keyboardPedalPed keyboardPedalUp tuplet3 tuplet6 fingering0 fingering1 fingering2 fingering3 fingering4
    fingering5 slur beam tie restHBar dynamicCrescendoHairpin dynamicDiminuendoHairpin tuplet1 tuplet2
    tuplet4 tuplet5 tuplet7 tuplet8 tuplet9 tupletBracket staff ottavaBracket
"""
DEEPSCORES: tuple[str, ...] = tuple(_LISTED.split())

#: What no engraver here draws: the block rest over two spaces is for handwriting.
NOT_DRAWN = frozenset({"restLonga"})

#: What is drawn here and has no name there: core names, and a line of a staff.
EXTRA: tuple[str, ...] = (
    *(c.name for c in CLASSES if not c.deepscores and c.name not in NOT_DRAWN),
    "staffLine",
)

#: Category number of each name. DeepScoresV2 gives 137 to 208 to another vocabulary; `EXTRA` follows.
NUMBERS: dict[str, int] = {
    **{name: number for number, name in enumerate(DEEPSCORES, start=1)},
    **{name: number for number, name in enumerate(EXTRA, start=209)},
}
