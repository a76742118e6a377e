"""Refuse thresholds of 0 or less where no page can be read with one: steps, spacings, counts of samples."""

from __future__ import annotations


def require_positive(limits: object, *names: str) -> None:
    """Check that thresholds are above 0.

    Parameters
    ----------
    limits : object
        A dataclass of thresholds.
    *names : str
        Its fields to check.

    Raises
    ------
    ValueError
        If one of them is not.
    """
    for name in names:
        if not getattr(limits, name) > 0:
            raise ValueError(f"{type(limits).__name__}.{name} must be above 0, not {getattr(limits, name)}")
