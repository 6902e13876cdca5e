"""Which texts of a PDF page nobody sees: invisible ones, white on white, behind a picture or a filled rectangle; and
which lie across others as a watermark does."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from pipelines.extract.marks import Bools, Floats, Ints
from pipelines.extract.pdf_drawing import PageObjects, Thing, points_of
from pipelines.extract.pdfium_calls import by_address, rows_written
from pipelines.extract.printed_page import PageTooComplexError

WHITE = 248.0
"""Light from this on, of 255, cannot be seen on paper;"""
SHADED = 225.0
"""on an area darker than this it can."""
PALE = 135.0
"""A watermark is lighter than this, or at least"""
LARGE = 1.8
"""so many times as high as most letters."""
OPAQUE = 250
CORE = 0.25
"""The share of a letter's size, on each side, that it may lend to the letters and lines beside it."""
MOST_PIXELS = 16_000_000
MOST_PICTURES = 8
"""Pictures over text that are looked through; larger ones and more of them are taken to hide it."""
MOST_PAIRS = 40_000_000

_render_mode_of = by_address(pdfium.FPDFTextObj_GetTextRenderMode)
_fill_of = by_address(pdfium.FPDFPageObj_GetFillColor)
_see_through = by_address(pdfium.FPDFPageObj_HasTransparency)
_text_of = by_address(pdfium.FPDFText_GetTextObject)
_clip_of = by_address(pdfium.FPDFPageObj_GetClipPath)
_clips_of = by_address(pdfium.FPDFClipPath_CountPaths)
_clip_segments = by_address(pdfium.FPDFClipPath_CountPathSegments)
_clip_segment = by_address(pdfium.FPDFClipPath_GetPathSegment)


Opened = tuple[pdfium.FPDF_DOCUMENT, pdfium.FPDF_PAGE]


@dataclass(frozen=True, slots=True)
class Visibility:
    """Of the characters asked for: which nobody sees, and which lie across others. `behind_pictures` says that pictures
    stand on the page and most of its texts are invisible or behind them: a scan with the text that was recognised."""

    unseen: Bools
    across: Bools
    behind_pictures: bool


def visibility(objects: PageObjects, opened: Opened, text: int, kept: list[int], boxes: Floats) -> Visibility:
    """Of the characters at the places `kept` of the text page at the address `text`, whose `boxes` are in the page's
    own space. Raises `PageTooComplexError`."""
    nothing: Bools = np.zeros(len(kept), dtype=bool)
    if not objects.texts or not kept:
        return Visibility(nothing, nothing, False)
    modes = np.array(list(map(_render_mode_of, objects.texts)))
    light = _light(objects.texts)
    invisible: Bools = modes == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
    white: Bools = (modes == pdfium.FPDF_TEXTRENDERMODE_FILL) & (light > WHITE) & ~invisible
    pale: Bools = (light > PALE) & ~white & ~invisible
    covers = _covers(objects, objects.pictures), _covers(objects, objects.rectangles)
    heights = boxes[:, 3] - boxes[:, 1]
    large: Bools = heights > LARGE * float(np.median(heights))
    if not (invisible.any() or white.any() or pale.any() or any(covers) or large.any()):
        return Visibility(nothing, nothing, False)
    owner = _owners(objects, text, kept)
    if white.any():
        white &= ~_shaded(objects, np.flatnonzero(white))
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    orders = np.array([*objects.text_orders, np.inf])[owner]
    pictured = _hidden(covers[0], centres, orders, opened)
    unseen = _of(invisible, owner) | pictured
    if objects.pictures and 2 * int(unseen.sum()) >= len(kept):
        return Visibility(nothing, nothing, True)
    unseen = unseen | _of(white, owner) | _hidden(covers[1], centres, orders, opened)
    colours = np.append(light, -1.0)[owner]
    return Visibility(unseen, _across(boxes, unseen, _of(pale, owner), large, colours), False)


def _of(texts: Bools, owner: Ints) -> Bools:
    found: Bools = np.append(texts, False)[owner]
    return found


def _owners(objects: PageObjects, text: int, kept: list[int]) -> Ints:
    """For each character the place of its text among the page's, or -1."""
    places = {address: at for at, address in enumerate(objects.texts)}
    return np.array([places.get(_text_of(text, at), -1) for at in kept], dtype=np.int64)


def _light(things: list[int]) -> Floats:
    """How light each thing is on white paper, from 0 to 255; 0 where its colour is a pattern's."""
    parts = rows_written(_fill_of, things, count=len(things), width=4, kind=np.uintc, pointers=4).astype(np.float64)
    solid = parts[:, 3] / 255
    light: Floats = parts[:, :3] @ np.array((0.299, 0.587, 0.114)) * solid + 255 * (1 - solid)
    channel = (ctypes.c_uint * 4)()
    start = ctypes.addressof(channel)
    for at in np.flatnonzero(parts[:, 3] == 0).tolist():
        if not _fill_of(things[at], start, start + 4, start + 8, start + 12):
            light[at] = 0.0
    return light


def _covers(objects: PageObjects, things: Iterable[Thing]) -> list[Thing]:
    """Those that are drawn behind the first text, over it or beside it, and let nothing through as a whole."""
    first = min(objects.text_orders)
    return [thing for thing in things if thing.order > first and not _see_through(thing.address)]


