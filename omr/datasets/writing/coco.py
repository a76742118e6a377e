"""Datasets written as COCO."""

from __future__ import annotations

from collections.abc import Iterator

from omr.datasets.base import Dataset
from omr.datasets.writing.job import Job, write_json
from omr.page import Symbol


def write_coco(job: Job) -> None:
    """Write ``annotations/instances_<split>.json`` and ``images``.

    Parameters
    ----------
    job : Job
    """
    number = {name: i for i, name in enumerate(job.categories, start=1)}
    header = {
        "info": {"description": "Converted by omr", "version": "1.0"},
        "licenses": [],
        "categories": [{"id": i, "name": name, "supercategory": ""} for name, i in number.items()],
    }
    for split, part in job.parts.items():
        stems = job.stems(part)
        for i, stem in enumerate(stems):
            job.write_image(part, i, job.folder / "images" / split / f"{stem}.png")
        images = (
            {"id": i + 1, "file_name": f"{split}/{stem}.png", "width": page.width, "height": page.height}
            for i, (stem, page) in enumerate(zip(stems, part, strict=True))
        )
        annotations = (
            {
                "id": identity,
                "image_id": i + 1,
                "category_id": number[symbol.name],
                "bbox": [symbol.box.x0, symbol.box.y0, symbol.box.width, symbol.box.height],
                "area": symbol.box.width * symbol.box.height,
                "iscrowd": crowd,
            }
            for identity, (i, symbol, crowd) in enumerate(_symbols_and_crowds(job, part), start=1)
        )
        file = job.folder / "annotations" / f"instances_{split}.json"
        write_json(file, header, {"images": images, "annotations": annotations})


def _symbols_and_crowds(job: Job, part: Dataset) -> Iterator[tuple[int, Symbol, int]]:
    """Yield the number of the page, the symbol, and COCO's ``iscrowd``: 1 for an ignore region."""
    for i in range(len(part)):
        page = job.page(part, i)
        yield from ((i, symbol, 0) for symbol in page.symbols)
        yield from ((i, crowd, 1) for crowd in page.crowds)
