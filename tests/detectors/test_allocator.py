from omr.detectors.allocator import keep_large_blocks


def test_keep_large_blocks_twice_changes_nothing():
    keep_large_blocks()
    keep_large_blocks()
    assert bytes(50_000_000).count(0) == 50_000_000
