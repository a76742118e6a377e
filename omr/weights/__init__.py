"""The weights that the package ships: *.safetensors, each with a net (*.onnx) and a card (*.md)."""

from __future__ import annotations

from pathlib import Path


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
