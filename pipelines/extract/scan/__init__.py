"""Pages that are pictures: a grayscale array -> lines, tables and doubts, by recognition that runs offline.

Ruled lines are found first, and the grid builder of all drawn tables makes cells of them; the page is read as a whole,
then each cell that may hold a number once more on its own. What two readings cannot agree upon is no number.

Needs the optional packages onnxruntime (it runs the networks), rapidocr (its wheel holds them) and opencv.
"""

from __future__ import annotations

from importlib.util import find_spec

PACKAGES = ("cv2", "onnxruntime", "rapidocr", "PIL")
OCR_MISSING = (
    "It is a picture, and the optional packages that recognise text are not installed: "
    "`make ocr`, or pip install 'gongkai[ocr]', then read it again."
)


def can_recognise() -> bool:
    """Whether the optional packages are there; none of them is loaded."""
    return all(find_spec(package) is not None for package in PACKAGES)
