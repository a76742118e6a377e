"""The weights that the package ships: *.safetensors, each with a net (*.onnx) and a card (*.md)."""

from __future__ import annotations

from pathlib import Path

from omr.errors import InputError


def shipped() -> dict[str, Path]:
    """List the shipped weights.

    Returns
    -------
    dict of str to Path
        The .safetensors file of each name, sorted by name.

    Examples
    --------
    >>> list(shipped())
    ['handwritten', 'printed']
    """
    folder = Path(__file__).parent
    return {path.stem: path for path in sorted(folder.glob("*.safetensors"))}


def header(path: Path) -> dict[str, str]:
    """Read the header of a weights file without its weights, and without PyTorch.

    Parameters
    ----------
    path : Path
        A .safetensors file of this program.

    Returns
    -------
    dict of str to str
        "detector" is a name, "config", "tuning" and "about" are JSON.

    Examples
    --------
    >>> header(shipped()["printed"])["detector"]
    'dwdnet'
    """
    from safetensors import safe_open

    with safe_open(path, "np") as file:
        return dict(file.metadata() or {})


def find_weights(weights: str | Path) -> Path:
    """Find the file of weights.

    Parameters
    ----------
    weights : str or Path
        Name of shipped weights, or a file.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        When there is no such file; the message lists what is shipped.
    """
    path = shipped().get(str(weights), Path(weights))
    if not path.is_file():
        names = ", ".join(shipped()) or "none"
        raise InputError(
            f"{weights}: no such weights; shipped are: {names}, or give a .safetensors or .onnx file"
        )
    return path
