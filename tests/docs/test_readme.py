"""The front README is true: its commands exist, its questions have answers."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import duckdb
import pytest

from pipelines import audit
from pipelines.cli import main
from pipelines.defs.resources import House, LoggingWatcher
from pipelines.defs.run import bring_up_to_date
from pipelines.paths import SAMPLES

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FRONT_DOORS = [
    ROOT / "README.md",
    *(ROOT / folder / "README.md" for folder in ("pipelines", "sql", "expectations", "data")),
]
QUESTIONS = re.findall(r"^\*\*(\d+)\. (.+?)\*\*.*?```sql\n(.+?)```", README, re.DOTALL | re.MULTILINE)
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    home = tmp_path_factory.mktemp("home")
    bring_up_to_date(House(home=str(home), paths=[str(SAMPLES)]), LoggingWatcher())
    audit.end()
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        yield connection


def commands(program: str) -> list[str]:
    """Every line of a shell block, and every code span, that calls the program; what follows its name."""
    blocks = re.findall(r"```sh\n(.+?)```", README, re.DOTALL)
    lines = [line.split(" #")[0].strip() for block in blocks for line in block.splitlines()]
    spans = [span for span in re.findall(r"`([^`\n]+)`", README) if span.split()[0] == program]
    called = [line for line in lines if line.split() and Path(line.split()[0]).name == program]
    return [text.split(maxsplit=1)[1] for text in [*called, *spans] if len(text.split()) > 1]


def test_the_first_lines_are_the_two_commands() -> None:
    assert re.match(r"# gongkai\n\n```sh\nmake run +#.+\nmake test +#.+\n```", README)


def test_there_are_ten_questions() -> None:
    assert [int(number) for number, _, _ in QUESTIONS] == list(range(1, 11))


@pytest.mark.parametrize(("question", "sql"), [pytest.param(words, sql, id=n) for n, words, sql in QUESTIONS])
def test_a_question_has_an_answer(question: str, sql: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(sql).fetchall()
    assert rows, question
    assert any(value is not None for value in rows[0])


def test_the_first_answer_is_there(warehouse: duckdb.DuckDBPyConnection) -> None:
    (sql,) = re.findall(r"\.sql\('(.+?)'\)", README)
    assert warehouse.execute(sql).fetchall()


@pytest.mark.parametrize("call", commands("make"))
def test_make_has_the_target(call: str) -> None:
    assert call.split()[0] in TARGETS


@pytest.mark.parametrize("call", commands("gongkai"))
def test_the_command_takes_the_call(call: str) -> None:
    """The paths that are named exist, and so do the options."""
    meant = call.replace("PATH...", "data/samples").replace("REPORT", "README.md")
    arguments = shlex.split(meant.replace("[", " ").replace("]", " "))
    command: click.Command = main
    while isinstance(command, click.Group) and arguments:
        command = command.commands[arguments.pop(0)]
    if not arguments:
        return
    with click.Context(command) as context:
        command.parse_args(context, arguments)
    named = [*context.params.get("paths", ()), *filter(None, [context.params.get("report")])]
    assert all((ROOT / path).exists() for path in named)


def test_every_target_and_command_is_described() -> None:
    assert {call.split()[0] for call in commands("make")} >= TARGETS
    described = {tuple(call.split()) for call in commands("gongkai")}
    for name, command in main.commands.items():
        below = command.commands if isinstance(command, click.Group) else {"": command}
        for words in ([name, *filter(None, [inner])] for inner in below):
            assert any(list(call[: len(words)]) == words for call in described), words
    assert {call[0] for call in described} <= set(main.commands)


@pytest.mark.parametrize("readme", FRONT_DOORS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_paths_lead_somewhere(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (readme.parent / link).exists(), link
    named = re.findall(r"`((?:pipelines|sql|expectations|tests|data/(?:registry|samples))/[\w/.-]*)`", text)
    assert named or readme.parent == ROOT
    for path in named:
        assert (ROOT / path).exists(), path
