"""Words of directions, in the languages that scores use, by what they say.

Written down from common use in Italian, German, French and English scores. Words are in lower case, without
their full stops.
"""

from __future__ import annotations

import re


def _listed(text: str) -> frozenset[str]:
    """Make a set of the words of a text."""
    return frozenset(text.split())


TEMPO = _listed(
    """
    allegro allegretto andante andantino adagio adagietto presto prestissimo largo larghetto lento grave
    moderato vivace vivo vivacissimo allegrissimo tempo marcia menuetto minuetto valzer comodo langsam
    schnell lebhaft mäßig mässig bewegt rasch ruhig gehend schleppend munter frisch feierlich geschwind
    breit eilig walzertempo marschtempo zeitmaß bewegter schneller langsamer sehr lent vif modéré animé
    vite lentement vivement gai gaiement allant mouvement slow slowly fast quickly moderately lively
    swing waltz brightly quick freely motion maestoso
    """
)
"""Words that begin or make a tempo."""

GRADUAL = _listed(
    """
    rit ritard ritardando rall rallentando riten ritenuto accel accelerando string stringendo allarg
    allargando slentando calando morendo smorz smorzando mosso meno più piu cédez retenu ralentir
    pressez serrez zurückhaltend drängend eilend
    """
)
"""Words that change the tempo; directions, though, not a new tempo of a section."""

DYNAMICS = _listed(
    """
    cresc crescendo dim dimin diminuendo decresc decrescendo piano forte fortissimo pianissimo sforzando
    mezzo subito rinf rinforz rinforzando perdendo perdendosi leiser lauter leise laut stark augmentez
    diminuez doux fort
    """
)
"""Words that say how loud."""

TECHNIQUE = _listed(
    """
    pizz pizzicato arco col con senza sord sordino sordini legno div divisi unis unisono solo soli tutti
    tremolo trem sul ponticello tasto pedale ped una corda tre corde simile sim arp arpegg harm flag
    tacet mute muted open gestopft offen dämpfer mit ohne détaché loco coperto sulla tastiera bowed
    plucked m.d m.s m.g 8va 8vb 15ma bassa
    """
)
"""Words that say how an instrument is played, and by whom."""

EXPRESSION = _listed(
    """
    dolce dolcissimo espr espress espressivo legato cantabile sempre leggiero leggero marcato marc stacc
    staccato ten tenuto con fuoco brio moto anima grazia forza passione spirito sotto voce mezza
    semplice sostenuto sost tranquillo agitato appassionato risoluto energico scherzando giocoso
    grazioso amabile lusingando pesante largamente parlando recit recitativo teneramente mesto molto
    poco a un po assai non troppo ma quasi e ed del della al ben piacere libitum ad lib cadenza rubato
    zart innig ausdrucksvoll immer etwas nicht zu und mit ausdruck gefühl leicht kräftig en dehors léger
    expressif très peu plus moins doucement chanté expressively gently softly sweetly dolcemente animato
    lunga attacca
    """
)
"""Words that say with which expression."""

JUMPS = re.compile(
    r"^(d\.?\s?[cs]\.?(\s|$|al)|da capo|dal segno|fine\b|to coda|al coda|al fine|coda\b|segno\b|volti"
    r"|v\.\s?s\.)",
    re.IGNORECASE,
)
"""Where to go on."""

TEMPO_MARK = re.compile(r"=\s*(c(irc)?a?\.?\s*)?\d{2,3}\b|\ba tempo\b|\btempo (i|1|primo)\b", re.IGNORECASE)
"""A metronome mark, or the return to a tempo."""

RIGHTS = re.compile(
    r"©|\(c\)\s|copyright|\b(all )?rights\b|public domain|creative commons|verlag|édition|edition|publish|"
    r"\bpress\b|musikf|engraved|typeset|mutopia|imslp|\bco\.,|\bg\.?m\.?b\.?h\b|edizioni|printed",
    re.IGNORECASE,
)
"""What the foot of a page says about its publisher."""

LYRICIST = re.compile(
    r"^(words|text|lyrics|poem|gedicht|paroles|poésie|versi|parole|worte|dichtung)\b|^(after|nach|d'après) ",
    re.IGNORECASE,
)
"""How the line of a lyricist begins."""

COMPOSER = re.compile(r"^(music|musik|musique|musica|komponist|composed|melody|melodie)\b", re.IGNORECASE)
"""How the line of a composer begins."""

ARRANGER = re.compile(r"^(arr|arranged|bearb|gesetzt|satz|transcr|harm)\b", re.IGNORECASE)
"""How the line of an arranger begins."""

LANGUAGES = TEMPO | GRADUAL | DYNAMICS | TECHNIQUE | EXPRESSION
"""All words of directions."""

_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_])?", re.UNICODE)


def words_of(text: str) -> list[str]:
    """Take the words of a text, in lower case and without full stops.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str

    Examples
    --------
    >>> words_of("Poco rit. (m.d.)")
    ['poco', 'rit', 'm.d']
    """
    return [word.lower() for word in _WORD.findall(text)]


def known_share(text: str) -> float:
    """Compute the share of the words of a text that directions use.

    Parameters
    ----------
    text : str

    Returns
    -------
    float
        From 0 to 1; 0 where there is no word.

    Examples
    --------
    >>> known_share("poco rit."), known_share("Rös-lein")
    (1.0, 0.0)
    """
    words = words_of(text)
    return sum(word in LANGUAGES for word in words) / len(words) if words else 0.0


def direction_kind(text: str) -> str:
    """Say what kind of direction a text is.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        "jump", "tempo", "dynamics", "technique" or "expression"; "" where fewer than half of its words are
        words of directions.

    Examples
    --------
    >>> [direction_kind(text) for text in ("Allegro ma non troppo", "cresc.", "Im wunderschönen Monat")]
    ['tempo', 'dynamics', '']
    """
    if JUMPS.search(text):
        return "jump"
    if TEMPO_MARK.search(text):
        return "tempo"
    words = words_of(text)
    if not words or known_share(text) < _MIN_KNOWN:
        return ""
    kinds = {"tempo": TEMPO, "dynamics": DYNAMICS, "technique": TECHNIQUE}
    for word in words:
        for kind, listed in kinds.items():
            if word in listed and word not in EXPRESSION:
                return kind
        if word in GRADUAL:
            return "expression"
    return "technique" if set(words) <= TECHNIQUE else "expression"


_MIN_KNOWN = 0.5
"""Share (0 to 1) of the words of a direction that the lexicon has, at least."""
