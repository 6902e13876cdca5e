"""Traditional pages: their characters, and the words that they print for those of the forms."""

from __future__ import annotations

import pytest
from opencc import OpenCC

from pipelines.forms import load_forms
from pipelines.forms.schema import Line
from pipelines.read.headings import heading, title
from pipelines.read.labels import index_labels
from pipelines.read.numbers import read_number
from pipelines.read.wording import simplified

STYLES = ("s2t", "s2hk", "s2tw", "s2twp", "s2hkp")
LABELS = index_labels(load_forms())
AMBIGUOUS = "数据"
"""資料 alone is a word for much else."""
SECTIONS = {
    "disclosure": "二、主动公开政府信息情况",
    "application": "三、收到和处理政府信息公开申请情况",
    "review": "四、政府信息公开行政复议、行政诉讼情况",
    "other": "六、其他需要报告的事项",
    "statistics": "政府信息公开情况统计表",
}


def _lines() -> list[tuple[str, str, Line]]:
    return [
        (axis, table.code, line)
        for form in load_forms().values()
        for table in form.tables
        for axis, lines in (("rows", table.rows), ("columns", table.columns))
        for line in lines
    ]


@pytest.mark.parametrize("style", STYLES)
def test_every_label_of_every_form_comes_back(style: str) -> None:
    there = OpenCC(style)
    for axis, table, line in _lines():
        for text in {line.label, *line.variants} - {AMBIGUOUS}:
            found = getattr(LABELS, axis)[table].exact(there.convert(text))
            assert line.code in {match.code for match in found}, (style, text, simplified(there.convert(text)))


@pytest.mark.parametrize("style", STYLES)
def test_sections_titles_and_units_come_back(style: str) -> None:
    there = OpenCC(style)
    for code, text in SECTIONS.items():
        found = heading(there.convert(text))
        assert found and found.code == code
    assert title([there.convert("沭阳县审计局2022年政府信息公开工作年度报告")])
    assert read_number(there.convert("17个")).unit in ("个", "個")


def test_simplified_text_is_left_alone() -> None:
    for text in ("乾县财政局", "国家档案馆移交信息", "统计资料", "网络程序", "于都县"):
        assert simplified(text) == text


def test_pinyin_in_brackets_goes() -> None:
    assert simplified("行政許(xǔ)可") == "行政许可"
    assert simplified("公(gong)開(kai)") == "公开"
