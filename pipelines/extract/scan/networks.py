"""The two networks: where text stands in a picture, and what a line of it says. Only here onnxruntime is known."""

from __future__ import annotations

import functools
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.extract.marks import Floats, Ints

Gray = NDArray[np.uint8]

THREADS = 2
LINE_HEIGHT = 48
"""Pixels of a line as the network wants it."""
STEP = 8
"""Pixels of a line for each of the network's steps."""
BATCH_PIXELS = 4 * 320
"""Width of all lines of one batch together; a step's answer takes 75 kB."""
WIDEST = 2400


def find_text(picture: Gray) -> Floats:
    """How likely each pixel belongs to a line of text, from 0 to 1; sides should be multiples of 32."""
    session, name = _session("det")
    planes = np.repeat(_normal(picture)[None, None], 3, axis=1)
    return np.asarray(_answer(session, {name: planes})[0, 0])


def letters() -> list[str]:
    """What the classes of `read_lines` stand for; the first is no letter."""
    session, _ = _session("rec")
    printed = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    return ["", *printed, " "]


def read_lines(pictures: list[Gray]) -> list[tuple[Ints, Floats]]:
    """For each picture of a line, LINE_HEIGHT high, the network's best classes at each step, best first, and how
    likely they are: two arrays of (steps, BEST)."""
    answers: list[tuple[Ints, Floats] | None] = [None] * len(pictures)
    order = sorted(range(len(pictures)), key=lambda i: pictures[i].shape[1])
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and (end + 1 - start) * _padded(pictures[order[end]].shape[1]) <= BATCH_PIXELS:
            end += 1
        batch = order[start:end]
        for i, answer in zip(batch, _read_batch([pictures[i] for i in batch]), strict=True):
            answers[i] = answer
        start = end
    return [answer for answer in answers if answer is not None]


BEST = 6


def _read_batch(pictures: list[Gray]) -> list[tuple[Ints, Floats]]:
    session, name = _session("rec")
    width = _padded(max(picture.shape[1] for picture in pictures))
    planes = np.zeros((len(pictures), 3, LINE_HEIGHT, width), dtype=np.float32)
    for plane, picture in zip(planes, pictures, strict=True):
        plane[:, :, : picture.shape[1]] = _normal(picture)
    likely = _answer(session, {name: planes})
    found = []
    for one, picture in zip(likely, pictures, strict=True):
        steps = min(-(-picture.shape[1] // STEP), one.shape[0])
        best = np.argpartition(one[:steps], -BEST, axis=1)[:, -BEST:]
        shares = np.take_along_axis(one[:steps], best, axis=1)
        ranked = np.argsort(-shares, axis=1, kind="stable")
        found.append(
            (
                np.take_along_axis(best, ranked, axis=1).astype(np.int64),
                np.take_along_axis(shares, ranked, axis=1).astype(np.float64),
            )
        )
    return found


def _answer(session: Any, given: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    """What a network makes of its input. Raises `MemoryError`, which onnxruntime wraps in an error of its own."""
    try:
        return np.asarray(session.run(None, given)[0])
    except Exception as error:
        if "bad_alloc" in str(error):
            raise MemoryError from error
        raise


def _padded(width: int) -> int:
    return max(64, -(-width // 32) * 32)


def _normal(picture: Gray) -> NDArray[np.float32]:
    return np.asarray(picture.astype(np.float32) / np.float32(127.5) - np.float32(1.0))


@functools.cache
def _session(kind: str) -> tuple[Any, str]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(_model(kind)), options, providers=["CPUExecutionProvider"])
    return session, session.get_inputs()[0].name


def _model(kind: str) -> Path:
    package = find_spec("rapidocr")
    folders = package.submodule_search_locations if package else None
    found = sorted(path for folder in folders or () for path in Path(folder).glob(f"models/*_{kind}_*.onnx"))
    if not found:
        raise FileNotFoundError(f"The package rapidocr holds no network *_{kind}_*.onnx; install rapidocr 3.10.")
    return found[-1]


def resized(picture: Gray, width: int, height: int) -> Gray:
    """The picture at another size: averaged where it shrinks, smooth where it grows."""
    shrinks = width * height < picture.shape[0] * picture.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (max(width, 1), max(height, 1)), interpolation=how), dtype=np.uint8)
