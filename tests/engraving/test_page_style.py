from __future__ import annotations

import numpy as np

from omr.engraving.page_style import PageStyle


def share(rare: list[str], decide) -> float:
    """How often pages on average decide for something."""
    styles = [PageStyle(np.random.default_rng(seed), rare, {"tremolo3": ("tremolo",)}) for seed in range(200)]
    return float(np.mean([[decide(style) for _ in range(20)] for style in styles]))


def test_a_favoured_decision_is_taken_far_more_often():
    def wants(style):
        return style.wants("segno", 0.02)

    assert 0.01 < share([], wants) < 0.05
    assert share(["segno"], wants) > 5 * share([], wants)


def test_a_class_brings_what_it_hangs_on_and_its_own_name():
    assert share(["tremolo3"], lambda t: t.wants("tremolo", 0.02)) > 2 * share(
        [], lambda t: t.wants("tremolo", 0.02)
    )

    def third(style):
        return style.pick({f"tremolo{n}": 1.0 for n in range(1, 6)}) == "tremolo3"

    assert share(["tremolo3"], third) > 2.5 * share([], third)


def test_context_in_a_published_name_does_not_matter():
    def alto(style):
        return style.wants("clefC", 0.02)

    assert share(["clefCAlto"], alto) > 5 * share([], alto)
