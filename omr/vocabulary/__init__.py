"""Class names: the core vocabulary, and the names that published datasets use for the same symbols."""

from omr.vocabulary.classes import (
    BROAD,
    BY_NAME,
    CLASSES,
    CORE,
    LAYERS,
    NAMES,
    Names,
    SymbolClass,
    check_names,
    to_core,
)

__all__ = [
    "BROAD",
    "BY_NAME",
    "CLASSES",
    "CORE",
    "LAYERS",
    "NAMES",
    "Names",
    "SymbolClass",
    "check_names",
    "to_core",
]
