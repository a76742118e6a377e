import json

import numpy as np
import pytest

pytest.importorskip("verovio")

import verovio

from omr.engraving.layout import Layout


def test_verovio_takes_every_option_as_it_is_drawn():
    rng = np.random.default_rng(0)
    for _ in range(20):
        options = Layout.random(rng).options
        toolkit = verovio.toolkit()
        toolkit.setOptions(options)
        taken = toolkit.getOptions()
        taken = json.loads(taken) if isinstance(taken, str) else taken
        assert {name: taken[name] for name in options} == pytest.approx(
            options, abs=0.006
        )  # it tells two decimals


def test_sizes_stay_in_their_ranges():
    rng = np.random.default_rng(1)
    layouts = [Layout.random(rng) for _ in range(300)]
    assert all(1400 <= layout.width <= 3400 and 10 <= layout.space <= 28 for layout in layouts)
    assert np.ptp([layout.space for layout in layouts]) > 14
    assert 0.05 < np.mean([layout.width > layout.height for layout in layouts]) < 0.3


def test_the_zoom_makes_the_staff_space():
    layout = Layout(2000, 3000, 12.0)
    assert layout.options["pageWidth"] * layout.zoom == pytest.approx(2000, abs=1)
    assert 2 * layout.options["unit"] * layout.zoom == pytest.approx(12)
