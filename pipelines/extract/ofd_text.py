"""A text object of an OFD page: where each of its characters stands.

A character's box is as wide as the font's size or half of it, or as the way to the next character: the fonts are not
opened.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipelines.extract.ofd_package import FARTHEST, children, local_name, number_in, numbers_in

ASCENT, DESCENT = 0.88, 0.23
"""Shares of the size that lie above and below the baseline, as most fonts for Chinese have them."""
PLACEHOLDER = "\xa4"
"""Stands for a character without a code: only its glyph says what it is."""

_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{4})")
_FIGURES = frozenset("0123456789.,-+%")

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class PlacedLetter:
    """A character with its box and baseline's origin on the page; `angle` in radians, clockwise, as it runs."""

    letter: str
    box: tuple[float, float, float, float]
    origin: tuple[float, float]
    angle: float


def placed_letters(text: etree._Element, matrix: Matrix, most: int) -> Iterator[PlacedLetter]:
    """The characters of a TextObject; `matrix` leads from the object's space to the page. White space is left out, and
    of each of its codes what is longer than `most`."""
    size = number_in(text.get("Size"), 0.0)
    if not 0 < size < FARTHEST:
        return
    stretch = number_in(text.get("HScale"), 1.0)
    stretch = stretch if 0.05 < stretch < 20 else 1.0
    turn = math.radians(number_in(text.get("CharDirection"), 0.0))
    reading = round(number_in(text.get("ReadDirection"), 0.0) / 90) % 4
    cosine, sine = math.cos(turn), math.sin(turn)
    a, b, c, d, e, f = matrix
    angle = math.atan2(b * cosine + d * sine, a * cosine + c * sine)
    for letters, starts, positions in _codes(text, size, stretch, reading, most):
        for letter, at in zip(letters, starts, strict=True):
            if letter.isspace() or unicodedata.category(letter) == "Cf":
                continue
            (x, y), step = positions[at]
            width = _width(letter, size * stretch, step)
            corners = [(u, v) for u in (0.0, width) for v in (-ASCENT * size, DESCENT * size)]
            turned = [(x + u * cosine - v * sine, y + u * sine + v * cosine) for u, v in corners]
            xs = [a * u + c * v + e for u, v in turned]
            ys = [b * u + d * v + f for u, v in turned]
            box = min(xs), min(ys), max(xs), max(ys)
            yield PlacedLetter(letter, box, (a * x + c * y + e, b * x + d * y + f), angle)


Position = tuple[tuple[float, float], float]
"""A glyph's origin, and the way to the next glyph (0 where it is not known)."""


def _codes(
    text: etree._Element, size: float, stretch: float, reading: int, most: int
) -> Iterator[tuple[str, list[int], list[Position]]]:
    """For each TextCode its characters, for each of them the index of its glyph, and the glyphs' positions."""
    transforms: list[tuple[int, int, int]] = []
    seen = 0
    position = 0.0, 0.0
    for element in children(text):
        name = local_name(element)
        if name == "CGTransform":
            numbers = (element.get("CodePosition"), element.get("CodeCount"), element.get("GlyphCount"))
            at, codes, glyphs = (int(number_in(n, 1.0)) for n in numbers)
            transforms.append((max(at, 0), max(codes, 1), max(glyphs, 1)))
        elif name == "TextCode":
            raw = _without_margins("".join(map(str, element.itertext()))[: most + 1])
            letters = _unescaped(raw, element)
            glyph_of, glyphs = _glyphs(len(letters), [(at - seen, n, m) for at, n, m in transforms])
            seen += len(letters)
            transforms = []
            position = number_in(element.get("X"), position[0]), number_in(element.get("Y"), position[1])
            steps = _steps(element, glyphs, letters, glyph_of, size, stretch, reading)
            yield letters, glyph_of, _positions(position, steps, element.get("DeltaX") is not None)


