"""The plan of a training."""

from omr.training import Plan


def test_crops_every_so_many_steps_are_one_with_the_area_of_the_batch():
    plan = Plan(batch=4, size=128, large_crop_every=3)
    assert [plan.crops(step) for step in range(4)] == [(4, 128), (4, 128), (1, 256), (4, 128)]
    assert Plan(batch=4, size=128, large_crop_every=0).crops(3) == (4, 128)
