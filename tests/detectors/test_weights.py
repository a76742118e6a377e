import numpy as np
import pytest
import torch

from omr.detectors import save
from omr.detectors.calibration import Calibration
from omr.errors import InputError
from omr.registry import DETECTORS, load, load_tensors, read
from omr.watershed import Decoding
from tests.builders.detector import slow_but_dwdnet

CLASSES = ("noteheadBlack", "stem", "beam", "slur")
SMALL = {"encoder": "tiny", "channels": 16}


@pytest.fixture(params=slow_but_dwdnet(DETECTORS))
def detector(request):
    torch.manual_seed(0)
    small = {} if request.param != "dwdnet" else SMALL
    return DETECTORS[request.param](CLASSES, **small).eval()


def test_read_gives_what_save_wrote(detector, tmp_path):
    detector.min_score = 0.42
    save(detector, tmp_path / "x.safetensors", {"data": "none"})
    back = read(tmp_path / "x.safetensors")
    assert back.classes == CLASSES
    assert back.config == detector.config
    assert back.thresholds == detector.thresholds
    for key, value in detector.state_dict().items():
        torch.testing.assert_close(back.state_dict()[key], value, rtol=1e-3, atol=1e-3)


def test_load_changes_features_little(detector, tmp_path):
    save(detector, tmp_path / "x.safetensors")
    image = np.random.default_rng(0).integers(0, 255, (96, 128), dtype=np.uint8)
    ink = 1 - torch.from_numpy(image)[None, None].float() / 255
    quick = load_tensors(tmp_path / "x.safetensors", "cpu")
    if detector.name == "dwdnet":
        with torch.inference_mode():
            exact, fast = detector.maps(ink).features, quick.maps(ink).features
        assert (exact - fast.float()).abs().mean() < 0.05 * exact.abs().mean()


def test_read_gives_dwdnets_thresholds_as_saved(tmp_path):
    detector = DETECTORS["dwdnet"](CLASSES)
    detector.decoding = Decoding(foreground=0.31)
    detector.calibration = Calibration(0.5, (2.0, 0.1), -1, (0.25, 0.5))
    save(detector, tmp_path / "x.safetensors")
    back = read(tmp_path / "x.safetensors")
    assert back.decoding == detector.decoding
    assert back.calibration == detector.calibration


def test_save_makes_a_file_that_others_may_read(tmp_path):
    (tmp_path / "x.json").write_text("{}")  # as the user's other files
    save(DETECTORS["dwdnet"](CLASSES), tmp_path / "x.safetensors")
    assert (tmp_path / "x.safetensors").stat().st_mode == (tmp_path / "x.json").stat().st_mode


def test_load_file_of_another_kind_is_refused_in_one_line(tmp_path):
    bad = tmp_path / "bad.safetensors"
    bad.write_text("hello")
    with pytest.raises(InputError, match=r"^.*bad\.safetensors: [^\n]*$"):
        load(bad)


def test_load_unknown_weights_is_refused():
    with pytest.raises(InputError, match="no such weights"):
        load("nonesuch")


def test_find_device_missing_is_refused():
    from omr.detectors.devices import find_device

    with pytest.raises(InputError, match="no such device"):
        find_device("cuda:99")
