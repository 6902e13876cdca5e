from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.read.numbers import chinese_number, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("17", "17"),
        ("０", "0"),
        (" ３８\xa0", "38"),
        ("1,234", "1234"),
        ("12，345，678.5", "12345678.5"),
        ("1 234", "1234"),
        ("1\u3000234\u3000567", "1234567"),
        ("39195\n68", "3919568"),
        ("627.4\n686", "627.4686"),
        ("724.3510", "724.3510"),
        ("0.75", "0.75"),
        ("+4", "4"),
        ("－35", "-35"),
        ("−8", "-8"),
        ("–9", "-9"),
        ("增5", "5"),
        ("减3", "-3"),
        ("增加 6项", "6"),
        ("减少2", "-2"),
        ("减0", "0"),
        ("12.5", "12.5"),
        ("-3", "-3"),
        ("一百二十", "120"),
        ("〇", "0"),
        ("两件", "2"),
        ("一件", "1"),
        ("41。", "41"),
        ("'37", "37"),
        ("’+6", "6"),
    ],
)
def test_a_number_is_a_number_however_it_is_dressed(text: str, value: str) -> None:
    number = read_number(text)
    assert number.status == "reported"
    assert str(number.value) == value
    assert not number.approximate


@pytest.mark.parametrize(
    ("text", "value", "unit", "note"),
    [
        ("251000元", 251000, "元", None),
        ("43.788 万元", Decimal("43.788"), "万元", None),
        ("13（含自然失效6件）", 13, None, "含自然失效6件"),
        ("22件(其中修订16件)", 22, "件", "其中修订16件"),
        ("55（含（一）项中的29件）", 55, None, "含(一)项中的29件"),
        ("31（其中修订7件", 31, None, "其中修订7件"),
        ("205（万元）", 205, "万元", None),
        ("19（甲）（乙）", 19, None, "甲; 乙"),
        ("2573\n件", 2573, "件", None),
        ("￥8,040.50", Decimal("8040.50"), None, None),
    ],
)
def test_units_and_notes_are_kept_and_nothing_is_converted(text: str, value: Decimal, unit: str, note: str) -> None:
    number = read_number(text)
    assert (number.status, number.value, number.unit, number.note) == ("reported", value, unit, note)


@pytest.mark.parametrize("text", ["", " ", "\xa0", "\u200b", "\u202a\ufe0f", "\ufeff\n \t", "&nbsp;", "\u3000\u3000"])
def test_an_empty_cell_is_blank(text: str) -> None:
    assert (read_number(text).status, read_number(text).value) == ("blank", None)


@pytest.mark.parametrize("text", [*"/-—－／\\无─", "——", "暂无", "N/A", "--", "不适用", "无。"])
def test_a_mark_for_nothing_is_not_applicable(text: str) -> None:
    assert (read_number(text).status, read_number(text).value) == ("not_applicable", None)


@pytest.mark.parametrize(
    "text",
    [
        *["1O", "12?", "3/4", "1.2.3", "5-7", "2023-12-31", "2023年", "12%", "３５％", "约30", "30余", "1e5"],
        *["007", "000", "00", ".5", "12.", "592,", "1,23", "1,2345", "0,123", "14万", "一", "二〇二三", "- 3"],
        *["3 5", "3\n5", "12\n345", "12\n34", "0\n12", "增-5", "5（含3）6", "22其中修订16件"],
        *["*", "****", "????", "O", "½", "12①", "٣", "属于国家秘密", "9" * 25, "7" * 401],
    ],
)
def test_what_is_no_number_for_certain_is_unreadable(text: str) -> None:
    assert (read_number(text).status, read_number(text).value) == ("unreadable", None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[("十", 10), ("二十五", 25), ("一百零八", 108), ("两千三百", 2300), ("一万二千", 12000), ("廿", 20)],
        ("三点一四", Decimal("3.14")),
    ],
)
def test_chinese_numerals(text: str, value: Decimal) -> None:
    assert chinese_number(text) == value


@pytest.mark.parametrize("text", ["", "三百余", "一二三", "百", "12", "件", "点五", "十十"])
def test_what_is_no_chinese_numeral_has_no_value(text: str) -> None:
    assert chinese_number(text) is None


FULL_WIDTH = str.maketrans("0123456789,.+-", "０１２３４５６７８９，．＋－")
counts = st.integers(min_value=0, max_value=10**12)
amounts = st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False)


@given(
    value=st.one_of(counts.map(Decimal), amounts),
    thousands=st.booleans(),
    wide=st.booleans(),
    sign=st.sampled_from(["", "+", "-", "增", "减少"]),
    unit=st.sampled_from(["", "件", "元", "万元", " 条"]),
    note=st.sampled_from(["", "（含3件）", "(8)"]),
    pad=st.sampled_from(["", " ", "\n", "\xa0", "\u200b"]),
)
def test_every_dressing_comes_off_again(
    value: Decimal, thousands: bool, wide: bool, sign: str, unit: str, note: str, pad: str
) -> None:
    figure = f"{value:,}" if thousands else str(value)
    text = sign + figure
    number = read_number(pad + (text.translate(FULL_WIDTH) if wide else text) + unit + note + pad)
    expected = -value if sign in ("-", "减少") else value
    assert (number.status, number.value) == ("reported", expected)
    assert number.unit == (unit.strip() or None)


@given(st.text(max_size=60))
def test_any_text_has_a_status_and_only_reported_has_a_value(text: str) -> None:
    number = read_number(text)
    assert (number.value is not None) == (number.status == "reported")


@given(st.integers(min_value=1, max_value=10**8 - 1))
def test_numerals_round_trip(value: int) -> None:
    from cn2an import an2cn

    assert chinese_number(an2cn(value)) == value


@pytest.mark.parametrize(("text", "value"), [("減少23", -23), ("增加5條", 5), ("31萬元", 31), ("兩件", 2)])
def test_traditional_words_around_a_number(text: str, value: int) -> None:
    assert read_number(text).value == value


def test_a_traditional_none_is_no_number() -> None:
    assert read_number("無").status == "not_applicable"
