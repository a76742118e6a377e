"""The rows of the benchmark's table: detectors with their options, and ablations of DWDNet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from omr.errors import InputError

FULLY_CONVOLUTIONAL_RATE = 1.5e-3
"""Peak learning rate of AdamW for nets with a loss at every output cell; the shipped weights of DWDNet
were trained with it."""

BOX_RATE = 1e-3
"""Peak learning rate of AdamW for one-stage detectors, whose box losses see only the anchors that match a
symbol: fewer examples a step make noisier gradients. Release 0.1.0."""

TWO_STAGE_RATE = 5e-4
"""Peak learning rate of AdamW for detectors whose second stage learns from the proposals of the first.
Z. Liu et al., "Swin Transformer", ICCV 2021, section 4.2, fine-tune such detectors at 1e-4 from pretrained
features; training from random weights needs more. Release 0.1.0."""


@dataclass(frozen=True)
class Row:
    """A row of the table: a detector with its options.

    Attributes
    ----------
    name : str
        Name in the table; the row's files start with it.
    detector : str
        A key of `omr.registry.DETECTORS`.
    rate : float
        Peak learning rate of AdamW.
    kind : str
        Kind of detector, a key of `omr.benchmark.plots.MARKERS`.
    options : mapping of str to (str or int)
        Keyword arguments of the detector's constructor.
    weights : str
        The row whose trained weights this row uses; empty for a training of its own.
    """

    name: str
    detector: str
    rate: float
    kind: str
    options: Mapping[str, str | int] = field(default_factory=dict)
    weights: str = ""


def _trunk(name: str) -> Row:
    """Return the row of DWDNet on another trunk."""
    return Row(f"dwdnet-{name}", "dwdnet", FULLY_CONVOLUTIONAL_RATE, "watershed", {"trunk": name})


ROWS: tuple[Row, ...] = (
    Row("dwdnet", "dwdnet", FULLY_CONVOLUTIONAL_RATE, "watershed", {"trunk": "refinenet"}),
    Row("faster_rcnn", "faster_rcnn", TWO_STAGE_RATE, "two stages"),
    Row("mask_rcnn", "mask_rcnn", TWO_STAGE_RATE, "two stages"),
    Row("fcis", "fcis", TWO_STAGE_RATE, "two stages"),
    Row("retinanet", "retinanet", BOX_RATE, "one stage"),
    Row("ssd", "ssd", BOX_RATE, "one stage"),
    Row("yolo", "yolo", BOX_RATE, "one stage"),
    Row("unet", "unet", FULLY_CONVOLUTIONAL_RATE, "segmentation"),
    Row("fcn8s", "fcn8s", FULLY_CONVOLUTIONAL_RATE, "segmentation"),
    Row("fcn16s", "fcn16s", FULLY_CONVOLUTIONAL_RATE, "segmentation"),
    Row("fcn32s", "fcn32s", FULLY_CONVOLUTIONAL_RATE, "segmentation"),
    Row("deeplab", "deeplab", FULLY_CONVOLUTIONAL_RATE, "segmentation"),
    # earlier detectors: classified windows and proposals
    Row("sliding_window", "sliding_window", BOX_RATE, "windows"),
    Row("rcnn", "rcnn", TWO_STAGE_RATE, "proposals"),
    Row("sppnet", "sppnet", TWO_STAGE_RATE, "proposals"),
    Row("fast_rcnn", "fast_rcnn", TWO_STAGE_RATE, "proposals"),
    # DWDNet on the other trunks; the first row has the default, RefineNet
    *map(_trunk, ("unet", "fcn", "deeplab", "pspnet", "segnet", "gcn")),
)
"""Every detector and every trunk of DWDNet, in the order of the table."""

DWDNET = ROWS[0]
"""DWDNet as it is shipped, with which ablations and rivals are compared."""


def _ablation(name: str, weights: str = "", **options: str | int) -> Row:
    """Return a row of DWDNet with one option changed."""
    return Row(f"{DWDNET.name}-{name}", DWDNET.detector, DWDNET.rate, DWDNET.kind, options, weights)


ABLATIONS: tuple[Row, ...] = (
    _ablation("stamp", peaks="stamp"),
    _ablation("levels", heights="levels"),
    _ablation("components", weights=DWDNET.name, cut="components"),
    _ablation("cascade", shortcut=0),
    _ablation("sizes", sizes="class"),
    _ablation("ramp", box_ramp=500),
    _ablation("visible", cut_symbols="visible"),
    _ablation("space8", space="8"),
    _ablation("space16", space="16"),
)
"""DWDNet with one part changed. The rows of the other trunks in `ROWS` are the ablation of its trunk."""

ALL_ROWS = ROWS + ABLATIONS
"""Every row there is, in the order of the tables."""


def choose(names: Sequence[str] | None, *, ablations: bool = False) -> tuple[Row, ...]:
    """Choose the rows to train and measure.

    Parameters
    ----------
    names : sequence of str or None
        Names of rows. None stands for all of `ROWS`, or for no further row where `ablations` is set.
    ablations : bool
        Add DWDNet and its `ABLATIONS`.

    Returns
    -------
    tuple of Row
        In the order of the table. Rows whose weights a chosen row uses are included.

    Raises
    ------
    InputError
        When a name is unknown; the message lists the known ones.
    """
    if names is None and not ablations:
        return ROWS
    known = {row.name: row for row in ALL_ROWS}
    for name in names or ():
        if name not in known:
            raise InputError(f"--rows {name}: no such row; choose from {', '.join(known)}")
    wanted = {*(names or ()), *((DWDNET.name, *(row.name for row in ABLATIONS)) if ablations else ())}
    wanted |= {known[name].weights for name in wanted}
    return tuple(row for row in ALL_ROWS if row.name in wanted)
