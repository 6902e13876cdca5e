"""The reader's issues in Chinese: every code that the program can raise has words; details are put by labels."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pipelines.issue_words import WORDS, claim_in_chinese, issue_in_chinese, place_in_chinese

PACKAGE = Path(__file__).parents[2] / "pipelines"
RAISED = {"Issue", "Unreadable", "Unopenable", "_issue"}
ELSEWHERE = {"archive_damaged", "archive_missing", "not_a_file", "interrupted"}


def raised_codes() -> Iterator[str]:
    """The codes that stand in the source as the first word of an Issue, whole or in a choice of two."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and not isinstance(node.args[0], ast.JoinedStr):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in RAISED:
                    yield from (
                        one.value
                        for one in ast.walk(node.args[0])
                        if isinstance(one, ast.Constant) and isinstance(one.value, str)
                    )


def test_every_code_has_chinese_words() -> None:
    known = yaml.safe_load(WORDS.read_text(encoding="utf-8"))["codes"]
    codes = set(raised_codes()) | ELSEWHERE
    assert len(codes) > 60
    assert sorted(codes - known.keys()) == []


@pytest.mark.parametrize(
    ("code", "message", "words"),
    [
        (
            "row_ambiguous",
            "application.received shows 6 values (0 | 2) and no layout says which belongs to which column: compare",
            "一、本年新收政府信息公开申请数量有 6 个数（0 | 2），分不清哪个数在哪一列：请对照原件",
        ),
        (
            "value_unreadable",
            "disclosure.licensing.decisions shows '若干', which is no number",
            "行政许可·本年处理决定数量写的是“若干”，不是数",
        ),
        (
            "year_not_in_title",
            "the title names no year; statistics period says 2023",
            "标题没有写年度，统计期间说的是 2023",
        ),
        ("label_unknown", "no form has the row '{甲} | 3'; it was left out: if", "不认识的行：“{甲} | 3”，没有读"),
        ("damaged", "whatever it says", "文件损坏或不完整：请重新获取"),
        ("unheard_of", "as it is", "as it is"),
    ],
)
def test_an_issue_in_chinese(code: str, message: str, words: str) -> None:
    assert issue_in_chinese(code, message) == words


def test_places_and_claims_in_chinese() -> None:
    assert place_in_chinese("page 3, table 2, row 5") == "第 3 页, 第 2 张表, 第 5 行"
    assert place_in_chinese("line 72, row 1") == "第 72 行"
    assert claim_in_chinese("applications_received") == "收到申请"
