"""The heads of DWDNet: energy, class and box from the trunk's features, cell by cell."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from omr.watershed.energy_outputs import EnergyOutput

ENERGY_WIDTH, CLASS_WIDTH, BOX_WIDTH = 32, 160, 128
"""Hidden channels of the three heads (release 0.1.0)."""

LOG_SIZE = (-4.0, 6.0)
"""Limits of the box head's raw outputs for width and height, before `MEAN_LOG_SIZE` is added: they keep the
exponential finite."""

MEAN_LOG_SIZE = 1.5
"""Natural logarithm of width and height, in cells, of a typical symbol: a raw output of 0 is this size."""


class Heads(nn.Module):
    """Energy, class and box heads.

    The heads see one cell at a time (the trunk has looked around), so class and box need only be computed
    where a symbol is.

    Parameters
    ----------
    channels : int
        Of the trunk's features.
    classes : int
        Classes to tell apart.
    layers : int
        Layers of the energy landscape.
    energy_output : EnergyOutput
        How the energy head says how high the landscape is.
    """

    def __init__(self, channels: int, classes: int, layers: int, energy_output: EnergyOutput) -> None:
        super().__init__()
        self.layers = layers
        last = nn.Conv2d(ENERGY_WIDTH, layers * energy_output.outputs, 1)
        assert last.bias is not None
        with torch.no_grad():
            last.bias.copy_(energy_output.bias().repeat(layers))
        self.energy = nn.Sequential(nn.Conv2d(channels, ENERGY_WIDTH, 1), nn.ReLU(), last)
        self.classes = nn.Sequential(
            nn.Linear(channels, CLASS_WIDTH), nn.ReLU(), nn.Linear(CLASS_WIDTH, classes)
        )
        self.boxes = nn.Sequential(
            nn.Linear(channels, BOX_WIDTH), nn.ReLU(), nn.Linear(BOX_WIDTH, 4 * layers)
        )

    def read_boxes(
        self,
        features: Tensor,
        layer: Tensor,
        row: Tensor,
        column: Tensor,
        typical: Tensor | float = MEAN_LOG_SIZE,
    ) -> Tensor:
        """Predict the box of the symbol that each cell belongs to.

        The net predicts where in its symbol the cell lies, in units of the symbol's size, and the
        logarithm of that size: all of order one, for a dot and for a slur across the page.

        Parameters
        ----------
        features : tensor (m, channels)
            The trunk's features of the cells.
        layer, row, column : tensors (m,)
            Positions of the cells.
        typical : tensor (m, 2) or float
            Natural logarithm of width and height, in cells, that a raw output of 0 stands for.

        Returns
        -------
        tensor (m, 4)
            x0, y0, x1, y1 in cells, float32.
        """
        raw: Tensor = self.boxes(features).float().view(-1, self.layers, 4)
        raw = raw.gather(1, layer[:, None, None].expand(-1, 1, 4))[:, 0]
        size = (raw[:, 2:].clamp(*LOG_SIZE) + typical).exp()
        centre = torch.stack([column, row], 1) + 0.5 + raw[:, :2] * (size + 1)
        return torch.cat([centre - size / 2, centre + size / 2], 1)
