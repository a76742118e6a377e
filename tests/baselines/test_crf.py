"""The CRF against its definition, summed over all pairs of cells."""

import torch

from omr.baselines.crf import Potentials, refine
from omr.registry import DETECTORS

HOW = Potentials(alike=1.3, near=0.7, alike_reach=6.0, near_reach=5.0, darkness=0.3, rounds=3)


def by_definition(probability, ink, how):
    """Mean field with every pair of cells, the kernels written out."""
    height, width = ink.shape
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    place = torch.stack([y, x], -1).reshape(-1, 2).float()
    apart = ((place[:, None] - place) ** 2).sum(-1)
    unlike = (ink.flatten()[:, None] - ink.flatten()) ** 2
    alike = torch.exp(-apart / (2 * how.alike_reach**2) - unlike / (2 * how.darkness**2))
    near = torch.exp(-apart / (2 * how.near_reach**2))
    kernel = how.alike * alike / alike.sum(1, keepdim=True) + how.near * near / near.sum(1, keepdim=True)
    unary = probability.flatten(1).logit()
    belief = probability.flatten(1)
    for _ in range(how.rounds):
        belief = (unary + (2 * belief - 1) @ kernel.T).sigmoid()
    return belief.view_as(probability)


def test_refine_is_mean_field_over_all_pairs():
    torch.manual_seed(0)
    ink = torch.randint(0, 5, (11, 13)) / 4  # on the levels, where splitting darkness into them is exact
    probability = torch.rand(2, 11, 13).clamp(0.01, 0.99)
    torch.testing.assert_close(refine(probability, ink, HOW), by_definition(probability, ink, HOW))


def test_refine_between_levels_of_darkness_is_nearly_exact():
    torch.manual_seed(0)
    ink, probability = torch.rand(11, 13), torch.rand(2, 11, 13).clamp(0.01, 0.99)
    assert (refine(probability, ink, HOW) - by_definition(probability, ink, HOW)).abs().max() < 0.03


def test_refine_fills_holes_and_removes_specks():
    ink = torch.zeros(20, 20)
    ink[5:15, 5:15] = 1
    probability = 0.1 + 0.8 * ink[None]
    probability[0, 10, 10] = 0.4
    probability[0, 2, 2] = 0.6
    belief = refine(probability, ink)[0]
    assert ((belief > 0.5) == (ink > 0.5)).all()


def test_deeplab_with_crf_refines_its_maps():
    """A cell of a blob that the net doubts joins the others; paper stays paper."""
    ink = torch.zeros(1, 1, 40, 39)
    ink[..., 10:30, 10:30] = 1
    maps = torch.zeros(2, 20, 20)
    maps[0, 5:15, 5:15] = 0.9
    maps[0, 10, 10] = 0.4
    for crf, joined in ((False, False), (True, True)):
        detector = DETECTORS["deeplab"](("noteheadBlack", "stem"), crf=crf)
        assert detector.config["crf"] == crf
        refined = detector.refine(maps.clone(), ink)
        assert (refined[0, 10, 10] > 0.5) == joined
        assert ((refined[0] > 0) == (maps[0] > 0)).all()
        assert (refined[1] == 0).all()
