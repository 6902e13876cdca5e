"""PDFium's functions called with plain addresses: a call costs half of one with typed pointers, and many calls run
without a loop of ours."""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


def by_address(function: Any) -> Callable[..., Any]:
    """A function of `pypdfium2.raw` that takes addresses wherever it takes pointers, and returns them as such."""
    result, *arguments = (_without_type(kind) for kind in (function.restype, *function.argtypes))
    return ctypes.CFUNCTYPE(result, *arguments)(address_of(function))


def _without_type(kind: Any) -> Any:
    is_plain = kind is None or issubclass(kind, ctypes._SimpleCData)
    return kind if is_plain else ctypes.c_void_p


def address_of(handle: Any) -> int:
    """The address that a handle or function of `pypdfium2.raw` stands for."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def rows_written(
    function: Callable[..., Any], *given: Iterable[int], count: int, width: int, kind: DTypeLike, pointers: int = 1
) -> NDArray[Any]:
    """`count` rows of `width` numbers, each written by one call: the function takes `given` and then the addresses of
    the row's parts, as many as it has `pointers`. What a failed call does not write is 0."""
    rows = np.zeros((count, width), dtype=kind)
    start, step = rows.ctypes.data, width * rows.itemsize
    parts = (range(start + n * (step // pointers), start + step * count, step) for n in range(pointers))
    deque(map(function, *given, *parts), maxlen=0)
    return rows
