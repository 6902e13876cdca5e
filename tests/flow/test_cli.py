"""The command line as its users meet it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from pipelines import discovery
from pipelines.cli import main
from pipelines.json_lines import encode
from pipelines.report_view import _clean
from tests.factory import site
from tests.flow.command import gongkai

LAYOUTS = ("html", "html_word", "text_tab", "text_markdown", "docx", "pdf")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county's reports of four years, in several formats, and their truth."""
    root = tmp_path_factory.mktemp("county")
    plan = site.Plan(12, seed=23, counties=1, layouts=LAYOUTS, years=(2021, 2022, 2023, 2024), fault_share=0)
    site.save(plan, root, root / "gold.jsonl")
    return root


def truth(folder: Path) -> dict[str, dict[tuple[str, str, str], Decimal | None]]:
    lines = (json.loads(line, parse_float=Decimal) for line in (folder / "gold.jsonl").read_text().splitlines())
    return {
        line["file"]: {
            (c["table"], c["row"], c["column"]): None if c["value"] is None else Decimal(str(c["value"]))
            for c in line["cells"]
        }
        for line in lines
    }


def test_a_folder_gives_one_line_for_each_report_and_all_numbers_right(folder: Path) -> None:
    ended = gongkai("parse", folder, "--json")
    assert ended.status == 0, ended.err
    lines = ended.lines()
    gold = truth(folder)
    assert [line["path"] for line in lines] == sorted(str(folder / name) for name in gold)
    for line in lines:
        expected = gold[str(Path(line["path"]).relative_to(folder))]
        read = {(c["table"], c["row"], c["column"]): c["value"] for c in line["cells"]}
        numbers = {key: value for key, value in expected.items() if value is not None}
        assert {key: read.get(key) for key in numbers} == numbers, line["path"]
        assert line["error"] is None and line["seconds"] > 0
        assert line["division"] == Path(line["path"]).relative_to(folder).parts[0]
        assert str(line["year"]) == Path(line["path"]).relative_to(folder).parts[1]


def test_a_line_has_the_keys_of_the_vocabulary(folder: Path) -> None:
    path = next(iter(truth(folder)))
    (line,) = gongkai("parse", folder / path, "--json").lines()
    keys = ("path", "title", "agency", "division", "year", "form", "cells", "claims", "flags", "error", "seconds")
    assert tuple(line)[: len(keys)] == keys
    assert {"table", "row", "column", "value", "status", "raw"} == set(line["cells"][0])
    assert all({"kind", "scope", "value", "quote"} <= set(claim) for claim in line["claims"])


def test_paths_keep_their_order_and_a_refusal_costs_nothing_else(folder: Path, tmp_path: Path) -> None:
    first, second, *_ = sorted(truth(folder), reverse=True)
    empty = tmp_path / "empty.html"
    empty.touch()
    ended = gongkai("parse", folder / first, empty, tmp_path / "none.pdf", folder / second, "--json")
    assert ended.status == 1
    lines = ended.lines()
    assert [line["path"] for line in lines] == [
        str(folder / first),
        str(empty),
        str(tmp_path / "none.pdf"),
        str(folder / second),
    ]
    assert [line["error"] and line["error"]["code"] for line in lines] == [None, "empty", "not_found", None]
    refused = lines[1]
    assert {refused[key] for key in ("title", "agency", "division", "year", "form")} == {None}
    assert refused["cells"] == refused["claims"] == refused["flags"] == []


def test_a_contradiction_is_flagged_with_both_sides(folder: Path, tmp_path: Path) -> None:
    plan = site.Plan(7, seed=5, counties=1, fault_share=1, faults=("balance",), slow_share=0)
    site.save(plan, tmp_path, tmp_path / "g.jsonl")
    gold = [json.loads(line) for line in (tmp_path / "g.jsonl").read_text().splitlines()]
    line_of = next(line for line in gold if "application_balance" in line["must_flag"])
    (line,) = gongkai("parse", tmp_path / line_of["file"], "--json").lines()
    flag = next(f for f in line["flags"] if f["rule"] == "application_balance" and f["outcome"] == "broken")
    assert flag["severity"] == "error" and flag["message"]
    assert flag["expected"] != flag["observed"]
    assert ["application", "received"] in [cell[:2] for cell in flag["cells"]]


