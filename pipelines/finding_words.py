"""A finding in Chinese, for people who know the form and no code: the rule's words, the place by its label, both sides,
the note. The words are data: `finding_words.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import yaml

from pipelines.forms.schema import Form
from pipelines.printed_tables import short_label

WORDS = Path(__file__).with_suffix(".yml")
_INSTANCE = re.compile(r"(?P<rule>.*)（(?P<instance>[A-Za-z0-9_. ]+)）", re.DOTALL)
_SIDES = ("应为 ", "实为 ")


def in_chinese(message_zh: str, forms: Mapping[str, Form]) -> str:
    """`message_zh` of quality.flag with what is still English, and codes, put into Chinese. What no pattern knows stays
    as it is."""
    head, *rest = message_zh.split("；")
    parts = [_head(head, forms)]
    for part in rest:
        side = next((side for side in _SIDES if part.startswith(side)), "")
        parts.append(side + translated(part.removeprefix(side)))
    return "；".join(parts)


def translated(text: str) -> str:
    """A value or a note of a rule, in Chinese; several notes stand with semicolons between them."""
    if "; " in text and not _known(text):
        return "；".join(map(translated, text.split("; ")))
    return _known(text) or text


def instance_words(instance: str, forms: Mapping[str, Form]) -> str:
    """The place that a rule is applied to, by its label: a row, a column, a table, or parts of these."""
    if instance.isdigit():
        return f"第 {instance} 处"
    names = dict(_labels(forms))
    return "·".join(names.get(part, part) for part in instance.split(".") if part not in ("row", "column"))


def _head(text: str, forms: Mapping[str, Form]) -> str:
    found = _INSTANCE.fullmatch(text)
    return f"{found['rule']}（{instance_words(found['instance'], forms)}）" if found else text


def _known(text: str) -> str | None:
    for pattern, words in _patterns():
        if found := pattern.fullmatch(text):
            groups = found.groupdict()
            if groups.get("rest"):
                groups["rest"] = translated(groups["rest"])
            return words.format(**groups)
    return None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    entries = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return tuple((re.compile(entry["en"]), entry["zh"]) for entry in entries)


def _labels(forms: Mapping[str, Form]) -> Iterator[tuple[str, str]]:
    """Codes with their labels; where forms differ, the newest form's counts."""
    for form in forms.values():
        for table in form.tables:
            for line in (*table.columns, *table.rows):
                yield line.code, "·".join(map(short_label, (*line.groups[-1:], line.label)))
            yield table.code, table.title
