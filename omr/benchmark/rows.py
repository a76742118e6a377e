"""The rows of the table: what is trained, and the settings that a row needs of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from omr.errors import InputError

FULLY_CONVOLUTIONAL = 1.5e-3
"""Peak learning rate of AdamW for nets whose every cell learns at every step: the one that DWDNet's shipped
weights were trained with."""

BOXES = 1e-3
"""For detectors that learn from the few boxes matched to symbols: fewer examples a step make noisier
gradients, and early boxes are far off, so less."""

TWO_STAGES = 5e-4
"""For those that look twice: the second look learns from what the first proposes, which changes under it,
in wide fully connected layers. With AdamW they are trained at 1e-4 from pretrained features (Z. Liu et al.,
"Swin Transformer", ICCV 2021, section 4.2); from chance it takes more."""


@dataclass(frozen=True)
class Row:
    """A detector with its options.

    Attributes
    ----------
    name : str
        As in the table, and of the row's files.
    detector : str
        A name in `omr.registry.DETECTORS`.
    rate : float
        Peak learning rate.
    options : mapping of str to str or int
        For the detector's constructor.
    about : str
        One word on what kind of detector it is.
    weights : str
        The row whose trained weights it uses, where it needs no training of its own.
    """

    name: str
    detector: str
    rate: float
    about: str
    options: Mapping[str, str | int] = field(default_factory=dict)
    weights: str = ""


def _trunk(name: str) -> Row:
    return Row(f"dwdnet-{name}", "dwdnet", FULLY_CONVOLUTIONAL, "watershed", {"trunk": name})


ROWS: tuple[Row, ...] = (
    Row("dwdnet", "dwdnet", FULLY_CONVOLUTIONAL, "watershed", {"trunk": "refinenet"}),
    Row("faster_rcnn", "faster_rcnn", TWO_STAGES, "two stages"),
    Row("mask_rcnn", "mask_rcnn", TWO_STAGES, "two stages"),
    Row("retinanet", "retinanet", BOXES, "one stage"),
    Row("ssd", "ssd", BOXES, "one stage"),
    Row("yolo", "yolo", BOXES, "one stage"),
    Row("unet", "unet", FULLY_CONVOLUTIONAL, "segmentation"),
    Row("fcn8s", "fcn8s", FULLY_CONVOLUTIONAL, "segmentation"),
    Row("fcn16s", "fcn16s", FULLY_CONVOLUTIONAL, "segmentation"),
    Row("fcn32s", "fcn32s", FULLY_CONVOLUTIONAL, "segmentation"),
    Row("deeplab", "deeplab", FULLY_CONVOLUTIONAL, "segmentation"),
    # the history that led there
    Row("sliding_window", "sliding_window", BOXES, "windows"),
    Row("rcnn", "rcnn", TWO_STAGES, "proposals"),
    Row("fast_rcnn", "fast_rcnn", TWO_STAGES, "proposals"),
    # DWDNet on the other trunks; its own is a RefineNet
    *map(_trunk, ("unet", "fcn", "deeplab", "pspnet", "segnet", "gcn")),
)
"""Every detector, in the order of the table."""

OURS = ROWS[0]


def _ablation(name: str, weights: str = "", **options: str | int) -> Row:
    return Row(f"{OURS.name}-{name}", OURS.detector, OURS.rate, OURS.about, options, weights)


ABLATIONS: tuple[Row, ...] = (
    _ablation("stamp", peaks="stamp"),
    _ablation("levels", heights="levels"),
    _ablation("components", weights=OURS.name, cut="components"),
    _ablation("cascade", shortcut=0),
    _ablation("space8", space="8"),
    _ablation("space16", space="16"),
)
"""DWDNet with one part changed; what its trunk is good for, the rows of the other trunks tell."""

EVERY = ROWS + ABLATIONS


def chosen(names: Sequence[str] | None, *, ablations: bool = False) -> tuple[Row, ...]:
    """The rows to train and measure.

    Parameters
    ----------
    names : sequence of str or None
        Of rows; None for every detector, unless there are ablations to run.
    ablations : bool
        Whether to run them, with DWDNet, beside the rows of these names.

    Returns
    -------
    tuple of Row
        In the table's order, with those whose weights others use.

    Raises
    ------
    InputError
        When there is none of a name; the message names those there are.
    """
    if names is None and not ablations:
        return ROWS
    known = {row.name: row for row in EVERY}
    for name in names or ():
        if name not in known:
            raise InputError(f"--rows {name}: no such row; choose from {', '.join(known)}")
    wanted = {*(names or ()), *((OURS.name, *(row.name for row in ABLATIONS)) if ablations else ())}
    wanted |= {known[name].weights for name in wanted}
    return tuple(row for row in EVERY if row.name in wanted)
