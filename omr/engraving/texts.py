"""Texts around music for engraved pages: invented, or so old that they are in the public domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omr.engraving.page_ranges import TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

TEMPI = (
    "Allegro", "Andante", "Adagio", "Presto", "Largo", "Moderato", "Vivace", "Allegretto", "Lento", "Grave",
    "Allegro ma non troppo", "Andante con moto", "Tempo di Menuetto", "Molto vivace", "Poco adagio",
    "Langsam", "Sehr ruhig", "Lebhaft", "Mäßig bewegt", "Etwas schneller", "Très lent", "Modéré", "Animé",
    "Vif et gai", "Swing", "Slowly", "With motion", "Tempo I", "Meno mosso", "Più mosso", "Alla marcia",
)  # fmt: skip
DIRECTIONS = (
    "cresc.", "dim.", "rit.", "rall.", "a tempo", "dolce", "espr.", "legato", "cantabile", "sempre", "pizz.",
    "arco", "con sord.", "senza sord.", "sul G", "div.", "unis.", "solo", "tutti", "simile", "poco a poco",
    "leggiero", "marcato", "con fuoco", "sotto voce", "morendo", "smorz.", "stacc.", "Ped. simile", "m.d.",
    "m.s.", "zart", "ruhig", "immer leiser", "en dehors", "cédez", "léger", "Fine", "D.C. al Fine",
    "D.S. al Coda", "To Coda", "accel.", "stringendo", "poco rit.", "Cadenza", "ad lib.", "8va bassa",
)  # fmt: skip
CHORDS = (
    "C", "G7", "Am", "F#m7", "Bb", "Dm7", "Cmaj7", "E7", "Ebm", "A7sus4", "G/B", "D9", "Bdim", "Caug", "F6",
    "Em7b5", "Db7", "N.C.", "V7", "IV", "ii6", "viio", "I", "Gsus2", "C/E",
)  # fmt: skip
INSTRUMENTS = (
    "Flauto", "Oboe", "Clarinetto in B", "Fagotto", "Corno I", "Tromba", "Violino I", "Violino II", "Viola",
    "Violoncello", "Contrabbasso", "Piano", "Klavier", "Orgel", "Soprano", "Alto", "Tenore", "Basso",
    "Timpani", "Harfe", "Chant", "Voice", "Guitar", "Tamburo", "Cembalo", "Fl.", "Ob.", "Cl.", "Vl.", "Vc.",
    "Pf.", "S.", "B.",
)  # fmt: skip
# one verse per line; hyphens separate the syllables of a word
VERSES = (
    "Gau-de-a-mus i-gi-tur ju-ve-nes dum su-mus post ju-cun-dam ju-ven-tu-tem nos ha-be-bit hu-mus",
    "Ky-ri-e e-lei-son Chris-te e-lei-son A-gnus De-i qui tol-lis pec-ca-ta mun-di mi-se-re-re no-bis",
    "Der Mond ist auf-ge-gan-gen die gold-nen Stern-lein pran-gen am Him-mel hell und klar",
    "Sah ein Knab ein Rös-lein stehn Rös-lein auf der Hei-den war so jung und mor-gen-schön",
    "Au clair de la lu-ne mon a-mi Pier-rot prê-te-moi ta plu-me pour é-crire un mot",
    "Twin-kle twin-kle lit-tle star how I won-der what you are up a-bove the world so high",
    "Nel cor più non mi sen-to bril-lar la gio-ven-tù ca-gion del mio tor-men-to a-mor sei col-pa tu",
    "Row row row your boat gent-ly down the stream mer-ri-ly mer-ri-ly life is but a dream",
    "Vem kan se-gla för-u-tan vind vem kan ro u-tan å-ror vem kan skil-jas från vän-nen sin",
    "Że-by-ście tak wie-dzie-li jak mi ser-ce bi-je gdy za la-sem słoń-ce w wo-dzie się od-bi-je",
)
_WORDS_A_VERSE = 12
"""Words that a verse is taken to have (they have 11 to 17) where running text is put together."""
_FORMS = ("Sonata", "Suite", "Lied", "Menuett", "Gavotte", "Étude", "Valse", "Prélude", "Mazurka", "Rondo",
          "Trio", "Quartett", "Fantasie", "Hymn", "Ballade", "Romanze", "Divertimento", "March")  # fmt: skip
_OF = ("No. {n}", "in G", "in D moll", "en la mineur", "Op. {n}", "für Klavier", "for two voices",
       "pour la harpe", "per archi", "à la mémoire d'un ami", "of the Morning", "der Nacht",
       "i d-moll", "e-moll")  # fmt: skip
NAMES = ("J. Albers", "Anna Lindqvist", "P. Marchetti", "C. H. Brandauer", "Émile Garance", "T. Wexcombe",
          "M. Nowakówna", "L. van Doren", "Ilse Hartwig", "R. O'Fallon", "Giulia Serafin",
          "K. Østby")  # fmt: skip
_HOUSES = ("Verlag Hartwig & Sohn, Leipzig", "Édition Garance, Paris", "Wexcombe & Co., London",
           "Edizioni Serafin, Milano", "Nordiska Musikförlaget Lind, Stockholm", "Public domain")  # fmt: skip
STAMPS = ("BIBLIOTHEK", "Ex libris", "EIGENTUM DES\nMUSIKVEREINS", "CITY LIBRARY", "BIBLIOTECA\nCOMUNALE",
          "Conservatoire\nde Musique", "STADSBIBLIOTEK", "Musikverlag\nHartwig", "DISCARDED")  # fmt: skip


def pick(rng: np.random.Generator, options: Sequence[str]) -> str:
    """Choose one of several texts, each with the same probability.

    Parameters
    ----------
    rng : Generator
        NumPy's source of random numbers.
    options : sequence of str
        At least one.

    Returns
    -------
    str
    """
    return options[int(rng.integers(len(options)))]


def title(rng: np.random.Generator) -> str:
    """Invent a title in one of a few languages.

    Parameters
    ----------
    rng : Generator
        NumPy's source of random numbers.

    Returns
    -------
    str
    """
    return f"{pick(rng, _FORMS)} {pick(rng, _OF)}".format(n=int(rng.integers(*TEXT.number)))


def person(rng: np.random.Generator) -> str:
    """Invent a composer, at times with the years of birth and death.

    Parameters
    ----------
    rng : Generator
        NumPy's source of random numbers.

    Returns
    -------
    str
    """
    born = int(rng.integers(*TEXT.born))
    name = pick(rng, NAMES)
    return f"{name} ({born}–{born + int(rng.integers(*TEXT.life))})" if rng.random() < TEXT.dated else name


def imprint(rng: np.random.Generator) -> str:
    """Invent a text for the foot of a page: a publisher, a year, a plate number, or a page number.

    Parameters
    ----------
    rng : Generator
        NumPy's source of random numbers.

    Returns
    -------
    str
    """
    number = int(rng.integers(*TEXT.plate))
    house = pick(rng, _HOUSES)
    plate = f"{'. '.join(word[0].upper() for word in house.split()[:2])}. {number}"
    notice = f"© {TEXT.printed + number % TEXT.years} {house}"
    return pick(rng, (notice, plate, str(number % TEXT.pages), house))


def syllables(rng: np.random.Generator) -> list[tuple[str, str]]:
    """Choose a verse and split it into syllables.

    Parameters
    ----------
    rng : Generator
        NumPy's source of random numbers.

    Returns
    -------
    list of (str, str)
        Each syllable with MEI's `wordpos`: i, m and t for the first, a middle and the last syllable of a
        word, s for a word of one syllable.
    """
    pairs = []
    for word in pick(rng, VERSES).split():
        parts = word.split("-")
        ends = ["s"] if len(parts) == 1 else ["i", *"m" * (len(parts) - 2), "t"]
        pairs += list(zip(parts, ends, strict=True))
    return pairs


def prose(rng: np.random.Generator, words: int) -> str:
    """Make running text.

    Parameters
    ----------
    rng : Generator
        NumPy's source of random numbers.
    words : int
        Number of words, at most.

    Returns
    -------
    str
        One sentence.
    """
    verses = (pick(rng, VERSES) for _ in range(1 + words // _WORDS_A_VERSE))
    text = " ".join(verses).replace("-", "").split()[:words]
    return " ".join(text).capitalize() + "."
