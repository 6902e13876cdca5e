"""Cells that may hold a number, each read again on its own; what two readings cannot agree upon is doubtful."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from pipelines.extract.marks import TableCell
from pipelines.extract.scan.blobs import (
    DECISIVE,
    NO_POINT,
    NO_ROOM,
    NO_SUCH_POINT,
    bands,
    begins_with_dash,
    blobs_of,
    doubts,
    is_dash,
    is_slash,
)
from pipelines.extract.scan.networks import Gray
from pipelines.extract.scan.recognise import Reading, read_pictures

SURE = 0.9
"""A reading whose least likely letter is as likely needs one more that agrees; others need two."""
HEARD = 0.5
HUNCH = 0.8
LIKELY = 0.03
HALF_SEEN = 0.1
"""A mark before the digits that a reading took for nothing, but as likely as that for something, may be a sign."""
MOST_CANDIDATES = 6
WORDS = 3
"""So many letters outside of brackets and no number can be meant."""
UNSURE = "?"
"""Stands between the candidates in the text of a doubtful cell, so that it is no number."""

_BRACKETS = re.compile(r"[（(〔【\[].*?[）)〕】\]]", re.DOTALL)
_OPENING = ("(", "（", "〔", "【", "[")
_PLAIN = re.compile(r"[0-9.,+\-\n]+")
_LOOKS = str.maketrans({"O": "0", "o": "0", "\u3007": "0", "，": ",", "．": ".", "－": "-", "−": "-", "–": "-"})
_STROKES = frozenset("1/|lI7\\")
_DASHES = re.compile("[-—―─━‒_\u4e00]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell's picture without rules, its ink, its type size in pixels, and the text that the page's reading gave."""

    cell: TableCell
    picture: Gray
    ink: Gray
    size: float
    sure: float


def read_again(pieces: Sequence[Piece]) -> list[TableCell]:
    """The cells with the texts that hold; `candidates` where another text may hold as well."""
    seen = [_Seen(piece) for piece in pieces]
    asked = [one for one in seen if one.is_asked]
    _ask(asked, 1.18, plain=False)
    _ask([one for one in asked if not one.is_settled()], 1.4, plain=False)
    _ask([one for one in asked if not one.is_settled()], 1.05, plain=True)
    return [one.settled() for one in seen]


