from dataclasses import replace
from pathlib import Path

import pytest

from omr.errors import InputError
from omr.evaluation.detection.stored import match_pages
from tests.builders.detections import page

FILE = Path("found.json")
PAGES = [page(["stem"], [[0, 0, 5, 50]], source=f"{name}.png") for name in "abcd"]


def test_pages_are_matched_by_the_name_of_their_file():
    stored = [replace(p, source=f"images\\{p.source}") for p in PAGES[::-1]] + [page([], [], source="e.png")]
    matched = match_pages(PAGES, stored, FILE)
    assert [p.source for p in matched] == [f"images\\{name}.png" for name in "abcd"]


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        (PAGES[1:], "found.json: has no image a.png, 1 of the dataset's 4 pages"),
        ([], "a.png, b.png, c.png, ..., 4 of"),
        ([*PAGES, PAGES[2]], "lists the image c.png 2 times"),
        ([replace(PAGES[0], width=500), *PAGES[1:]], "a.png is 500 x 1000 pixels there and 1000 x 1000"),
    ],
)
def test_what_can_not_be_matched_is_told(stored, message):
    with pytest.raises(InputError) as error:
        match_pages(PAGES, stored, FILE)
    assert message in str(error.value)
