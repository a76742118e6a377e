"""Training on a tiny dataset of drawn pages: it learns, it resumes exactly, it refuses what it can't use."""

import json

import cv2
import numpy as np
import pytest
import torch

from omr.datasets import open_dataset
from omr.errors import InputError
from omr.registry import new_detector, read
from omr.training import Plan, Trainer
from omr.training.thresholds import predict, select_thresholds
from tests.builders.crops import TINY
from tests.builders.datasets import DRAWN_CLASSES, drawn_dataset

pytestmark = pytest.mark.slow
"""Every test here trains."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return drawn_dataset(tmp_path_factory.mktemp("drawn"))


def trainer(folder, out, **changes):
    plan = Plan(
        **{"steps": 4, "batch": 2, "size": 128, "workers": 0, "checkpoint_every": 2, "warmup": 2} | changes
    )
    torch.manual_seed(0)
    return Trainer(
        new_detector("dwdnet", DRAWN_CLASSES, **TINY["dwdnet"]),
        [open_dataset(folder)],
        None,
        out,
        plan,
        device="cpu",
    )


def test_run_killed_and_resumed_gives_the_same_weights(folder, tmp_path):
    whole = trainer(folder, tmp_path / "whole.safetensors")
    whole.run()

    class KilledError(Exception):
        pass

    killed = trainer(folder, tmp_path / "killed.safetensors")
    learn = killed._learn

    def die_at_three(*args):
        if killed.step == 3:
            raise KilledError
        return learn(*args)

    killed._learn = die_at_three
    with pytest.raises(KilledError):
        killed.run()
    assert not (tmp_path / "killed.safetensors").exists()
    again = trainer(folder, tmp_path / "killed.safetensors")
    again.run()

    expected, got = (read(tmp_path / f"{name}.safetensors").state_dict() for name in ("whole", "killed"))
    for key, value in expected.items():
        torch.testing.assert_close(got[key], value, rtol=0, atol=0, msg=key)


def test_resume_with_another_plan_is_refused(folder, tmp_path):
    trainer(folder, tmp_path / "x.safetensors", steps=2).run()
    with pytest.raises(InputError, match="another steps"):
        trainer(folder, tmp_path / "x.safetensors", steps=3).run()


def test_resume_from_another_release_is_refused(folder, tmp_path):
    learner = trainer(folder, tmp_path / "x.safetensors", steps=2)
    learner.run()
    state = torch.load(learner.checkpoint, weights_only=False)
    del state["format"]
    torch.save(state, learner.checkpoint)
    with pytest.raises(InputError, match=r"x.ckpt: a checkpoint of another release of omr; delete it"):
        trainer(folder, tmp_path / "x.safetensors", steps=2).run()


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_run_in_any_precision_leaves_target_boxes_exact(folder, tmp_path, monkeypatch, precision):
    """In bfloat16 an edge at cell 100.3 would become 100.5: more than a stem is wide."""
    monkeypatch.setattr("omr.training.trainer.fastest_precision", lambda device: precision)
    learner = trainer(folder, tmp_path / "x.safetensors", steps=1)
    taught = []

    def losses(images, targets):
        taught.extend(t["boxes"] for t in targets)
        return {"none": next(learner.bare.parameters()).sum() * 0}

    monkeypatch.setattr(learner.bare, "losses", losses)
    learner.run()
    exact = [learner.bare.targets(*learner.crops.crop(k)[1:], (128, 128))["boxes"] for k in range(2)]
    for got, expected in zip(taught, exact, strict=True):
        torch.testing.assert_close(got, expected, rtol=0, atol=0)


def test_run_from_weights_without_a_rate_changes_none(folder, tmp_path):
    trainer(folder, tmp_path / "first.safetensors").run()
    first = read(tmp_path / "first.safetensors")
    plan = Plan(steps=1, batch=1, size=128, workers=0, rate=0.0)
    Trainer(first, [open_dataset(folder)], None, tmp_path / "second.safetensors", plan, device="cpu").run()
    second = read(tmp_path / "second.safetensors")
    for key, value in dict(first.named_parameters()).items():
        torch.testing.assert_close(second.get_parameter(key), value, rtol=0, atol=0, msg=key)


def test_run_and_select_thresholds_find_the_training_symbols(folder, tmp_path):
    learner = trainer(
        folder, tmp_path / "x.safetensors", steps=80, rate=4e-3, warmup=5, ema_decay=0.9, strength=0
    )
    learner.run()
    detector = learner.averaged()
    dataset = open_dataset(folder)
    select_thresholds(detector, dataset, [0, 1])
    truth, found = predict(detector, dataset, [0, 1])
    from omr.evaluation.detection import evaluate

    assert evaluate(truth, found).map50 > 0.5
    assert 0 < detector.min_score < 1
    rows = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text().splitlines()]
    first, last = (
        sum(row[part] for row in some for part in ("energy", "class", "box"))
        for some in (rows[:3], rows[-3:])
    )
    assert last < first
    assert (tmp_path / "x.png").stat().st_size > 1000


def test_run_infinite_gradient_is_skipped_and_ten_in_a_row_end_it(folder, tmp_path):
    learner = trainer(folder, tmp_path / "x.safetensors", steps=20)
    infinite = next(learner.bare.parameters())
    before = {key: value.clone() for key, value in learner.bare.named_parameters()}

    def losses(images, targets):
        return {"lost": (infinite * torch.inf).sum() if learner.step != 4 else infinite.sum()}

    learner.bare.losses = losses
    with pytest.raises(InputError, match="has diverged; delete its checkpoint, lower --rate"):
        learner.run()
    assert learner.step == 5 + 9  # the fifth step was a good one, from there the counting begins again
    changed = [key for key, value in learner.bare.named_parameters() if not torch.equal(value, before[key])]
    assert changed and all(value.isfinite().all() for value in learner.bare.parameters())


def test_batches_from_workers_after_opencv_threads_ran(folder, tmp_path):
    """Threads of OpenCV are not there in a forked worker, which would wait for them."""
    cv2.setNumThreads(2)
    cv2.GaussianBlur(np.zeros((2000, 2000), np.uint8), (15, 15), 5)
    images, _ = next(trainer(folder, tmp_path / "x.safetensors", workers=1)._batches())
    assert images.shape[0] == 2 and cv2.getNumThreads() == 1
