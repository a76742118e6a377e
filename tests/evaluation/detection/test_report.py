import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("faster_coco_eval")
pytest.importorskip("matplotlib")

from omr.errors import InputError
from omr.evaluation.detection import Study, mistakes
from omr.evaluation.detection.confusion import NO_SYMBOL, _table
from omr.evaluation.detection.matching import judge
from omr.evaluation.detection.report import tables, write_folder
from omr.evaluation.detection.tables import Table, percent
from omr.evaluation.detection.webpage import Picture, render
from omr.page import Page
from tests.builders.detections import page, random_pages


@pytest.fixture(scope="module")
def study():
    return Study.of(*random_pages(5), [10.0] * 3, 0.3)


def white(_: int) -> np.ndarray:
    return np.full((1000, 1000), 255, np.uint8)


def test_the_headline_comes_first_and_every_table_fits_its_columns(study):
    first, *others = tables(study)
    assert first.rows[0][0] == percent(study.report.map50)
    assert [table.title for table in others] == [
        "By size",
        "By class",
        "Confusions",
        "Worst pages",
    ]
    assert all(len(row) == len(table.columns) for table in (first, *others) for row in table.rows)


def test_table_is_the_same_on_terminal_in_markdown_and_on_a_web_page():
    table = Table("Figures", ("class", "AP"), [("a<b", "50.0")])
    assert table.markdown().splitlines() == ["| class | AP |", "| --- | ---: |", "| a<b | 50.0 |"]
    assert '<td>a&lt;b</td><td class="figure">50.0</td>' in render("Title", {}, [table])
    assert table.rich().row_count == 1


def test_web_page_escapes_all_text_and_needs_no_other_file(tmp_path):
    evil = "<script>alert('&')</script>"
    Image.new("RGB", (2, 2)).save(tmp_path / "a.png")
    picture = Picture(evil, tmp_path / "a.png")
    text = render(evil, {evil: evil}, [Table(evil, (evil,), [(evil,)], note=evil)], [picture], [evil])
    assert "<script" not in text and text.count("&lt;script&gt;") == 13
    sources = re.findall(r'src="([^"]*)"', text)
    assert sources and all(source.startswith("data:image/png;base64,") for source in sources)
    assert "http" not in text


def test_the_folder_shows_all_that_it_holds(study, tmp_path):
    folder = tmp_path / "deep" / "report"
    write_folder(study, {"dataset": "a <b>"}, folder, white, worst=2)
    shown: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: shown.extend(v for k, v in attributes if k == "href")  # type: ignore[method-assign]
    web_page = (folder / "index.html").read_text()
    parser.feed(web_page)
    anchors = {name[1:] for name in shown if name.startswith("#")}
    assert anchors == set(re.findall(r'<section id="([^"]+)">', web_page))
    shown = [name for name in shown if not name.startswith("#")]
    assert "a &lt;b&gt;" in web_page
    files = {file.name for file in folder.iterdir()}
    assert set(shown) == {name for name in files if name.endswith(".png")}
    assert {"worst-1.png", "worst-2.png"} <= files and "worst-3.png" not in files
    assert files == {
        *shown,
        "index.html",
        "figures.json",
        "curves.pdf",
        "curves-by-class.pdf",
        "confusion.pdf",
    }
    assert json.loads((folder / "figures.json").read_text())["about"] == {"dataset": "a <b>"}
    with Image.open(folder / "worst-1.png") as picture:
        assert picture.width == 1000


def test_pages_without_any_truth_are_reported_too(tmp_path):
    empty = [page([], [])]
    write_folder(Study.of(empty, empty, [None]), {}, tmp_path, white)
    assert (tmp_path / "index.html").exists()


def test_a_folder_that_can_not_be_is_refused(study, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="can't be written"):
        write_folder(study, {}, Path(tmp_path / "file" / "report"), white)


def test_rows_of_the_matrix_add_up_to_the_truth(study):
    names = ["beam", "stem"]
    table = _table(study.confusion, names)
    assert table[:2].sum(1).tolist() == [study.confusion.in_truth(name) for name in names]
    assert table[:, :2].sum(0).tolist() == [study.confusion.found(name) for name in names]
    false = sum(n for (truth, _), n in study.confusion.counts.items() if truth == NO_SYMBOL)
    assert table[-1].sum() == false


def test_each_kind_of_mistake_has_its_colour_on_the_page():
    truth = page(
        ["noteheadHalf", "clefG", "beam"], [[50, 50, 80, 80], [200, 200, 240, 280], [500, 500, 560, 530]]
    )
    found = page(
        ["noteheadHalf", "clefF", "slur"], [[50, 50, 80, 80], [200, 200, 240, 280], [700, 700, 760, 730]]
    )
    picture = np.asarray(mistakes.draw(white(0), truth, found, judge(truth, found), 10.0))
    strip = picture.shape[0] - 1000
    for box, colour in (
        ((50, 50), mistakes.RIGHT),
        ((199, 199), mistakes.CONFUSED),
        ((499, 499), mistakes.MISSED),
        ((699, 699), mistakes.FALSE),
    ):
        x, y = box
        assert tuple(picture[strip + y, x]) == colour
    assert isinstance(truth, Page) and strip > 0
