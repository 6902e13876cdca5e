"""How long something takes, by a clock that a busy machine does not move."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """What runs within it, in this process, takes no more than so many seconds of processor time."""
    began = time.process_time()
    yield
    spent = time.process_time() - began
    assert spent < seconds, f"it took {spent:.1f} s of processor time, and may take {seconds:g}"
