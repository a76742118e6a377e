"""How to train: every number of a training that is not the data's or the detector's."""

from __future__ import annotations

from dataclasses import dataclass

from omr.detectors.tiling import MULTIPLE


@dataclass(frozen=True)
class Plan:
    """How to train; stored in the header of the weights.

    The defaults are those of release 0.1.0, chosen on validation pages.

    Attributes
    ----------
    steps : int
        Optimiser steps, each on `batch` crops for each process.
    batch : int
        Crops a step and process.
    size : int
        Height and width of a crop, in pixels at the detector's staff space.
    rate : float
        Peak learning rate of AdamW; it rises over `warmup` steps and falls to 0 along half a cosine.
    warmup : int
        Steps over which the learning rate rises from near 0 to `rate`.
    weight_decay : float
        Of AdamW.
    ema_decay : float
        Decay a step of the exponential moving average (EMA) of the weights, 0 to 1; the average is saved.
    strength : float
        Strength of the degradation of crops; 0 for clean crops, 1 for that of release 0.1.0.
    seed : int
        The same seed draws the same crops.
    workers : int
        Processes that prepare crops, for each process that trains.
    large_crop_every : int
        Every so many steps, one crop with the area of the whole batch takes the place of the batch:
        brackets, hairpins and braces are longer than a crop. 0 for never.
    oversample : tuple of str
        Core classes of which a quarter of the crops show one: classes that validation finds badly.
    validate_every : int
        Steps from one validation to the next.
    validation_pages : int
        Whole pages that each validation reads.
    selection_pages : int
        Whole pages on which thresholds are selected after the last step.
    checkpoint_every : int
        Steps from one checkpoint to the next.

    Examples
    --------
    >>> Plan(batch=4, size=128).crops(0), Plan(batch=4, size=128).crops(3)
    ((4, 128), (1, 256))
    """

    steps: int = 4000
    batch: int = 4
    size: int = 512
    rate: float = 2e-3
    warmup: int = 200
    weight_decay: float = 0.02
    ema_decay: float = 0.998
    strength: float = 1.0
    seed: int = 0
    workers: int = 1
    large_crop_every: int = 4
    oversample: tuple[str, ...] = ()
    validate_every: int = 500
    validation_pages: int = 6
    selection_pages: int = 16
    checkpoint_every: int = 100

    def crops(self, step: int) -> tuple[int, int]:
        """Tell the crops of a step.

        Parameters
        ----------
        step : int
            Number of the step, from 0.

        Returns
        -------
        count : int
            Crops for each process.
        size : int
            Their height and width, in pixels.
        """
        every = self.large_crop_every
        if every and step % every == every - 1:
            return 1, round(self.size * self.batch**0.5 / MULTIPLE) * MULTIPLE
        return self.batch, self.size
