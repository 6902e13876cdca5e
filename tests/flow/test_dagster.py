"""The whole way through the Dagster job, in process, over a few of the bundled samples."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines import audit
from pipelines.defs import build_defs, defs
from pipelines.defs.jobs import JOB
from pipelines.defs.partitions import KEYS, partition_key
from pipelines.defs.resources import BusyError, House, alone_in
from pipelines.defs.run import INTERRUPTED_QUERY, BuildError, Summary, bring_up_to_date, build
from pipelines.lake import Lake
from pipelines.paths import SAMPLES

COUNTY = "520403"
LISTED = Path(__file__).with_name("assets.txt")


@dataclass
class Notes:
    """A watcher that remembers, and stops the run after so many documents."""

    stop_after: int | None = None
    steps: list[str] = field(default_factory=list)
    read: int = 0

    def begin(self, step: str) -> None:
        self.steps.append(step)

    def advance(self, done: int, total: int) -> None:
        self.read = done
        if done == self.stop_after:
            raise KeyboardInterrupt


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Summary]]:
    """A folder with `documents` of one county and the `home` that a first run made of them."""
    folder = tmp_path_factory.mktemp("first")
    shutil.copytree(SAMPLES / COUNTY, folder / "documents" / COUNTY)
    yield folder, run(folder)
    audit.end()


@pytest.fixture
def folder(first: tuple[Path, Summary], tmp_path: Path) -> Iterator[Path]:
    """A copy of it, with the paths that the first run saw."""
    origin, _ = first
    backup = tmp_path / "backup"
    shutil.copytree(origin, backup)
    yield origin
    shutil.rmtree(origin)
    shutil.copytree(backup, origin)


def house(folder: Path, *, full: bool = False) -> House:
    return House(home=str(folder / "home"), paths=[str(folder / "documents")], full=full)


def run(folder: Path, *, full: bool = False, notes: Notes | None = None) -> Summary:
    return bring_up_to_date(house(folder, full=full), notes or Notes())


def documents(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "documents").rglob("*") if path.is_file())


def edit(folder: Path, year: str = "") -> None:
    """Other bytes of one document that say the same."""
    wanted = (path for path in documents(folder) if path.suffix in (".html", ".txt") and year in path.parts[-2])
    path = next(wanted)
    path.write_bytes(path.read_bytes() + b"\n")


def warehouse(folder: Path) -> Path:
    return folder / "home" / "warehouse.duckdb"


def content(folder: Path) -> dict[str, list[object]]:
    """The rows of every table, but for times and durations."""
    with duckdb.connect(str(warehouse(folder)), read_only=True) as connection:
        tables = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() "
            "WHERE schema_name IN ('dims', 'facts', 'marts') ORDER BY ALL"
        ).fetchall()
        rows = {}
        for schema, table in tables:
            times = [
                name
                for (name,) in connection.execute(
                    "SELECT column_name FROM duckdb_columns() WHERE schema_name = $1 AND table_name = $2 "
                    "AND column_name IN ('first_seen', 'last_seen', 'seconds', 'built_at', 'read_at')",
                    [schema, table],
                ).fetchall()
            ]
            without = f"EXCLUDE ({', '.join(times)})" if times else ""
            found = connection.execute(f"SELECT * {without} FROM {schema}.{table}").fetchall()
            rows[f"{schema}.{table}"] = sorted(map(repr, found))
    return rows


def test_assets_and_checks_are_those_listed() -> None:
    """A table, rule or expectation that comes or goes shows in `assets.txt`; to renew it, see the end of this file."""
    assert LISTED.read_text(encoding="utf-8").splitlines() == listing()


def listing() -> list[str]:
    graph = defs.resolve_asset_graph()
    checks = [defs.resolve_asset_graph().get(key) for key in graph.asset_check_keys]
    return [
        *sorted(key.to_user_string() for key in graph.get_all_asset_keys()),
        *sorted(
            f"{check.key.asset_key.to_user_string()}: {check.key.name}{' blocks' if check.blocking else ''}"
            for check in checks
        ),
    ]


def test_definitions_load_and_say_what_they_are() -> None:
    dg.Definitions.validate_loadable(defs)
    graph = defs.resolve_asset_graph()
    assert all(graph.get(key).description for key in graph.get_all_asset_keys())
    tables = [key for key in graph.get_all_asset_keys() if len(key.path) == 2]
    assert all({"sql"} <= set(graph.get(key).metadata) for key in tables)
    assert len(KEYS) < 700


def test_schedules_and_the_sensor_exist_and_stand_still() -> None:
    assert {schedule.name: schedule.default_status for schedule in defs.schedules} == {
        "crawl_nightly": dg.DefaultScheduleStatus.STOPPED,
        "publish_nightly": dg.DefaultScheduleStatus.STOPPED,
        "release_nightly": dg.DefaultScheduleStatus.STOPPED,
    }
    assert [sensor.default_status for sensor in defs.sensors] == [dg.DefaultSensorStatus.STOPPED]


@pytest.mark.parametrize(
    ("province", "year", "key"),
    [("52", 2023, "52-2023"), (None, 2021, "00-2021"), ("52", None, "52-0000"), ("99", 1850, "00-0000")],
)
def test_every_place_has_a_partition(province: str | None, year: int | None, key: str) -> None:
    assert partition_key(province, year) == key
    assert key in KEYS


def test_a_first_run_reads_everything_and_publishes(first: tuple[Path, Summary]) -> None:
    folder, summary = first
    assert summary.published
    assert summary.read == len(documents(folder)) > 12
    assert (summary.unchanged, summary.gone) == (0, 0)
    assert summary.held.reports > 12 and summary.held.numbers > 2000
    with duckdb.connect(str(warehouse(folder)), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM marts.coverage WHERE reports > 0").fetchall() == [(4,)]
        comments = connection.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'facts' AND comment IS NULL"
        ).fetchall()
    assert comments == [(0,)]
    assert not list((folder / "home").glob("*candidate*"))


def test_a_second_run_reads_nothing(folder: Path) -> None:
    before = warehouse(folder).stat()
    notes = Notes()
    summary = run(folder, notes=notes)
    assert (summary.read, summary.gone, summary.published) == (0, 0, False)
    assert summary.unchanged == len(documents(folder))
    assert notes.read == 0 and "Building the warehouse" not in notes.steps
    assert warehouse(folder).stat() == before


def test_only_what_changed_is_read_again(folder: Path) -> None:
    count = len(documents(folder))
    edit(folder)
    summary = run(folder)
    assert (summary.read, summary.unchanged, summary.gone, summary.published) == (1, count - 1, 1, True)
    assert summary.held.documents == count
    assert run(folder).read == 0


def test_carried_over_or_built_anew_is_the_same(folder: Path) -> None:
    edit(folder)
    run(folder)
    carried = content(folder)
    summary = run(folder, full=True)
    assert summary.read == len(documents(folder)) and summary.published
    assert content(folder) == carried


def test_a_document_that_is_gone_leaves(folder: Path) -> None:
    path = documents(folder)[5]
    path.unlink()
    summary = run(folder)
    assert (summary.read, summary.gone) == (0, 1)
    with duckdb.connect(str(warehouse(folder)), read_only=True) as connection:
        found = connection.execute("SELECT count(*) FROM quality.document WHERE path = $1", [str(path)]).fetchall()
    assert found == [(0,)]


def test_what_was_read_before_an_interruption_is_kept(folder: Path) -> None:
    expected = content(folder)
    count = len(documents(folder))
    shutil.rmtree(folder / "home")
    with pytest.raises(KeyboardInterrupt):
        run(folder, notes=Notes(stop_after=7))
    assert not warehouse(folder).exists()
    summary = run(folder)
    assert (summary.read, summary.unchanged) == (count - 7, 7)
    assert content(folder) == expected


ENDLESS = """
import duckdb, signal
def stop(*_): raise KeyboardInterrupt
signal.signal(signal.SIGALRM, stop)
signal.setitimer(signal.ITIMER_REAL, 0.3, 0.3)
duckdb.sql("SET threads = 1")  # another thread would first end its part, which is endless
while True:
    try:
        duckdb.sql("SELECT sum(range % 7) FROM range(99999999999999)").fetchall()
    except KeyboardInterrupt:
        continue
    except Exception as error:
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(f"{type(error).__name__}: {error}")
        break