class _Seen:
    """A cell while its readings gather."""

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self.blobs = blobs_of(piece.ink, piece.picture, piece.size)
        self.first = piece.cell.text
        if self.blobs.dirt:
            self.first = self.first.strip(" .,\u3001\u3002'`")
        self.is_wordy = _is_wordy(self.first)
        self.is_asked = bool(self.blobs.marks) and not self.is_wordy
        self.bands = bands(self.blobs, piece.ink.shape[0]) if self.is_asked else []
        self.readings: list[Reading] = []

    def lines(self, height: float, plain: bool) -> list[Gray]:
        """The picture of each line, `height` type sizes high."""
        return [self._line(top, bottom, height, plain) for top, bottom in self.bands]

    def _line(self, top: int, bottom: int, height: float, plain: bool) -> Gray:
        size = self.piece.size
        inside = [b for b in self.blobs.marks if b.bottom > top and b.top < bottom]
        room = round(height * size * 0.3)
        left, right = min(b.left for b in inside) - room, max(b.right for b in inside) + room
        half = max(height * size, (bottom - top) * 1.2) / 2
        middle = (top + bottom) / 2
        picture = self.piece.picture.copy()
        for spot in self.blobs.dirt:
            picture[max(spot.top - 1, 0) : spot.bottom + 1, max(spot.left - 1, 0) : spot.right + 1] = 255
        picture = part_of(picture, left, round(middle - half), right, round(middle + half))
        if plain:
            _, parted = cv2.threshold(picture, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
            return np.asarray(cv2.GaussianBlur(parted, (3, 3), 0), dtype=np.uint8)
        return picture

    def votes(self) -> Counter[str]:
        """For each text, how many readings gave it with some certainty."""
        return Counter(self._plain(r.text) for r in self._all() if r.sure >= HEARD)

    def _plain(self, text: str) -> str:
        """In the one spelling; where the ink begins with a dash, a point there is that dash."""
        plain = _canonical(text)
        if (
            len(self.bands) == 1
            and _PLAIN.fullmatch(plain)
            and plain[:1] in (".", ",")
            and begins_with_dash(self.blobs)
        ):
            return "-" + plain[1:]
        return plain

    def _all(self) -> list[Reading]:
        first = [Reading(self.first, (), self.piece.sure)] if self.first.strip() else []
        return first + self.readings

    def is_settled(self) -> bool:
        return self._says_words() or self._holding() is not None

    def _says_words(self) -> bool:
        """Whether the page's reading passed over what is words, such as those that stand below each other."""
        return not self.first.strip() and bool(self.readings) and all(_is_wordy(r.text) for r in self.readings)

    def _holding(self) -> str | None:
        """The text that enough readings gave and the ink allows."""
        if not self.readings:
            return None
        votes = self.votes()
        if not votes:
            return None
        text, count = votes.most_common(1)[0]
        if self._may_be_led(text):
            return None
        contradicted = self.contradiction(text) is not None
        others = [other for other in votes if other != text and not self._is_idle(other, votes, contradicted)]
        own = [r.sure for r in self.readings if self._plain(r.text) == text]
        if count >= 2 and not others and not contradicted and own and min(own) >= SURE:
            return text
        if contradicted and self.contradiction(text) in DECISIVE:
            return None
        if count >= (4 if contradicted else 3) and own and max(own) >= SURE and not others:
            return text
        return None

    def _may_be_led(self, text: str) -> bool:
        """Whether a reading of these digits half saw a mark before them."""
        return text[:1].isdigit() and any(
            share >= HALF_SEEN and variant[1:] == text and not variant[:1].isalnum()
            for reading in self.readings
            for variant, share in reading.variants
        )

    def _is_idle(self, text: str, votes: Counter[str], contradicted: bool) -> bool:
        """Whether a dissenting text cannot be right: the ink shows no such point; or contradicts it, a single reading
        of many, and not (`contradicted`) the text that the others gave; or the page's reading alone saw letters where
        a number stands."""
        contradiction = self.contradiction(text)
        if contradiction in (NO_POINT, NO_SUCH_POINT):
            return True
        if contradiction and not contradicted and votes[text] == 1 and len(self.readings) >= 3:
            return True
        own = {self._plain(r.text) for r in self.readings}
        return len(self.readings) >= 3 and text not in own and not _PLAIN.fullmatch(text) and self.piece.sure < HUNCH

    def contradiction(self, text: str) -> str | None:
        return doubts(text, self.blobs, self.bands) if _PLAIN.fullmatch(text) else None

    def settled(self) -> TableCell:
        cell = replace(self.piece.cell, reading="ocr")
        if self.is_wordy:
            return cell
        if not self.blobs.marks:
            if not self.first.strip():
                return replace(cell, text="")
            return _doubtful(cell, [_canonical(self.first)])
        if self._says_words():
            return replace(cell, text=self.readings[0].text)
        ranked = self._candidates()
        if is_slash(self.blobs) and all(set(text) <= _STROKES for text in ranked):
            return replace(cell, text="/")
        if is_dash(self.blobs, *self.piece.ink.shape) and not any(map(_shows_number, ranked)):
            return replace(cell, text="—")
        if not any(map(_shows_number, ranked)) and self.first.strip():
            return cell
        text = self._holding()
        if text is None:
            return _doubtful(cell, list(dict.fromkeys(map(_unbroken, ranked))))
        # A point at an end is a speck, or parts the number from a digit that is lost.
        if _PLAIN.fullmatch(text) and (bare := text.strip(".,")) not in ("", text):
            return _doubtful(cell, list(dict.fromkeys((text, bare, *ranked)))[:MOST_CANDIDATES])
        others = dict.fromkeys(map(_unbroken, (text, *ranked)))
        return replace(cell, text=text, candidates=tuple(other for other in others if other != text))

    def _candidates(self) -> list[str]:
        """All texts that were read, and what the readings might be instead, likeliest first."""
        weights: defaultdict[str, float] = defaultdict(float)
        for reading in self._all():
            if reading.text.strip():
                weights[self._plain(reading.text)] += reading.sure
            for variant, share in reading.variants:
                if share >= LIKELY and _PLAIN.fullmatch(_canonical(variant)):
                    weights[self._plain(variant)] += share / 2
        ranked = sorted(weights, key=lambda text: -weights[text])
        for text in [text for text in ranked if self.contradiction(text) == NO_ROOM]:
            ranked.insert(ranked.index(text) + 1, re.sub("[.,]", "", text))
        return list(dict.fromkeys(ranked))[:MOST_CANDIDATES]


def _ask(asked: list[_Seen], height: float, plain: bool) -> None:
    """One more reading for each cell, all in one go."""
    lines = [one.lines(height, plain) for one in asked]
    read = iter(read_pictures([picture for group in lines for picture in group]))
    for one, group in zip(asked, lines, strict=True):
        one.readings.append(_joined([next(read) for _ in group]))


def _joined(lines: list[Reading]) -> Reading:
    """The lines of a cell as one reading."""
    whole = "\n".join(line.text for line in lines)
    variants = []
    for number, line in enumerate(lines):
        for variant, share in line.variants:
            parts = [other.text for other in lines]
            parts[number] = variant
            variants.append(("\n".join(parts), share))
    return Reading(whole, (), min((line.sure for line in lines), default=0.0), tuple(variants))


def _doubtful(cell: TableCell, candidates: list[str]) -> TableCell:
    text = UNSURE.join(candidates) if len(candidates) > 1 else "".join(candidates) + UNSURE
    return replace(cell, text=text, candidates=tuple(candidates))


def _unbroken(text: str) -> str:
    """The number that a narrow cell broke, where all lines but the last are full; any other text as it is."""
    lines = text.split("\n")
    width = len(lines[0])
    full = all(line.isdecimal() for line in lines) and all(len(line) == width for line in lines[:-1])
    return "".join(lines) if full and len(lines[-1]) <= width else text


def part_of(picture: Gray, left: int, top: int, right: int, bottom: int, beyond: int = 255) -> Gray:
    """A part of the picture; `beyond` where it reaches over the edge."""
    height, width = picture.shape
    found = np.full((max(bottom - top, 1), max(right - left, 1)), beyond, dtype=np.uint8)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
    if x1 > x0 and y1 > y0:
        found[y0 - top : y1 - top, x0 - left : x1 - left] = picture[y0:y1, x0:x1]
    return found


def _is_wordy(text: str) -> bool:
    plain = text.strip()
    letters = sum(letter.isalpha() for letter in _BRACKETS.sub("", plain))
    return letters > WORDS or plain.startswith(_OPENING)


def _shows_number(text: str) -> bool:
    """Whether anything in it is a digit or a numeral."""
    return any(unicodedata.numeric(letter, None) is not None for letter in text)


def _canonical(text: str) -> str:
    """One spelling for what looks alike in a cell: no spaces, O as 0, every dash as one."""
    lines = ["".join(line.split()) for line in text.split("\n")]
    plain = "\n".join(line for line in lines if line)
    looks = plain.translate(_LOOKS)
    if _PLAIN.fullmatch(looks) and any(letter.isdigit() for letter in looks):
        return looks
    return "—" if _DASHES.fullmatch(plain) else plain