def _shaded(objects: PageObjects, which: Ints) -> Bools:
    """Which of the texts at these places stand on something dark that was drawn before them."""
    found: Bools = np.zeros(len(objects.texts), dtype=bool)
    dark = _light([thing.address for thing in objects.areas]) < SHADED
    below = [*(thing for thing, is_dark in zip(objects.areas, dark, strict=True) if is_dark), *objects.pictures]
    if not below:
        return found
    boxes, orders = np.array([thing.box for thing in below]), np.array([thing.order for thing in below])
    middles = objects.text_boxes()
    for at in which.tolist():
        x, y = (middles[at, 0] + middles[at, 2]) / 2, (middles[at, 1] + middles[at, 3]) / 2
        within = (boxes[:, 0] < x) & (x < boxes[:, 2]) & (boxes[:, 1] < y) & (y < boxes[:, 3])
        found[at] = bool((within & (orders < objects.text_orders[at])).any())
    return found


def _hidden(covers: list[Thing], centres: Floats, orders: Floats, opened: Opened) -> Bools:
    """Which characters lie behind one of the covers."""
    hidden: Bools = np.zeros(len(centres), dtype=bool)
    if len(covers) * len(centres) > MOST_PAIRS:
        raise PageTooComplexError
    looked_through = 0
    for cover in covers:
        left, bottom, right, top = cover.box
        within = (centres[:, 0] > left) & (centres[:, 0] < right) & (centres[:, 1] > bottom) & (centres[:, 1] < top)
        behind = np.flatnonzero(within & (orders < cover.order) & ~hidden)
        if not len(behind):
            continue
        clip = _clip(cover)
        if clip is None:
            continue
        left, bottom, right, top = clip
        x, y = centres[behind].T
        behind = behind[(x > left) & (x < right) & (y > bottom) & (y < top)]
        if len(behind) and pdfium.FPDFPageObj_GetType(_handle(cover)) == pdfium.FPDF_PAGEOBJ_IMAGE:
            looked_through += 1
            if looked_through <= MOST_PICTURES:
                behind = behind[_opaque(cover, centres[behind], opened)]
        hidden[behind] = True
    return hidden


def _handle(thing: Thing) -> pdfium.FPDF_PAGEOBJECT:
    return ctypes.cast(thing.address, pdfium.FPDF_PAGEOBJECT)


def _clip(thing: Thing) -> tuple[float, float, float, float] | None:
    """The box to which a thing is clipped; None where the clip is no rectangle, so that it may hide less."""
    clip = _clip_of(thing.address)
    box = thing.box
    for at in range(max(_clips_of(clip), 0) if clip else 0):
        count = _clip_segments(clip, at)
        if count <= 0:
            continue
        if count > 5:
            return None
        points = points_of([_clip_segment(clip, at, i) for i in range(count)], thing.moved)
        (left, bottom), (right, top) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        box = max(box[0], left), max(box[1], bottom), min(box[2], right), min(box[3], top)
    return box


def _opaque(picture: Thing, centres: Floats, opened: Opened) -> Bools:
    """At which of these places a picture lets nothing through."""
    whole: Bools = np.ones(len(centres), dtype=bool)
    width, height = ctypes.c_uint(), ctypes.c_uint()
    handle = _handle(picture)
    pdfium.FPDFImageObj_GetImagePixelSize(handle, width, height)
    left, bottom, right, top = picture.box
    if width.value * height.value > MOST_PIXELS or (right - left) * (top - bottom) > MOST_PIXELS:
        return whole
    bitmap = pdfium.FPDFImageObj_GetRenderedBitmap(*opened, handle)
    if not bitmap:
        return whole
    try:
        if pdfium.FPDFBitmap_GetFormat(bitmap) != pdfium.FPDFBitmap_BGRA:
            return whole
        rows, columns = pdfium.FPDFBitmap_GetHeight(bitmap), pdfium.FPDFBitmap_GetWidth(bitmap)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        start = ctypes.cast(pdfium.FPDFBitmap_GetBuffer(bitmap), ctypes.POINTER(ctypes.c_ubyte))
        pixels: NDArray[np.uint8] = np.ctypeslib.as_array(start, (rows, stride))[:, 3 : columns * 4 : 4]
        across = np.clip((centres[:, 0] - left) / (right - left) * columns, 0, columns - 1).astype(np.int64)
        down = np.clip((top - centres[:, 1]) / (top - bottom) * rows, 0, rows - 1).astype(np.int64)
        found: Bools = pixels[down, across] >= OPAQUE
        return found
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)


def _across(boxes: Floats, unseen: Bools, pale: Bools, large: Bools, colours: Floats) -> Bools:
    """Characters that lie across others, with all that are as pale as they: the smaller part of a page's characters,
    which are pale, or larger than most."""
    found: Bools = np.zeros(len(boxes), dtype=bool)
    ground = ~unseen & ~pale & ~large
    if 2 * int(ground.sum()) < len(boxes):
        return found
    room = CORE * (boxes[:, 2:] - boxes[:, :2])
    cores = np.hstack((boxes[:, :2] + room, boxes[:, 2:] - room))
    below = cores[ground]
    suspects = np.flatnonzero(~unseen & (pale | large))
    if len(suspects) * len(below) > MOST_PAIRS:
        raise PageTooComplexError
    for at in suspects.tolist():
        if found[at]:
            continue
        left, bottom, right, top = cores[at]
        meets = (below[:, 0] < right) & (below[:, 2] > left) & (below[:, 1] < top) & (below[:, 3] > bottom)
        if meets.any():
            found |= ~unseen & (pale | large) & (colours == colours[at]) & (pale == pale[at])
    return found
