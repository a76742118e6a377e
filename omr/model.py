"""DWDNet, the Deep Watershed Detector, as one object: read weights, train, find symbols, save."""

from __future__ import annotations

import copy
import logging
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omr.datasets import Dataset
from omr.errors import InputError
from omr.export import save
from omr.extras import needing
from omr.images import PageImage, Source, load_pages
from omr.inference import Reader
from omr.page import Page
from omr.registry import new_detector, read
from omr.vocabulary import CORE
from omr.weights import shipped

if TYPE_CHECKING:
    from omr.detectors import Detector

LOG = logging.getLogger(__name__)

SUFFIX = ".safetensors"
"""End of the name of a weights file."""


class DWDNet:
    """The Deep Watershed Detector of Tuggener et al. (ISMIR 2018), from weights to results.

    Parameters
    ----------
    weights : str or Path
        Name of shipped weights or a weights file. The name of a
        ``.safetensors`` file that isn't there yet gives an untrained net and a warning in the log.
    device : str
        "auto" (CUDA where there is one), "cpu", "cuda", ...
    **options
        Of an untrained net: ``trunk`` and the trunk's own.

    Attributes
    ----------
    pages : list of Page
        What `infer` found last.

    Raises
    ------
    InputError
        When the weights, the device or an option can't be used.

    Examples
    --------
    >>> model = DWDNet("my.safetensors")  # doctest: +SKIP
    >>> dataset = Dataset("muscima-pp")  # doctest: +SKIP
    >>> model.train(dataset)  # doctest: +SKIP
    >>> model.save("my.safetensors")  # doctest: +SKIP
    >>> model.infer(dataset)  # doctest: +SKIP
    >>> model.save("found.json")  # doctest: +SKIP
    """

    def __init__(self, weights: str | Path = "printed", device: str = "auto", **options: Any) -> None:
        with needing("train"):
            from omr.detectors.devices import find_device
        self.device = str(find_device(device))
        self.pages: list[Page] = []
        self.weights = weights
        self._ready: Detector | None = None
        path = Path(weights)
        self.trained = str(weights) in shipped() or path.exists() or path.suffix != SUFFIX
        if not self.trained:
            LOG.warning("%s: no such file, so the net is untrained; train it before it is used", weights)
        self._net = read(weights) if self.trained else new_detector("dwdnet", CORE, **options)
        if self.trained and options:
            raise InputError(
                f"{weights}: has its trunk already; give {', '.join(options)} only with a new file's name"
            )

    def train(
        self,
        dataset: Dataset,
        validation: Dataset | None = None,
        *,
        out: str | Path | None = None,
        **plan: Any,
    ) -> None:
        """Train on, from where the net stands.

        Parameters
        ----------
        dataset : Dataset
            Its training pages, where it has splits and none was named.
        validation : Dataset, optional
            Thresholds are chosen on its pages; without it they stay as they are.
        out : str or Path, optional
            A ``.safetensors`` file for the weights as they get better, with
            checkpoint and log beside it: with it, a training that was
            interrupted goes on when it is called again.
        **plan
            Fields of `omr.training.Plan`: ``steps``, ``batch``, ``size``, ``rate``, ...

        Raises
        ------
        InputError
            When the dataset has no symbol that the net knows, or `plan` has no such field.
        """
        from omr.training import Plan, Trainer

        try:
            chosen = Plan(**plan)
        except TypeError:
            fields = ", ".join(Plan.__dataclass_fields__)
            raise InputError(f"{', '.join(plan)}: not a plan for training; it has {fields}") from None
        with tempfile.TemporaryDirectory() as folder:
            file = Path(out) if out else Path(folder) / f"trained{SUFFIX}"
            about = {"data": [str(dataset.path)], "init": str(self.weights) if self.trained else None}
            trainer = Trainer(
                copy.deepcopy(self._net),
                [dataset.preferably("train")],
                validation,
                file,
                chosen,
                about,
                device=self.device,
            )
            trainer.run()
            self._net = read(file)
            trainer.checkpoint.unlink(missing_ok=True)  # done: the next call trains on, not again
        self.trained, self._ready = True, None

    def infer(
        self, source: Dataset | Source | Sequence[Source], *, min_score: float | None = None
    ) -> list[Page]:
        """Find the symbols on every page of a dataset, or of anything that `omr.detect` takes.

        Parameters
        ----------
        source : Dataset; or path, bytes, binary file, array, PIL image, or a list of these
        min_score : float, optional
            Score from 0 to 1 below which symbols are not shown; by default the threshold stored with the
            weights.

        Returns
        -------
        list of Page
            With staves and symbols; `save` writes them.

        Raises
        ------
        InputError
            When the net is untrained or a page can't be read.
        """
        reader = Reader(detector=self.detector, min_score=min_score)
        self.pages = [reader.page(image, space) for image, space in _images(source)]
        return self.pages

    def save(self, path: str | Path) -> Path:
        """Write the weights, or the pages of the last `infer`.

        Parameters
        ----------
        path : str or Path
            ``.safetensors`` for the weights; any suffix of `omr.save` for the pages.

        Returns
        -------
        Path
            The file, the first of several.

        Raises
        ------
        InputError
            When nothing was inferred yet, the suffix names no format, or the file can't be written.
        """
        if Path(path).suffix == SUFFIX:
            from omr.detectors.weights import save as save_weights

            save_weights(self._net, Path(path))
            return Path(path)
        if not self.pages:
            raise InputError(f"{path}: nothing was found yet; call infer first, or end the name in {SUFFIX}")
        return save(self.pages, path)

    @property
    def detector(self) -> Detector:
        """The net ready for use: evaluation mode, normalisation folded, in the fastest precision here."""
        if not self.trained:
            raise InputError(f"{self.weights}: not trained yet; call train first, or give weights that exist")
        if self._ready is None:
            from omr.detectors.weights import ready

            self._ready = ready(copy.deepcopy(self._net), self.device)
        return self._ready


def _images(source: Dataset | Source | Sequence[Source]) -> Iterator[tuple[PageImage, float | None]]:
    """Each page with its staff space where the source knows it."""
    if isinstance(source, Dataset):
        for i in range(len(source)):
            yield PageImage(source.image(i), source[i].source), source.staff_space(i)
    else:
        yield from ((image, None) for image in load_pages(source))
