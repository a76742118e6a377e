"""What every trunk promises, and what each paper promises of its own."""

import json

import pytest
import torch
from torch.nn import functional

from omr.commands.train import train
from omr.detectors import save
from omr.detectors.layers import fold_norms
from omr.detectors.trunks import TRUNKS, make_trunk
from omr.detectors.trunks.fcn import FCN
from omr.detectors.trunks.gcn import LargeKernel
from omr.detectors.trunks.refinenet import RefineNet
from omr.errors import InputError
from omr.registry import DETECTORS, read

CLASSES = ("noteheadBlack", "stem", "beam", "slur")
SMALL = {"encoder": "tiny", "channels": 8}


@pytest.fixture(autouse=True)
def same_chance():
    torch.manual_seed(0)


@pytest.fixture(
    params=[pytest.param(name, marks=() if name == "refinenet" else pytest.mark.slow) for name in TRUNKS]
)
def trunk(request):
    return make_trunk(request.param, **SMALL)


@pytest.mark.parametrize("size", [(32, 32), (64, 160), (96, 32)])
def test_trunk_any_multiple_of_32_gives_features_at_the_stride(trunk, size):
    features = trunk.eval()(torch.rand(1, 1, *size))
    assert trunk.stride == 2
    assert features.shape == (1, trunk.channels, size[0] // 2, size[1] // 2)


@pytest.mark.slow
def test_trunk_gradient_reaches_every_parameter(trunk):
    trunk(torch.rand(2, 1, 64, 64)).square().sum().backward()
    assert not [n for n, p in trunk.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]


def test_trunk_learns_from_a_batch_of_one(trunk):
    assert torch.isfinite(trunk.train()(torch.rand(1, 1, 64, 64))).all()


def test_fold_norms_leaves_the_features_the_same(trunk):
    image = torch.rand(2, 1, 64, 64)
    trunk(image)  # statistics other than those of the start
    trunk.eval()
    with torch.no_grad():
        before = trunk(image)
        fold_norms(trunk)
        torch.testing.assert_close(trunk(image), before, rtol=1e-3, atol=1e-4)


def test_trunk_view_allows_the_overlap(trunk):
    assert trunk.view % 32 == 0
    assert trunk.view >= 3 * 160


@pytest.mark.slow
@pytest.mark.parametrize("name", TRUNKS)
def test_read_detector_on_any_trunk_gives_what_was_saved(name, tmp_path):
    detector = DETECTORS["dwdnet"](CLASSES, trunk=name, **SMALL).eval()
    save(detector, tmp_path / "x.safetensors")
    back = read(tmp_path / "x.safetensors").eval()
    assert back.config == json.loads(json.dumps(detector.config))
    image = torch.rand(1, 1, 64, 64)
    with torch.no_grad():
        expected = detector.half().float().trunk(image)
        torch.testing.assert_close(back.trunk(image), expected, rtol=1e-3, atol=1e-3)


def test_trunks_have_equal_channels():
    bare = {"refinenet": {"shortcut": 0}}
    assert {make_trunk(name, **bare.get(name, {})).channels for name in TRUNKS} == {48}


def test_make_trunk_unknown_name_lists_the_choices():
    with pytest.raises(ValueError, match=", ".join(TRUNKS)):
        make_trunk("oak")


def test_train_command_refuses_a_trunk_for_other_detectors(tmp_path):
    with pytest.raises(InputError, match="only dwdnet has a choice of trunks"):
        train([tmp_path], out=tmp_path / "x.safetensors", detector="unet", trunk="gcn")


# each paper's own, and ours


def test_refinenet_shortcut_appends_the_encoders_features():
    net, image = RefineNet(**SMALL, shortcut=5).eval(), torch.rand(1, 1, 64, 96)
    bare = RefineNet(**SMALL, shortcut=0).eval()
    bare.load_state_dict({k: v for k, v in net.state_dict().items() if not k.startswith("shortcut")})
    with torch.no_grad():
        result = net(image)
        torch.testing.assert_close(result[:, :8], bare(image))
        heard = functional.relu(net.shortcut(net.encoder(image)[2]))
    # bilinear by 4: the corner of four coarse cells lies between four fine ones, as far from each
    torch.testing.assert_close(result[0, 8:, 7:9, 7:9].mean((1, 2)), heard[0, :, 1:3, 1:3].mean((1, 2)))


def test_refinenet_weights_without_shortcut_give_the_same_features():
    before = DETECTORS["dwdnet"](CLASSES, **SMALL, shortcut=0).eval()
    now = DETECTORS["dwdnet"](CLASSES, **SMALL).eval()
    now.load_state_dict(before.state_dict())
    rows, columns = torch.tensor([4, 9, 20]), torch.tensor([7, 30, 2])
    with torch.no_grad():
        told = [net.trunk(torch.rand(1, 1, 64, 64, generator=torch.manual_seed(1))) for net in (before, now)]
        assert told[1].shape[1] == told[0].shape[1] + 48
        for head in ("energy", "classes", "boxes"):
            then, here = (
                getattr(net.heads, head)(f if head == "energy" else f[0, :, rows, columns].T)
                for net, f in zip((before, now), told, strict=True)
            )
            torch.testing.assert_close(here, then)


class Slope(torch.nn.Module):
    """Scores that rise across the page, whatever is on it."""

    def forward(self, coarsest):
        height, width = coarsest.shape[-2:]
        return (torch.arange(height)[:, None] + 2.0 * torch.arange(width)).expand(1, 8, -1, -1)


def test_fcn_8s_starts_as_fcn_32s():
    """Silent skips, bilinear doublings; at the page's edges a deconvolution sees zeros beyond."""
    nets = [FCN(**SMALL, finest=finest).eval() for finest in (32, 16, 8)]
    with torch.no_grad():
        for net in nets:
            net.connected = Slope()
        coarse, *finer = (net(torch.rand(1, 1, 256, 256))[..., 32:-32, 32:-32] for net in nets)
        for scores in finer:
            torch.testing.assert_close(scores, coarse)


def test_fcn_unknown_stride_is_refused():
    with pytest.raises(ValueError, match="choose 8, 16 or 32"):
        FCN(finest=4)


@pytest.mark.parametrize("name", ["deeplab", "pspnet"])
def test_dilated_encoder_keeps_stride_8(name):
    features = make_trunk(name, **SMALL).encoder.eval()(torch.rand(1, 1, 64, 64))
    assert [64 // f.shape[-1] for f in features] == [2, 4, 8, 8, 8]


def test_segnet_unpools_to_the_positions_of_the_maxima():
    trunk = make_trunk("segnet", **SMALL).eval()
    seen = []
    trunk.decoder[0].register_forward_hook(lambda _, inputs, output: seen.append(output))
    image = torch.rand(1, 1, 64, 64)
    with torch.no_grad():
        trunk(image)
        stem = functional.relu(trunk.encoder.stem(image))
        places = functional.max_pool2d(stem, 2, return_indices=True)[1]
    maxima = torch.zeros_like(stem).flatten(2).scatter_(2, places.flatten(2), 1).view_as(stem) > 0
    assert (seen[0][~maxima] == 0).all()
    assert (seen[0][maxima] > 0).any()


def reach(trunk, size=256):
    """How far from the middle of the result, in pixels, the page still matters."""
    image = torch.rand(1, 1, size, size, requires_grad=True)
    features = trunk.eval()(image)
    features[0, :, size // 4, size // 4].sum().backward()
    rows = image.grad[0, 0].abs().sum(1).nonzero()
    return int((rows - size // 2).abs().max())


@pytest.mark.slow
def test_pooling_trunks_see_their_whole_view():
    for name in ("deeplab", "pspnet"):
        assert reach(make_trunk(name, **SMALL)) >= 127


def test_large_kernel_receptive_field_is_its_square():
    image = torch.rand(1, 3, 31, 31, requires_grad=True)
    LargeKernel(3, 4, 15).eval()(image)[0, :, 15, 15].sum().backward()
    seen = image.grad[0].abs().sum(0) > 0
    assert seen[8:23, 8:23].all()
    assert seen.sum() == 15**2
