import cv2
import numpy as np
import torch
from torchvision.ops import box_iou

from omr.baselines.proposals import as_mask, propose, regions, without_staff_lines


def staff_with_notes():
    """Five lines, a beamed pair of notes on ledger lines, a dot, and their boxes."""
    ink = np.zeros((160, 200), np.float32)
    for line in range(5):
        ink[40 + 12 * line : 42 + 12 * line, :] = 1
    boxes = []
    for x in (60, 110):
        cv2.ellipse(ink, (x, 124), (7, 6), 0, 0, 360, 1, -1)
        boxes.append((x - 7, 118, x + 8, 131))
        ink[70:124, x + 6 : x + 8] = 1
        ink[112:114, x - 11 : x + 12] = 1
    ink[66:72, 66:118] = 1
    boxes.append((66, 66, 118, 72))  # the beam
    ink[60:65, 150:155] = 1
    boxes.append((150, 60, 155, 65))  # the dot
    return ink, np.array(boxes, np.float32)


def test_propose_touching_notes_one_by_one():
    ink, boxes = staff_with_notes()
    proposed = torch.from_numpy(propose(as_mask(torch.from_numpy(ink))))
    assert box_iou(torch.from_numpy(boxes), proposed).amax(1).min() > 0.5


def test_without_staff_lines_keeps_all_else():
    ink, _ = staff_with_notes()
    bare = without_staff_lines(as_mask(torch.from_numpy(ink)))
    assert not bare[40:42, :60].any()
    assert bare[118:130, 60].all()
    assert bare[66:72, 70:110].all()


def test_propose_on_paper_gives_the_whole_image():
    (only,) = regions(torch.zeros(1, 1, 40, 60))
    assert only.tolist() == [[0, 0, 60, 40]]
