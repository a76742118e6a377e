"""List the scores that ship with music21 and may be engraved, by split.

All works of a composer are in one split. Files that are excluded (by their licence, or because verovio can't
engrave them) are listed with the reason in ``corpus_excluded.tsv``; a path there that ends in ``/`` is a
folder, ``#n`` after a path the n-th tune of a tune book.
"""

from __future__ import annotations

import csv
import importlib.util
import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from omr.errors import InputError

if TYPE_CHECKING:
    import numpy as np

Split = Literal["train", "val", "test"]

TEST_COMPOSERS = ("beach", "handel", "haydn", "joplin", "schubert", "schumann_clara", "verdi", "weber")
VAL_COMPOSERS = ("mozart", "schumann_robert")

# tunes in tune books whose composer is in another split
_COMPOSER_OF_TUNE = {
    ("airdsAirs", "Quick March by Mr. Handel"): "handel",
    ("airdsAirs", "See the Conquering Hero comes"): "handel",
}
# weights of composers and collections in a draw; all others have weight 1. Nine tenths of the corpus are
# short tunes and chorales
_SHARES = {
    "beethoven": 10.0, "bach": 8.0, "monteverdi": 5.0, "trecento": 5.0, "airdsAirs": 3.0, "oneills1850": 3.0,
    "ryansMammoth": 3.0, "miscFolk": 2.0, "nottingham-dataset": 2.0, "josquin": 2.0, "haydn": 4.0,
    "schumann_clara": 3.0, "mozart": 3.0, "schumann_robert": 2.0,
}  # fmt: skip
_SUFFIXES = (".mxl", ".xml", ".musicxml", ".krn", ".abc")
_TUNE = re.compile(r"^X:.*(?:\n(?!X:).*)*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One score of the corpus: a file, or one tune of a tune book.

    Attributes
    ----------
    id : str
        Path inside the corpus, and ``#n`` for the n-th tune of a book.
    composer : str
        Name of the folder, or of the composer of a tune in a book of several composers.
    path : Path
    tune : int
        Which tune of the file, from 1; 0 for a whole file.
    """

    id: str
    composer: str
    path: Path
    tune: int = 0

    def load(self) -> str:
        """Read the score.

        Returns
        -------
        str
            MusicXML, Humdrum or one ABC tune.

        Raises
        ------
        InputError
            When the file is gone or is no score.
        """
        text = _read(self.path)
        if not self.tune:
            return text
        tunes = _TUNE.findall(text)
        if self.tune > len(tunes):
            raise InputError(f"{self.path}: has {len(tunes)} tunes, not {self.tune}; reinstall music21")
        return str(tunes[self.tune - 1]).rstrip() + "\n"


def pieces(split: Split) -> list[Piece]:
    """List the pieces of a split.

    Parameters
    ----------
    split : {"train", "val", "test"}

    Returns
    -------
    list of Piece
        In a fixed order.

    Raises
    ------
    InputError
        When music21 and with it the corpus isn't installed.
    """
    return list(_all_pieces()[split])


def draw(rng: np.random.Generator, split: Split) -> Piece:
    """Draw a piece at random: first a composer by weight, then one of the composer's pieces.

    Parameters
    ----------
    rng : Generator
        NumPy's source of random numbers.
    split : {"train", "val", "test"}

    Returns
    -------
    Piece
    """
    composers = _by_composer(split)
    names = sorted(composers)
    shares = [_SHARES.get(name, 1.0) for name in names]
    name = names[int(rng.choice(len(names), p=[s / sum(shares) for s in shares]))]
    return composers[name][int(rng.integers(len(composers[name])))]


def split_of(composer: str) -> Split:
    """Find the split of a composer.

    Parameters
    ----------
    composer : str
        Name of the composer's folder in the corpus.

    Returns
    -------
    {"train", "val", "test"}
    """
    return "test" if composer in TEST_COMPOSERS else "val" if composer in VAL_COMPOSERS else "train"


@lru_cache(maxsize=1)
def excluded() -> dict[str, str]:
    """List the excluded files.

    Returns
    -------
    dict of str to str
        The reason, by path, folder (it ends in ``/``) or piece id.
    """
    with Path(__file__).with_name("corpus_excluded.tsv").open(encoding="utf-8", newline="") as file:
        return {path: reason for path, reason in csv.reader(file, delimiter="\t") if path != "path"}


def root() -> Path:
    """Find the folder of the corpus without importing music21.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        When music21 isn't installed.
    """
    spec = importlib.util.find_spec("music21")
    if spec is None or spec.origin is None:
        raise InputError("music21 isn't installed, and its scores are what is engraved; pip install music21")
    return Path(spec.origin).parent / "corpus"


@lru_cache(maxsize=1)
def _all_pieces() -> dict[Split, tuple[Piece, ...]]:
    found: dict[Split, list[Piece]] = {"train": [], "val": [], "test": []}
    top = root()
    for path in sorted(p for p in top.rglob("*") if p.suffix in _SUFFIXES):
        name = path.relative_to(top).as_posix()
        if not any(name == stop or (stop.endswith("/") and name.startswith(stop)) for stop in excluded()):
            for piece in _pieces_of(path, name):
                if piece.id not in excluded():
                    found[split_of(piece.composer)].append(piece)
    return {split: tuple(those) for split, those in found.items()}


def _pieces_of(path: Path, name: str) -> list[Piece]:
    """List the piece of a file, or the tunes of a tune book."""
    folder = name.split("/", maxsplit=1)[0]
    if path.suffix != ".abc":
        return [Piece(name, folder, path)]
    found = []
    for number, tune in enumerate(_TUNE.findall(_read(path)), start=1):
        title = re.search(r"^T: *(.*?)\.? *$", tune, re.MULTILINE)
        composer = _COMPOSER_OF_TUNE.get((folder, title.group(1) if title else ""), folder)
        found.append(Piece(f"{name}#{number}", composer, path, number))
    return found


@lru_cache(maxsize=3)
def _by_composer(split: Split) -> dict[str, tuple[Piece, ...]]:
    groups: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces(split):
        groups[piece.composer].append(piece)
    return {name: tuple(group) for name, group in groups.items()}


def _read(path: Path) -> str:
    """Read the text of a file in any encoding, unpacked; line ends are newlines."""
    try:
        data = path.read_bytes()
        if path.suffix == ".mxl":
            with zipfile.ZipFile(path) as archive:
                names = (n for n in archive.namelist() if n.endswith("xml") and not n.startswith("META-INF"))
                data = archive.read(next(names))
    except (OSError, zipfile.BadZipFile, StopIteration) as error:
        raise InputError(f"{path}: can't be read ({error}); reinstall music21") from error
    return _decode(data).replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str:
    """Decode UTF-16 or UTF-8, in XML without the declaration that would contradict the result, or Latin-1."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return re.sub(
            r"^\ufeff?<\?xml[^>]*\?>", '<?xml version="1.0" encoding="UTF-8"?>', data.decode("utf-16")
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