"""


def test_duckdb_says_in_its_own_words_that_a_signal_came() -> None:
    ended = subprocess.run([sys.executable, "-c", ENDLESS], capture_output=True, text=True, timeout=60)
    assert ended.stdout.strip() == INTERRUPTED_QUERY


def test_an_interruption_of_a_query_is_one_of_the_build(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = warehouse(folder).stat()
    edit(folder)

    def interrupted(*_: object, **__: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr("pipelines.defs.warehousing.build_candidate", interrupted)
    monkeypatch.setenv("GONGKAI_HOME", str(folder / "home"))
    assert not build([folder / "documents"])
    assert "Interrupted. What was read is kept" in capsys.readouterr().err
    assert warehouse(folder).stat() == before


def test_a_killed_build_leaves_the_old_warehouse_and_the_next_goes_on(folder: Path) -> None:
    expected, before = content(folder), warehouse(folder).stat()
    command = "import sys; from pipelines.defs.run import build; build([sys.argv[1]], full=True)"
    process = subprocess.Popen(
        [sys.executable, "-c", command, str(folder / "documents")],
        env={"GONGKAI_HOME": str(folder / "home"), "PATH": "/usr/bin:/bin"},
        stderr=subprocess.DEVNULL,
    )
    lake, parts = folder / "home" / "lake", len(Lake(folder / "home" / "lake").state().parts)
    until = time.monotonic() + 600
    while len(list((lake / "parts").glob("*.json"))) == parts and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    assert process.poll() is None, "it was to be killed on its way"
    process.kill()
    process.wait()
    assert warehouse(folder).stat() == before
    assert content(folder) == expected
    run(folder)
    assert content(folder) == expected


def test_absence_holds_publication_back(folder: Path) -> None:
    before = warehouse(folder).stat()
    shutil.rmtree(folder / "documents" / COUNTY / "2021")
    with pytest.raises(BuildError, match=r"Not published(.|\n)*division 520403, year 2021") as blocked:
        run(folder)
    assert "stays as it is" in str(blocked.value)
    assert warehouse(folder).stat() == before
    assert run(folder, full=True).published


def test_other_documents_make_another_warehouse(folder: Path) -> None:
    alone = folder / "documents" / COUNTY / "2023"
    summary = bring_up_to_date(House(home=str(folder / "home"), paths=[str(alone)]), Notes())
    assert summary.published and summary.held.documents == len(list(alone.iterdir()))


def test_one_build_at_a_time(folder: Path) -> None:
    with alone_in(folder / "home"), pytest.raises(BusyError, match="process"):
        run(folder)


def test_one_partition_is_a_run_too(folder: Path) -> None:
    edit(folder, year="2022")
    job = build_defs(house=house(folder), watcher=Notes()).resolve_job_def(JOB)
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(
            instance=instance,
            partition_key="52-2022",
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    assert result.success
    (reports,) = result.asset_materializations_for_node("reports")
    assert reports.partition == "52-2022"
    assert {name: reports.metadata[name].value for name in ("read", "gone", "refused")} == {
        "read": 1,
        "gone": 1,
        "refused": 0,
    }
    assert {"forms", "formats", "numbers", "seconds", "memory_mib"} <= set(reports.metadata)
    (published,) = result.asset_materializations_for_node("flags")
    assert published.metadata["reports"].value > 12
    assert len(result.get_asset_check_evaluations()) == sum(": " in line for line in listing())


def test_build_says_what_came_of_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GONGKAI_HOME", str(folder / "home"))
    assert build([folder / "documents"])
    told = capsys.readouterr().err
    assert f"none of {len(documents(folder))} documents was read" in told
    assert "Reports that break a rule" in told and "marts.county_year" in told
    shutil.rmtree(folder / "documents" / COUNTY / "2021")
    assert not build([folder / "documents"])
    assert "Not published" in capsys.readouterr().err


if __name__ == "__main__":
    LISTED.write_text("\n".join(listing()) + "\n", encoding="utf-8")


def test_the_night_ends_with_a_release(first: tuple[Path, Summary], tmp_path: Path) -> None:
    origin, _ = first
    shutil.copyfile(origin / "home" / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    made = build_defs(house=House(home=str(tmp_path)))
    with dg.DagsterInstance.ephemeral() as instance:
        result = made.resolve_job_def("nightly_release").execute_in_process(instance=instance)
    (materialised,) = result.asset_materializations_for_node("release")
    folder = Path(str(materialised.metadata["folder"].value))
    assert (tmp_path / "releases" / "nightly").resolve() == folder.resolve()
    assert (folder / "datapackage.json").exists() and not (tmp_path / "releases" / "latest").exists()
