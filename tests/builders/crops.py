"""A crop that detectors learn in tests, and the options that make them small enough for it."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torchvision.ops import box_iou

CLASSES = ("noteheadBlack", "stem", "beam", "slur")

NARROW = {"encoder": "tiny", "channels": 16}
TINY = {
    "dwdnet": NARROW | {"widths": (16, 16, 16, 16)},
    "ssd": {"encoder": "tiny"},
    "sliding_window": {"encoder": "tiny"},
    "rcnn": {"encoder": "tiny"},
}
"""What makes a detector small enough for tests."""


def drawn() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A crop of ellipses, uprights and bars, with its boxes and labels."""
    image = np.full((96, 96), 255, np.uint8)
    places = [
        (20, 20, 0),
        (48, 22, 1),
        (76, 18, 2),
        (20, 50, 2),
        (50, 52, 0),
        (78, 48, 1),
        (18, 76, 1),
        (50, 78, 2),
    ]
    boxes = []
    for x, y, label in places:
        if label == 0:
            cv2.ellipse(image, (x, y), (7, 6), 0, 0, 360, 0, -1)
            boxes.append((x - 7, y - 6, x + 8, y + 7))
        else:
            width, height = ((2, 28), (24, 6))[label - 1]
            boxes.append((x - width // 2, y - height // 2, x + width // 2, y + height // 2))
            x0, y0, x1, y1 = boxes[-1]
            image[y0:y1, x0:x1] = 0
    return image, np.array(boxes, np.float32), np.array([label for *_, label in places])


def found_of(found, boxes, labels, iou=0.5):
    """How many of the symbols are among what was found, and how many of that aren't symbols."""
    sure = found.scores > 0.3
    overlap = box_iou(torch.from_numpy(boxes), torch.from_numpy(found.boxes[sure])).numpy()
    right = (overlap > iou) & (labels[:, None] == found.classes[sure])
    return int(right.any(1).sum()), int((~right.any(0)).sum())
