"""The CRF against its definition, summed over all pairs of cells."""

import torch

from omr.baselines.crf import Potentials, refine
from omr.detectors import DETECTORS

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


def test_it_is_mean_field_over_all_pairs():
    torch.manual_seed(0)
    ink = torch.randint(0, 5, (11, 13)) / 4  # on the levels, where splitting darkness into them is exact
    probability = torch.rand(2, 11, 13).clamp(0.01, 0.99)
    torch.testing.assert_close(refine(probability, ink, HOW), by_definition(probability, ink, HOW))


def test_between_the_levels_it_is_nearly_that():
    torch.manual_seed(0)
    ink, probability = torch.rand(11, 13), torch.rand(2, 11, 13).clamp(0.01, 0.99)
    assert (refine(probability, ink, HOW) - by_definition(probability, ink, HOW)).abs().max() < 0.03


def test_a_hole_in_the_ink_is_filled_and_a_speck_on_the_paper_goes():
    ink = torch.zeros(20, 20)
    ink[5:15, 5:15] = 1
    probability = 0.1 + 0.8 * ink[None]
    probability[0, 10, 10] = 0.4
    probability[0, 2, 2] = 0.6
    belief = refine(probability, ink)[0]
    assert ((belief > 0.5) == (ink > 0.5)).all()


def test_deeplab_uses_it_when_asked():
    torch.manual_seed(0)
    plain = DETECTORS["deeplab"](("noteheadBlack", "stem")).eval()
    with_crf = DETECTORS["deeplab"](("noteheadBlack", "stem"), crf=True).eval()
    torch.nn.init.constant_(plain.classify.bias, 0)
    with_crf.load_state_dict(plain.state_dict())
    assert with_crf.config["crf"]
    features, ink = torch.rand(1, 48, 16, 16), torch.rand(1, 1, 32, 31)
    raw, refined = (d.probabilities(features, ink, slice(0, 2)) for d in (plain, with_crf))
    assert refined.shape == raw.shape
    assert not torch.allclose(raw, refined)
