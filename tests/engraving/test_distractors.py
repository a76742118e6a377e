from __future__ import annotations

import numpy as np
import pytest

from omr.engraving import distractors
from omr.engraving.distractors import add_distractors

NONE = np.zeros((0, 4))


@pytest.fixture
def no_shadows(monkeypatch):
    """Smudges and shadows may lie over music; leave them out where ink is looked for."""
    monkeypatch.setattr(distractors, "_smudge", lambda page, rng: None)
    monkeypatch.setattr(distractors, "_shade_edge", lambda page, rng: None)


def blank(height: int = 1400, width: int = 1000):
    return np.full((height, width), 255, np.uint8)


def test_boxes_and_ink_stay_as_they_are(no_shadows):
    boxes = np.array([[100, 200, 900, 500], [300.5, 700.2, 650.9, 1100.7]])
    page = blank()
    page[1200:1210, 50:950] = 0
    touched = 0
    for seed in range(30):
        out = add_distractors(page, boxes, np.random.default_rng(seed))
        for x0, y0, x1, y1 in boxes:
            inside = np.s_[int(y0) : int(np.ceil(y1)), int(x0) : int(np.ceil(x1))]
            assert (out[inside] == 255).all()
        assert (out[1190:1220, 50:950] == page[1190:1220, 50:950]).all()
        touched += bool((out != page).any())
    assert touched > 20


def test_a_full_page_gets_nothing(no_shadows):
    everything = np.array([[0, 0, 1000, 1400]])
    for seed in range(10):
        assert (add_distractors(blank(), everything, np.random.default_rng(seed)) == 255).all()


def test_the_page_given_is_not_changed_and_chance_repeats():
    page = blank()
    first, second = (add_distractors(page, NONE, np.random.default_rng(3)) for _ in range(2))
    assert (page == 255).all()
    assert (first == second).all()
    assert first.shape == page.shape
    assert first.dtype == np.uint8


@pytest.mark.parametrize("shape", [(40, 30), (300, 2000), (2500, 200), (1403, 997)])
def test_any_size_of_page(shape):
    for seed in range(15):
        assert add_distractors(blank(*shape), NONE, np.random.default_rng(seed)).shape == shape


def test_every_kind_makes_ink():
    for make, _, _ in distractors._KINDS:
        for seed in range(10):
            ink = make(np.random.default_rng(seed), 24.0)
            assert ink.dtype == np.uint8
            assert ink.max() > 100
            assert 0.005 < (ink > 100).mean() < 0.8
