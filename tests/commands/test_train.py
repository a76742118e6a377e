"""`omr train`: which pages are learnt from."""

from types import SimpleNamespace

import pytest

import omr.training
from omr.commands.train import train
from omr.errors import InputError
from tests.builders import datasets as tiny


@pytest.fixture
def asked(monkeypatch):
    """What a trainer that trains nothing was given."""
    given = {}

    def trainer(learner, data, validation, out, plan, about, *_):
        given.update(data=data, validation=validation, about=about)
        return SimpleNamespace(run=lambda: None, fabric=SimpleNamespace(global_rank=0))

    monkeypatch.setattr(omr.training, "Trainer", trainer)
    return given


def pages(dataset):
    return [page.source[len("CVC-MUSCIMA_") :][:9] for page in (dataset[i] for i in range(len(dataset)))]


@pytest.mark.parametrize(
    ("lists", "learnt"),
    [(None, ["W-01_N-10"]), ("dependent", ["W-01_N-10", "W-08_N-10", "W-12_N-04"]),
     ("84-28-28", ["W-08_N-10", "W-12_N-04"])],
)  # fmt: skip
def test_lists_say_which_pages_of_a_dataset_that_has_several_are_learnt_from(asked, tmp_path, lists, learnt):
    folder = tiny.muscima(tmp_path / "muscima")
    plain = tiny.deepscores(tmp_path / "plain")
    train([folder, plain], out=tmp_path / "x.safetensors", lists=lists)
    assert sorted(pages(asked["data"][0])) == learnt
    assert asked["data"][1].path == plain
    assert asked["about"]["lists"] == lists


def test_validation_pages_are_of_the_same_lists(asked, tmp_path):
    folder = tiny.muscima(tmp_path / "muscima", ("W-01_N-14", "W-08_N-10", "W-12_N-04"))
    train([folder], out=tmp_path / "x.safetensors", validate=folder)
    assert pages(asked["validation"]) == ["W-08_N-10"]
    with pytest.raises(InputError, match="no split '84-28-28/val'; there are train, "):
        train([folder], out=tmp_path / "x.safetensors", validate=folder, lists="84-28-28")


def test_lists_that_are_not_there_are_refused_in_one_line(tmp_path):
    with pytest.raises(InputError, match="no split 'mine/train'"):
        train([tiny.muscima(tmp_path / "muscima")], out=tmp_path / "x.safetensors", lists="mine")
    plain = tiny.deepscores(tmp_path / "plain")
    with pytest.raises(InputError, match=r"--lists mine: .* is split in one way at most"):
        train([plain], out=tmp_path / "x.safetensors", lists="mine")
