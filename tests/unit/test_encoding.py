"""Bytes to text, with encodings declared, undeclared and misdeclared."""

from __future__ import annotations

import pytest

from pipelines.extract.encoding import decode
from pipelines.extract.limits import Unreadable

SIMPLIFIED = "某某县统计局共收到信件一百二十三封，其中书面四十五封。\n本年办结 118 封，转下年 5 封。\n" * 3
TRADITIONAL = "某某縣統計局共收到信件一百二十三封，其中書面四十五封。\n本年辦結 118 封，轉下年 5 封。\n" * 3


def declared(text: str, label: str) -> str:
    return f'<meta charset="{label}">\n{text}'


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "gb2312", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_undeclared(codec: str) -> None:
    decoded = decode(SIMPLIFIED.encode(codec))
    assert decoded.text == SIMPLIFIED
    assert decoded.issues == ()


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
@pytest.mark.parametrize(
    "label", ["utf-8", "gb2312", "gbk", "GB18030", "big5", "iso-8859-1", "windows-1252", "nonsense"]
)
def test_a_label_never_overrules_the_bytes(codec: str, label: str) -> None:
    text = declared(SIMPLIFIED, label)
    decoded = decode(text.encode(codec))
    assert (decoded.text, decoded.encoding, decoded.issues) == (text, codec, ())


def test_big5_where_it_is_declared() -> None:
    text = declared(TRADITIONAL, "big5")
    assert decode(text.encode("big5")).text == text
    assert decode(TRADITIONAL.encode("big5"), "Big5").text == TRADITIONAL


def test_characters_beyond_gb2312_under_its_label() -> None:
    text = declared("朱镕基、喆、㐀", "gb2312")
    assert decode(text.encode("gb18030")).text == text


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_lost_character_is_an_issue(codec: str) -> None:
    data = SIMPLIFIED.encode(codec)
    decoded = decode(data[:40] + b"\xff" + data[40:])
    assert [issue.code for issue in decoded.issues] == ["characters_lost"]
    assert "118" in decoded.text


def test_a_cut_last_character_is_an_issue() -> None:
    decoded = decode((SIMPLIFIED + "封").encode()[:-1])
    assert decoded.encoding == "utf-8"
    assert [issue.code for issue in decoded.issues] == ["characters_lost"]


def test_a_stray_zero_byte_is_an_issue() -> None:
    data = (SIMPLIFIED * 10).encode()
    decoded = decode(data[:300] + b"\0" + data[300:])
    assert decoded.text == SIMPLIFIED * 10
    assert [issue.code for issue in decoded.issues] == ["characters_lost"]


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_no_text(seed: int) -> None:
    import random

    with pytest.raises(Unreadable) as refusal:
        decode(random.Random(seed).randbytes(20_000))
    assert refusal.value.issue.code == "unknown_format"


def test_letters_of_gb_that_were_read_one_by_one_are_set_right() -> None:
    decoded = decode(SIMPLIFIED.encode("gbk").decode("latin-1").encode())
    assert decoded.text == SIMPLIFIED
    assert [issue.code for issue in decoded.issues] == ["mojibake_undone"]
    french = "Où êtes-vous ? À l'été, déjà vu : forêt, âge, naïveté, cœur.\n".replace("œ", "oe") * 9
    assert decode(french.encode()).text == french
