"""Long symbols, found in pieces, are joined; what only lies near is not."""

import numpy as np

from omr.watershed import Instances, join_fragments

LONG = np.array([True, False, True])


def found(*rows: tuple[float, float, float, float, int, float]) -> Instances:
    """Instances from (x0, y0, x1, y1, class, peak), each the winner of its vote."""
    table = np.array(rows, np.float32).reshape(-1, 6)
    ones, order = np.ones(len(table), np.float32), np.arange(len(table))
    return Instances(table[:, :4], table[:, 4].astype(np.int64), table[:, 5], ones, 0 * order, order)


def boxes(instances: Instances) -> list[list[float]]:
    return sorted(instances.boxes.tolist())


def test_join_fragments_three_of_a_bracket_are_one_with_the_best_score():
    one = join_fragments(found((0, 0, 4, 40, 0, 0.2), (0, 30, 4, 70, 0, 0.6), (1, 60, 5, 99, 0, 0.3)), LONG)
    assert boxes(one) == [[0, 0, 5, 99]]
    assert one.peaks.tolist() == [np.float32(0.6)]


def test_join_fragments_ignores_classes_that_lost_the_vote():
    pieces = found((0, 0, 4, 40, 0, 0.2), (0, 30, 4, 70, 0, 0.6))
    pieces.places[1] = 1
    assert boxes(join_fragments(pieces, LONG)) == boxes(pieces)


def test_join_fragments_of_a_sloping_slur_are_one():
    one = join_fragments(found((0, 20, 40, 30, 2, 0.5), (30, 15, 70, 27, 2, 0.4)), LONG)
    assert boxes(one) == [[0, 15, 70, 30]]


def test_join_fragments_with_a_gap_stay_two():
    two = found((0, 0, 40, 6, 2, 0.5), (41, 0, 80, 6, 2, 0.5))
    assert boxes(join_fragments(two, LONG)) == boxes(two)


def test_join_fragments_touching_beams_stay_two():
    two = found((0, 0, 40, 6, 2, 0.5), (38, 0, 80, 6, 2, 0.5))
    assert boxes(join_fragments(two, LONG)) == boxes(two)


def test_join_fragments_slur_over_slur_stays_two():
    two = found((0, 0, 100, 12, 2, 0.5), (60, 10, 120, 22, 2, 0.5), (30, 2, 60, 10, 2, 0.5))
    assert boxes(join_fragments(two, LONG)) == boxes(two)


def test_join_fragments_of_different_classes_stay():
    two = found((0, 0, 40, 6, 2, 0.5), (30, 0, 80, 6, 0, 0.5))
    assert boxes(join_fragments(two, LONG)) == boxes(two)


def test_join_fragments_leaves_other_classes():
    short = found((0, 0, 40, 6, 1, 0.5), (30, 0, 80, 6, 1, 0.5))
    assert boxes(join_fragments(short, LONG)) == boxes(short)
    assert len(join_fragments(found(), LONG).boxes) == 0
