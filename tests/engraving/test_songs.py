from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from omr.engraving.songs import random_song, split_syllables, verses_of

MEI = "{http://www.music-encoding.org/ns/mei}"


def test_no_verse_is_in_two_splits() -> None:
    train, val, test = (set(verses_of(split)) for split in ("train", "val", "test"))
    assert train and val and test
    assert not train & val and not val & test and not train & test


@pytest.mark.parametrize("seed", range(6))
def test_random_song_is_whole_and_the_same_again(seed: int) -> None:
    text = random_song(np.random.default_rng(seed), "train")
    assert text == random_song(np.random.default_rng(seed), "train")
    song = ElementTree.fromstring(text)
    assert len(list(song.iter(f"{MEI}measure"))) == 14
    ids = [e.get("{http://www.w3.org/XML/1998/namespace}id") for e in song.iter()]
    named = [i for i in ids if i]
    assert len(named) == len(set(named))
    assert list(song.iter(f"{MEI}syl"))


def test_split_syllables_tells_their_places_in_the_word() -> None:
    assert split_syllables("Ro-sen-rot blüht") == [("Ro", "i"), ("sen", "m"), ("rot", "t"), ("blüht", "s")]
