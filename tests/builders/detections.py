"""Random pages of truth, and predictions near them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from omr.page import Box, Page, Symbol

NAMES = ("stem", "beam", "slur", "noteheadBlack")


def random_pages(seed, pages=3, count=150, longest=60.0, crowds=0):
    """Truth, with so many crowds, and predictions: near, far, double, missing or of another class."""
    rng = np.random.default_rng(seed)
    truth, predicted = [], []
    for number in range(pages):
        corner = rng.uniform(0, 900, (count, 2))
        boxes = np.concatenate([corner, corner + rng.uniform(2, longest, (count, 2))], 1)
        names = rng.choice(NAMES, count)
        whole = page(names, boxes, source=f"{number}.png")
        around = np.concatenate([corner[:crowds] - 50, corner[:crowds] + 100], 1)
        truth.append(replace(whole, crowds=page(names[:crowds], around).symbols))
        again = rng.integers(0, count, count)
        moved = boxes[again] + rng.normal(0, 3, (count, 4))
        moved[:, 2:] = np.maximum(moved[:, 2:], moved[:, :2] + 1)
        called = np.where(rng.random(count) < 0.9, names[again], rng.choice(NAMES, count))
        predicted.append(page(called, moved, rng.random(count), source=f"{number}.png"))
    return truth, predicted


def page(names, boxes, scores=None, source="page.png"):
    scores = np.ones(len(names)) if scores is None else scores
    symbols = (
        Symbol(str(name), Box(*map(float, box)), float(score))
        for name, box, score in zip(names, boxes, scores, strict=True)
    )
    return Page(1000, 1000, tuple(symbols), source=source)
