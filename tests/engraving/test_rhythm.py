from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from omr.engraving.page_style import PageStyle
from omr.engraving.random_music import METRES
from omr.engraving.rhythm import NAMES, VALUES, WHOLE, beats, fill

METRIC = [m for m in METRES if "/" in m]


def test_values_have_the_lengths_they_are_written_with():
    for ticks, value in VALUES.items():
        plain = Fraction(2) / 2 ** NAMES.index(value.dur)
        assert Fraction(ticks, WHOLE) == plain * (2 - Fraction(1, 2**value.dots))


@pytest.mark.parametrize("metre", METRIC)
def test_beats_make_up_the_measure(metre):
    count, unit = map(int, metre.split("/"))
    assert sum(beats(count, unit)) * unit == count * WHOLE


def test_compound_and_uneven_metres_are_grouped():
    eighth = WHOLE // 8
    assert beats(6, 8) == [3 * eighth] * 2
    assert beats(7, 8) == [3 * eighth, 2 * eighth, 2 * eighth]
    assert beats(4, 4) == [WHOLE // 4] * 4


@pytest.mark.parametrize("metre", METRIC)
def test_cells_fill_the_measure_exactly(metre):
    count, unit = map(int, metre.split("/"))
    for seed in range(30):
        style = PageStyle(np.random.default_rng(seed), ["tuplet", "128"], {})
        cells = fill((count, unit), style)
        sounding = sum(Fraction(v.ticks * c.den, c.num) for c in cells for v in c.values)
        assert sounding == Fraction(count * WHOLE, unit)
