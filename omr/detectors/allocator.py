"""Let the C library keep large blocks of memory for the next tile or page."""

from __future__ import annotations

import ctypes
import sys
from functools import cache

M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4  # malloc.h of glibc


@cache
def keep_large_blocks() -> None:
    """Tell glibc not to hand large blocks back to the system after every use.

    The maps of a page are tens of megabytes each. By default glibc fetches each of them from the kernel
    anew, and clearing its memory costs a third of the time that a page takes (`benchmarks/speed.py`). On
    other systems than Linux nothing is done.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_MAX, 0)
        mallopt(M_TRIM_THRESHOLD, 2**31 - 1)
