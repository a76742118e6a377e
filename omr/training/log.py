"""The log of a training, a JSON object a line, and its curves as a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_NO_LOSS = ("step", "rate", "time", "map50", "ap")
"""Keys of a log's rows that are no part of the loss."""


def append_row(log: Path, row: dict[str, Any]) -> None:
    """Append a row to a log.

    Parameters
    ----------
    log : Path
        The .jsonl file; it is made where it is missing.
    row : dict
        "step" and what is known of it: losses by name, "rate", "time" (seconds since 1970), "map50", "ap".
    """
    with log.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def cut_log(log: Path, step: int) -> None:
    """Drop the rows after a step: a resumed training logs them again.

    Parameters
    ----------
    log : Path
        Nothing is done where there is no such file.
    step : int
        The last step that stays.
    """
    if log.exists():
        lines = log.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if json.loads(line)["step"] <= step]
        log.write_text("".join(line + "\n" for line in kept), encoding="utf-8")


def draw_log(log: Path, picture: Path) -> None:
    """Draw the losses and the validation figures over the steps.

    Parameters
    ----------
    log : Path
        A missing file gives an empty diagram.
    picture : Path
        The file to write; its suffix names the format.
    """
    from matplotlib.figure import Figure

    rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
    figure = Figure(figsize=(9, 5), layout="constrained")
    left = figure.subplots()
    right = left.twinx()
    for key in (key for key in (rows[0] if rows else {}) if key not in _NO_LOSS):
        steps, values = zip(*((row["step"], row[key]) for row in rows if key in row), strict=True)
        left.plot(steps, values, label=key, linewidth=1)
    for key, label in (("map50", "mAP50"), ("ap", "AP")):
        points = [(row["step"], 100 * row[key]) for row in rows if key in row]
        if points:
            right.plot(*zip(*points, strict=True), "o--", label=label)
    left.set(xlabel="step", ylabel="loss", yscale="log")
    right.set(ylabel="validation, %", ylim=(0, 100))
    if rows:
        figure.legend(loc="outside upper center", ncols=6)
    figure.savefig(picture, dpi=120)
