"""The weights that the package ships: *.safetensors, each with a card (*.md) of the same name."""

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
