"""Pictures of lines -> what they say, letter by letter, with how sure each is and what else it could be."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass

import numpy as np

from pipelines.extract.marks import Floats, Ints
from pipelines.extract.scan.networks import LINE_HEIGHT, STEP, WIDEST, Gray, letters, read_lines, resized

OTHERWISE = 0.01
"""What is at least so likely beside the best letter is a variant."""
MOST_VARIANTS = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """A line as read: its letters, the middle of each as a share of the picture's width, how likely the least likely of
    them is, and the texts it might be instead with their likelihoods, best first; `fair` is how likely its letters are
    on average."""

    text: str
    centres: tuple[float, ...]
    sure: float
    variants: tuple[tuple[str, float], ...] = ()
    fair: float = 1.0


NOTHING = Reading("", (), 0.0)


def read_pictures(pictures: list[Gray]) -> list[Reading]:
    """What each picture of one line says. An empty picture says nothing."""
    ready = {i: _at_line_height(p) for i, p in enumerate(pictures) if min(p.shape) > 1}
    answers = read_lines(list(ready.values()))
    found = {
        i: _decoded(classes, shares, picture.shape[1])
        for (i, picture), (classes, shares) in zip(ready.items(), answers, strict=True)
    }
    return [found.get(i, NOTHING) for i in range(len(pictures))]


def _at_line_height(picture: Gray) -> Gray:
    height, width = picture.shape
    return resized(picture, min(max(round(width * LINE_HEIGHT / height), 8), WIDEST), LINE_HEIGHT)


@functools.cache
def _alphabet() -> list[str]:
    """The network's letters; digits and signs of numbers in their plain width, as the letter's width is a guess."""
    return [unicodedata.normalize("NFKC", letter) if letter in _DRESSED else letter for letter in letters()]


_DRESSED = frozenset(chr(code + 0xFEE0) for code in map(ord, "0123456789+-.%/"))


def _decoded(classes: Ints, shares: Floats, width: int) -> Reading:
    alphabet = _alphabet()
    best = classes[:, 0]
    starts = np.flatnonzero(np.concatenate(([True], best[1:] != best[:-1])))
    ends = np.concatenate((starts[1:], [len(best)]))
    text: list[str] = []
    centres: list[float] = []
    shares_of: list[float] = []
    others: list[tuple[int, int, str, float]] = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if best[start] == 0:
            others += [
                (len(text), 0, alphabet[int(classes[step, 1])], float(shares[step, 1]))
                for step in range(start, end)
                if shares[step, 1] >= OTHERWISE and int(classes[step, 1]) not in _beside(best, start, end)
            ]
            continue
        peak = start + int(shares[start:end, 0].argmax())
        letter = alphabet[int(best[start])]
        if letter.isspace():
            continue
        beside = [(alphabet[int(classes[peak, rank])], float(shares[peak, rank])) for rank in range(classes.shape[1])]
        shares_of.append(sum(share for other, share in beside if _look(other) == _look(letter)))
        others += [
            (len(text), 1, other, share)
            for other, share in beside
            if share >= OTHERWISE and _look(other) != _look(letter)
        ]
        text.append(letter)
        centres.append(((start + end) / 2) * STEP / max(width, 1))
    variants: dict[str, float] = {}
    whole = "".join(text)
    for place, taken, letter, share in others:
        variant = "".join([*text[:place], letter.strip(), *text[place + taken :]])
        if variant != whole:
            variants[variant] = max(variants.get(variant, 0.0), share)
    ranked = sorted(variants.items(), key=lambda item: -item[1])
    fair = sum(shares_of) / len(shares_of) if shares_of else 0.0
    return Reading(
        whole, tuple(min(c, 1.0) for c in centres), min(shares_of, default=0.0), tuple(ranked[:MOST_VARIANTS]), fair
    )


def _look(letter: str) -> str:
    """One letter for all that look like it."""
    return _ALIKE.get(letter, letter)


_ALIKE = {"O": "0", "o": "0", "\u3007": "0", "，": ",", "（": "(", "）": ")", "：": ":"}


def _beside(best: Ints, start: int, end: int) -> set[int]:
    """The letters right before and behind a run of steps: their own edges are no letter more."""
    return {int(best[i]) for i in (start - 1, end) if 0 <= i < len(best)} | {0}
