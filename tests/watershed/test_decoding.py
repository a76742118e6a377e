"""Encoding and decoding are inverse; the watershed is the textbook's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.measure import label as label_regions
from skimage.morphology import local_maxima, reconstruction
from skimage.segmentation import watershed

from omr.watershed import Decoding, Instances, basins, decode, encode, without_nested

SHAPE = (3, 90, 120)


def round_trip(boxes, layers, shape=SHAPE, how=None):
    """Boxes and classes that come back when every cell tells the truth; class i is box i."""
    boxes = np.asarray(boxes, np.float32).reshape(-1, 4)
    targets = encode(boxes, np.asarray(layers, np.int64), shape)

    def read(layer, row, column):
        owner = targets.owner[layer, row, column]
        return np.eye(len(boxes), dtype=np.float32)[owner], boxes[owner]

    return decode(targets.energy, read, how)


def assert_same(found, boxes):
    order = np.argsort(found.classes)
    np.testing.assert_array_equal(found.classes[order], np.arange(len(boxes)))
    np.testing.assert_allclose(found.boxes[order], boxes, atol=1e-3)


@st.composite
def pages(draw):
    """Boxes of all sizes; those of a layer may overlap, as long as each keeps its own summit."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kept, layers = [], []
    for _ in range(draw(st.integers(0, 120))):
        size = np.exp(rng.uniform(np.log(0.5), np.log((60, 40))))
        centre = rng.uniform(3, (SHAPE[2] - 3, SHAPE[1] - 3))
        box = np.concatenate([centre - size / 2, centre + size / 2])
        layer = int(rng.integers(SHAPE[0]))
        if all(separable(box, other) for other, of in zip(kept, layers, strict=True) if of == layer):
            kept.append(box)
            layers.append(layer)
    return np.array(kept, np.float32).reshape(-1, 4), np.array(layers, np.int64)


def separable(a, b, depth=0.1):
    """Whether each summit stands clear of the other's slope by the depth, with room for the grid's cells."""
    return stands_clear(a, b, depth) and stands_clear(b, a, depth)


def stands_clear(a, b, depth):
    """Whether b's energy anywhere on a's own peak stays `depth` below a's summit."""
    radius = [np.maximum((box[2:] - box[:2]) / 2, 1.5) for box in (a, b)]
    apart = np.abs((a[:2] + a[2:]) / 2 - (b[:2] + b[2:]) / 2)
    slope = 1 - np.maximum(apart - radius[0], 0) / radius[1]
    return bool(slope.min() < 1 - depth - 1 / min(radius[0].min(), radius[1].min()))


@pytest.mark.slow
@given(pages())
@settings(max_examples=150, deadline=None)
def test_decode_inverts_encode(page):
    boxes, layers = page
    assert_same(round_trip(boxes, layers), boxes)


def test_decode_touching_noteheads_are_two():
    chord = [[20, 10 + 6 * i, 27, 16 + 6 * i] for i in range(4)]
    assert_same(round_trip(chord, [0] * 4), chord)


def test_decode_overlapping_noteheads_of_a_second_are_two():
    second = [[20, 10, 27, 16], [26.5, 13, 33.5, 19]]
    assert_same(round_trip(second, [0, 0]), second)


def test_decode_repeat_dots_beside_barlines():
    dots = [[30, 20, 32.4, 22.4], [30, 26, 32.4, 28.4]]
    barlines = [[34, 10, 34.8, 34], [37, 10, 40, 34]]
    assert_same(round_trip(dots + barlines, [0, 0, 1, 1]), dots + barlines)


def test_decode_stem_through_noteheads_under_a_slur():
    heads = [[20, 30, 27, 36], [20, 42, 27, 48]]
    stem = [[26.4, 10, 27.1, 45]]
    slur = [[18, 5, 80, 40]]
    assert_same(round_trip(heads + stem + slur, [0, 0, 1, 2]), heads + stem + slur)


def test_decode_symbols_beyond_the_edge_keep_their_box():
    boxes = [[-4, 20, 8, 24], [116, 85, 126, 95]]
    assert_same(round_trip(boxes, [0, 0]), boxes)


def test_decode_empty_landscape_gives_nothing():
    assert len(round_trip([], []).boxes) == 0


