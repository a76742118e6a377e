from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn import functional

from omr.detectors.tensor_tiling import blend_tensors
from omr.detectors.tiling import _ramps, tile_spans


def halve(ink):
    """A net that sees one pixel around each cell."""
    smooth = functional.avg_pool2d(functional.pad(ink, (1, 1, 1, 1)), 3, 1)
    return (functional.avg_pool2d(smooth, 2)[0].permute(1, 2, 0),)


def blended(ink, tile, overlap):
    return blend_tensors(ink, halve, 2, tile, overlap)[0]


@pytest.mark.parametrize("size", [(64, 64), (200, 130), (333, 517), (97, 640)])
def test_blend_of_tiles_equals_the_map_of_the_whole_page(size):
    ink = torch.rand(1, 1, *size, generator=torch.Generator().manual_seed(0))
    whole = blended(ink, 10**6, 32)
    tiled = blended(ink, 192, 64)
    assert tiled.shape == (-(-size[0] // 2), -(-size[1] // 2), 1)
    difference = (whole - tiled).abs()
    # it may differ only at a tile's own border, where the net looks over the edge: there its weight is least
    assert difference.max() < 0.01
    assert difference.median() < 1e-6


@pytest.mark.parametrize("length", [1, 31, 32, 33, 500, 1536, 1537, 4000])
def test_tile_spans_cover_the_page_with_weights_that_sum_to_1(length):
    spans = tile_spans(length, 512, 96)
    padded = -(-length // 32) * 32
    assert spans[0][0] == 0
    assert spans[-1][1] == padded
    assert all(end - start <= 512 and (end - start) % 32 == 0 for start, end in spans)
    total = np.zeros(padded // 2)
    for (start, end), ramp in zip(spans, _ramps(spans, 2), strict=True):
        total[start // 2 : end // 2] += ramp
    np.testing.assert_allclose(total, 1, atol=1e-6)


def test_tile_spans_overlap_enough():
    spans = tile_spans(4000, 512, 96)
    assert min(a[1] - b[0] for a, b in pairwise(spans)) >= 96