def test_names_with_quotes_line_breaks_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    names = ["a \"quoted\" 'name'.txt", "line\nbreak\r.txt", "字\udcff.txt", "\x1b[31mred.txt"]
    for name in names:
        (tmp_path / name).write_text("nothing")
    ended = gongkai("parse", *(tmp_path / name for name in names), "--json")
    assert [Path(line["path"]).name for line in ended.lines()] == names
    ended.out.decode("utf-8")
    shown = gongkai("parse", tmp_path)
    assert b"\x1b" not in shown.out and shown.status == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("7730.28"), "7730.28"),
        (Decimal("110"), "110"),
        (Decimal("12.0"), "12"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.0001"), "-0.0001"),
        (Decimal("12345678901234567890.123456789"), "12345678901234567890.123456789"),
        ({"a": [True, None, ("x", 2)], "b": 0.25}, '{"a": [true, null, ["x", 2]], "b": 0.25}'),
        ('quote" line\n字\ud800', '"quote\\" line\\n字\\ud800"'),
    ],
)
def test_numbers_and_names_are_written_exactly(value: object, text: str) -> None:
    assert encode(value) == text  # type: ignore[arg-type]
    json.loads(text)


def test_the_table_fits_eighty_columns_without_colours(folder: Path) -> None:
    path = next(iter(truth(folder)))
    ended = gongkai("parse", folder / path)
    text = ended.out.decode()
    assert ended.status == 0
    assert "\x1b" not in text
    assert max(map(width, text.splitlines())) <= 80
    for table in ("主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况"):
        assert table in text
    for label in ("（一）予以公开", "行政复议", "尚未审结", "核对 checks"):
        assert label in text


def width(line: str) -> int:
    return cell_len(line)


def test_what_would_steer_a_terminal_is_not_shown() -> None:
    assert _clean("a\x1b[2Jb\nc\u202ed\udcffe") == "a\ufffd[2Jb c\ufffdd\ufffde"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["parse"], "Missing argument"),
        (["build", "/no/such/folder"], "There is no '/no/such/folder'"),
        (["parse", "--nonsense", "x"], "No such option"),
        (["prase"], "No such command"),
    ],
)
def test_mistakes_are_answered_in_one_sentence(arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code != 0
    assert words in result.output
    assert "Traceback" not in result.output


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["parse", str(tmp_path)])
    assert result.exit_code == 1
    assert re.search("There is no document in", result.output)


def test_version() -> None:
    assert re.fullmatch(r"gongkai, version \d+\.\d+\.\d+\n", CliRunner().invoke(main, ["--version"]).output)


def names(sources: Iterator[discovery.Source], root: Path) -> list[str]:
    return [str(Path(source.path).relative_to(root)) for source in sources]


def test_a_folder_is_walked_by_name_and_only_for_documents(tmp_path: Path) -> None:
    outside = tmp_path / "outside.html"
    outside.touch()
    root = tmp_path / "root"
    taken = ("b/2.html", "b/1.pdf", "a.txt", "c.md")
    for name in (*taken, "README.md", "gold.jsonl", ".hidden.html", ".git/x.html", "x.css"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (root / "link.html").symlink_to(outside)
    (root / "inner.html").symlink_to(root / "a.txt")
    (root / "loop").symlink_to(root)
    (root / "dangling.html").symlink_to(root / "nothing")
    assert names(discovery.discover([root]), root) == ["a.txt", "b/1.pdf", "b/2.html", "c.md", "inner.html"]
    assert names(discovery.discover([root / "gold.jsonl", root / "link.html"]), root) == ["gold.jsonl", "link.html"]


@pytest.mark.parametrize(
    ("path", "division", "year"),
    [
        ("/x/411224/2023/a.html", "411224", 2023),
        ("/x/410000/411224卢氏县/2023年/a.html", "411224", 2023),
        ("/x/河南省/三门峡市/卢氏县/2021年度/a.html", None, 2021),
        ("/x/999999/123/a.html", None, None),
        ("/x/20230115/a.html", None, None),
        ("/x/2023.html", None, None),
    ],
)
def test_folders_say_division_and_year(path: str, division: str | None, year: int | None) -> None:
    source = discovery.source_of(path)
    assert (source.division, source.year) == (division, year)
    assert source.province == (division and division[:2])
    assert source.hints == Path(path).parts[1:-1]


def test_pipes_and_folders_are_no_documents(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.html")
    with pytest.raises(discovery.Unopenable) as refused:
        discovery.read_bytes_of(discovery.source_of(tmp_path / "pipe.html"))
    assert refused.value.issue.code == "not_a_file"
    with (tmp_path / "huge.pdf").open("wb") as file:
        file.truncate(discovery.MAX_BYTES + 1)
    with pytest.raises(discovery.Unopenable) as refused:
        discovery.read_bytes_of(discovery.source_of(tmp_path / "huge.pdf"))
    assert refused.value.issue.code == "too_large"
