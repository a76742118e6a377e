"""The convolutions that every net here is built of."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval


class ConvNorm(nn.Module):
    """A convolution without bias and its batch normalisation; one convolution once folded.

    Parameters
    ----------
    inputs, outputs : int
        Channels.
    kernel : int
        Side of the kernel, odd; the padding keeps the size of the map at stride 1.
    stride, dilation : int
        In cells of the input.
    """

    def __init__(
        self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1, dilation: int = 1
    ) -> None:
        super().__init__()
        padding = dilation * (kernel // 2)
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, bias=False)
        self.norm: nn.Module = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Compute (N, outputs, H / stride, W / stride) from (N, inputs, H, W)."""
        y: Tensor = self.norm(self.conv(x))
        return y

    def fold(self) -> None:
        """Move the normalisation into the convolution's weights: the same function, faster."""
        if isinstance(self.norm, nn.BatchNorm2d):
            self.conv = fuse_conv_bn_eval(self.conv, self.norm)
            self.norm = nn.Identity()


class ConvPair(nn.Module):
    """Two convolutions with a ReLU between them, the inside of a residual block.

    Parameters
    ----------
    inputs, outputs : int
        Channels; `outputs` in between, too.
    stride : int
        Of the first convolution.
    """

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.first = ConvNorm(inputs, outputs, stride=stride)
        self.second = ConvNorm(outputs, outputs)

    def residual(self, x: Tensor) -> Tensor:
        """Compute (N, outputs, H / stride, W / stride) from (N, inputs, H, W)."""
        y: Tensor = self.second(functional.relu(self.first(x), inplace=True))
        return y


def conv_relu(inputs: int, outputs: int, kernel: int = 3) -> tuple[ConvNorm, nn.ReLU]:
    """Make a convolution and its ReLU, for an `nn.Sequential`.

    Parameters
    ----------
    inputs, outputs : int
        Channels.
    kernel : int
        Side of the kernel, odd.

    Returns
    -------
    ConvNorm, ReLU
    """
    return ConvNorm(inputs, outputs, kernel), nn.ReLU(inplace=True)


def fold_norms(model: nn.Module) -> None:
    """Fold every `ConvNorm` of a model for inference.

    Parameters
    ----------
    model : module
        In evaluation mode; changed in place.
    """
    for module in model.modules():
        if isinstance(module, ConvNorm):
            module.fold()
