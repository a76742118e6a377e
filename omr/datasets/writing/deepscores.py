"""Datasets written as DeepScoresV2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from omr.datasets.base import Dataset
from omr.datasets.deepscores import DeepScores
from omr.datasets.writing.job import Job, write_json


def write_deepscores(job: Job) -> None:
    """Write ``deepscores_<split>.json`` and ``images``; oriented boxes are kept.

    Parameters
    ----------
    job : Job
    """
    number = {name: i for i, name in enumerate(job.categories, start=1)}
    own = {"deepscores": "deepscores", "muscima": "muscima++", "core": "core"}[job.names]
    header = {
        "info": {"description": "Converted by omr, in the format of DeepScoresV2", "version": "2.0"},
        "annotation_sets": [own],
        "categories": {
            str(i): {"name": name, "annotation_set": own, "color": i} for name, i in number.items()
        },
    }
    for split, part in job.parts.items():
        file = job.folder / f"deepscores_{split}.json"
        for i, stem in enumerate(job.stems(part)):
            job.write_image(part, i, job.folder / "images" / f"{stem}.png")
        images = _images(job, part)
        annotations = _annotations(job, part, number)
        write_json(file, header, {"images": images}, {"annotations": annotations})


def _images(job: Job, part: Dataset) -> Iterator[dict[str, Any]]:
    """Yield the entries of the images; their annotations are numbered from 1."""
    key = 1
    for i, stem in enumerate(job.stems(part)):
        page = job.page(part, i)
        keys = [str(key + k) for k in range(len(page.symbols))]
        key += len(keys)
        name = f"{stem}.png"
        yield {"id": i + 1, "filename": name, "width": page.width, "height": page.height, "ann_ids": keys}


def _annotations(job: Job, part: Dataset, number: dict[str, int]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the annotations by key; `number` has the numbers of the classes."""
    key = 0
    for i in range(len(part)):
        page = job.page(part, i)
        corners = part.oriented(i) if isinstance(part, DeepScores) and not job.core else None
        for k, symbol in enumerate(page.symbols):
            key += 1
            x0, y0, x1, y1 = symbol.box
            oriented = [x1, y1, x1, y0, x0, y0, x0, y1] if corners is None else corners[k].ravel().tolist()
            yield (
                str(key),
                {
                    "a_bbox": [x0, y0, x1, y1],
                    "o_bbox": oriented,
                    "cat_id": [str(number[symbol.name])],
                    "area": symbol.box.width * symbol.box.height,
                    "img_id": str(i + 1),
                    "comments": "",
                },
            )
