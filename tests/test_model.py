"""The five lines of the method's own slides, and what happens when they come in another order."""

import pytest
import torch

import omr
from omr.detectors import save
from omr.errors import InputError
from omr.model import DWDNet
from omr.registry import new_detector, read
from tests.builders.datasets import DRAWN_CLASSES, drawn_dataset

TINY = {"steps": 2, "batch": 1, "size": 128, "workers": 0, "warmup": 1}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return drawn_dataset(tmp_path_factory.mktemp("drawn"))


@pytest.fixture
def file(tmp_path):
    """Weights of an untrained net that knows two classes."""
    torch.manual_seed(0)
    path = tmp_path / "mine.safetensors"
    save(new_detector("dwdnet", DRAWN_CLASSES), path)
    return path


@pytest.mark.slow
def test_the_five_lines(folder, file, tmp_path):
    model = omr.DWDNet(file, device="cpu")
    dataset = omr.open_dataset(folder)
    before = read(file).state_dict()
    model.train(dataset, **TINY)
    model.save(file)
    pages = model.infer(dataset, min_score=0)
    found = model.save(tmp_path / "found.json")

    after = read(file).state_dict()
    assert any(not torch.equal(before[key], after[key]) for key in before)
    assert [page.source for page in pages] == ["0.png", "1.png"]
    assert [len(page.symbols) for page in omr.export.load_coco(found)] == [len(p.symbols) for p in pages]


@pytest.mark.slow
def test_training_goes_on_from_where_the_net_stands(folder, file, tmp_path):
    model = DWDNet(file, device="cpu")
    dataset = omr.open_dataset(folder)
    model.train(dataset, out=tmp_path / "run.safetensors", **TINY)
    once = model._net.state_dict()
    model.train(dataset, out=tmp_path / "run.safetensors", **TINY)
    twice = model._net.state_dict()
    assert any(not torch.equal(once[key], twice[key]) for key in once)


def test_a_name_that_is_not_there_yet_is_an_untrained_net_and_says_so(tmp_path, caplog):
    model = DWDNet(tmp_path / "new.safetensors", device="cpu")
    assert "new.safetensors: no such file, so the net is untrained" in caplog.text
    with pytest.raises(InputError, match="not trained yet"):
        model.infer(tmp_path / "page.png")


def test_nothing_found_yet_can_not_be_saved(file, tmp_path):
    with pytest.raises(InputError, match="call infer first"):
        DWDNet(file, device="cpu").save(tmp_path / "found.json")
    assert not (tmp_path / "found.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"weights": "no-such-name"}, "shipped are"),
        ({"weights": "new.safetensors", "trunk": "oak"}, "choose one of"),
        ({"weights": "printed", "trunk": "refinenet"}, "has its trunk already"),
    ],
)
def test_what_cannot_be_used_is_said(arguments, message):
    with pytest.raises(InputError, match=message):
        DWDNet(**arguments, device="cpu")


def test_a_plan_with_a_field_that_is_none_is_said(folder, file):
    with pytest.raises(InputError, match="it has steps, batch"):
        DWDNet(file, device="cpu").train(omr.open_dataset(folder), epochs=3)
