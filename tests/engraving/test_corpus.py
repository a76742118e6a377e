from __future__ import annotations

import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

from omr.engraving import corpus
from omr.errors import InputError

SPLITS = ("train", "val", "test")


@pytest.fixture(scope="module", autouse=True)
def installed():
    try:
        corpus.root()
    except InputError:
        pytest.skip("music21 isn't installed")


def test_no_composer_is_in_two_splits():
    composers = {split: {piece.composer for piece in corpus.pieces(split)} for split in SPLITS}
    assert composers["test"] == set(corpus.TEST_COMPOSERS)
    assert composers["val"] == set(corpus.VAL_COMPOSERS)
    assert not composers["train"] & (composers["test"] | composers["val"])


def test_the_two_schumanns_are_kept_apart():
    assert all("schumann_robert" not in piece.id for piece in corpus.pieces("test"))
    assert any(piece.id.startswith("schumann_clara/") for piece in corpus.pieces("test"))
    assert all("schumann_clara" not in piece.id for piece in corpus.pieces("val"))


def test_tunes_by_handel_inside_tune_books_are_for_the_test():
    tunes = [piece for piece in corpus.pieces("test") if piece.tune]
    assert len(tunes) == 2
    assert any("Handel" in tune.load() for tune in tunes)


def test_a_piece_has_an_id_of_its_own():
    ids = [piece.id for split in SPLITS for piece in corpus.pieces(split)]
    assert len(ids) == len(set(ids)) > 5000


def test_what_is_excluded_exists_and_stays_out():
    listed = {piece.id for split in SPLITS for piece in corpus.pieces(split)}
    for path, reason in corpus.excluded().items():
        assert (corpus.root() / path.split("#", maxsplit=1)[0]).exists(), path
        assert reason
        assert path not in listed
    assert not any(i.startswith(("palestrina/", "essenFolksong/")) for i in listed)


def test_a_tune_is_one_tune():
    tunes = [piece for piece in corpus.pieces("train") if piece.tune][::200]
    for piece in tunes:
        text = piece.load()
        assert text.startswith("X:")
        assert text.count("\nX:") == 0
        assert "\nK:" in text


def test_every_file_is_text_that_begins_like_a_score():
    whole = [piece for split in SPLITS for piece in corpus.pieces(split) if not piece.tune][::8]
    for piece in whole:
        assert piece.load().lstrip().startswith(("<?xml", "<score", "!!", "**kern")), piece.id


def test_utf_16_is_decoded_and_no_longer_declared():
    text = '<?xml version="1.0" encoding="UTF-16"?><a>é</a>'
    assert corpus._decode(text.encode("utf-16")) == '<?xml version="1.0" encoding="UTF-8"?><a>é</a>'
    assert corpus._decode("é".encode("latin-1")) == "é"
    assert corpus._decode("\ufeffé".encode()) == "é"


def test_draws_are_balanced_and_repeatable():
    def draws(seed: int) -> list[str]:
        rng = np.random.default_rng(seed)
        return [corpus.draw(rng, "train").composer for _ in range(400)]

    assert draws(1) == draws(1)
    counts = Counter(draws(2))
    assert max(counts.values()) < 120
    assert len(counts) > 15


def test_a_missing_tune_is_told(tmp_path):
    book = tmp_path / "book.abc"
    book.write_text("X:1\nK:C\nCDEF|\n")
    with pytest.raises(InputError, match="1 tunes, not 2"):
        corpus.Piece("book.abc#2", "nobody", book, 2).load()


def test_listing_does_not_import_music21():
    code = "import sys, omr.engraving.corpus as c; c.pieces('test'); sys.exit('music21' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
