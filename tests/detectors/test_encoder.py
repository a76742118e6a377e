"""The encoders that trunks stand on."""

import pytest
import torch

from omr.detectors.encoder import SIZES, STRIDES, Encoder


@pytest.fixture(params=list(SIZES))
def encoder(request):
    return Encoder(request.param)


def test_encoder_features_have_the_strides_and_channels(encoder):
    features = encoder(torch.rand(1, 1, 64, 96))
    wanted = [(1, c, 64 // s, 96 // s) for c, s in zip(encoder.channels, STRIDES, strict=True)]
    assert [tuple(map.shape) for map in features] == wanted


def test_encoder_strided_shortcuts_have_16_channels_or_more(encoder):
    """OneDNN writes past its buffer in the gradient of one from fewer than 16 channels."""
    pointwise = [m for m in encoder.modules() if isinstance(m, torch.nn.Conv2d) and m.kernel_size == (1, 1)]
    assert len(pointwise) == 4
    assert min(conv.in_channels for conv in pointwise) >= 16