def _without_margins(raw: str) -> str:
    """What stands on lines of its own in the XML was put there by its layout; other spaces are printed."""
    rest = raw.lstrip(" \t\r\n")
    raw = rest if "\n" in raw[: len(raw) - len(rest)] else raw
    rest = raw.rstrip(" \t\r\n")
    return rest if "\n" in raw[len(rest) :] else raw


def _unescaped(raw: str, code: etree._Element) -> str:
    """Characters that XML cannot hold are written `\\` and four hexadecimal digits. Where the offsets show that the
    backslash is printed itself, it stays."""
    if "\\" not in raw:
        return raw
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), raw)
    plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    offsets = [_expanded(code.get(name), len(raw)) for name in ("DeltaX", "DeltaY")]
    return raw if any(len(found) == len(raw) - 1 for found in offsets) else plain


def _glyphs(count: int, transforms: list[tuple[int, int, int]]) -> tuple[list[int], int]:
    """For each character the index of its glyph, and how many glyphs there are: one each, but for transforms
    (place, characters, glyphs)."""
    glyph_of: list[int] = []
    glyphs = 0
    changes = {at: (codes, made) for at, codes, made in transforms if codes != made and 0 <= at < count}
    while len(glyph_of) < count:
        codes, made = changes.get(len(glyph_of), (1, 1))
        codes, made = min(codes, count - len(glyph_of)), min(made, 4 * count)
        glyph_of.extend(glyphs + min(i, made - 1) for i in range(codes))
        glyphs += made
    return glyph_of, glyphs


def _steps(
    code: etree._Element,
    glyphs: int,
    letters: str,
    glyph_of: list[int],
    size: float,
    stretch: float,
    reading: int,
) -> list[tuple[float, float]]:
    """The way from each glyph to the next: as given; where nothing is given, as far as the character is wide."""
    across = _expanded(code.get("DeltaX"), glyphs - 1)
    down = _expanded(code.get("DeltaY"), glyphs - 1)
    letter_of = dict(zip(reversed(glyph_of), reversed(letters), strict=True))
    steps: list[tuple[float, float]] = []
    for i in range(glyphs - 1):
        if i < len(across) or i < len(down):
            steps.append((across[i] if i < len(across) else 0.0, down[i] if i < len(down) else 0.0))
            continue
        if down and not across:
            steps.append((0.0, size))
            continue
        width = _nominal(letter_of.get(i, " "), size * stretch)
        steps.append(((width, 0.0), (0.0, size), (-width, 0.0), (0.0, -size))[reading])
    return steps


def _positions(start: tuple[float, float], steps: list[tuple[float, float]], given: bool) -> list[Position]:
    found: list[Position] = []
    x, y = start
    for across, down in steps:
        found.append(((x, y), across if given and down == 0 else 0.0))
        x, y = x + across, y + down
    found.append(((x, y), 0.0))
    return found


def _expanded(deltas: str | None, most: int) -> list[float]:
    """At most so many offsets of a list in which `g n w` stands for n times w."""
    if not deltas or most <= 0:
        return []
    found: list[float] = []
    tokens = iter(deltas.split(None, 3 * most)[: 3 * most])
    for token in tokens:
        times = 1
        if token == "g":
            times = int(number_in(next(tokens, None), 0.0))
            token = next(tokens, "")
        value = numbers_in(token, 1)
        if not value:
            break
        found.extend(value * max(0, min(times, most - len(found))))
        if len(found) >= most:
            break
    return found


def _nominal(letter: str, size: float) -> float:
    return size if unicodedata.east_asian_width(letter) in "WFA" else size / 2


def _width(letter: str, size: float, step: float) -> float:
    """As wide as the way to the next character where that is plausible, else as characters of its kind are."""
    width = _nominal(letter, size)
    widest = width if width == size else (0.68 if letter in _FIGURES else 1.0) * size
    return step if 0.2 * size < step <= widest else width