@pytest.mark.parametrize("seed", range(5))
def test_basins_equal_scikit_images_watershed_from_h_maxima(seed):
    rng = np.random.default_rng(seed)
    centre = rng.uniform(0, (120, 90), (60, 2))
    size = rng.uniform(2, 25, (60, 2))
    boxes = np.concatenate([centre - size / 2, centre + size / 2], 1).astype(np.float32)
    energy = encode(boxes, np.zeros(60, np.int64), (1, 90, 120)).energy[0]
    energy = np.clip(energy + rng.normal(0, 0.02, energy.shape), 0, 1)
    # whole steps of 1/256 are exact in binary, so that the two agree on what is deep enough
    energy = np.round(energy * 256).astype(np.float32) / 256
    foreground, depth = 0.25, 0.125
    cells, label = basins(energy[None], foreground, depth)

    # the reference floods the same landscape, cut off at the foreground
    cut = np.where(energy > foreground, energy, 0)
    whole = (cut * 256).astype(np.int32)
    flooded = reconstruction(whole - int(depth * 256), whole, footprint=np.ones((3, 3)))
    markers = label_regions(local_maxima(flooded, connectivity=2) & (cut > 0), connectivity=2)
    reference = watershed(-whole, markers, connectivity=2, mask=cut > 0)
    ours = np.zeros(energy.shape, np.int64)
    ours.ravel()[cells] = label + 1

    assert ours.max() == reference.max()
    # where floods meet, a cell may go either way: the summits must agree, and nearly all cells
    pairs = {tuple(pair) for pair in zip(ours[markers > 0], markers[markers > 0], strict=True)}
    assert len(pairs) == markers.max()
    renamed = np.zeros(ours.max() + 1, np.int64)
    for mine, theirs in pairs:
        renamed[mine] = theirs
    assert (renamed[ours] == reference)[cut > 0].mean() > 0.9


def test_basins_larger_depth_merges_more():
    rng = np.random.default_rng(3)
    energy = rng.random((1, 60, 60), np.float32)
    counts = [basins(energy, 0.3, depth)[1].max() + 1 for depth in (0.01, 0.1, 0.3, 0.6, 1.1)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_decode_foreground_hides_faint_symbols():
    box = np.array([[10, 10, 20, 20]], np.float32)
    targets = encode(box, np.zeros(1, np.int64), (1, 40, 40))
    faint = targets.energy * 0.15
    found = decode(faint, lambda *_: pytest.fail("nothing to read"), Decoding(foreground=0.2))
    assert len(found.boxes) == 0


def test_decode_divided_vote_gives_every_class_with_a_share():
    box = np.array([[10, 10, 20, 20]], np.float32)
    energy = encode(box, np.zeros(1, np.int64), (1, 40, 40)).energy

    def read(layer, row, column):
        votes = np.array([0.02, 0.3, 0.68], np.float32)
        return np.tile(votes, (len(row), 1)), np.tile(box, (len(row), 1))

    found = decode(energy, read, Decoding(share=0.1))
    order = np.argsort(found.places)
    assert found.classes[order].tolist() == [2, 1] and found.places[order].tolist() == [0, 1]
    np.testing.assert_allclose(found.votes[order], [0.68, 0.3], atol=1e-6)
    np.testing.assert_allclose(found.boxes, np.tile(box, (2, 1)), atol=1e-5)
    assert found.symbols.tolist() == [0, 0]
    assert decode(energy, read, Decoding(share=0.9)).classes.tolist() == [2]  # the winner, come what may


def test_without_nested_drops_a_copy_inside_a_better_symbol():
    boxes = np.array([[0, 0, 20, 50], [4, 20, 14, 34], [5, 21, 13, 33], [30, 0, 40, 40], [38, 0, 60, 40]])
    classes = np.array([1, 1, 2, 1, 1])  # clef, its curl, another class inside, and two that touch
    peaks, votes = np.full(5, 0.9, np.float32), np.ones(5, np.float32)
    found = Instances(boxes.astype(np.float32), classes, peaks, votes, np.zeros(5, np.int64), np.arange(5))
    assert without_nested(found).all()  # none is better than another
    found.peaks[0] = 0.95
    assert without_nested(found).tolist() == [True, False, True, True, True]
    assert found.only(without_nested(found)).classes.tolist() == [1, 2, 1, 1]
