"""A printed name -> an agency; an agency -> its division, level, functions, over the years."""

from __future__ import annotations

import functools

from pipelines.paths import REGISTRY
from pipelines.registry.divisions import RegistryError
from pipelines.registry.registry import Registry, Resolution, read_registry

__all__ = ["Registry", "RegistryError", "Resolution", "load_registry", "read_registry"]


@functools.cache
def load_registry() -> Registry:
    """The project's registry, read once a process."""
    return read_registry(REGISTRY)
