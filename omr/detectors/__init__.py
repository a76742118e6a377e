"""What a detector is, and DWDNet, the default one.

A name is imported when it is first asked for, so that importing the package does not import PyTorch;
`__init__.pyi` lists them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
