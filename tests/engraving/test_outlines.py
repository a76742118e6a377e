import pytest

pytest.importorskip("skia")

from omr.engraving.outlines import bounds, path_of, stroked


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("M1 2 L5 2 L5 8 z", (1, 2, 5, 8)),
        ("m1 2h4v6z", (1, 2, 5, 8)),
        ("M0 0 4 0 4 3", (0, 0, 4, 3)),  # more points after M are lines
        ("m0 0 4 0 0 3", (0, 0, 4, 3)),
        ("M0-0v-1.5h.5z", (0, -1.5, 0.5, 0)),
        ("M0 0C0 4 8 4 8 0z", (0, 0, 8, 3)),  # a cubic reaches 3/4 of its control height
        ("M0 0Q4 4 8 0z", (0, 0, 8, 2)),
        ("M0 0C0 4 8 4 8 0S16-4 16 0z", (0, -3, 16, 3)),  # the second control point mirrors the first
        ("M2 2l2 0 0 2z m4 4l1 0 0 1z", (2, 2, 7, 7)),  # relative to where the first contour began
    ],
)
def test_bounds_of_path_data_are_exact(data, expected):
    assert bounds(path_of(data)) == pytest.approx(expected, abs=1e-4)


def test_arcs_are_refused():
    with pytest.raises(ValueError, match="path data"):
        path_of("M0 0A5 5 0 0 1 10 10")


def test_a_stroke_reaches_half_its_width_to_each_side():
    line = path_of("M10 5 L20 5")
    assert bounds(stroked(line, 2)) == pytest.approx((10, 4, 20, 6))
    assert bounds(stroked(line, 2, cap="square")) == pytest.approx((9, 4, 21, 6))


def test_a_dashed_stroke_ends_with_its_last_dash():
    line = path_of("M0 0 L10 0")
    assert bounds(stroked(line, 2, dash=(3, 5))).x1 == pytest.approx(10)  # 0-3, 8-10
    assert bounds(stroked(line, 2, dash=(3, 9))).x1 == pytest.approx(3)
