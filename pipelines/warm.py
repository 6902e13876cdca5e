"""What every reading process needs, loaded once: the fork server imports this, its children find it done."""

import gc

from pipelines import extract, forms, read, registry

READERS = (extract.extract, read.read, forms.load_forms(), registry.load_registry())

gc.freeze()
