"""What every reading process needs, loaded once: the fork server imports this, its children find it done."""

import gc
import logging

from pipelines import extract, intake, read

READERS = (extract.extract, read.read)

try:
    intake.load_forms_once()
    intake.load_registry_once()
except Exception:
    # Each document's reading will say the same, coded and counted; a server that dies says nothing.
    logging.getLogger(__name__).exception("What readers need cannot be loaded.")

gc.freeze()
