from .datasets import Dataset, open_dataset
from .errors import InputError
from .export import save
from .inference import Reader, detect, detect_pages, read
from .model import DWDNet
from .page import Box, Page, Staff, Symbol
from .score import Score

__all__ = [
    "Box",
    "DWDNet",
    "Dataset",
    "InputError",
    "Page",
    "Reader",
    "Score",
    "Staff",
    "Symbol",
    "detect",
    "detect_pages",
    "open_dataset",
    "read",
    "save",
]

__version__: str
